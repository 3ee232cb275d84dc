"""The log's proofs over HTTP: C2SP tlog-tiles under a prefix, and ready-made proofs.

All of it is hashes and signatures, so nobody need sign in; nothing beyond the newest signed
checkpoint is shown. Whoever asks checks the answers against that checkpoint.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Awaitable, Callable, Sequence

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from events.log.errors import LogRefusedError
from events.log.manifest import tile_path
from events.log.merkle import TILE_HEIGHT, TILE_WIDTH
from events.log.notes import VerifierKey
from events.log.tree import StoredTree

PREFIX = "/api/log"
FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}
MOMENT = {"cache-control": "no-cache"}
_TILE = re.compile(r"((?:x\d{3}/)*\d{3})(?:\.p/(\d{1,3}))?")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")
Answer = Callable[[Request], Awaitable[Response]]


class _NoneSuchError(Exception):
    """What was asked for is not in the log, or not yet signed."""


def log_app(
    pool: asyncpg.Pool, key: VerifierKey, signed: Callable[[], Sequence[str]] = tuple
) -> Starlette:
    """Build the application over a pool of the log's database and the signer's public key.

    `signed` gives what the signer itself remembers to have signed last.
    """
    proofs = Proofs(pool, key, signed)
    routes: dict[str, Answer] = {
        "/key": proofs.public,
        "/signed": proofs.signed,
        "/checkpoint": proofs.checkpoint,
        "/checkpoint/{size}": proofs.checkpoint,
        "/tile/{level}/{path:path}": proofs.tile,
        "/proof/inclusion": proofs.inclusion,
        "/proof/consistency": proofs.consistency,
    }
    return Starlette(
        routes=[Route(PREFIX + path, _guarded(a), methods=["GET"]) for path, a in routes.items()]
    )


class Proofs:
    """Answers from the stored tree, whose full tiles it keeps."""

    def __init__(
        self, pool: asyncpg.Pool, key: VerifierKey, signed: Callable[[], Sequence[str]]
    ) -> None:
        self._pool, self._key, self._remembered = pool, key, signed
        self._tree = StoredTree(pool)

    async def public(self, _: Request) -> Response:
        """Answer the public key: to compare with the one that came on paper."""
        return PlainTextResponse(f"{self._key}\n", headers=MOMENT)

    async def signed(self, _: Request) -> Response:
        """Answer what the signer last signed, by its own file: a database set back forgets it."""
        if not (notes := self._remembered()):
            raise _NoneSuchError
        return PlainTextResponse(notes[-1], headers=MOMENT)

    async def checkpoint(self, request: Request) -> Response:
        """Answer the newest signed checkpoint, or that of a size."""
        text = request.path_params.get("size")
        _, note = await self._signed(_number(text) if text else None)
        return PlainTextResponse(note, headers=FOR_EVER if text else MOMENT)

    async def tile(self, request: Request) -> Response:
        """Answer a tile, full or partial, that the newest checkpoint covers."""
        level, path = _number(request.path_params["level"]), request.path_params["path"]
        match = _TILE.fullmatch(path)
        if match is None:
            raise _NoneSuchError
        tile = int(re.sub(r"[x/]", "", match[1]))
        width = int(match[2] or TILE_WIDTH)
        if level >= 64 // TILE_HEIGHT or not 0 < width <= TILE_WIDTH:
            raise _NoneSuchError
        size, _ = await self._signed(None)
        there = (size >> TILE_HEIGHT * level) - tile * TILE_WIDTH
        if there < width or tile_path(level, tile, width) != f"{level}/{path}":
            raise _NoneSuchError
        nodes = await self._tree.nodes(level, tile * TILE_WIDTH, width)
        return Response(b"".join(nodes), headers=FOR_EVER, media_type="application/octet-stream")

    async def inclusion(self, request: Request) -> Response:
        """Answer the proof that an event is among those of a signed checkpoint."""
        size, note = await self._signed(_asked(request, "size", must=False))
        seq = _asked(request, "seq")
        if seq is None or not 0 < seq <= size:
            raise _NoneSuchError
        [leaf] = await self._tree.nodes(0, seq - 1, 1)
        proof = await self._tree.inclusion(seq, size)
        return _json({"seq": seq, "size": size, "leaf": _text(leaf), **_proved(proof, note)})

    async def consistency(self, request: Request) -> Response:
        """Answer the proof that a signed checkpoint's tree begins with an older one."""
        size, note = await self._signed(_asked(request, "new", must=False))
        old = _asked(request, "old")
        if old is None or not 0 < old <= size:
            raise _NoneSuchError
        proof = await self._tree.consistency(old, size)
        return _json({"old": old, "new": size, **_proved(proof, note)})

    async def _signed(self, size: int | None) -> tuple[int, str]:
        row = await self._pool.fetchrow(
            """select size, note from log.checkpoints where $1::bigint is null or size = $1
            order by size desc limit 1""",
            size,
        )
        if row is None:
            raise _NoneSuchError
        return row["size"], row["note"]


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise _NoneSuchError
    return int(text)


def _asked(request: Request, name: str, *, must: bool = True) -> int | None:
    text = request.query_params.get(name)
    if text is None and must:
        raise _NoneSuchError
    return None if text is None else _number(text)


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()


def _proved(proof: list[bytes], note: str) -> dict[str, object]:
    return {"proof": [_text(part) for part in proof], "checkpoint": note}


def _json(found: dict[str, object]) -> Response:
    return Response(orjson.dumps(found), headers=MOMENT, media_type="application/json")


def _guarded(answer: Answer) -> Answer:
    async def guard(request: Request) -> Response:
        try:
            return await answer(request)
        except _NoneSuchError:
            return _problem(404, "not_in_log", "日志中没有此项，或尚无检查点覆盖",
                            "Not in the log, or no signed checkpoint covers it yet",
                            "请先取 checkpoint，再取其范围内的内容",
                            "Get the checkpoint first, then what it covers")  # fmt: skip
        except LogRefusedError as error:
            return _problem(503, error.code, error.zh, error.en, "", "")
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return _problem(503, "log_unavailable", "日志数据库不可用", "The log is unavailable",
                            "请稍后重试", "Try again shortly")  # fmt: skip

    return guard


def _problem(status: int, code: str, zh: str, en: str, next_zh: str, next_en: str) -> Response:
    body = {
        "type": f"urn:bangfu:problem:{code}", "status": status, "code": code, "title": zh,
        "zh": zh, "en": en, "next_zh": next_zh, "next_en": next_en,
    }  # fmt: skip
    headers = {"cache-control": "no-store"} | ({"retry-after": "2"} if status == 503 else {})
    return Response(orjson.dumps(body), status, headers, "application/problem+json")
