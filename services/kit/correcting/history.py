"""What is on record about a fact: its corrections so far, and the stream as it would read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from events.contracts.base import Event, Recorded
from events.contracts.corrections import restated
from events.contracts.restating import ProposedCorrection, RejectedCorrection, RestatedFact
from services.kit.decider import NOT_FOUND, DomainError


@dataclass(frozen=True, slots=True)
class History:
    """The facts of one stream as recorded."""

    facts: tuple[Recorded[Any], ...]

    def fact(self, event_id: str) -> Recorded[Any]:
        """Return one fact as recorded; refuse with 404 where there is none."""
        return _one(self.facts, event_id)

    def now(self, event_id: str) -> Recorded[Any] | None:
        """Return what a fact says today, None where it is void."""
        return next((f for f in restated(self.facts) if f.event_id == event_id), None)

    def proposal(self, event_id: str) -> Recorded[ProposedCorrection]:
        """Return a proposal; refuse with 404 where there is none."""
        return _one((f for f in self.facts if isinstance(f.event, ProposedCorrection)), event_id)

    def outcome(self, proposal: str) -> Event | None:
        """Return how a proposal was decided, None while it waits."""
        decided = (f.event for f in self.facts if isinstance(f.event, _DECIDED))
        return next((e for e in decided if e.proposal == proposal), None)

    def waiting(self, event_id: str) -> bool:
        """Tell whether a correction of a fact waits, and can still be approved."""
        return any(
            fact.event.corrects == event_id
            and self.outcome(fact.event_id) is None
            and not self.moved_since(fact)
            for fact in self.facts
            if isinstance(fact.event, ProposedCorrection)
        )

    def moved_since(self, proposal: Recorded[Any]) -> bool:
        """Tell whether anything but proposals and rejections happened since a proposal."""
        later = (f.event for f in self.facts if f.version > proposal.version)
        return any(not isinstance(e, ProposedCorrection | RejectedCorrection) for e in later)

    def then(self, said: RestatedFact, at: datetime) -> tuple[Recorded[Any], ...]:
        """Return the stream as it would read after a correction."""
        last = self.facts[-1]
        mark = replace(
            last, event=said, type=said.type, version=last.version + 1, event_id="", occurred_at=at
        )
        return tuple(f for f in restated((*self.facts, mark)) if f.event_id)


_DECIDED = RestatedFact | RejectedCorrection


def _one(facts: Iterable[Recorded[Any]], event_id: str) -> Recorded[Any]:
    found = next((f for f in facts if f.event_id == event_id), None)
    if found is None:
        raise DomainError(NOT_FOUND, what=f"event-{event_id}")
    return found
