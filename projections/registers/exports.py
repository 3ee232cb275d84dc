"""Exports: who asked for what and why, who approved, and the file it became (X15, P19)."""

from __future__ import annotations

from typing import Any

from events.contracts import registry
from events.contracts.base import Recorded, ident
from events.rules.directory import Directory
from projections.registers.rows import Handler, day, owned
from projections.rows import State


def _requested(row: State, fact: Recorded[Any], directory: Directory) -> None:
    event: registry.ExportRequested = fact.event
    owned(row, fact, directory, ident(fact.subject))
    row |= {
        "state": "requested",
        "request": fact.event_id,
        "query": event.query,
        "masked": event.masked,
        "reason": event.reason,
        "format": event.format,
        "by": fact.actor,
        "on_behalf_of": fact.attribute("on_behalf_of"),
        "requested_seq": fact.seq,
    }


def _approved(row: State, fact: Recorded[Any], _: Directory) -> None:
    row |= {"state": "approved", **_decided(fact)}


def _rejected(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: registry.ExportRejected = fact.event
    row |= {"state": "rejected", "why": event.reason, **_decided(fact)}


def _decided(fact: Recorded[Any]) -> State:
    return {"decided_by": fact.actor, "decided_on": day(fact), "decided_seq": fact.seq}


def _completed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: registry.ExportCompleted = fact.event
    row |= {
        "state": "completed",
        "rows": event.rows,
        "sha256": event.sha256,
        "data_known": event.known,
        "expires_on": event.expires_on.isoformat(),
        "persons": event.persons,
        "completed_on": day(fact),
        "completed_seq": fact.seq,
    }


def waits(row: State) -> bool:
    """Tell whether an export waits for the second person (X15)."""
    return row.get("state") == "requested" and not row.get("masked", True)


HANDLERS: dict[str, Handler] = {
    registry.ExportRequested.type: _requested,
    registry.ExportApproved.type: _approved,
    registry.ExportRejected.type: _rejected,
    registry.ExportCompleted.type: _completed,
}
"""What each fact of an export does."""
