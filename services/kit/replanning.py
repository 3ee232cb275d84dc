"""What a correction does to clocks and reactions: as if the fact had said so from the start (X2).

Every clock of the stream that would run otherwise is set, moved or stopped. A reaction is asked
again about the fact as it says by now; what people have decided meanwhile it does not touch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from events.contracts.base import Recorded
from events.contracts.corrections import restated
from events.contracts.restating import RestatedFact
from services.kit.decider import Command, React, TimerKind

Basis: TypeAlias = Mapping[str, str]
Clock: TypeAlias = tuple[str, str]
"""The name of a timer and the key under which it runs."""


@dataclass(frozen=True, slots=True)
class Restated:
    """A correction with its subject's history as it read before and as it reads now."""

    correction: Recorded[RestatedFact]
    before: Sequence[Recorded[Any]]
    now: Sequence[Recorded[Any]]

    @classmethod
    def of(cls, correction: Recorded[RestatedFact], history: Sequence[Recorded[Any]]) -> Restated:
        """Cut a subject's history, as recorded, just before and just after a correction."""
        upto = [f for f in history if f.position <= correction.position]
        return cls(correction, restated(upto[:-1]), restated(upto))

    @property
    def was(self) -> Recorded[Any] | None:
        """Return the fact as it read before; None where it was void."""
        return self._in(self.before)

    @property
    def fact(self) -> Recorded[Any] | None:
        """Return the fact as it reads now; None where it is void."""
        return self._in(self.now)

    def _in(self, facts: Iterable[Recorded[Any]]) -> Recorded[Any] | None:
        own = self.correction.event.corrects
        return next((f for f in facts if f.event_id == own), None)


def touched(
    timer: TimerKind, fact: Recorded[Any]
) -> tuple[str | None, tuple[str, dict[str, str]] | None]:
    """Return the key of the clock that a fact stops, then key and basis of the one it starts."""
    stop, start = timer.stops.get(fact.type), timer.starts.get(fact.type)
    return stop(fact) if stop else None, start(fact) if start else None


def running(timer: TimerKind, facts: Iterable[Recorded[Any]]) -> dict[str, dict[str, str]]:
    """Return the clocks of a kind that a stream leaves running, by key, with their bases."""
    found: dict[str, dict[str, str]] = {}
    for fact in facts:
        stopped, started = touched(timer, fact)
        if stopped is not None:
            found.pop(stopped, None)
        if started is not None:
            found[started[0]] = started[1]
    return found


def moved(
    timers: Iterable[TimerKind], it: Restated
) -> tuple[set[Clock], dict[Clock, dict[str, str]]]:
    """Return the clocks to stop, and those to set with their new bases.

    Where any clock of a kind moves, all of them are set: one that ran out without effect while the
    fact counted is judged again. What took effect is not done twice, for its command's id is known.
    """
    stops: set[Clock] = set()
    starts: dict[Clock, dict[str, str]] = {}
    for timer in timers:
        old, new = running(timer, it.before), running(timer, it.now)
        stops |= {(timer.name, key) for key in old.keys() - new.keys()}
        if old != new:
            starts |= {(timer.name, key): basis for key, basis in new.items()}
    return stops, starts


def wished(react: React, it: Restated) -> list[Command]:
    """Return what a reaction wants of a fact that says something else, or is of another day."""
    if it.fact is None:
        return []
    wishes = list(react(it.fact))
    same_day = it.was is not None and it.was.occurred_at == it.fact.occurred_at
    return [] if same_day and it.was is not None and wishes == list(react(it.was)) else wishes
