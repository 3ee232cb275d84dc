"""The unemployment registration, the allowance, wishes, skills and lost conditions. Pure."""

from __future__ import annotations

from datetime import date

from events.contracts import registry as ev
from events.rules.person import retirement_date
from services.kit.decider import DomainError, Outcome, World, on
from services.registry import reasons
from services.registry.deciding import decide
from services.registry.person import commands as cmd
from services.registry.person.identity import need_person
from services.registry.person.state import EMPLOYMENT, Person

FOR_GOOD: frozenset[ev.Condition] = frozenset({"retirement", "death"})
"""Conditions that are lost once; the others may come back and be lost again."""


@decide(cmd.RecordUnemploymentRegistration)
def record_unemployment_registration(c: cmd.RecordUnemploymentRegistration, w: World) -> Outcome:
    """Open an unemployment registration; its day anchors the year of R15 (R11, R13)."""
    person = need_person(w, c.person)
    employment = w.load(EMPLOYMENT, c.person).state
    event = ev.UnemploymentRegistered(
        certificate=c.certificate,
        last_employer=c.last_employer,
        last_ownership=c.last_ownership,
        last_job_ended_on=c.last_job_ended_on,
        proof=c.proof,
    )
    if _is_open_as_wished(person.state, c, w.day):
        return ()
    if person.state.registration and person.state.registration.ended is None:
        raise DomainError(reasons.REGISTRATION_OPEN)
    if employment.employed or (employment.ended and w.day < employment.ended):
        raise DomainError(reasons.STILL_EMPLOYED)
    _need_free_day(person.state, w.day)
    if c.last_job_ended_on and c.last_job_ended_on > w.day:
        raise DomainError(reasons.DATE_ORDER)
    if not c.proof:
        raise DomainError(reasons.PROOF_MISSING)
    return on(person, event)


def _is_open_as_wished(state: Person, c: cmd.RecordUnemploymentRegistration, day: date) -> bool:
    """Tell whether the registration of that day stands already."""
    known = state.registration
    if known is None or known.ended is not None:
        return False
    wished = (day, c.last_ownership, c.last_job_ended_on)
    return (known.since, known.last_ownership, known.last_job_ended_on) == wished


def _need_free_day(state: Person, day: date) -> None:
    """Refuse a registration that begins before the previous one ended."""
    known = state.registration
    if known and known.ended and day < known.ended:
        raise DomainError(reasons.REGISTRATION_OVERLAPS)


@decide(cmd.CancelUnemploymentRegistration)
def cancel_unemployment_registration(c: cmd.CancelUnemploymentRegistration, w: World) -> Outcome:
    """End the registration; a placement ends it by itself (R11)."""
    person = need_person(w, c.person)
    known = person.state.registration
    if known is None or known.ended is not None:
        if w.principal.system or (known and (known.ended, known.ground) == (w.day, c.ground)):
            return ()
        raise DomainError(reasons.NO_REGISTRATION)
    if w.day < known.since:
        raise DomainError(reasons.DATE_ORDER)
    return on(person, ev.UnemploymentRegistrationCancelled(ground=c.ground, proof=c.proof))


@decide(cmd.RecordDibao)
def record_dibao(c: cmd.RecordDibao, w: World) -> Outcome:
    """Record the living allowance, one term at a time (R15)."""
    person = need_person(w, c.person)
    if c.until is not None and c.until < c.from_day:
        raise DomainError(reasons.DATE_ORDER)
    known = person.state.dibao
    if known and (known.from_day, known.until) == (c.from_day, c.until):
        return ()
    if known and (known.until is None or c.from_day <= known.until):
        raise DomainError(reasons.DIBAO_RUNNING)
    return on(
        person, ev.DibaoRecorded(from_day=c.from_day, until=c.until, certificate=c.certificate)
    )


@decide(cmd.EndDibao)
def end_dibao(c: cmd.EndDibao, w: World) -> Outcome:
    """End the running allowance with the day before (R15, X5)."""
    person = need_person(w, c.person)
    known = person.state.dibao
    if known and known.until == date.fromordinal(w.day.toordinal() - 1):
        return ()
    if known is None or not known.running(w.day):
        raise DomainError(reasons.NO_DIBAO)
    return on(person, ev.DibaoEnded(proof=c.proof))


@decide(cmd.RecordWishes)
def record_wishes(c: cmd.RecordWishes, w: World) -> Outcome:
    """Record wishes; the newest count (R10, R37, R65, R101)."""
    person = need_person(w, c.person)
    if any(w.directory.office(area) is None for area in c.areas):
        raise DomainError(reasons.UNKNOWN_OFFICE)
    event = ev.WishesRecorded(
        wants_work=c.wants_work,
        able_to_work=c.able_to_work,
        startup_wish=c.startup_wish,
        occupations=c.occupations,
        min_wage=c.min_wage,
        areas=c.areas,
    )
    return () if person.state.wishes == event else on(person, event)


@decide(cmd.RecordSkills)
def record_skills(c: cmd.RecordSkills, w: World) -> Outcome:
    """Add skills; a later level of the same occupation counts (R37, R100)."""
    person = need_person(w, c.person)
    known = person.state.skills
    new = tuple(skill for skill in c.skills if not _is_known(known.get(skill.occupation), skill))
    return on(person, ev.SkillsRecorded(skills=new)) if new else ()


def _is_known(known: ev.Skill | None, skill: ev.Skill) -> bool:
    """Tell whether a skill stands already; certificates are compared by the hash of their file."""
    if known is None or known.level != skill.level:
        return False
    return skill.certificate is None or (
        known.certificate is not None and known.certificate.sha256 == skill.certificate.sha256
    )


@decide(cmd.RecordConditionLost)
def record_condition_lost(c: cmd.RecordConditionLost, w: World) -> Outcome:
    """Record a lost condition with its proof; the end of working age by the clock (X5, T15)."""
    person = need_person(w, c.person, opened=True)
    known = person.state.lost.get(c.condition)
    if known is not None and (c.condition in FOR_GOOD or known == w.day):
        return ()
    if c.condition == "retirement" and not _retired(person.state, w):
        if w.principal.system:
            return ()
        raise DomainError(reasons.NOT_YET_RETIRED)
    if c.proof is None and not w.principal.system:
        raise DomainError(reasons.PROOF_MISSING)
    return on(person, ev.ConditionLost(condition=c.condition, proof=c.proof, note=c.note))


def _retired(state: Person, w: World) -> bool:
    """Tell whether retirement age is reached; an officer decides where the type is unknown (R9)."""
    if state.birth is None:
        return not w.principal.system
    day = retirement_date(state.sex, state.worker_type, state.special_work, state.birth, w.day)
    return not w.principal.system if day is None else day <= w.day
