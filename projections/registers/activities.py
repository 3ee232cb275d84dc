"""Trainings, job fairs and other activities (R60, R98, R99)."""

from __future__ import annotations

from typing import Any

from events.contracts import assistance as ev
from events.contracts.base import Recorded, ident
from events.rules.directory import Directory
from projections.registers.rows import Handler, owned
from projections.rows import State


def _activity(row: State, fact: Recorded[Any], directory: Directory) -> None:
    event: ev.ActivityOrganised = fact.event
    owned(row, fact, directory, ident(fact.subject))
    row |= {
        "name": event.title,
        "kind": event.kind,
        "from": event.from_day.isoformat(),
        "until": event.until.isoformat() if event.until else None,
        "place": event.place,
        "places": event.places,
        "state": "open",
    }


def _activity_closed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.ActivityClosed = fact.event
    row |= {"state": "closed", "invited": event.invited, "attended": event.attended}


HANDLERS: dict[str, Handler] = {
    ev.ActivityOrganised.type: _activity,
    ev.ActivityClosed.type: _activity_closed,
}
"""What each fact of an activity does."""
