"""查阅留痕 (P16): who of an area looked at whom, when, where, at what and why (X14, X15, X20)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from events.contracts.registry import EmergencyAccessOpened, ExportCompleted
from services.console.pages.reads import row_of
from services.console.site import Visit
from services.console.texts_checks import KINDS

PAGE = 100
FILTERS = ("office", "person", "user", "from", "to")


async def load(visit: Visit) -> dict[str, Any]:
    """Load a page of looks under the filters of the address."""
    asked = visit.at(*FILTERS, "kind", "cursor")
    answer = await visit.get("/api/reads", limit=PAGE, **asked)
    found = await visit.with_names(await visit.with_offices(list(answer.get("items", ()))))
    names = answer.get("names") or {}
    rows = folded(
        _row(visit, r) | {"giver": names.get(str(r.get("on_behalf_of")), "")} for r in found
    )
    return {"rows": rows, "next": answer.get("next"), "filters": FILTERS, "kinds": KINDS}


MINUTE = len("2009-03-02T01:00")
SAME = (
    "actor", "role", "office", "on_behalf_of", "page", "mode", "what", "why", "export", "under_seq",
)  # fmt: skip
"""What equal looks have in common, beside their minute."""


def folded(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put equal reads of one minute into one row, with those seen in `each` (one look, none).

    Full numbers, emergencies and files stay rows of their own.
    """
    groups: dict[tuple[object, ...], list[dict[str, Any]]] = {}
    for row in rows:
        own = row["seq"] if row["kind"] != "read" else str(row.get("recorded_at"))[:MINUTE]
        groups.setdefault((row["kind"], own, *(row.get(n) for n in SAME)), []).append(row)
    return [
        each[0]
        | {"each": each if len(each) > 1 else [], "persons": len({r.get("person") for r in each})}
        for each in groups.values()
    ]


def _row(visit: Visit, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a look as the page draws it; a file tells how many persons it holds."""
    shown, under = row_of(visit, row), row.get("under") or {}
    body = row.get("body") or {}
    if row.get("type") == ExportCompleted.type:
        what = visit.t("looks.file", rows=body.get("rows", 0), persons=body.get("persons") or 0)
        shown |= {"kind": "export", "what": what}
    urgent = under.get("type") == EmergencyAccessOpened.type
    stream = str(under.get("stream") or "")
    export = stream.removeprefix("export-") if stream.startswith("export-") else ""
    return shown | {"urgent": urgent, "export": export, "under_seq": under.get("seq")}
