"""Supposed rules: what they answer, what they leave as it is, and the categories they add."""

from __future__ import annotations

from datetime import date

import pytest

from events.rules.directory import Directory, Setting
from events.rules.eligibility import further_categories
from events.rules.facts import PersonFacts, Terms
from events.rules.language import parse_rule
from events.rules.ruleset import RuleSet
from events.rules.supposing import ELIGIBILITY, REFUSALS, REPORTS, SUPPOSABLE, Supposition

DAY = date(2009, 3, 1)
NOTICE = "certification.notice_days"
NEW = Supposition("2024")
SETTINGS = {NOTICE: (Setting(NOTICE, "14", 3, date(2009, 1, 1), None, "event"),)}
PERSON = PersonFacts(
    sex="male", birth=date(1970, 1, 1), hukou_division="140105", hukou_type="urban",
    residence="140105001001", able=True, wants_work=True, registered_on=date(2008, 3, 1),
)  # fmt: skip


@pytest.mark.requirement("R2", "X17")
def test_a_supposed_value_answers_for_every_area_and_day_and_nothing_else_does() -> None:
    five = Supposition(values={"text.refusals": 5}).upon(Directory(settings=SETTINGS, seq=9))
    assert five.parameter("text.refusals", "14", DAY) == 5
    assert five.parameter("text.report_exit_months", "14", DAY) == 6
    assert five.parameter(NOTICE, "14", DAY) == 3
    assert five.seq == 9


@pytest.mark.requirement("R2")
def test_a_supposed_rule_set_answers_before_its_own_first_day() -> None:
    new = NEW.upon(Directory())
    assert new.parameter("certification.hukou", "14", DAY) == "province"
    assert Directory().parameter("certification.hukou", "14", DAY) == "urban"
    assert new.parameter("text.refusals", "14", DAY) == 3


@pytest.mark.requirement("X17")
def test_a_setting_that_the_supposed_rules_forbid_gives_way() -> None:
    assert NEW.upon(Directory(settings=SETTINGS)).parameter(NOTICE, "14", DAY) == 7


@pytest.mark.requirement("R2")
def test_what_is_supposed_tells_what_it_can_change() -> None:
    assert NEW.touches_eligibility
    assert not NEW.changed & (REFUSALS | REPORTS)
    five = Supposition(values={"text.refusals": 5})
    assert five.changed == REFUSALS
    assert not five.touches_eligibility
    assert Supposition(values={"text.refusals": 3}).changed == frozenset()


def test_everything_that_can_be_supposed_is_a_parameter() -> None:
    assert RuleSet.of("2008").parameters.keys() >= SUPPOSABLE >= ELIGIBILITY


@pytest.mark.requirement("R2")
def test_2024_adds_categories_as_data_with_their_source() -> None:
    old, new = RuleSet.of("2008"), RuleSet.of("2024")
    added = {code: new.categories[code] for code in new.categories.keys() - old.categories.keys()}
    assert added.keys() == {"dibao", "disabled", "land_lost", "veteran"}
    for category in added.values():
        parse_rule(category.conditions)
        assert category.clause.startswith("晋政办发〔2024〕33号")
    assert {c.source for c in added.values()} == {"", "AS 49", "AS 50"}
    assert all(c.conditions is None for c in old.categories.values())


@pytest.mark.requirement("R2")
@pytest.mark.parametrize(
    ("more", "on", "met"),
    [
        ({}, DAY, set()),
        ({"dibao_from": date(2008, 3, 1)}, DAY, {"dibao"}),
        ({"dibao_from": date(2008, 3, 1)}, date(2009, 2, 28), set()),
        ({"causes": frozenset({"land"})}, DAY, {"land_lost"}),
        ({"evidence": frozenset({"disability_certificate"})}, DAY, {"disabled"}),
        ({"evidence": frozenset({"discharge_certificate"})}, DAY, {"veteran"}),
        ({"registered_on": None, "causes": frozenset({"land"})}, DAY, set()),
    ],
)
def test_an_added_category_asks_for_its_fact_and_a_full_year_of_registration(
    more: dict[str, object], on: date, met: set[str]
) -> None:
    facts = {f: getattr(PERSON, f) for f in PersonFacts.__dataclass_fields__} | more
    person = PersonFacts(**facts)
    terms = Terms.of(RuleSet.of("2024").default)
    judged = further_categories(RuleSet.of("2024"), person, on, terms)
    assert {code for code, found in judged.items() if found[-1].ok} == met
    assert further_categories(RuleSet.of("2008"), person, on, terms) == {}
