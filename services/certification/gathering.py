"""Gathers the facts that eligibility is judged from: person, household members, city category."""

from __future__ import annotations

from datetime import date

from events.rules.facts import (
    CityCategoryFacts,
    CountsAs,
    HouseholdFacts,
    MemberFacts,
    PersonFacts,
    Terms,
)
from events.rules.language import parse_rule
from services.certification import reasons
from services.certification.deciding import open_claim
from services.certification.folding import CASE
from services.certification.foreign import HOUSEHOLD, PERSON, WORK, Person
from services.certification.state import Application
from services.kit.decider import DomainError, Loaded, World


def terms_of(w: World, person: Loaded[Person], on: date) -> Terms:
    """Look up what the rule set and the offices ask for on a day, at the person's residence."""
    path = w.directory.path(person.state.residence)
    return Terms.of(lambda key: w.directory.parameter(key, path, on))


def person_facts(w: World, loaded: Loaded[Person], application: Application) -> PersonFacts:
    """Put together what the conditions ask about a person; refuse where a fact is sealed."""
    person = loaded.state
    if person.birth is None or person.hukou is None:
        raise DomainError(reasons.FACTS_SEALED)
    return PersonFacts(
        sex=person.sex,
        birth=person.birth,
        hukou_division=person.hukou.division,
        hukou_type=person.hukou.type,
        residence=w.directory.path(person.residence),
        worker_type=person.worker_type,
        special_work=person.special_work,
        able=application.attest_ability,
        wants_work=application.attest_wish,
        registered_on=person.registered_on,
        registration_ended_on=person.registration_ended_on,
        last_ownership=person.last_ownership,
        last_job_ended_on=person.last_job_ended_on,
        dibao_from=person.dibao_from,
        dibao_until=person.dibao_until,
        education=person.education,
        causes=frozenset(application.causes),
        evidence=frozenset(application.evidence),
    )


def household_facts(
    w: World, household: str | None, *, except_for: str | None = None
) -> HouseholdFacts | None:
    """Put together the members of a household, each with own facts and work (R14)."""
    if household is None:
        return None
    members = w.load(HOUSEHOLD, household).state.members
    facts = tuple(member_facts(w, person, counts) for person, counts in members.items())
    others = [p for p in members if p != except_for]
    return HouseholdFacts(facts, any(_certified_in(w, p, household) for p in others))


def member_facts(w: World, person: str, counts: CountsAs) -> MemberFacts:
    """Put together what the household rule asks about a member."""
    state = w.load(PERSON, person).state
    if state.birth is None:
        raise DomainError(reasons.FACTS_SEALED)
    return MemberFacts(
        sex=state.sex,
        birth=state.birth,
        counts_as=counts,
        employed=at_work(w, person),
        worker_type=state.worker_type,
        special_work=state.special_work,
    )


def at_work(w: World, person: str) -> bool:
    """Tell whether a person works on the day of the fact, by the job or the registration's end."""
    work = w.load(WORK, person).state
    left = w.load(PERSON, person).state.left_for_work_on
    if work.employed_on(w.day):
        return True
    over = work.last is not None and work.last.end is not None
    return left is not None and left <= w.day and not over


def _certified_in(w: World, person: str, household: str) -> bool:
    case = w.holder(open_claim(person))
    if case is None:
        return False
    state = w.load(CASE, case).state
    return state.status == "certified" and state.household == household


def cities(w: World, category: str | None) -> tuple[CityCategoryFacts, ...]:
    """Return the city category applied for, as its city defined it (R16)."""
    found = w.directory.categories.get(category or "")
    if found is None:
        return ()
    return (
        CityCategoryFacts(
            found.id,
            w.directory.path(found.city),
            parse_rule(found.conditions),
            found.name,
            found.from_day,
            found.until,
        ),
    )
