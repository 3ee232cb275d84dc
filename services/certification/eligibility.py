"""Judges a person under the opinion's conditions from streams: the facts, the papers, the findings.

Ages and durations are taken on the application day; what can lapse is checked again on the
decision day (AS 38).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from events.contracts import certification as ev
from events.contracts.base import Found
from events.rules.conditions import all_ok, zero_household
from events.rules.eligibility import Eligibility, categories_met, still_met
from events.rules.facts import (
    PersonFacts,
    Terms,
)
from events.rules.finding import Finding
from services.certification import reasons
from services.certification.foreign import HOUSEHOLD, WORK, Person
from services.certification.gathering import cities, household_facts, person_facts, terms_of
from services.certification.state import Application
from services.kit.decider import DomainError, Loaded, World


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found, which of the applied categories are met, by rank."""

    findings: tuple[Finding, ...]
    met: tuple[ev.Category, ...]

    @property
    def found(self) -> tuple[Found, ...]:
        """Return the findings as an event keeps them."""
        return tuple(
            Found(
                condition=f.condition,
                value=f.value,
                boundary=f.boundary,
                clause=f.clause[:200],
                ok=f.ok,
            )
            for f in self.findings
        )


CATEGORIES: tuple[ev.Category, ...] = ("aged_4050", "zero_household", "long_term", "city")


def judge(w: World, person: Loaded[Person], application: Application, on: date) -> Judged:
    """Judge an application on its day, without refusing (R8–R16)."""
    eligibility = eligibility_of(w, person, application, on)
    met = _named(c for c in eligibility.met if c in application.categories)
    lost = lost_conditions(person.state)
    findings = (*eligibility.findings(application.categories), *lost)
    return Judged(findings, met if all_ok(eligibility.common) and not lost else ())


FINAL = frozenset(
    {
        "retirement", "pension", "death", "emigration", "prison", "army", "study", "ability_lost",
        "hukou_moved", "residence_left",
    }
)  # fmt: skip
"""Lost conditions that no category survives (X5)."""
_LOST = "不再具备就业困难人员条件"


def lost_conditions(person: Person) -> tuple[Finding, ...]:
    """Name the recorded losses that stand against every category (X5)."""
    lost = sorted(person.lost & FINAL)
    return (Finding("condition_lost", "、".join(lost), "none", _LOST, ok=False),) if lost else ()


def judge_again(
    w: World, person: Loaded[Person], application: Application, applied_on: date
) -> Judged:
    """Judge on the application day, and on the day of the fact what can lapse (AS 38)."""
    first = judge(w, person, application, reference_day(w, person, applied_on))
    terms = terms_of(w, person, w.day)
    facts = person_facts(w, person, application)
    lapsing = still_met(facts, (), w.day, terms)
    met, findings = [], [*first.findings, *lapsing]
    for category in first.met if all_ok(lapsing) else ():
        again = lasting(w, facts, application, category, terms)
        findings += again
        if all_ok(again):
            met.append(category)
    return Judged(tuple(findings), tuple(met))


def lasting(
    w: World, facts: PersonFacts, application: Application, category: str, terms: Terms
) -> tuple[Finding, ...]:
    """Judge on the day of the fact what one category asks to last."""
    if category == "zero_household":
        return zero_household(household_facts(w, application.household), w.day, terms)[1]
    common = len(still_met(facts, (), w.day, terms))
    return still_met(facts, (category,), w.day, terms)[common:]


def reference_day(w: World, person: Loaded[Person], applied_on: date) -> date:
    """Return the day on which conditions are judged (AS 38)."""
    path = w.directory.path(person.state.residence)
    both = w.directory.parameter("certification.reference_day", path, w.day)
    return applied_on if both == "application_and_decision" else w.day


def need_met(judged: Judged) -> ev.Category:
    """Return the primary category (AS 20), or refuse with the conditions that are not met."""
    if judged.met:
        return judged.met[0]
    failed = [f for f in judged.findings if not f.ok]
    raise DomainError(
        reasons.NOT_ELIGIBLE,
        what="、".join(dict.fromkeys(f.clause for f in failed)),
        conditions=list(dict.fromkeys(f.condition for f in failed)),
        clauses=list(dict.fromkeys(f.clause for f in failed)),
    )


def standing(
    w: World, person: Loaded[Person], application: Application, household: str | None
) -> tuple[ev.Category, ...]:
    """Return the categories that are met on the day of the fact, for a person once certified.

    A job takes the registration away but not the status (AS 17), so it is asked of the
    unemployed only; a cleared household is a category no more (AS 29).
    """
    state = person.state
    employed = w.load(WORK, person.id).state.employed_on(w.day)
    if lost_conditions(state) or (not employed and "registration_cancelled" in state.lost):
        return ()
    everything = replace(application, categories=CATEGORIES, household=household)
    eligibility = eligibility_of(w, person, everything, w.day)
    asked = [f for f in eligibility.common if not (employed and f.condition == _REGISTERED)]
    if not all_ok(asked):
        return ()
    gone = {
        "zero_household": not _certified_on(w, household),
        "long_term": "dibao_ended" in state.lost,
    }
    return _named(c for c in eligibility.met if not gone.get(c))


_REGISTERED = "unemployment_registration"


def _certified_on(w: World, household: str | None) -> date | None:
    return w.load(HOUSEHOLD, household).state.certified_on if household else None


def _named(codes: Iterable[str]) -> tuple[ev.Category, ...]:
    """Keep the codes that are categories, in order."""
    known = {c: c for c in CATEGORIES}
    return tuple(known[code] for code in codes if code in known)


def eligibility_of(
    w: World, person: Loaded[Person], application: Application, on: date
) -> Eligibility:
    """Judge a person under every category on a day, whatever was applied for (R8–R16)."""
    household = household_facts(w, application.household, except_for=person.id)
    return categories_met(
        person_facts(w, person, application),
        household,
        cities(w, application.city_category),
        on,
        terms_of(w, person, on),
    )


def continuous_unemployment(w: World, person: Loaded[Person]) -> ev.ContinuousUnemployment:
    """Compute since when the person is unemployed without a break (R7)."""
    since = person.state.registered_on or w.day
    last = w.load(WORK, person.id).state.last
    if last is not None and last.end is not None and last.end >= since:
        since = last.end + timedelta(days=1)
    return ev.ContinuousUnemployment(from_day=since, days=max((w.day - since).days, 0))


def need_papers(w: World, person: Loaded[Person], application: Application) -> None:
    """Refuse missing or expired evidence of the categories applied for (R18, AS 1, AS 21)."""
    path = w.directory.path(person.state.residence)
    lists = w.directory.parameter("certification.evidence", path, w.day)
    any_of = w.directory.parameter("certification.ownership_proof", path, w.day)
    valid = {k for k, until in application.evidence.items() if until is None or w.day <= until}
    if valid & set(any_of):
        valid.add("last_employer_ownership")
    asked = [k for name in ("all", *application.categories) for k in lists.get(name, ())]
    missing = [kind for kind in dict.fromkeys(asked) if kind not in valid]
    if missing:
        what, what_en = _named_papers(missing, any_of)
        raise DomainError(reasons.EVIDENCE_MISSING, what=what, what_en=what_en, missing=missing)


def _named_papers(missing: Iterable[str], any_of: Iterable[str]) -> tuple[str, str]:
    """Name missing papers in both languages; for the ownership say which papers prove it."""
    pairs = [ev.WORDS.get(kind, (kind, kind)) for kind in any_of]
    proofs = "、".join(zh for zh, _ in pairs), " or ".join(en for _, en in pairs)
    named = [
        (f"{zh}（以下任一份：{proofs[0]}）", f"{en} (any one of: {proofs[1]})")
        if kind == "last_employer_ownership"
        else (zh, en)
        for kind in missing
        for zh, en in [ev.WORDS.get(kind, (kind, kind))]
    ]
    return "、".join(zh for zh, _ in named), ", ".join(en for _, en in named)
