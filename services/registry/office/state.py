"""An office as the registry's decisions see it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, assert_never

from events.contracts import registry as ev
from events.contracts import streams
from events.contracts.base import Recorded
from services.kit.decider import Fold


@dataclass(frozen=True, slots=True)
class OfficeState:
    """What the office is, and whether it works."""

    name: str = ""
    kind: ev.OfficeKind = "labour"
    level: ev.OfficeLevel = "community"
    parent: str | None = None
    opened: date = date.min
    closed: date | None = None
    named_from: date = date.min
    mining_area: bool = False
    mining_from: date = date.min
    leader: ev.LeaderNamed | None = None

    def is_open(self, day: date) -> bool:
        """Tell whether the office works on that day."""
        return self.opened <= day and (self.closed is None or day < self.closed)


def evolve(state: OfficeState, fact: Recorded[Any]) -> OfficeState:
    """Fold one fact of the office's stream."""
    event: ev.OfficeStreamEvent = fact.event
    match event:
        case ev.OfficeOpened():
            return OfficeState(
                name=event.name,
                kind=event.kind,
                level=event.level,
                parent=event.parent,
                opened=event.from_day,
                named_from=event.from_day,
            )
        case ev.OfficeRenamed(name=name, from_day=since):
            return replace(state, name=name, named_from=since)
        case ev.OfficeMoved(parent=parent):
            return replace(state, parent=parent)
        case ev.OfficeClosed(from_day=since) | ev.OfficeSplit(from_day=since):
            return replace(state, closed=since)
        case ev.MiningAreaSet(is_mining_area=flag, from_day=since):
            return replace(state, mining_area=flag, mining_from=since)
        case ev.LeaderNamed():
            return replace(state, leader=event)
        case (
            ev.OfficeRecoded()
            | ev.OfficesMerged()
            | ev.CorrectionProposed()
            | ev.FactCorrected()
            | ev.CorrectionRejected()
        ):
            return state
    assert_never(event)


OFFICE = Fold(streams.OFFICE, OfficeState(), evolve)
