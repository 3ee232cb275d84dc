"""How corrections change a ledger row: proposed and approved by two persons (X2)."""

from __future__ import annotations

from typing import Any

from events.contracts.base import Recorded, SealedValue
from events.rules.directory import Directory
from projections.ledger.cases import recount
from projections.ledger.cells import NONE, State
from projections.ledger.work import work_by


def correction_proposed(row: State, fact: Recorded[Any], _: Directory) -> None:
    """Remember what a correction is about; it has no effect before its approval (X2)."""
    body = fact.event
    void = not isinstance(body.replacement, SealedValue) and body.replacement is None
    entry = {"corrects": body.corrects, "void": void, "reason": body.reason, "seq": fact.seq}
    row["proposed"] = {**row.get("proposed", {}), fact.event_id: entry}


def corrected(row: State, fact: Recorded[Any], directory: Directory) -> None:
    """Take a void fact out; another body stays sealed here, so its fact is only marked (X2)."""
    waiting = dict(row.get("proposed", {}))
    entry = waiting.pop(fact.event.proposal, None)
    row["proposed"] = waiting
    if entry is not None:
        row["corrections"] = [*row.get("corrections", ()), {**entry, "approved": fact.seq}]
        if entry["void"] and "person" in row:
            _void(row, entry["corrects"], directory)


def correction_rejected(row: State, fact: Recorded[Any], _: Directory) -> None:
    """Forget a correction that was not followed."""
    row["proposed"] = {k: v for k, v in row.get("proposed", {}).items() if k != fact.event.proposal}


def _void(row: State, event: str, directory: Directory) -> None:
    """Take out what a void fact had listed, and work out again what follows from the lists."""
    for name, cell in row["cells"].items():
        if isinstance(cell["v"], list):
            kept = [_unended(e, event) for e in cell["v"] if e.get("event") != event]
            if kept != cell["v"]:
                row["cells"][name] = {**cell, "v": kept or NONE}
    row["starts"] = [s for s in row.get("starts", ()) if s[1] != event]
    recount(row, directory)
    work_by(row)
    if "file" in row:
        visits = row["cells"].get("follow_ups", {"v": NONE})["v"]
        months = [] if visits == NONE else sorted({v["month"] for v in visits})
        row["file"] = {**row["file"], "months": months}


def _unended(entry: State, event: str) -> State:
    """Return a spell whose end is void as still running."""
    if entry.get("end") != event:
        return entry
    gone = ("until", "reason", "then", "end", "end_registered_on")
    return {**{k: v for k, v in entry.items() if k not in gone}, "until": None}
