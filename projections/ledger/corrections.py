"""What a ledger row remembers of corrections: who proposed and who approved them (X2).

What they change needs no code here: the engine folds a corrected row again as if its facts had said
so from the start.
"""

from __future__ import annotations

from typing import Any

from events.contracts.base import Recorded
from events.contracts.restating import ProposedCorrection, RejectedCorrection, RestatedFact
from events.rules.directory import Directory
from projections.ledger.cells import State


def correction_proposed(row: State, fact: Recorded[Any], _: Directory) -> None:
    """Remember what a correction is about; it has no effect before its approval."""
    event: ProposedCorrection = fact.event
    entry = {
        "corrects": event.corrects,
        "void": event.voids,
        "reason": event.reason,
        "seq": fact.seq,
        "by": fact.actor,
    }
    row["proposed"] = {**row.get("proposed", {}), fact.event_id: entry}


def corrected(row: State, fact: Recorded[Any], _: Directory) -> None:
    """Remember that it took effect, and by whose hand."""
    event: RestatedFact = fact.event
    waiting = dict(row.get("proposed", {}))
    entry = waiting.pop(event.proposal, None)
    row["proposed"] = waiting
    if entry is not None:
        done = {**entry, "approved": fact.seq, "approved_by": fact.actor}
        row["corrections"] = [*row.get("corrections", ()), done]


def correction_rejected(row: State, fact: Recorded[Any], _: Directory) -> None:
    """Forget a correction that was not followed."""
    event: RejectedCorrection = fact.event
    row["proposed"] = {k: v for k, v in row.get("proposed", {}).items() if k != event.proposal}
