"""A person as the registry's decisions see it, and the person's employment as far as they ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, assert_never

from events.contracts import posts, streams
from events.contracts import registry as ev
from events.contracts.base import Recorded, SealedValue, clear
from events.rules.time import shanghai_day
from services.kit.decider import Fold


@dataclass(frozen=True, slots=True)
class Registration:
    """An unemployment registration: open from `since`, and no more from `ended` on (R11)."""

    since: date
    last_ownership: ev.Ownership
    last_job_ended_on: date | None = None
    ended: date | None = None
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Dibao:
    """The living allowance: from a day, through a last one if it is known (R15)."""

    from_day: date
    until: date | None = None

    def running(self, day: date) -> bool:
        """Tell whether it is drawn on a day."""
        return self.from_day <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Shredding:
    """A proposed destruction of the key: its event, the day it was recorded, both hands (A14)."""

    event: str
    on: date
    basis: str
    hands: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """What the rules ask about; `values` and `birth` are filled only where the stream is opened."""

    residence: str = ""
    sex: ev.SexWord = "male"
    birth: date | None = None
    worker_type: ev.WorkerTypeWord = "unknown"
    special_work: bool = False
    hukou: ev.Hukou | None = None
    registration: Registration | None = None
    dibao: Dibao | None = None
    wishes: ev.WishesRecorded | None = None
    skills: Mapping[str, ev.Skill] = field(default_factory=dict)
    lost: Mapping[str, date] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    absorbed_into: str | None = None
    restricted: bool = False
    shredding: Shredding | None = None
    shredded: bool = False


def evolve_person(state: Person, fact: Recorded[Any]) -> Person:
    """Fold one fact of the person's own stream, without judging it."""
    event: ev.PersonStreamEvent = fact.event
    day = shanghai_day(fact.occurred_at)
    match event:
        case ev.PersonRegistered():
            return _registered(state, event)
        case ev.PersonFactChanged():
            return _changed(state, event)
        case ev.UnemploymentRegistered(last_ownership=ownership, last_job_ended_on=ended):
            return replace(state, registration=Registration(day, ownership, ended))
        case ev.UnemploymentRegistrationCancelled(ground=ground):
            return _cancelled(state, day, ground)
        case ev.DibaoRecorded(from_day=since, until=until):
            return replace(state, dibao=Dibao(since, until))
        case ev.DibaoEnded():
            return _dibao_ended(state, day)
        case ev.WishesRecorded():
            return replace(state, wishes=event)
        case ev.SkillsRecorded(skills=skills):
            return replace(state, skills={**state.skills, **{s.occupation: s for s in skills}})
        case ev.ConditionLost(condition=condition):
            return replace(state, lost={**state.lost, condition: day})
        case ev.TransferAccepted(to=office):
            return replace(state, residence=office)
        case ev.PersonAbsorbed(survivor=survivor):
            return replace(state, absorbed_into=survivor)
        case ev.PersonsUnmerged():
            return replace(state, absorbed_into=None)
        case ev.ProcessingRestricted():
            return replace(state, restricted=True)
        case ev.ShreddingProposed(basis=basis):
            hands = (fact.actor, fact.attribute("on_behalf_of"))
            on = shanghai_day(fact.recorded_at)
            return replace(state, shredding=Shredding(fact.event_id, on, basis, hands))
        case ev.SubjectShredded():
            return replace(state, shredded=True)
        case (
            ev.TransferRequested()
            | ev.TransferRejected()
            | ev.PersonsMerged()
            | ev.DuplicateDismissed()
            | ev.CorrectionProposed()
            | ev.FactCorrected()
            | ev.CorrectionRejected()
        ):
            return state
    assert_never(event)


def _registered(state: Person, event: ev.PersonRegistered) -> Person:
    told = {
        "name": event.name,
        "phone": event.phone,
        "address": event.address,
        "health": event.health,
        "education": event.education,
        "hukou": f"{event.hukou.division} {event.hukou.type}",
        "worker_type": event.worker_type,
        "special_work": str(event.special_work).lower(),
    }
    return replace(
        state,
        residence=event.residence,
        sex=event.sex,
        birth=clear(event.birth_date),
        worker_type=event.worker_type,
        special_work=event.special_work,
        hukou=event.hukou,
        values={k: v for k, v in told.items() if v and not isinstance(v, SealedValue)},
    )


def _changed(state: Person, event: ev.PersonFactChanged) -> Person:
    """Take a changed fact in; while it is sealed only its having changed is known."""
    value = clear(event.value)
    kept = {k: v for k, v in state.values.items() if k != event.fact}
    if value is None:
        return replace(state, values=kept)
    state = replace(state, values={**kept, event.fact: value})
    match event.fact:
        case "worker_type":
            return replace(state, worker_type=_worker_type(value))
        case "special_work":
            return replace(state, special_work=value == "true")
        case "hukou":
            return replace(state, hukou=read_hukou(value))
        case _:
            return state


def _worker_type(value: str) -> ev.WorkerTypeWord:
    return "worker" if value == "worker" else "cadre" if value == "cadre" else "unknown"


def read_hukou(value: str) -> ev.Hukou | None:
    """Read `140105 urban`; None where it is not written so (R8)."""
    division, _, kind = value.partition(" ")
    if not (division.isascii() and division.isdigit() and 2 <= len(division) <= 12):
        return None
    if kind == "urban":
        return ev.Hukou(division=division, type="urban")
    return ev.Hukou(division=division, type="rural") if kind == "rural" else None


def _cancelled(state: Person, day: date, ground: str) -> Person:
    old = state.registration
    return replace(state, registration=replace(old, ended=day, ground=ground) if old else None)


def _dibao_ended(state: Person, day: date) -> Person:
    """End the allowance; the day is the first one without it."""
    last = date.fromordinal(day.toordinal() - 1)
    return replace(state, dibao=replace(state.dibao, until=last) if state.dibao else None)


@dataclass(frozen=True, slots=True)
class Employment:
    """Whether the person is employed, and the last day of the job that ended last."""

    employed: bool = False
    ended: date | None = None


def evolve_employment(state: Employment, fact: Recorded[Any]) -> Employment:
    """Fold the posts context's facts about the person's work."""
    match fact.event:
        case posts.PlacedInJob():
            return Employment(True, state.ended)
        case posts.EmploymentEnded():
            return Employment(False, shanghai_day(fact.occurred_at))
        case _:
            return state


PERSON = Fold(streams.PERSON, Person(), evolve_person)
"""The person without personal values."""
PERSON_OPENED = Fold(streams.PERSON, Person(), evolve_person, opens=True)
"""The person with birth date and values in clear."""
EMPLOYMENT = Fold(streams.EMPLOYMENT, Employment(), evolve_employment)
