"""One application judged under the rules it was decided by, and under supposed ones. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from events.contracts.base import Found
from events.rules.conditions import all_ok
from events.rules.eligibility import further_categories, still_met
from events.rules.finding import Finding
from events.rules.supposing import Supposition
from services.certification.eligibility import (
    CATEGORIES,
    Judged,
    eligibility_of,
    judge,
    judge_again,
    lasting,
    lost_conditions,
    reference_day,
)
from services.certification.foreign import Person
from services.certification.gathering import person_facts, terms_of
from services.certification.state import Application
from services.kit.decider import Loaded, World


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is met, by rank, and how each condition was judged."""

    met: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def certified(self) -> bool:
        """Tell whether the person may be certified."""
        return bool(self.met)


@dataclass(frozen=True, slots=True)
class Line:
    """One condition under both rules; None where a rule set does not ask for it."""

    condition: str
    clause: str
    own: bool | None
    supposed: bool | None


def as_decided(
    w: World, person: Loaded[Person], application: Application, applied_on: date, *, again: bool
) -> Judged:
    """Judge as the decision did: on filing, or once more on the decision day (AS 38)."""
    if again:
        return judge_again(w, person, application, applied_on)
    return judge(w, person, application, w.day)


def reproduced(judged: Judged, recorded: Iterable[Found]) -> bool:
    """Tell whether a judgement has the conditions and outcomes that the decision recorded (R2)."""
    own = [(f.condition, f.ok) for f in judged.findings]
    return own == [(f.condition, f.ok) for f in recorded]


def as_supposed(
    w: World,
    person: Loaded[Person],
    application: Application,
    applied_on: date,
    supposition: Supposition,
    *,
    again: bool,
) -> Verdict:
    """Judge under every category of the supposed rules; `w` answers its parameters.

    A person who applied for one category would have been told of another that is met.
    """
    on = reference_day(w, person, applied_on) if again else w.day
    everything = replace(application, categories=CATEGORIES)
    first, facts = eligibility_of(w, person, everything, on), person_facts(w, person, everything)
    further = further_categories(supposition.rules, facts, on, terms_of(w, person, on))
    met = [*first.met, *(code for code, found in further.items() if found[-1].ok)]
    named = [c for c in CATEGORIES if c in application.categories or c in met]
    gates = [*first.common, *lost_conditions(person.state)]
    findings = [*first.findings(named), *(f for c in further if c in met for f in further[c])]
    findings += lost_conditions(person.state)
    if again:
        terms = terms_of(w, person, w.day)
        lapsing = still_met(facts, (), w.day, terms)
        added = further_categories(supposition.rules, facts, w.day, terms)
        later = {c: added[c][-1:] for c in met if c in added}
        later |= {c: lasting(w, facts, everything, c, terms) for c in named}
        findings += [*lapsing, *(f for found in later.values() for f in found)]
        gates += lapsing
        met = [c for c in met if all_ok(later[c])]
    return Verdict(tuple(met) if all_ok(gates) else (), tuple(findings))


def lines(own: Iterable[Finding], supposed: Iterable[Finding]) -> list[Line]:
    """Set both judgements side by side, condition by condition; equal ones are left out."""
    here, there = _numbered(own), _numbered(supposed)
    clauses = {key: f.clause for found in (there, here) for key, f in found.items()}
    return [
        Line(key[0], clause, _ok(here.get(key)), _ok(there.get(key)))
        for key, clause in clauses.items()
        if _ok(here.get(key)) != _ok(there.get(key))
    ]


def _ok(finding: Finding | None) -> bool | None:
    return None if finding is None else finding.ok


def _numbered(findings: Iterable[Finding]) -> dict[tuple[str, int], Finding]:
    """Give judgements of one condition a number: on the reference day, on the decision day."""
    seen, found = Counter[str](), dict[tuple[str, int], Finding]()
    for finding in findings:
        found[finding.condition, seen[finding.condition]] = finding
        seen[finding.condition] += 1
    return found
