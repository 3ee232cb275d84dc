"""Names for the ids that stand in answers: accounts, posts, employers, activities, offices."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from typing import Any

from services.console.formats import is_id
from services.console.site import Visit

REGISTERS = {
    "accounts": (
        "helper", "actor", "on_behalf_of", "by", "from_helper", "user", "deputy", "handler",
        "leader", "officer", "from", "to",
    ),
    "posts": ("post",),
    "activities": ("activity",),
    "employers": ("employer", "employer_id", "host"),
    "batches": ("batch",),
}  # fmt: skip
"""Register → the fields that hold one of its ids."""
OFFICES = frozenset({
    "office", "provider", "to", "from", "division", "work_division", "residence", "community",
    "areas", "path", "responsible_office", "origin", "parent", "organiser", "county", "children",
    "commissioned_by", "received_by", "institution", "into", "closing", "destination", "code",
})  # fmt: skip
"""Fields that hold an office's or division's code."""
MOST = 200
MOST_OFFICES = 40
CODE = re.compile(r"\d{2}|\d{4}|\d{6}|\d{9}|\d{12}")
_HUKOU = re.compile(r"(\d{2,12}) (urban|rural)")
"""How a finding names a household registration: its division and type."""


def _held(value: Any, field: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """Yield (field, text) of everything that an answer holds."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _held(inner, str(name))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _held(inner, field)
    elif isinstance(value, str):
        yield field, value


async def name_all(visit: Visit, *answers: Any) -> None:  # noqa: ANN401
    """Learn the names of what some answers mention; what has no name stays unnamed."""
    held = {pair for answer in answers for pair in _held(answer)}
    wanted = {
        register: {v for f, v in held if f in fields and is_id(v)} - visit.names.keys()
        for register, fields in REGISTERS.items()
    }
    places = {v for f, v in held if f in OFFICES and CODE.fullmatch(v)}
    places |= {m[1] for _, v in held if (m := _HUKOU.fullmatch(v))}
    codes = sorted(p.ljust(12, "0") for p in places)
    await visit.learn_offices(codes[:MOST_OFFICES])
    found = await asyncio.gather(
        *(visit.register(name, ids, MOST) for name, ids in wanted.items() if ids)
    )
    for names in found:
        visit.names |= names
