"""The whole judgement of an application: which categories are met, and which one is primary.

AS 20 ranks the categories; long-term unemployment excludes the first two by its own text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from events.rules.conditions import (
    age_in_range,
    aged_4050,
    all_ok,
    common_conditions,
    dibao,
    long_term,
    registration,
    unemployed_from,
    zero_household,
)
from events.rules.divisions import covers
from events.rules.facts import CityCategoryFacts, HouseholdFacts, PersonFacts, Terms
from events.rules.finding import Finding
from events.rules.language import Fact, evaluate, parse_rule
from events.rules.ruleset import Category, RuleSet
from events.rules.time import full_years, months_between

CITY = "各市人民政府确定的其他就业困难人员"


@dataclass(frozen=True, slots=True)
class Eligibility:
    """How a person was judged: common conditions, each category's, those met and the primary."""

    common: tuple[Finding, ...]
    by_category: Mapping[str, tuple[Finding, ...]]
    met: tuple[str, ...]
    city_categories: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Tell whether the person may be certified: common conditions and a category."""
        return all_ok(self.common) and bool(self.met)

    @property
    def primary(self) -> str | None:
        """The category that counts, the first by rank (AS 20)."""
        return self.met[0] if self.met else None

    def findings(self, categories: Sequence[str] | None = None) -> tuple[Finding, ...]:
        """List the common findings and those of some categories, of the ones met by default."""
        chosen = self.met if categories is None else categories
        return (*self.common, *(f for code in chosen for f in self.by_category.get(code, ())))


def categories_met(
    person: PersonFacts,
    household: HouseholdFacts | None,
    cities: Sequence[CityCategoryFacts],
    on: date,
    terms: Terms,
) -> Eligibility:
    """Judge a person under every category on a day (R8 to R16, AS 20)."""
    _, household_findings = zero_household(household, on, terms)
    by_category = {
        "zero_household": household_findings,
        "aged_4050": aged_4050(person, on, terms),
    }
    met = [code for code in by_category if all_ok(by_category[code])]
    by_category["long_term"] = long_term(person, on, terms, others=met)
    if all_ok(by_category["long_term"]):
        met.append("long_term")
    judged = {city.id: city_category(person, city, on, terms) for city in cities}
    own = tuple(code for code, (ok, _) in judged.items() if ok)
    shown = own or tuple(judged)
    by_category["city"] = tuple(f for code in shown for f in judged[code][1])
    if own:
        met.append("city")
    return Eligibility(common_conditions(person, on, terms), by_category, ranked(met, terms), own)


def ranked(categories: Sequence[str], terms: Terms) -> tuple[str, ...]:
    """Order categories by rank; one that the order does not name comes last (AS 20)."""
    order = {code: i for i, code in enumerate(terms.category_order)}
    return tuple(sorted(categories, key=lambda code: order.get(code, len(order))))


def city_category(
    person: PersonFacts, city: CityCategoryFacts, on: date, terms: Terms
) -> tuple[bool, tuple[Finding, ...]]:
    """Judge a city's category: its own area, its days, its conditions (R16)."""
    here = Finding("city", person.residence, city.city, CITY, covers(city.city, person.residence))
    in_force = city.from_day <= on and (city.until is None or on <= city.until)
    days = f"{city.from_day} … {city.until or ''}".strip()
    valid = Finding("city_category_days", str(on), days, CITY, in_force)
    ok, findings = evaluate(city.rule, named_facts(person, on, terms), city.document)
    return here.ok and in_force and ok, (here, valid, *findings)


def further_categories(
    rule_set: RuleSet, person: PersonFacts, on: date, terms: Terms
) -> dict[str, tuple[Finding, ...]]:
    """Judge a person under the categories that a later rule set adds as data (R2).

    A category is met when all of its findings are.
    """
    facts = named_facts(person, on, terms)
    added = (c for c in rule_set.categories.values() if c.conditions is not None)
    return {c.code: _added(c, facts) for c in added}


def _added(category: Category, facts: dict[str, Fact]) -> tuple[Finding, ...]:
    ok, findings = evaluate(parse_rule(category.conditions), facts, category.clause)
    whole = Finding(category.code, "yes" if ok else "no", "yes", category.clause, ok)
    return (*findings, whole)


def named_facts(person: PersonFacts, on: date, terms: Terms) -> dict[str, Fact]:
    """Name a person's facts for the rule language."""
    since = unemployed_from(person, terms)
    return {
        "age": full_years(person.birth, on),
        "sex": person.sex,
        "education": person.education,
        "worker_type": None if person.worker_type == "unknown" else person.worker_type,
        "special_work": person.special_work,
        "last_ownership": person.last_ownership,
        "unemployed_months": months_between(since, on) if since else None,
        "on_dibao": dibao(person, on).ok,
        "insured_months": person.insured_months,
        "hukou_type": person.hukou_type,
        "hukou": person.hukou_division,
        "residence": person.residence,
        "causes": person.causes,
        "evidence": person.evidence,
    }


def still_met(
    person: PersonFacts, categories: Sequence[str], on: date, terms: Terms
) -> tuple[Finding, ...]:
    """Judge again on the decision day what can lapse: working age, registration, dibao (AS 38).

    Residence is the aggregate's own check: its office changes by a transfer (R17).
    """
    lapsing = [age_in_range(person, on), registration(person, on)]
    if "long_term" in categories and terms.long_term_dibao:
        lapsing.append(dibao(person, on))
    return tuple(lapsing)
