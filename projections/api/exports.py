"""Exports: who asked for what and why, how far each came, who may approve it (X15, P19)."""

from __future__ import annotations

from datetime import date, timedelta

import orjson

from events.rules.access import Resource
from events.rules.directory import Directory
from events.rules.seconds import of_export
from projections.api import params
from projections.api.accounts import APPROVE_EXPORT, FOR, acting, judged, names_among
from projections.api.problems import NOT_FOUND, QueryError
from projections.api.query import OFFICES, Answer, Call, Query
from projections.api.reading import REGISTERS, every
from projections.registers.exports import waits


async def exports(call: Call) -> Answer:
    """Answer a page of an area's exports, newest first."""
    low, high = call.scope()
    (before,) = call.cursor(str) or (None,)
    waiting = {"true": True, "false": False}.get(call.get("waiting", ""))
    async with call.reading() as c:
        words = {"low": low, "high": high, "waiting": waiting, "before": before}
        rows = await every(REGISTERS.exports(c, **words, limit=call.limit + 1))
    page = rows[: call.limit]
    more = params.cursor_of(page[-1]["key"]) if len(rows) > len(page) else None
    return {"items": [_shown(call, orjson.loads(r["body"])) for r in page], "next": more}


async def export(call: Call) -> Answer:
    """Answer one export."""
    ident = call.text("id")
    async with call.reading() as c:
        found = await REGISTERS.export(c, key=f"export-{ident}")
    if found is None:
        raise QueryError(NOT_FOUND, what=ident)
    row = orjson.loads(found)
    call.allow(Resource((call.side.directory().path(row["office"]),), call.query.kind))
    return _shown(call, row)


def _shown(call: Call, row: Answer) -> Answer:
    """Return an export as it stands today, the names of its hands, and who may approve it.

    Its file is made when it is fetched, for the asker alone, until its last day.
    """
    directory: Directory = call.side.directory()
    office = directory.offices[row["office"]]
    days: int = directory.parameter("registry.export_days", office.path, call.today)
    last = date.fromisoformat(row.get("decided_on") or row["since"]) + timedelta(days=days)
    hands = [row[n] for n in ("by", "on_behalf_of", "decided_by") if row.get(n)]
    return {
        **row,
        "standing": standing(row, last, call.today),
        "until": last.isoformat(),
        "yours": row["by"] == call.principal.user,
        "office_name": office.name_on(call.today),
        "names": names_among(hands, directory),
        **judged(acting(call), row, of_export(office, directory), APPROVE_EXPORT),
    }


def standing(row: Answer, last: date, today: date) -> str:
    """Name how an export stands on a day: waiting, rejected, expired, or ready (X15)."""
    if row["state"] == "rejected":
        return "rejected"
    if waits(row):
        return "waiting"
    return "expired" if today > last else "ready"


_WAITING = params.choice("waiting", "Only those that wait for approval, or not", "true", "false")
QUERIES = (
    Query(
        "/api/exports", "exports", "导出", "Exports of an area, newest first (X15)", exports,
        (params.office(), _WAITING, FOR, params.CURSOR, params.LIMIT), ("registers",),
        OFFICES | {"auditor"}, "office",
    ),
    Query(
        "/api/exports/{id}", "export", "导出详情", "One export, its approval and file (X15)",
        export, (params.ident("id", "Export id", in_path=True), FOR), ("registers",),
        OFFICES | {"auditor"}, "office",
    ),
)  # fmt: skip
