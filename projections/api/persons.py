"""One person, whole story: cells with their events, clocks, timeline; as of any day (P3, R41)."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson

from events.rules.access import Resource
from events.rules.directory import Directory
from events.rules.divisions import covers
from projections.api import params
from projections.api.asof import KNOWN, VALID, known_seq, row_as_of, stated
from projections.api.clocks import clocks
from projections.api.corrected import marks
from projections.api.emergencies import running
from projections.api.events import shown
from projections.api.lines import grouped, household_line, summary
from projections.api.problems import NOT_FOUND, QueryError
from projections.api.query import CASES, Answer, Call, Query
from projections.api.reading import AUDIT, LEDGER, every
from projections.api.reads import READ_TYPES, looked
from projections.api.sealed import placed
from projections.engine.fence import open_subjects
from projections.ledger import cells
from projections.ledger.cells import State

_ENDED = ("withdrawn", "refused", "exited", "lapsed", "revoked")


async def person(call: Call) -> Answer:
    """Answer one person: groups of cells, states, clocks, open ids, versions for a form.

    The old office of a moved person sees it as it was when she left; a referral opens its fields;
    an emergency opens the person and not her household.
    """
    async with call.reading(f"person-{call.text('id')}") as c:
        row = await _row(call, c)
        rule = await _allow(call, c, row)
        households = [] if rule == "allow.emergency" else await _households(c, row)
        await open_subjects(c, [f"household-{h['household']}" for h in households])
        if rule == "allow.referral":
            seen = _referred_fields(call, row)
            answer = {"person": row["person"], "groups": grouped(row, seen), "seq": row["seq"]}
        else:
            row, households, known = await _as_of(call, c, row, households, rule)
            answer = _whole(call, row, households[0] if households else None, known)
        whole: Answer = await placed(c, {**answer, "access": rule})
    return whole


async def _households(connection: Any, row: State) -> list[State]:  # noqa: ANN401
    found = await every(LEDGER.households_of(connection, person=row["person"]))
    return [orjson.loads(r["body"]) for r in found]


async def _row(call: Call, connection: Any) -> State:  # noqa: ANN401
    ident = call.text("id")
    found = await LEDGER.person(connection, key=f"person-{ident}")
    if found is None:
        raise QueryError(NOT_FOUND, what=f"人员 {ident}")
    row: State = orjson.loads(found)
    return row


async def _as_of(
    call: Call,
    connection: Any,  # noqa: ANN401
    row: State,
    households: list[State],
    rule: str,
) -> tuple[State, list[State], int | None]:
    """Fold anew where another day or point of knowledge is asked for, or all that may be seen.

    Return also up to which seq; None is now.
    """
    valid: date | None = call.args.get("valid")
    known = await known_seq(call.side, connection, call.args.get("known"))
    if rule == "allow.granted":
        left = _left_at(call, row) - 1
        known = left if known is None else min(known, left)
    if valid is None and known is None:
        return row, households, None
    subjects = [f"person-{row['person']}", *(f"household-{h['household']}" for h in households)]
    side = call.side
    first, *rest = [await row_as_of(side, connection, s, valid, known) for s in subjects]
    if first is None:
        raise QueryError(NOT_FOUND, what="该时点尚无记录")
    return first, [h for h in rest if h is not None], known


def _referrals(call: Call, row: State) -> list[State]:
    """Return the referrals that run today and were not declined (R102)."""
    today = call.today.isoformat()
    entries = cells.listed(row, "referrals")
    return [r for r in entries if r["until"] >= today and r["answer"] != "declined"]


async def _allow(call: Call, connection: Any, row: State) -> str:  # noqa: ANN401
    """Decide: area of residence, area that was left (history), referral, emergency (R43, X14)."""
    path = row.get("path") or "?"
    resource = Resource(
        (path,),
        call.query.kind,
        subject=row["person"],
        granted=tuple(m["path"] for m in row["moves"] if m["path"]),
        referred=frozenset(r["to"] for r in _referrals(call, row)),
        emergency=await running(call, connection, row["person"], (path,)),
    )
    return call.allow(resource)


def _referred_fields(call: Call, row: State) -> set[str]:
    """Return the cells that referrals to the asker's office open."""
    own = (r for r in _referrals(call, row) if r["to"] == call.principal.office)
    return {"name", *(name for r in own for name in r["fields"])}


def _left_at(call: Call, row: State) -> int:
    """Return the seq by which the person had left the asker's area for good."""
    areas = call.principal.areas
    left = (m for m in row["moves"] if m["path"] and any(covers(a, m["path"]) for a in areas))
    return max(int(m["seq"]) for m in left)


def _whole(call: Call, row: State, household: State | None, known: int | None) -> Answer:
    case = row["cases"].get(row.get("case"), {})
    day = call.get("valid", call.today)
    directory = call.side.directory() if known is None else call.side.as_of(known)
    return {
        **summary(row, case),
        "groups": grouped(row),
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
        "family": None if household is None else household_line(household),
        "open": _open(row, case),
        "versions": row["versions"],
        "mining_area": in_mining_area(directory, row.get("office") or ""),
        "clocks": clocks(row, household, directory, day),
        **stated(call.args.get("valid"), known),
    }


def in_mining_area(directory: Directory, community: str) -> bool:
    """Tell whether the community lies in an independent mining area (R24)."""
    street = directory.above(community, "street")
    return street is not None and street.mining_area


def _open(row: State, case: State) -> Answer:
    """Name what commands may be about: the open case, file, offers, spell."""
    file = row.get("file") or {}
    offers = [
        o["offer"]
        for o in cells.listed(row, "offers")
        if o["state"] in ("offered", "accepted", "refused")
    ]
    return {
        "case": row.get("case") if case and case.get("state") not in _ENDED else None,
        "assistance": file.get("case") if file and not file.get("closed_on") else None,
        "agreement": file.get("case") if file.get("agreement") == "active" else None,
        "offers": offers,
        "employment": row["person"] if row["work"] != "unemployed" else None,
        "proposals": case.get("proposals", {}),
    }


async def person_events(call: Call) -> Answer:
    """Answer a person's timeline, newest first: who, where, both times; or who looked (X14)."""
    ident = call.text("id")
    (before,) = call.cursor(int) or (None,)
    async with call.reading(f"person-{ident}") as c:
        row = await _row(call, c)
        rule = await _allow(call, c, row)
        if rule == "allow.referral":
            return {"items": [], "next": None}
        until = await known_seq(call.side, c, call.args.get("known"))
        if rule == "allow.granted":
            left = _left_at(call, row)
            until = left if until is None else min(until, left)
        rows = await every(
            AUDIT.of_person(
                c,
                person=ident,
                until=until,
                before=before,
                read_types=READ_TYPES,
                reads=call.get("of", "story") == "reads",
                limit=call.limit + 1,
            )
        )
        page = rows[: call.limit]
        marked = await marks(c, page, until)
    more = params.cursor_of(page[-1]["seq"]) if len(rows) > len(page) else None
    items = [_told(r, call, rule) | marked.get(r["seq"], {}) for r in page]
    return {"items": items, "next": more, **(stated(None, until) if "known" in call.args else {})}


def _told(row: Any, call: Call, rule: str) -> Answer:  # noqa: ANN401 - a driver's record
    """Return an entry with the actor's name; of a read also the actor's roles, what and why."""
    if row["type"] in READ_TYPES and rule != "allow.granted":
        return looked(row, call.side.directory())
    actor = call.side.directory().accounts.get(row["actor"])
    return {**shown(row), "actor_name": actor.name if actor else ""}


_ID = params.ident("id", "Person id", in_path=True)
_OF = params.choice("of", "What happened (when absent), or who read it", "story", "reads")
_MODELS = ("ledger", "audit_trail")
QUERIES = (
    Query(
        "/api/persons/{id}", "person", "个人档案", "One person, whole story (P3)", person,
        (_ID, VALID, KNOWN), _MODELS, CASES | {"outside"}, "case",
    ),
    Query(
        "/api/persons/{id}/events", "person_events", "个人时间线", "What happened to a person",
        person_events, (_ID, _OF, KNOWN, params.CURSOR, params.LIMIT), _MODELS, CASES | {"outside"},
        "case",
    ),
)  # fmt: skip
