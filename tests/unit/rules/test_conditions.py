"""Who may be certified: the common conditions and the four categories (R8 to R16)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.rules.conditions import (
    ASK,
    able_and_willing,
    age_in_range,
    aged,
    all_ok,
    hukou,
    long_term,
    ownership,
    registration,
    zero_household,
)
from events.rules.eligibility import categories_met, city_category, ranked, still_met
from events.rules.facts import (
    CityCategoryFacts,
    CountsAs,
    HouseholdFacts,
    MemberFacts,
    PersonFacts,
    Terms,
)
from events.rules.language import parse_rule
from events.rules.ruleset import RuleSet

ON = date(2008, 6, 16)
ONE_DAY = timedelta(days=1)
T2008 = Terms.of(RuleSet.of("2008").default)
T2024 = Terms.of(RuleSet.of("2024").default)

WOMAN = PersonFacts(
    sex="female",
    birth=date(1966, 3, 1),
    hukou_division="140105",
    hukou_type="urban",
    residence="140105001001",
    worker_type="worker",
    able=True,
    wants_work=True,
    registered_on=date(2007, 6, 16),
    last_ownership="state",
    dibao_from=date(2007, 1, 1),
)
YOUNG = replace(WOMAN, birth=date(1980, 3, 1))
GROWN = MemberFacts(sex="male", birth=date(1965, 1, 1))
RETIRED = MemberFacts(sex="male", birth=date(1940, 1, 1), counts_as="retired")
CHILD = MemberFacts(sex="female", birth=date(2000, 1, 1), counts_as="minor")
TAIYUAN = CityCategoryFacts(
    id="category-1",
    city="1401",
    rule=parse_rule({"field": "evidence", "op": "has", "value": "disability_certificate"}),
    document="并政发〔2008〕1号",
    from_day=date(2008, 6, 1),
    until=date(2008, 12, 31),
)


@pytest.mark.requirement("R8")
@pytest.mark.parametrize(
    ("division", "kind", "in_2008", "in_2024"),
    [
        ("140105", "urban", True, True),
        ("140105", "rural", False, True),
        ("130102", "urban", False, False),
        ("14", "urban", True, True),
        ("1", "urban", False, False),
    ],
)
def test_only_a_shanxi_hukou_counts_and_in_2008_an_urban_one(
    division: str, kind: str, in_2008: bool, in_2024: bool
) -> None:
    person = replace(WOMAN, hukou_division=division, hukou_type="urban")
    if kind == "rural":
        person = replace(person, hukou_type="rural")
    assert hukou(person, T2008).ok is in_2008
    assert hukou(person, T2024).ok is in_2024


@pytest.mark.requirement("R9")
def test_working_age_is_judged_on_the_day_and_an_unknown_type_is_asked() -> None:
    assert age_in_range(WOMAN, ON).ok
    retires = date(2016, 3, 1)
    assert age_in_range(WOMAN, retires - ONE_DAY).ok
    assert not age_in_range(WOMAN, retires).ok
    unknown = age_in_range(replace(WOMAN, worker_type="unknown"), retires)
    assert (unknown.ok, unknown.value) == (False, ASK)


@pytest.mark.requirement("R10")
def test_both_attestations_are_needed() -> None:
    assert all_ok(able_and_willing(WOMAN))
    assert not all_ok(able_and_willing(replace(WOMAN, able=False)))
    assert not all_ok(able_and_willing(replace(WOMAN, wants_work=False)))


@pytest.mark.requirement("R11")
def test_the_registration_is_open_on_the_day() -> None:
    assert registration(WOMAN, ON).ok
    assert not registration(replace(WOMAN, registered_on=None), ON).ok
    assert not registration(replace(WOMAN, registered_on=ON + ONE_DAY), ON).ok
    assert not registration(replace(WOMAN, registration_ended_on=ON), ON).ok
    assert not registration(replace(WOMAN, registration_ended_on=ON - ONE_DAY), ON).ok
    assert registration(replace(WOMAN, registration_ended_on=ON + ONE_DAY), ON).ok


@pytest.mark.requirement("R12")
def test_40_and_50_are_included() -> None:
    woman = replace(WOMAN, birth=date(1968, 6, 16))
    man = replace(WOMAN, sex="male", birth=date(1958, 6, 16))
    for person in (woman, man):
        assert not aged(person, ON - ONE_DAY, T2008).ok
        assert aged(person, ON, T2008).ok
    assert not aged(replace(woman, sex="male"), ON, T2008).ok


@pytest.mark.requirement("R13")
def test_only_state_and_collective_firms_count() -> None:
    assert ownership(WOMAN, T2008).ok
    assert ownership(replace(WOMAN, last_ownership="collective"), T2008).ok
    private = replace(WOMAN, last_ownership="private", insured_months=6)
    assert not ownership(private, T2008).ok
    assert ownership(private, T2024).ok
    assert not ownership(replace(private, insured_months=5), T2024).ok
    assert not ownership(replace(private, insured_months=None), T2024).ok


@pytest.mark.requirement("R14")
def test_a_household_is_without_employment_when_all_who_count_are_unemployed() -> None:
    wife = MemberFacts(sex="female", birth=date(1966, 3, 1), worker_type="worker")
    idle = HouseholdFacts((GROWN, wife, RETIRED, CHILD))
    assert zero_household(idle, ON, T2008)[0]
    working = HouseholdFacts((GROWN, replace(wife, employed=True), RETIRED, CHILD))
    assert not zero_household(working, ON, T2008)[0]


@pytest.mark.requirement("R14")
def test_a_household_needs_a_member_who_counts() -> None:
    assert not zero_household(None, ON, T2008)[0]
    assert not zero_household(HouseholdFacts(()), ON, T2008)[0]
    assert not zero_household(HouseholdFacts((RETIRED, CHILD)), ON, T2008)[0]


@pytest.mark.requirement("R14")
@pytest.mark.parametrize(
    "status", ["student", "soldier", "early_retired", "retired", "unable_to_work"]
)
def test_the_work_of_an_uncounted_member_changes_nothing(status: CountsAs) -> None:
    other = MemberFacts(sex="male", birth=date(1985, 1, 1), employed=True)
    uncounted = replace(other, counts_as=status)
    assert zero_household(HouseholdFacts((GROWN, uncounted)), ON, T2008)[0]
    assert not zero_household(HouseholdFacts((GROWN, other)), ON, T2008)[0]


@pytest.mark.requirement("R14")
def test_a_minor_who_is_sixteen_and_works_counts() -> None:
    minor = replace(CHILD, birth=date(1992, 6, 16), employed=True)
    assert not zero_household(HouseholdFacts((GROWN, minor)), ON, T2008)[0]
    assert zero_household(HouseholdFacts((GROWN, minor)), ON - ONE_DAY, T2008)[0]


@pytest.mark.requirement("R14")
def test_in_2024_only_one_of_a_household_may_be_certified() -> None:
    taken = HouseholdFacts((GROWN,), other_certified=True)
    assert zero_household(taken, ON, T2008)[0]
    assert not zero_household(taken, ON, T2024)[0]


@pytest.mark.requirement("R15")
def test_a_year_with_dibao_and_no_other_category_is_long_term() -> None:
    def met(person: PersonFacts, on: date = ON, others: tuple[str, ...] = ()) -> bool:
        return all_ok(long_term(person, on, T2008, others=others))

    assert met(YOUNG)
    assert not met(YOUNG, ON - ONE_DAY)
    assert not met(replace(YOUNG, dibao_from=None))
    assert not met(replace(YOUNG, dibao_until=ON - ONE_DAY))
    assert met(replace(YOUNG, dibao_until=ON))
    assert not met(YOUNG, others=("aged_4050",))
    assert not met(YOUNG, others=("zero_household",))
    assert met(YOUNG, others=("city",))
    assert not met(replace(YOUNG, registered_on=None))


@pytest.mark.requirement("R15")
def test_the_year_may_count_from_a_proven_earlier_day_where_the_parameter_says_so() -> None:
    person = replace(YOUNG, registered_on=date(2008, 1, 1), last_job_ended_on=date(2007, 6, 1))
    proven = replace(T2008, long_term_from="proven")
    assert not all_ok(long_term(person, ON, T2008, others=()))
    assert all_ok(long_term(person, ON, proven, others=()))


@pytest.mark.requirement("R16")
def test_a_city_category_holds_in_its_city_and_days_and_by_its_conditions() -> None:
    person = replace(WOMAN, evidence=frozenset({"disability_certificate"}))
    assert city_category(person, TAIYUAN, ON, T2008)[0]
    assert not city_category(WOMAN, TAIYUAN, ON, T2008)[0]
    datong = replace(person, residence="140212001001")
    assert not city_category(datong, TAIYUAN, ON, T2008)[0]
    assert not city_category(person, TAIYUAN, date(2008, 5, 31), T2008)[0]
    assert city_category(person, TAIYUAN, date(2008, 12, 31), T2008)[0]
    assert not city_category(person, TAIYUAN, date(2009, 1, 1), T2008)[0]


@pytest.mark.requirement("R16")
def test_all_categories_met_are_listed_and_the_first_by_rank_is_primary() -> None:
    person = replace(WOMAN, evidence=frozenset({"disability_certificate"}))
    found = categories_met(person, HouseholdFacts((GROWN,)), [TAIYUAN], ON, T2008)
    assert found.ok
    assert found.met == ("zero_household", "aged_4050", "city")
    assert found.primary == "zero_household"
    assert found.city_categories == ("category-1",)
    assert all_ok(found.findings())
    assert not all_ok(found.findings(["long_term"]))


@pytest.mark.requirement("R15")
def test_whoever_is_in_category_1_is_not_in_category_3() -> None:
    assert categories_met(WOMAN, None, [], ON, T2008).met == ("aged_4050",)
    private = replace(WOMAN, last_ownership="private")
    assert categories_met(private, None, [], ON, T2008).met == ("long_term",)


@pytest.mark.requirement("R6")
def test_a_cause_neither_opens_nor_closes_a_category() -> None:
    caused = replace(WOMAN, causes=frozenset({"health", "land"}))
    with_cause = categories_met(caused, None, [], ON, T2008)
    without = categories_met(WOMAN, None, [], ON, T2008)
    assert with_cause == without


@pytest.mark.requirement("R8")
def test_a_category_without_the_common_conditions_is_not_enough() -> None:
    found = categories_met(replace(WOMAN, hukou_type="rural"), None, [], ON, T2008)
    assert found.met == ("aged_4050",)
    assert not found.ok


def test_nobody_without_a_category_is_eligible() -> None:
    found = categories_met(replace(YOUNG, dibao_from=None), None, [], ON, T2008)
    assert (found.ok, found.met, found.primary) == (False, (), None)


@pytest.mark.requirement("R2")
def test_the_same_person_is_judged_differently_by_the_two_rule_sets() -> None:
    rural = replace(YOUNG, hukou_type="rural", dibao_from=None, registered_on=date(2006, 6, 16))
    assert not categories_met(rural, None, [], ON, T2008).ok
    assert categories_met(rural, None, [], ON, T2024).met == ("long_term",)


@pytest.mark.requirement("R11")
def test_what_can_lapse_is_judged_again_on_the_decision_day() -> None:
    decision = ON + timedelta(days=20)
    assert all_ok(still_met(YOUNG, ["long_term"], decision, T2008))
    ended = replace(YOUNG, registration_ended_on=ON + ONE_DAY)
    assert not all_ok(still_met(ended, ["city"], decision, T2008))
    poor_no_more = replace(YOUNG, dibao_until=ON)
    assert not all_ok(still_met(poor_no_more, ["long_term"], decision, T2008))
    assert all_ok(still_met(poor_no_more, ["city"], decision, T2008))


def test_a_category_that_the_order_leaves_out_comes_last() -> None:
    terms = replace(T2008, category_order=("city",))
    assert ranked(["aged_4050", "city"], terms) == ("city", "aged_4050")


@pytest.mark.requirement("R12")
@given(st.dates(date(1930, 1, 1), date(2000, 1, 1)), st.dates(date(2008, 6, 1), date(2010, 6, 1)))
def test_category_4050_over_all_birth_dates(birth: date, on: date) -> None:
    reached = date(birth.year + 40, birth.month, min(birth.day, 28))
    if birth.day > 28:
        return
    assert aged(replace(WOMAN, birth=birth), on, T2008).ok is (on >= reached)
