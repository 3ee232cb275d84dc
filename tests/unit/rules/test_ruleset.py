"""Rule sets as data: values, owners, bounds and days (R2, R5, R123, X17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from events.rules.ruleset import RULE_SETS, NoRuleSetError, Parameters, RuleSet, rule_set_on, value

DAY = date(2009, 3, 1)
COUNTY = "140105"
TEXT = {
    "text.refusals": 3,
    "text.report_exit_months": 6,
    "text.household_months": 1,
    "text.stable_months": 6,
    "text.long_term_months": 12,
    "text.extension_years": 5,
    "text.aged_female": 40,
    "text.aged_male": 50,
}


@dataclass(frozen=True)
class Setting:
    """A parameter as an office set it."""

    key: str
    path: str
    value: Any
    from_day: date = date(2009, 1, 1)
    until: date | None = None


@pytest.mark.requirement("R123")
def test_no_rule_is_in_force_before_28_may_2008() -> None:
    with pytest.raises(NoRuleSetError) as refused:
        rule_set_on(date(2008, 5, 27))
    assert refused.value.code == "rule_set_not_in_force"
    assert rule_set_on(date(2008, 5, 28)).id == "2008"


@pytest.mark.requirement("R2")
def test_each_version_has_its_issuer_days_and_title() -> None:
    for rule_set in map(RuleSet.of, RULE_SETS):
        assert rule_set.issuer
        assert rule_set.title
        assert rule_set.law == "中华人民共和国就业促进法"
    assert RuleSet.of("2024").valid_to == date(2029, 6, 30)


@pytest.mark.requirement("R2")
def test_a_node_keeps_its_rule_set_until_another_one_is_set() -> None:
    assert rule_set_on(date(2026, 1, 1)).id == "2008"
    assert rule_set_on(date(2024, 6, 30), "2024").id == "2008"
    assert rule_set_on(date(2024, 7, 1), "2024").id == "2024"
    with pytest.raises(NoRuleSetError):
        rule_set_on(date(2029, 7, 1), "2024")
    with pytest.raises(KeyError):
        RuleSet.of("1999")


@pytest.mark.requirement("X17")
@pytest.mark.parametrize("rule_set", RULE_SETS)
def test_every_parameter_takes_its_own_default_and_names_its_source(rule_set: str) -> None:
    parameters = RuleSet.of(rule_set).parameters
    empty = {key for key, p in parameters.items() if p.default is None}
    assert empty == {"support.hire_post_subsidy"}
    for key, parameter in parameters.items():
        assert key in empty or parameter.accepts(parameter.default), key
        assert parameter.source
        assert parameter.zh
        assert parameter.en


@pytest.mark.requirement("X17")
def test_every_assumption_from_1_to_48_is_a_parameter() -> None:
    sources = " ".join(p.source for p in RuleSet.of("2008").parameters.values()).split()
    numbers = {int(b) for a, b in pairwise(sources) if a == "AS"}
    assert numbers == set(range(1, 49))


@pytest.mark.requirement("R5")
@pytest.mark.parametrize(("key", "number"), TEXT.items())
def test_a_number_of_the_text_is_not_set_by_any_office(key: str, number: int) -> None:
    parameter = RuleSet.of("2008").parameter(key)
    assert not parameter.settable
    assert not parameter.may_be_set_by("province")
    assert value(key, COUNTY, DAY, [Setting(key, "14", number + 1)]) == number


@pytest.mark.requirement("R5")
def test_an_office_below_the_owner_sets_nothing() -> None:
    days = RuleSet.of("2008").parameter("certification.county_days")
    assert days.may_be_set_by("province")
    assert not days.may_be_set_by("city")
    settings = [Setting("certification.county_days", COUNTY, 20)]
    assert value("certification.county_days", COUNTY, DAY, settings) == 7


@pytest.mark.requirement("X17")
def test_the_narrowest_setting_in_force_counts() -> None:
    key = "assistance.report_months"
    settings = (
        Setting(key, COUNTY, 1, date(2009, 2, 1), date(2009, 3, 31)),
        Setting(key, "14", 2, date(2009, 2, 15)),
        Setting(key, "140106", 5),
        Setting("assistance.plan_days", COUNTY, 4),
    )
    resolved = Parameters(RuleSet.of("2008"), settings)
    assert resolved.number(key, "140105001001", DAY) == 1
    assert resolved.number(key, "140105001001", date(2009, 3, 31)) == 1
    assert resolved.number(key, "140105001001", date(2009, 4, 1)) == 2
    assert resolved.number(key, "140105001001", date(2008, 12, 31)) == 3
    assert resolved.number(key, "1401", DAY) == 2


@pytest.mark.requirement("X17")
def test_of_two_settings_of_one_office_the_later_counts() -> None:
    key = "assistance.report_months"
    settings = (Setting(key, "14", 4, date(2009, 2, 1)), Setting(key, "14", 2, date(2009, 1, 1)))
    assert Parameters(RuleSet.of("2008"), settings).number(key, COUNTY, DAY) == 4


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("assistance.report_months", [1, 5], [0, 6, True, "3", 2.0, None]),
        ("certification.review_suspends", [True], [1, "true", None]),
        ("certification.exit_mode", ["automatic"], ["sometimes", 1, None]),
        (
            "certification.category_order",
            [["city", "aged_4050"], []],
            [["city", "city"], ["other"], "city", [1]],
        ),
        (
            "accountability.bands",
            [{"red": 70, "yellow": 90}],
            [{"red": 70}, {"red": 1, "yellow": "9"}],
        ),
        ("accountability.letter_due", ["04-15"], ["02-30", "4-15", "2009-04-15", 415]),
    ],
)
@pytest.mark.requirement("X17")
def test_a_value_is_checked_against_kind_and_bounds(
    key: str, good: list[Any], bad: list[Any]
) -> None:
    parameter = RuleSet.of("2008").parameter(key)
    assert all(parameter.accepts(v) for v in good)
    assert not any(parameter.accepts(v) for v in bad)


@pytest.mark.requirement("R73")
def test_the_hiring_subsidy_is_empty_until_the_province_enters_it() -> None:
    resolved = Parameters(RuleSet.of("2008"))
    assert resolved.value("support.hire_post_subsidy", COUNTY, DAY) is None
    with pytest.raises(TypeError):
        resolved.number("support.hire_post_subsidy", COUNTY, DAY)


def test_values_are_given_by_their_kind() -> None:
    resolved = Parameters(RuleSet.of("2008"))
    assert resolved.flag("certification.two_officers", COUNTY, DAY)
    assert resolved.word("posts.refusal_judge", COUNTY, DAY) == "street"
    order = ("zero_household", "aged_4050", "long_term", "city")
    assert resolved.words("certification.category_order", COUNTY, DAY) == order
    with pytest.raises(TypeError):
        resolved.words("posts.refusal_judge", COUNTY, DAY)
    with pytest.raises(TypeError):
        resolved.word("certification.two_officers", COUNTY, DAY)
    with pytest.raises(KeyError):
        resolved.value("no.such_key", COUNTY, DAY)


@pytest.mark.requirement("R2")
def test_2024_changes_what_it_says_and_keeps_the_rest() -> None:
    old, new = RuleSet.of("2008"), RuleSet.of("2024")
    changed = {k for k, p in new.parameters.items() if p.default != old.default(k)}
    assert changed == {
        "rules.valid_from",
        "certification.hukou",
        "text.household_applicants",
        "text.aged_insured_months",
        "text.long_term_months",
        "text.long_term_dibao",
    }
    assert not new.parameter("certification.notice_days").accepts(6)
