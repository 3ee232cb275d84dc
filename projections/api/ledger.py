"""The ledger of an area: persons and households, page by page (P2, R36)."""

from __future__ import annotations

from typing import Any

import orjson

from events.rules.access import Resource
from events.rules.divisions import covers
from projections.api import params
from projections.api.asof import KNOWN, VALID, known_seq, row_as_of, stated
from projections.api.lines import household_line, listed
from projections.api.problems import NOT_FOUND, QueryError
from projections.api.query import CASES, Answer, Call, Query
from projections.api.reading import LEDGER, every
from projections.api.sealed import placed
from projections.engine.fence import open_subjects
from projections.ledger.cells import State


async def ledger(call: Call) -> Answer:
    """Answer a page of an area's ledger, with how many rows the same words find."""
    low, high = call.scope()
    words = {w: call.args.get(w) for w in ("state", "category", "work", "tracking")}
    words |= {"low": low, "high": high, "ids": call.args.get("text_ids")}
    path, key = call.cursor(str, str) or (None, None)
    async with call.reading() as c:
        total = await LEDGER.count_persons(c, **words)
        found = LEDGER.persons(c, **words, after_path=path, after_key=key, limit=call.limit + 1)
        page, following = _page(await every(found), call.limit)
        await open_subjects(c, [f"person-{row['person']}" for row in page])
        items = await placed(c, [listed(row) for row in page])
    return {"items": items, "total": total, **following}


def _page(rows: list[Any], limit: int) -> tuple[list[State], Answer]:
    """Return the rows of a page, and where the next one begins."""
    page = rows[:limit]
    more = params.cursor_of(page[-1]["path"], page[-1]["key"]) if len(rows) > limit else None
    return [orjson.loads(r["body"]) for r in page], {"next": more}


async def households(call: Call) -> Answer:
    """Answer a page of an area's households."""
    low, high = call.scope()
    certified = {"true": True, "false": False}.get(call.get("certified", ""))
    words = {"low": low, "high": high, "state": call.args.get("state"), "certified": certified}
    path, key = call.cursor(str, str) or (None, None)
    async with call.reading() as c:
        total = await LEDGER.count_households(c, **words)
        found = LEDGER.households(c, **words, after_path=path, after_key=key, limit=call.limit + 1)
        page, following = _page(await every(found), call.limit)
        await open_subjects(c, [f"household-{row['household']}" for row in page])
        items = await placed(c, [household_line(row) for row in page])
    return {"items": items, "total": total, **following}


async def household(call: Call) -> Answer:
    """Answer one household with its members' lines, as of any day and point of knowledge (R41)."""
    key = f"household-{call.text('id')}"
    async with call.reading(key) as c:
        found = await LEDGER.household(c, key=key)
        if found is None:
            raise QueryError(NOT_FOUND, what=f"家庭 {call.text('id')}")
        now = orjson.loads(found)
        call.allow(Resource((now.get("path") or "?",), call.query.kind))
        known = await known_seq(call.side, c, call.args.get("known"))
        row = await _as_of(call, c, key, known, now)
        if row is None:
            raise QueryError(NOT_FOUND, what="该时点尚无记录")
        keys = [f"person-{m['person']}" for m in row["members"]]
        rows = await every(LEDGER.persons_named(c, keys=keys))
        inside = [p for p in (orjson.loads(r["body"]) for r in rows) if _within(call, p)]
        await open_subjects(c, [f"person-{p['person']}" for p in inside])
        persons = [await _as_of(call, c, f"person-{p['person']}", known, p) for p in inside]
        answer = {**household_line(row), "persons": [listed(p) for p in persons if p]}
        whole: Answer = await placed(c, {**answer, **stated(call.args.get("valid"), known)})
    return whole


async def _as_of(
    call: Call,
    connection: Any,  # noqa: ANN401
    subject: str,
    known: int | None,
    now: State,
) -> State | None:
    """Return the row as it is, or folded anew where another day or point is asked for."""
    valid = call.args.get("valid")
    if valid is None and known is None:
        return now
    return await row_as_of(call.side, connection, subject, valid, known)


def _within(call: Call, row: State) -> bool:
    """Tell whether a person belongs to one of the asker's areas."""
    return any(covers(area, row.get("path") or "") for area in call.principal.areas)


_STATES = (
    "filed", "registered", "on_notice", "notice_closed", "street_reviewed", "at_county",
    "county_reviewed", "returned", "withdrawn", "refused", "certified", "exited", "lapsed",
    "revoked",
)  # fmt: skip
_PAGE = (params.CURSOR, params.LIMIT)
_MODELS = ("ledger", "audit_trail")
QUERIES = (
    Query(
        "/api/ledger", "ledger", "基础台账", "The ledger of an area (R36, R37)", ledger,
        (
            params.office(),
            params.choice("state", "State of certification (C3.8)", *_STATES),
            params.choice(
                "category", "Category", "aged_4050", "zero_household", "long_term", "city"
            ),
            params.choice("work", "Work", "unemployed", "employed", "between_jobs"),
            params.choice("tracking", "Tracking", "active", "ended", "closed"),
            params.IDS, *_PAGE,
        ),
        _MODELS, CASES, "case",
    ),
    Query(
        "/api/households", "households", "家庭台账", "Households of an area", households,
        (
            params.office(),
            params.choice("state", "State", "formed", "certified", "cleared", "left", "absorbed"),
            params.choice("certified", "Ever certified", "true", "false"), *_PAGE,
        ),
        _MODELS, CASES, "case",
    ),
    Query(
        "/api/households/{id}", "household", "家庭", "One household (P9)", household,
        (params.ident("id", "Household id", in_path=True), VALID, KNOWN), _MODELS, CASES, "case",
    ),
)  # fmt: skip
