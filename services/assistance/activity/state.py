"""The state of an activity: who organises it, when it begins, whether it is over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from events.contracts import assistance as ev
from events.contracts import streams
from events.contracts.base import Recorded
from services.kit.decider import Fold


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity; `organiser` is the office that organised it."""

    organiser: str = ""
    kind: str = ""
    from_day: date | None = None
    places: int | None = None
    closed: bool = False


def evolve(state: Activity, fact: Recorded[ev.ActivityEvent | ev.CorrectionEvent]) -> Activity:
    """Fold one fact of the activity."""
    match fact.event:
        case ev.ActivityOrganised() as event:
            return Activity(fact.office, event.kind, event.from_day, event.places)
        case ev.ActivityClosed():
            return replace(state, closed=True)
        case ev.CorrectionProposed() | ev.FactCorrected() | ev.CorrectionRejected():
            return state
        case _ as never:
            assert_never(never)


ACTIVITY = Fold(streams.ACTIVITY, Activity(), evolve)
