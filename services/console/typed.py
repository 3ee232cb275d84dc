"""What a browser sent: text by input name, and of each file its hash alone."""

from __future__ import annotations

import hashlib

from starlette.datastructures import UploadFile
from starlette.requests import Request

from services.console.forms import Typed

MOST_FIELDS = 2_000
CHUNK = 1 << 16


async def read_form(request: Request) -> tuple[Typed, Typed]:
    """Return the inputs of a form, and apart from them those of the console (`_…`)."""
    typed: Typed = {}
    own: Typed = {}
    async with request.form(max_files=100, max_fields=MOST_FIELDS) as form:
        for name, value in form.multi_items():
            text = await _hash(value) if isinstance(value, UploadFile) else value
            if text or not isinstance(value, UploadFile):
                (own if name.startswith("_") else typed).setdefault(name, []).append(text)
    return typed, own


async def _hash(file: UploadFile) -> str:
    """Return the SHA-256 of a file; nothing for an input left empty."""
    if not file.filename:
        return ""
    digest = hashlib.sha256()
    while part := await file.read(CHUNK):
        digest.update(part)
    return digest.hexdigest()


def first(own: Typed, name: str, default: str = "") -> str:
    """Return one of the console's own inputs."""
    return next(iter(own.get(name, ())), default)
