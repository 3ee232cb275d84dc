"""What assistance reads of other contexts' streams: person, certification, employment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from events.contracts import certification as cert
from events.contracts import posts, registry, streams
from events.contracts.base import Recorded, ident
from events.rules.periods import Spell
from events.rules.time import shanghai_day
from services.kit.decider import Fold


@dataclass(frozen=True, slots=True)
class Person:
    """The person's office, whether the record stands, and the start-up wish (AS 39)."""

    residence: str = ""
    closed: bool = False
    startup_wish: bool = False


def evolve_person(state: Person, fact: Recorded[Any]) -> Person:
    """Fold registry's facts about a person."""
    match fact.event:
        case registry.PersonRegistered(residence=office):
            return replace(state, residence=office)
        case registry.TransferAccepted(to=office):
            return replace(state, residence=office)
        case registry.WishesRecorded(startup_wish=wish):
            return replace(state, startup_wish=wish)
        case (
            registry.PersonAbsorbed() | registry.SubjectShredded() | registry.ProcessingRestricted()
        ):
            return replace(state, closed=True)
        case registry.PersonsUnmerged():
            return replace(state, closed=False)
        case _:
            return state


@dataclass(frozen=True, slots=True)
class Case:
    """When the certification holds: from `since`, and no more from `until` on."""

    person: str = ""
    category: str = ""
    since: date | None = None
    until: date | None = None

    def certified_on(self, day: date) -> bool:
        """Tell whether the certification holds on a day."""
        begun = self.since is not None and self.since <= day
        return begun and (self.until is None or day < self.until)

    @property
    def stands(self) -> bool:
        """Tell whether the certification has not ended."""
        return self.since is not None and self.until is None


def evolve_case(state: Case, fact: Recorded[Any]) -> Case:
    """Fold the certification as far as assistance depends on it."""
    day = shanghai_day(fact.occurred_at)
    match fact.event:
        case (
            cert.PersonCertified(category=category) | cert.CertificationImported(category=category)
        ):
            return Case(ident(fact.subject), category, day)
        case cert.Reassessed(category=str(category)):
            return replace(state, category=category)
        case cert.Exited(from_day=end) | cert.CertificationRevoked(from_day=end):
            return replace(state, until=end)
        case cert.Lapsed():
            return replace(state, until=day)
        case cert.ExitReversed() | cert.ReviewDecided(outcome="set_aside", of="exit"):
            return replace(state, until=None)
        case _:
            return state


@dataclass(frozen=True, slots=True)
class Work:
    """The person's spells of work, oldest first."""

    spells: tuple[Spell, ...] = ()

    def employed_on(self, day: date) -> bool:
        """Tell whether the person is at work on a day, its first and last included."""
        return any(s.start <= day and (s.end is None or day <= s.end) for s in self.spells)


def evolve_work(state: Work, fact: Recorded[Any]) -> Work:
    """Fold posts' facts about a person's work."""
    day = shanghai_day(fact.occurred_at)
    match fact.event:
        case posts.PlacedInJob(employer=employer):
            return Work((*state.spells, Spell(day, employer=employer or "")))
        case posts.EmploymentEnded() if state.spells and state.spells[-1].end is None:
            return Work((*state.spells[:-1], replace(state.spells[-1], end=day)))
        case _:
            return state


PERSON = Fold(streams.PERSON, Person(), evolve_person)
CASE = Fold(streams.CERTIFICATION, Case(), evolve_case)
WORK = Fold(streams.EMPLOYMENT, Work(), evolve_work)
