"""Checks of the live log: who asked for which, and what each came to (X13, P18)."""

from __future__ import annotations

import orjson

from events.rules.access import Resource
from events.rules.divisions import SHANXI
from projections.api import params
from projections.api.accounts import names_among
from projections.api.completeness import WATCHERS
from projections.api.problems import NOT_FOUND, QueryError
from projections.api.query import Answer, Call, Query
from projections.api.reading import REGISTERS, every

_HANDS = ("by", "on_behalf_of", "cancelled_by")


async def checks(call: Call) -> Answer:
    """Answer a page of checks, newest first, to who watches over the whole log."""
    call.allow(Resource((SHANXI,), call.query.kind))
    (before,) = call.cursor(str) or (None,)
    async with call.reading() as c:
        rows = await every(REGISTERS.checks(c, before=before, limit=call.limit + 1))
    page = rows[: call.limit]
    more = params.cursor_of(page[-1]["key"]) if len(rows) > len(page) else None
    return {"items": [_shown(call, r["body"]) for r in page], "next": more}


async def check(call: Call) -> Answer:
    """Answer one check."""
    call.allow(Resource((SHANXI,), call.query.kind))
    async with call.reading() as c:
        found = await REGISTERS.check(c, key=f"check-{call.text('id')}")
    if found is None:
        raise QueryError(NOT_FOUND, what=call.text("id"))
    return _shown(call, found)


def _shown(call: Call, body: bytes) -> Answer:
    """Return a check with the names of its hands."""
    row: Answer = orjson.loads(body)
    hands = [row[n] for n in _HANDS if row.get(n)]
    return {**row, "names": names_among(hands, call.side.directory())}


QUERIES = (
    Query(
        "/api/checks", "checks", "日志校验", "Checks of the log, newest first (X13)", checks,
        (params.CURSOR, params.LIMIT), ("registers",), WATCHERS, "office",
    ),
    Query(
        "/api/checks/{id}", "check", "日志校验详情", "One check and what it found (X13)", check,
        (params.ident("id", "Check id", in_path=True),), ("registers",), WATCHERS, "office",
    ),
)  # fmt: skip
