"""The audit timeline and single events; bodies stay sealed (P16, design.md 8)."""

from __future__ import annotations

from typing import Any

from events.contracts.catalogue import ALL
from events.contracts.registry import PersonRead
from events.rules.access import Resource
from events.rules.divisions import SHANXI
from events.rules.time import day_end, day_start, in_text
from projections.api import params
from projections.api.clauses import cited
from projections.api.corrected import corrections, marks
from projections.api.emergencies import running
from projections.api.events import body, shown
from projections.api.problems import NOT_FOUND, QueryError
from projections.api.query import CASES, Answer, Call, Query
from projections.api.reading import AUDIT, LEDGER, every
from projections.engine.fence import open_subjects

AUDITORS = CASES - {"person"}


async def trail(call: Call) -> Answer:
    """Answer a page of an area's trail, newest first."""
    low, high = call.scope()
    (before,) = call.cursor(int) or (None,)
    first, last = call.args.get("from"), call.args.get("to")
    words = {
        "low": low,
        "high": high,
        "root": low == SHANXI,
        "person": call.args.get("person"),
        "actor": call.args.get("user"),
        "type": call.args.get("type"),
        "without": PersonRead.type if call.get("looks", "shown") == "hidden" else None,
        "first": day_start(first) if first else None,
        "last": day_end(last) if last else None,
        "before": before,
    }
    async with call.reading() as c:
        rows = await every(AUDIT.entries(c, **words, limit=call.limit + 1))
        page = rows[: call.limit]
        marked = await marks(c, page)
    more = params.cursor_of(page[-1]["seq"]) if len(rows) > len(page) else None
    items = [shown(r) | marked.get(r["seq"], {}) for r in page]
    return {"items": items, "next": more}


async def event(call: Call) -> Answer:
    """Answer one event: the whole envelope, its body, and the clauses behind it."""
    seq = int(call.text("seq"))
    async with call.reading(seq=seq) as c:
        row = await AUDIT.at(c, seq=seq)
        if row is None:
            raise QueryError(NOT_FOUND, what=f"seq {seq}")
        await open_subjects(c, [row["subject"]])
        path = await LEDGER.path_of(c, key=row["subject"]) if row["subject"] else None
        await _allow(call, c, row, path)
        corrected = await corrections(c, row)
    links = await _links(call, seq)
    out = {**shown(row), **links, "body": body(row), "clauses": cited(row["type"])}
    return out | corrected


async def _allow(call: Call, connection: Any, row: Any, path: str | None) -> None:  # noqa: ANN401
    """Decide by where it was done, where its person or household belongs today, or an emergency."""
    granted = tuple(p for p in (path,) if p)
    own = row["area"] or path or SHANXI
    about = str(row["subject"]).startswith("person-")
    urgent = await running(call, connection, row["person"], (own, *granted)) if about else ()
    call.allow(
        Resource(
            (own,), call.query.kind, subject=row["person"], granted=granted,
            emergency=frozenset(urgent),
        )
    )  # fmt: skip


async def _links(call: Call, seq: int) -> Answer:
    """Add the hashes of the log itself, where this role may read it."""
    if call.side.log is None:
        return {}
    found = await call.side.log.after(seq - 1, 1)
    if not found or found[0].seq != seq:
        return {}
    stored = found[0]
    return {
        "position": stored.position,
        "slice": stored.slice,
        "prev_seq": stored.prev_seq,
        "salt": stored.salt.hex(),
        "data_hash": stored.data_hash.hex(),
        "prev_hash": stored.prev_hash.hex(),
        "hash": stored.hash.hex(),
        "recorded_at": in_text(stored.recorded_at),
    }


async def types(_: Call) -> Answer:
    """Answer every type of event with its names: what filters choose from."""
    items = [{"type": c.type, "zh": c.zh, "en": c.en} for c in ALL.classes.values()]
    return {"items": sorted(items, key=lambda c: c["type"])}


QUERIES = (
    Query(
        "/api/audit_trail", "audit_trail", "审计时间线", "Every event of an area (P16)", trail,
        (
            params.office(),
            params.ident("person", "Whom it is about"),
            params.word("user", "Who acted", "[0-9a-z-]{1,40}"),
            params.word("type", "Type of event", r"[a-z]+\.[a-z_]+\.v[0-9]+"),
            params.choice("looks", "Reads of persons: shown when absent", "shown", "hidden"),
            params.day("from", "Recorded on this Shanghai day or later"),
            params.day("to", "Recorded on this Shanghai day or earlier"),
            params.CURSOR, params.LIMIT,
        ),
        ("audit_trail",), AUDITORS, "case",
    ),
    Query(
        "/api/events/{seq}", "event", "事件", "One event, whole envelope", event,
        (params.number("seq", "Number of the event", 1, params.SEQ_MAX, in_path=True),),
        ("audit_trail", "ledger"), CASES, "case",
    ),
    Query(
        "/api/event_types", "event_types", "事件类型", "Every type of event", types,
    ),
)  # fmt: skip
