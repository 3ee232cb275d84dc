"""What posts reads of other contexts' streams: person, certification, household, referrals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from events.contracts import assistance, registry, streams
from events.contracts import certification as cert
from events.contracts.base import Recorded, clear, ident
from events.rules.time import shanghai_day
from services.kit.decider import Fold


@dataclass(frozen=True, slots=True)
class Person:
    """What a post is held against (R97), and where the person lives."""

    residence: str = ""
    closed: bool = False
    sex: str = ""
    birth: date | None = None
    education: str | None = None
    skills: frozenset[str] = frozenset()
    occupations: frozenset[str] = frozenset()
    min_wage: int | None = None
    areas: tuple[str, ...] = ()


def evolve_person(state: Person, fact: Recorded[Any]) -> Person:
    """Fold registry's facts about a person."""
    match fact.event:
        case registry.PersonRegistered() as e:
            return replace(
                state,
                residence=e.residence,
                sex=e.sex,
                birth=clear(e.birth_date),
                education=e.education,
            )
        case registry.PersonFactChanged(fact="education", value=str(value)):
            return replace(state, education=value)
        case registry.TransferAccepted(to=office):
            return replace(state, residence=office)
        case registry.WishesRecorded() as e:
            return replace(
                state, occupations=frozenset(e.occupations), min_wage=e.min_wage, areas=e.areas
            )
        case registry.SkillsRecorded(skills=skills):
            return replace(state, skills=state.skills | {s.occupation for s in skills})
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
    """Fold the certification as far as posts depends on it."""
    day = shanghai_day(fact.occurred_at)
    match fact.event:
        case cert.PersonCertified() | cert.CertificationImported():
            return Case(ident(fact.subject), day)
        case cert.Exited(from_day=end) | cert.CertificationRevoked(from_day=end):
            return replace(state, until=end)
        case cert.Lapsed():
            return replace(state, until=day)
        case cert.ExitReversed() | cert.ReviewDecided(outcome="set_aside", of="exit"):
            return replace(state, until=None)
        case _:
            return state


@dataclass(frozen=True, slots=True)
class Household:
    """How each member counts, and whether the household is certified (R14, AS 6)."""

    members: Mapping[str, str] = field(default_factory=dict)
    certified: bool = False

    def counts(self, person: str, uncounted: frozenset[str]) -> bool:
        """Tell whether a person is a counted member of this certified household (AS 6)."""
        how = self.members.get(person)
        return self.certified and how is not None and how not in uncounted | {"minor"}


def evolve_household(state: Household, fact: Recorded[Any]) -> Household:
    """Fold registry's and certification's facts about a household."""
    members = state.members
    match fact.event:
        case registry.HouseholdFormed(members=formed):
            return replace(state, members={m.person: m.counts_as for m in formed})
        case (
            registry.MemberAdded(person=person, counts_as=counts)
            | registry.MemberStatusSet(person=person, counts_as=counts)
        ):
            return replace(state, members={**members, person: counts})
        case registry.MemberLeft(person=person):
            return replace(state, members={p: c for p, c in members.items() if p != person})
        case registry.HouseholdSplit(leaving=leaving):
            return replace(state, members={p: c for p, c in members.items() if p not in leaving})
        case cert.HouseholdCertified():
            return replace(state, certified=True)
        case cert.HouseholdCleared() | cert.HouseholdLeft():
            return replace(state, certified=False)
        case _:
            return state


@dataclass(frozen=True, slots=True)
class Referrals:
    """The bodies that a person was referred to, each with the last day (R102)."""

    until: Mapping[str, tuple[str, date]] = field(default_factory=dict)

    def to_on(self, day: date) -> frozenset[str]:
        """Return the bodies whose referral runs on a day."""
        return frozenset(to for to, last in self.until.values() if day <= last)


def evolve_referrals(state: Referrals, fact: Recorded[Any]) -> Referrals:
    """Fold assistance's facts about referrals."""
    match fact.event:
        case assistance.PersonReferred(to=to, until=until):
            return Referrals({**state.until, fact.event_id: (to, until)})
        case assistance.ReferralAnswered(referral=referral, answer="declined"):
            return Referrals({k: v for k, v in state.until.items() if k != referral})
        case _:
            return state


PERSON = Fold(streams.PERSON, Person(), evolve_person, opens=True)
CASE = Fold(streams.CERTIFICATION, Case(), evolve_case)
HOUSEHOLD = Fold(streams.HOUSEHOLD, Household(), evolve_household)
REFERRALS = Fold(streams.ASSISTANCE, Referrals(), evolve_referrals)
