"""The state of a post: its places, who had which one when, and whether it takes persons.

Never more persons than places on any day (I10): a place counts as taken from a first day of work
to a last one, whatever order the facts became known in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeAlias, assert_never

from events.contracts import posts as ev
from events.contracts import streams
from events.contracts.base import Recorded
from events.rules.time import shanghai_day
from services.kit.decider import Fold

Standing: TypeAlias = Literal["none", "proposed", "declined", "open", "closed"]


@dataclass(frozen=True, slots=True)
class Stay:
    """Who has a place from a first day of work to a last one, None while it runs."""

    place: int
    person: str
    start: date
    end: date | None = None

    def on(self, day: date) -> bool:
        """Tell whether the place is taken on a day."""
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Post:
    """A post; `capacity` holds the number of places from a day on, by day."""

    standing: Standing = "none"
    office: str = ""
    public: bool = False
    employer: str = ""
    occupation: str | None = None
    work_division: str = ""
    suits: ev.Suits | None = None
    wage: int | None = None
    from_day: date | None = None
    until: date | None = None
    capacity: tuple[tuple[date, int], ...] = ()
    stays: tuple[Stay, ...] = ()

    def places_on(self, day: date) -> int:
        """Return how many places there are on a day."""
        return next((n for since, n in reversed(self.capacity) if since <= day), 0)

    def taken_on(self, day: date) -> int:
        """Return how many places are taken on a day."""
        return sum(stay.on(day) for stay in self.stays)

    def fits_from(self, day: date, more: int = 0) -> bool:
        """Tell whether `more` persons from a day on leave nobody without a place (I10)."""
        turns = {day, *(s.start for s in self.stays), *(since for since, _ in self.capacity)}
        return all(self.taken_on(d) + more <= self.places_on(d) for d in turns if d >= day)

    def free_place(self, day: date) -> int | None:
        """Return the lowest place that is free from a day on, None where there is none."""
        if not self.fits_from(day, more=1):
            return None
        busy = {s.place for s in self.stays if s.end is None or s.end >= day}
        return next(n for n in range(1, len(busy) + 2) if n not in busy)

    def holds(self, day: date) -> bool:
        """Tell whether the post takes persons on a day."""
        return self.standing == "open" and (self.until is None or day <= self.until)


def evolve(state: Post, fact: Recorded[ev.PostEvent | ev.CorrectionEvent]) -> Post:
    """Fold one fact of a post."""
    day = shanghai_day(fact.occurred_at)
    match fact.event:
        case ev.VacancyListed() | ev.PostProposed() | ev.PublicPostDeveloped() as event:
            return _opened(event, fact.office)
        case ev.PostChanged() as event:
            return _changed(state, event, day)
        case ev.PostClosed():
            return replace(state, standing="closed")
        case ev.ProposedPostDeclined():
            return replace(state, standing="declined")
        case ev.PlaceTaken() as event:
            return replace(state, stays=(*state.stays, Stay(event.place, event.person, day)))
        case ev.PlaceFreed() as event:
            return replace(state, stays=tuple(_freed(s, event, day) for s in state.stays))
        case ev.CorrectionProposed() | ev.FactCorrected() | ev.CorrectionRejected():
            return state
        case _ as never:
            assert_never(never)


def _opened(
    event: ev.VacancyListed | ev.PostProposed | ev.PublicPostDeveloped, office: str
) -> Post:
    common = Post(
        office=office,
        work_division=event.work_division,
        from_day=event.from_day,
        until=event.until,
        capacity=((date.min, event.places),),
    )
    if isinstance(event, ev.PublicPostDeveloped):
        return replace(common, standing="open", public=True, employer=event.host, wage=event.wage)
    standing: Standing = "open" if isinstance(event, ev.VacancyListed) else "proposed"
    return replace(
        common,
        standing=standing,
        employer=event.employer,
        occupation=event.occupation,
        suits=event.suits,
        wage=event.wage.to if event.wage else None,
    )


def _changed(state: Post, event: ev.PostChanged, day: date) -> Post:
    return replace(
        state,
        capacity=changed_capacity(state, event.places, day) if event.places else state.capacity,
        until=event.until or state.until,
        wage=state.wage if event.wage is None else event.wage,
    )


def changed_capacity(state: Post, places: int, day: date) -> tuple[tuple[date, int], ...]:
    """Return the capacity by day with another number of places from a day on."""
    kept = tuple(row for row in state.capacity if row[0] != day)
    return tuple(sorted((*kept, (day, places))))


def _freed(stay: Stay, event: ev.PlaceFreed, day: date) -> Stay:
    same = (stay.place, stay.person, stay.end) == (event.place, event.person, None)
    return replace(stay, end=day) if same else stay


POST = Fold(streams.POST, Post(), evolve)
