"""Server-sent events: that something changed in an area, without persons or bodies."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import StreamingResponse

from events.contracts.catalogue import ALL
from events.rules.principals import principal_by_id
from events.runtime.tokens import TokenRefusedError
from projections.api import params
from projections.api.problems import MALFORMED, QueryError
from projections.api.query import OFFICES, Call, Query, bearer
from projections.api.reading import AUDIT, every
from projections.engine.database import TRANSIENT
from projections.engine.known import known

PAGE = 500
BEATS = 30
"""Empty looks between two signs of life."""


async def _never(_: Call) -> dict[str, Any]:
    return {}


STREAM = Query(
    "/api/stream", "stream", "变更通知", "Changes of an area as server-sent events", _never,
    (params.office(), params.number("last", "Go on after this seq", 0, params.SEQ_MAX)),
    (), OFFICES, "office",
)  # fmt: skip


async def stream(call: Call, request: Request) -> StreamingResponse:
    """Answer the stream; `Last-Event-ID` resumes it."""
    low, high = call.scope()
    text = request.headers.get("last-event-id", "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 16):
        raise QueryError(MALFORMED, field="Last-Event-ID")
    last = int(text) if text else call.args.get("last")
    return StreamingResponse(
        _changes(call, low, high, last, request),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _changes(
    call: Call, low: str, high: str, last: int | None, request: Request
) -> AsyncIterator[bytes]:
    """Follow until the database goes away or the role stops: the reader comes again by itself."""
    with contextlib.suppress(*TRANSIENT):
        async for part in _followed(call, low, high, last, request):
            yield part


async def _followed(
    call: Call, low: str, high: str, last: int | None, request: Request
) -> AsyncIterator[bytes]:
    side, idle = call.side, 0
    if last is None:
        last = await _known(call)
    yield b"retry: 2000\n\n"
    while not await request.is_disconnected():
        if not may_go_on(call, request):
            return
        until = await _known(call)
        found: list[Any] = []
        if until > last:
            async with call.reading() as c:
                words = {"after": last, "until": until, "low": low, "high": high, "path": low}
                found = await every(AUDIT.changes(c, **words, limit=PAGE))
            last = found[-1]["seq"] if len(found) == PAGE else until
        if found:
            idle = 0
            yield b"".join(_event(r) for r in found)
            continue
        idle += 1
        if idle % BEATS == 0:
            yield b": alive\n\n"
        await asyncio.sleep(side.stream_pause)


def may_go_on(call: Call, request: Request) -> bool:
    """Tell whether the token still stands and its holder may still see what he sees (R43)."""
    side = call.side
    try:
        user = side.check.account(bearer(request))
    except TokenRefusedError:
        return False
    return principal_by_id(user, side.directory(), side.today()) == call.principal


async def _known(call: Call) -> int:
    async with call.side.reading() as c:
        point = await known(c, "audit_trail", call.side.source)
    return point.seq if point else 0


def _event(row: Any) -> bytes:  # noqa: ANN401 - a driver's record
    cls = ALL.classes.get(row["type"])
    data = {
        "seq": row["seq"],
        "type": row["type"],
        "zh": cls.zh if cls else row["type"],
        "area": row["area"],
    }
    return b"id: %d\nevent: changed\ndata: %b\n\n" % (row["seq"], orjson.dumps(data))
