"""What certification reads of other contexts' streams: person, household, work, reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from events.contracts import assistance, posts, registry, streams
from events.contracts import certification as cert
from events.contracts.base import Recorded, clear
from events.rules.periods import Spell
from events.rules.time import shanghai_day
from services.kit.decider import Fold


@dataclass(frozen=True, slots=True)
class Person:
    """The facts that eligibility asks for; what is sealed is filled where the stream is opened."""

    residence: str = ""
    sex: registry.SexWord = "male"
    birth: date | None = None
    worker_type: registry.WorkerTypeWord = "unknown"
    special_work: bool = False
    hukou: registry.Hukou | None = None
    education: str | None = None
    registered_on: date | None = None
    registration_ended_on: date | None = None
    left_for_work_on: date | None = None
    last_ownership: registry.Ownership = "none"
    last_job_ended_on: date | None = None
    dibao_from: date | None = None
    dibao_until: date | None = None
    lost: frozenset[registry.Condition] = frozenset()
    closed: bool = False


def evolve_person(state: Person, fact: Recorded[Any]) -> Person:
    """Fold registry's facts about a person."""
    day = shanghai_day(fact.occurred_at)
    match fact.event:
        case registry.PersonRegistered():
            return _registered(fact.event)
        case registry.PersonFactChanged():
            return _changed(state, fact.event)
        case registry.UnemploymentRegistered(last_ownership=owner, last_job_ended_on=ended):
            return replace(
                state,
                registered_on=day,
                registration_ended_on=None,
                left_for_work_on=None,
                last_ownership=owner,
                last_job_ended_on=ended,
                lost=state.lost & {"death", "dibao_ended", "hukou_moved"},
            )
        case registry.UnemploymentRegistrationCancelled(ground=ground):
            work = day if ground == "employed" else None
            return replace(state, registration_ended_on=day, left_for_work_on=work)
        case registry.DibaoRecorded(from_day=first, until=until):
            lost = state.lost - {"dibao_ended"}
            return replace(state, dibao_from=first, dibao_until=until, lost=lost)
        case registry.DibaoEnded():
            return replace(state, dibao_until=day - timedelta(days=1))
        case registry.ConditionLost(condition=condition):
            return replace(state, lost=state.lost | {condition})
        case registry.TransferAccepted(to=office):
            return replace(state, residence=office, lost=state.lost - {"residence_left"})
        case (
            registry.PersonAbsorbed() | registry.SubjectShredded() | registry.ProcessingRestricted()
        ):
            return replace(state, closed=True)
        case registry.PersonsUnmerged():
            return replace(state, closed=False)
        case _:
            return state


def _registered(event: registry.PersonRegistered) -> Person:
    return Person(
        residence=event.residence,
        sex=event.sex,
        birth=clear(event.birth_date),
        worker_type=event.worker_type,
        special_work=event.special_work,
        hukou=event.hukou,
        education=event.education,
    )


def _changed(state: Person, event: registry.PersonFactChanged) -> Person:
    value = clear(event.value)
    if value is None:
        return state
    match event.fact:
        case "hukou":
            division, _, kind = value.partition(" ")
            wire = {"division": division, "type": kind}
            hukou = registry.Hukou.model_validate(wire)
            return replace(state, hukou=hukou, lost=state.lost - {"hukou_moved"})
        case "worker_type":
            known: dict[str, registry.WorkerTypeWord] = {"worker": "worker", "cadre": "cadre"}
            return replace(state, worker_type=known.get(value, "unknown"))
        case "special_work":
            return replace(state, special_work=value == "true")
        case "education":
            return replace(state, education=value)
        case _:
            return state


@dataclass(frozen=True, slots=True)
class Household:
    """The members and how each counts, and whether it is certified (R14)."""

    community: str = ""
    members: Mapping[str, registry.CountsAs] = field(default_factory=dict)
    certified_on: date | None = None
    """The day of the certification in force; None after clearing or leaving."""


def evolve_household(state: Household, fact: Recorded[Any]) -> Household:
    """Fold registry's facts about a household and our own marks on its stream."""
    members = state.members
    match fact.event:
        case registry.HouseholdFormed(community=office, members=first):
            return Household(office, {m.person: m.counts_as for m in first})
        case registry.MemberAdded(person=person, counts_as=counts):
            return replace(state, members={**members, person: counts})
        case registry.MemberStatusSet(person=person, counts_as=counts):
            return replace(state, members={**members, person: counts})
        case registry.MemberLeft(person=person):
            return replace(state, members=_without(members, person))
        case registry.HouseholdSplit(leaving=leaving):
            return replace(state, members=_without(members, *leaving))
        case registry.HouseholdAbsorbed():
            return replace(state, members={})
        case cert.HouseholdCertified():
            return replace(state, certified_on=shanghai_day(fact.occurred_at))
        case cert.HouseholdCleared() | cert.HouseholdLeft():
            return replace(state, certified_on=None)
        case _:
            return state


def _without(
    members: Mapping[str, registry.CountsAs], *leaving: str
) -> dict[str, registry.CountsAs]:
    return {person: counts for person, counts in members.items() if person not in leaving}


@dataclass(frozen=True, slots=True)
class Work:
    """The person's spells of work, oldest first, and how the last one ended."""

    spells: tuple[Spell, ...] = ()
    then: posts.Then | None = None
    ended_by: str = ""

    @property
    def last(self) -> Spell | None:
        """Return the latest spell."""
        return self.spells[-1] if self.spells else None

    def employed_on(self, day: date) -> bool:
        """Tell whether the person is at work on a day, its first and last included."""
        return any(s.start <= day and (s.end is None or day <= s.end) for s in self.spells)


def evolve_work(state: Work, fact: Recorded[Any]) -> Work:
    """Fold posts' facts about a person's work."""
    day = shanghai_day(fact.occurred_at)
    match fact.event:
        case posts.PlacedInJob(employer=employer):
            return Work((*state.spells, Spell(day, employer=employer or "")))
        case posts.EmploymentEnded(then=then) if state.spells:
            last = replace(state.spells[-1], end=day)
            return Work((*state.spells[:-1], last), then, fact.event_id)
        case _:
            return state


@dataclass(frozen=True, slots=True)
class Reports:
    """The days on which the person reported, by event (R28)."""

    days: Mapping[str, date] = field(default_factory=dict)


def evolve_reports(state: Reports, fact: Recorded[Any]) -> Reports:
    """Fold the status reports of an assistance file."""
    if isinstance(fact.event, assistance.StatusReported):
        return Reports({**state.days, fact.event_id: shanghai_day(fact.occurred_at)})
    return state


PERSON = Fold(streams.PERSON, Person(), evolve_person, opens=True)
HOUSEHOLD = Fold(streams.HOUSEHOLD, Household(), evolve_household)
WORK = Fold(streams.EMPLOYMENT, Work(), evolve_work)
REPORTS = Fold(streams.ASSISTANCE, Reports(), evolve_reports)
