"""Checks of the live log: who asked, how each ended, and what it found (X13, P18)."""

from __future__ import annotations

from typing import Any

from events.contracts import registry
from events.contracts.base import Recorded, ident
from events.rules.directory import Directory
from events.rules.time import in_text
from projections.registers.rows import Handler, owned
from projections.rows import State


def _requested(row: State, fact: Recorded[Any], directory: Directory) -> None:
    owned(row, fact, directory, ident(fact.subject))
    row |= {
        "state": "running",
        "by": fact.actor,
        "on_behalf_of": fact.attribute("on_behalf_of"),
        "asked_at": in_text(fact.recorded_at),
        "requested_seq": fact.seq,
    }


def _cancelled(row: State, fact: Recorded[Any], _: Directory) -> None:
    row |= {"state": "cancelled", "cancelled_by": fact.actor, **_ended(fact)}


def _completed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: registry.CheckCompleted = fact.event
    result = event.model_dump(mode="json", exclude_none=True)
    row |= {"state": event.verdict, "result": result, **_ended(fact)}


def _ended(fact: Recorded[Any]) -> State:
    return {"ended_at": in_text(fact.recorded_at), "ended_seq": fact.seq}


HANDLERS: dict[str, Handler] = {
    registry.CheckRequested.type: _requested,
    registry.CheckCancelled.type: _cancelled,
    registry.CheckCompleted.type: _completed,
}
"""What each fact of a check does."""
