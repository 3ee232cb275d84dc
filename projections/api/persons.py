"""The ledger, one person, one household: cells with their events, sealed values left sealed."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson

from events.rules.access import Resource
from events.rules.divisions import covers
from projections.api import params
from projections.api.asof import known_seq, row_as_of
from projections.api.clocks import clocks
from projections.api.events import shown
from projections.api.problems import NOT_FOUND, QueryError
from projections.api.query import CASES, Answer, Call, Query
from projections.api.reading import AUDIT, LEDGER, every
from projections.ledger.cells import GROUPS, LABELS, MANDATORY, State

_IN_LISTS = ("name", "national_id", "phone", "sex", "birth_date", "certification", *MANDATORY)
_KNOWN = params.Param(
    "known",
    "The point of knowledge: a seq, or a day (its end in Shanghai)",
    {"type": "string", "pattern": "^(?:[0-9]{1,15}|[0-9]{4}-[0-9]{2}-[0-9]{2})$"},
    lambda text: int(text) if text.isdigit() else params.day("known", "").read(text),
)
_VALID = params.day("valid", "The day as which it is shown; today when absent")


async def ledger(call: Call) -> Answer:
    """Answer a page of an area's ledger, with how many rows the same words find."""
    low, high = call.scope()
    words = {w: call.args.get(w) for w in ("state", "category", "work", "tracking")}
    words |= {"low": low, "high": high, "ids": call.args.get("text_ids")}
    path, key = call.cursor(str, str) or (None, None)
    async with call.reading() as c:
        total = await LEDGER.count_persons(c, **words)
        found = LEDGER.persons(c, **words, after_path=path, after_key=key, limit=call.limit + 1)
        rows = await every(found)
    page = rows[: call.limit]
    following = _next(page, more=len(rows) > len(page))
    return {"items": [listed(orjson.loads(r["body"])) for r in page], "total": total, **following}


def _next(page: Any, *, more: bool) -> Answer:  # noqa: ANN401 - records of the driver
    return {"next": params.cursor_of(page[-1]["path"], page[-1]["key"]) if more else None}


def listed(row: State) -> Answer:
    """Return a person's line of the ledger: the six groups of R37 and who it is."""
    case = row["cases"].get(row.get("case"), {})
    return {
        **_summary(row, case),
        "cells": [cell(n, row["cells"][n]) for n in _IN_LISTS if n in row["cells"]],
    }


def _summary(row: State, case: State) -> Answer:
    return {
        "person": row["person"],
        "office": row.get("office"),
        "path": row.get("path"),
        "state": case.get("state"),
        "since": case.get("since"),
        "work": row["work"],
        "work_since": row.get("work_since"),
        "channel": row.get("channel"),
        "tracking": row.get("tracking"),
        "category": case.get("category") or case.get("primary"),
        "case": row.get("case"),
        "case_no": case.get("no"),
        "certified_on": case.get("certified_on"),
        "tally": case.get("tally", 0),
        "report_due": row.get("report_due") if case.get("state") == "certified" else None,
        "helper": row.get("file", {}).get("helper"),
        "household": case.get("member_of") or row.get("file", {}).get("household"),
        "annotated": bool(case.get("annotated")),
        "seq": row["seq"],
    }


def cell(name: str, found: State) -> Answer:
    """Return a cell: its value, or the sealed value with its place, and its events."""
    zh, en = LABELS[name]
    out: Answer = {"name": name, "zh": zh, "en": en, "events": found["e"]}
    value = found["v"]
    if isinstance(value, dict) and value.keys() == {"sealed"}:
        return {**out, "sealed": value["sealed"]}
    return {**out, "value": value}


async def person(call: Call) -> Answer:
    """Answer one person: groups of cells, states, clocks, open ids, versions for a form."""
    subject = f"person-{call.text('id')}"
    async with call.reading() as c:
        row = await _row(c, LEDGER.person, subject, "人员")
        rule = _allow_person(call, row)
        as_of = await _as_of(call, c, subject)
        found = await every(LEDGER.households_of(c, person=call.text("id")))
    households = [orjson.loads(r["body"]) for r in found]
    if "valid" in call.args or "known" in call.args:
        if as_of is None:
            raise QueryError(NOT_FOUND, what="该时点尚无记录")
        row = as_of
    household = households[0] if households else None
    seen = _seen(call, row, rule)
    day = call.get("valid", call.today)
    return {
        **_whole(row, seen, household),
        "clocks": clocks(row, household, call.side.directory(), day) if seen is None else [],
        "access": rule,
        **call.extra,
    }


async def _row(connection: Any, query: Any, key: str, what: str) -> State:  # noqa: ANN401
    found = await query(connection, key=key)
    if found is None:
        raise QueryError(NOT_FOUND, what=f"{what} {key.partition('-')[2]}")
    row: State = orjson.loads(found)
    return row


async def _as_of(call: Call, connection: Any, subject: str) -> State | None:  # noqa: ANN401
    """Fold the row anew where another day or point of knowledge is asked for (R41)."""
    valid: date | None = call.args.get("valid")
    known = await known_seq(connection, call.args.get("known"))
    if valid is None and known is None:
        return None
    if valid is not None:
        call.extra["valid"] = valid.isoformat()
    if known is not None:
        call.extra["known"] = {"seq": known, "time": None}
    return await row_as_of(connection, subject, call.side.directory(), valid, known)


def _allow_person(call: Call, row: State) -> str:
    """Decide: the area of residence, an area the person left (history), or a referral (R43)."""
    today = call.today.isoformat()
    entries = row["cells"].get("referrals", {"v": []})["v"]
    referred = {r["to"] for r in entries if r["until"] >= today and r["answer"] != "declined"}
    resource = Resource(
        (row.get("path") or "?",),
        call.query.kind,
        subject=row["person"],
        granted=tuple(m["path"] for m in row["moves"] if m["path"]),
        referred=frozenset(referred),
    )
    return call.allow(resource)


def _seen(call: Call, row: State, rule: str) -> set[str] | None:
    """Return the cells that may be seen; None means all of them.

    The old office of a moved person keeps the history read-only; a referral opens its fields.
    """
    if rule == "allow.granted":
        left = _left_at(call, row)
        return {n for n, c in row["cells"].items() if all(e < left for e in c["e"])}
    if rule == "allow.referral":
        entries = row["cells"].get("referrals", {"v": []})["v"]
        own = [r for r in entries if r["to"] == call.principal.office]
        return {"name", *(field for r in own for field in r["fields"])}
    return None


def _left_at(call: Call, row: State) -> int:
    """Return the seq by which the person had left the asker's area for good."""
    areas = call.principal.areas
    left = (m for m in row["moves"] if m["path"] and any(covers(a, m["path"]) for a in areas))
    return max(int(m["seq"]) for m in left)


def _whole(row: State, seen: set[str] | None, household: State | None) -> Answer:
    case = row["cases"].get(row.get("case"), {})
    cells = {n: c for n, c in row["cells"].items() if seen is None or n in seen}
    groups = [
        {
            "group": name,
            "zh": zh,
            "en": en,
            "cells": [cell(n, cells[n]) for n in names if n in cells],
        }
        for name, (zh, en, names) in GROUPS.items()
    ]
    out = {"person": row["person"], "groups": groups, "seq": row["seq"]}
    if seen is not None:
        return out
    return {
        **_summary(row, case),
        **out,
        "certification": case,
        "cases": row["cases"],
        "file": row.get("file"),
        "moves": row["moves"],
        "transfer": row.get("transfer"),
        "corrections": row.get("corrections", []),
        "corrections_proposed": row.get("proposed", {}),
        "absorbed_into": row.get("absorbed_into"),
        "merged": row.get("merged", []),
        "restricted_from": row.get("restricted_from"),
        "shredded_on": row.get("shredded_on"),
        "family": None if household is None else _household(household),
        "open": _open(row, case),
        "versions": row["versions"],
    }


def _open(row: State, case: State) -> Answer:
    """Name what commands may be about: the open case, file, offers, spell."""
    file = row.get("file") or {}
    given = row["cells"].get("offers", {"v": []})["v"]
    offers = [o["offer"] for o in given if o["state"] in ("offered", "accepted", "refused")]
    ended = ("withdrawn", "refused", "exited", "lapsed", "revoked")
    return {
        "case": row.get("case") if case and case.get("state") not in ended else None,
        "assistance": file.get("case") if file and not file.get("closed_on") else None,
        "agreement": file.get("case") if file.get("agreement") == "active" else None,
        "offers": offers,
        "employment": row["person"] if row["work"] != "unemployed" else None,
        "proposals": case.get("proposals", {}),
    }


async def person_events(call: Call) -> Answer:
    """Answer a person's timeline, newest first: who, where, both times."""
    ident = call.text("id")
    (before,) = call.cursor(int) or (None,)
    async with call.reading() as c:
        row = await _row(c, LEDGER.person, f"person-{ident}", "人员")
        rule = _allow_person(call, row)
        if rule == "allow.referral":
            return {"items": [], "next": None}
        until = _left_at(call, row) if rule == "allow.granted" else None
        found = AUDIT.of_person(c, person=ident, until=until, before=before, limit=call.limit + 1)
        rows = await every(found)
    page = rows[: call.limit]
    more = params.cursor_of(page[-1]["seq"]) if len(rows) > len(page) else None
    return {"items": [shown(r) for r in page], "next": more}


async def households(call: Call) -> Answer:
    """Answer a page of an area's households."""
    low, high = call.scope()
    certified = {"true": True, "false": False}.get(call.get("certified", ""))
    words = {"low": low, "high": high, "state": call.args.get("state"), "certified": certified}
    path, key = call.cursor(str, str) or (None, None)
    async with call.reading() as c:
        total = await LEDGER.count_households(c, **words)
        found = LEDGER.households(c, **words, after_path=path, after_key=key, limit=call.limit + 1)
        rows = await every(found)
    page = rows[: call.limit]
    following = _next(page, more=len(rows) > len(page))
    items = [_household(orjson.loads(r["body"])) for r in page]
    return {"items": items, "total": total, **following}


def _household(row: State) -> Answer:
    left_out = ("cells", "path")
    address = row["cells"].get("address")
    out = {k: v for k, v in row.items() if k not in left_out}
    return {
        **out,
        "path": row.get("path"),
        "address": cell("address", address) if address else None,
    }


async def household(call: Call) -> Answer:
    """Answer one household with its members' lines."""
    async with call.reading() as c:
        key = f"household-{call.text('id')}"
        row = await _row(c, LEDGER.household, key, "家庭")
        call.allow(Resource((row.get("path") or "?",), call.query.kind))
        keys = [f"person-{m['person']}" for m in row["members"]]
        found = [orjson.loads(r["body"]) for r in await every(LEDGER.persons_named(c, keys=keys))]
    areas = call.principal.areas
    inside = [r for r in found if any(covers(a, r.get("path") or "") for a in areas)]
    return {**_household(row), "persons": [listed(r) for r in inside]}


_STATES = (
    "filed", "registered", "on_notice", "notice_closed", "street_reviewed", "at_county",
    "county_reviewed", "returned", "withdrawn", "refused", "certified", "exited", "lapsed",
    "revoked",
)  # fmt: skip
_ID = params.ident("id", "Person id", in_path=True)
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
        ("ledger",), CASES, "case",
    ),
    Query(
        "/api/persons/{id}", "person", "个人档案", "One person, whole story (P3)", person,
        (_ID, _VALID, _KNOWN), _MODELS, CASES | {"outside"}, "case",
    ),
    Query(
        "/api/persons/{id}/events", "person_events", "个人时间线", "What happened to a person",
        person_events, (_ID, *_PAGE), _MODELS, CASES | {"outside"}, "case",
    ),
    Query(
        "/api/households", "households", "家庭台账", "Households of an area", households,
        (
            params.office(),
            params.choice("state", "State", "formed", "certified", "cleared", "left", "absorbed"),
            params.choice("certified", "Ever certified", "true", "false"), *_PAGE,
        ),
        ("ledger",), CASES, "case",
    ),
    Query(
        "/api/households/{id}", "household", "家庭", "One household (P9)", household,
        (params.ident("id", "Household id", in_path=True),), ("ledger",), CASES, "case",
    ),
)  # fmt: skip
