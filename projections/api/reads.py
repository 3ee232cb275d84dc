"""Who looked at whom: reads, full numbers, emergencies, files of an area (X14, X15, X20, P16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from events.contracts.registry import (
    EmergencyAccessOpened,
    ExportCompleted,
    FieldsRevealed,
    PersonRead,
)
from events.rules.directory import Directory
from events.rules.divisions import SHANXI
from events.rules.time import day_end, day_start, shanghai_day
from projections.api import params
from projections.api.accounts import names_among
from projections.api.events import body, shown
from projections.api.query import Answer, Call, Query
from projections.api.reading import AUDIT, every

READ_TYPES = (PersonRead.type, FieldsRevealed.type, EmergencyAccessOpened.type)
"""What a person's list of who looked consists of: reads, reveals, emergencies (X14)."""
KINDS: Mapping[str, tuple[str, ...]] = {
    "read": (PersonRead.type,),
    "revealed": (FieldsRevealed.type,),
    "emergency": (EmergencyAccessOpened.type,),
    "export": (ExportCompleted.type,),
}
"""What an area's list may be narrowed to; a file handed over tells of many persons at once."""
_ALL = (*READ_TYPES, ExportCompleted.type)


async def reads(call: Call) -> Answer:
    """Answer a page of who of an area's offices looked at whom, newest first."""
    low, high = call.scope()
    (before,) = call.cursor(int) or (None,)
    first, last = call.args.get("from"), call.args.get("to")
    words = {
        "low": low,
        "high": high,
        "root": low == SHANXI,
        "types": KINDS.get(call.get("kind", ""), _ALL),
        "person": call.args.get("person"),
        "actor": call.args.get("user"),
        "first": day_start(first) if first else None,
        "last": day_end(last) if last else None,
        "before": before,
    }
    directory = call.side.directory()
    async with call.reading() as c:
        rows = await every(AUDIT.looks(c, **words, limit=call.limit + 1))
        page = rows[: call.limit]
        items = [looked(row, directory) for row in page]
        behind = await _behind(c, items)
    more = params.cursor_of(page[-1]["seq"]) if len(rows) > len(page) else None
    givers = [i["on_behalf_of"] for i in items if i["on_behalf_of"]]
    out = [i | {"under": behind.get(i["body"].get("under") or i["body"].get("request"))}
           for i in items]  # fmt: skip
    return {"items": out, "next": more, "names": names_among(givers, directory)}


def looked(row: Any, directory: Directory) -> Answer:  # noqa: ANN401 - a driver's record
    """Return a read with the reader's name and roles on that day, and what was read and why."""
    actor = directory.accounts.get(row["actor"])
    roles = actor.roles(shanghai_day(row["recorded_at"])) if actor else frozenset()
    name = actor.name if actor else ""
    return {**shown(row), "actor_name": name, "actor_roles": sorted(roles), "body": body(row)}


async def _behind(connection: Any, items: Iterable[Answer]) -> dict[str, Answer]:  # noqa: ANN401
    """Return what let some reads be: the emergency, or the request of an export, by event id."""
    wanted: Sequence[str] = [
        found for i in items if (found := i["body"].get("under") or i["body"].get("request"))
    ]
    rows = await every(AUDIT.by_id(connection, events=[*{*wanted}])) if wanted else []
    return {str(r["event_id"]): {n: r[n] for n in ("seq", "type", "stream")} for r in rows}


QUERIES = (
    Query(
        "/api/reads", "reads", "查阅留痕", "Who of an area looked at whom, and why (X14, P16)",
        reads,
        (
            params.office(),
            params.ident("person", "Whose data was looked at"),
            params.word("user", "Who looked", "[0-9a-z-]{1,40}"),
            params.choice("kind", "Only these; all when absent", *KINDS),
            params.day("from", "Looked at on this Shanghai day or later"),
            params.day("to", "Looked at on this Shanghai day or earlier"),
            params.CURSOR, params.LIMIT,
        ),
        ("audit_trail",), frozenset({"auditor"}), "case",
    ),
)  # fmt: skip
