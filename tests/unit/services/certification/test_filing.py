"""Who may apply: conditions, categories, papers, on the application day and again later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from events.contracts import certification as ev
from events.contracts import registry as reg
from events.contracts.base import Doc
from services.certification import CONTEXT
from services.kit.decider import Command, DomainError
from tests.support.scenario import Happened, Scenario, events, some_id, takes
from tests.unit.services.certification import facts as a


def applicant(*facts: Happened) -> Scenario:
    return Scenario(CONTEXT, a.DIRECTORY, a.CLERK).given(*facts)


def codes(it: Scenario, wish: Command, day: str) -> list[str]:
    """Return the conditions that an application fails."""
    with pytest.raises(DomainError) as refused:
        it.when(wish, day)
    assert refused.value.reason.code == "not_eligible"
    found = refused.value.data["conditions"]
    assert isinstance(found, list)
    return found


def filed(
    it: Scenario, day: str = a.FILED, *categories: ev.Category, **more: object
) -> ev.ApplicationFiled:
    """Return what an application that must be accepted puts on record."""
    (event,) = events(it.when(a.apply(*categories, **more), day))
    assert isinstance(event, ev.ApplicationFiled)
    return event


@pytest.mark.requirement("R17", "R18", "R35")
def test_an_application_takes_the_person_a_number_and_the_duty() -> None:
    outcome = a.start.when(a.apply(), a.FILED)
    (event,) = events(outcome)
    assert isinstance(event, ev.ApplicationFiled)
    assert event.primary == "aged_4050"
    assert event.case_no.startswith("140105-2008-")
    assert takes(outcome) == (
        f"open-certification/{a.ANNA}",
        f"case-no/{event.case_no}",
        f"duty/{a.CASE}/{a.CLERK.user}",
    )


def test_a_case_number_that_is_taken_is_passed_over() -> None:
    (first,) = events(a.start.when(a.apply(), a.FILED))
    assert isinstance(first, ev.ApplicationFiled)
    taken = a.start.given(claims={f"case-no/{first.case_no}": a.STREAM})
    (second,) = events(taken.when(a.apply(), a.FILED))
    assert isinstance(second, ev.ApplicationFiled)
    assert second.case_no != first.case_no


@pytest.mark.requirement("R35")
def test_a_person_has_one_open_certification() -> None:
    assert a.filed.by(a.CLERK).refused(a.apply(), a.REGISTERED) == "open_certification"


@pytest.mark.requirement("R8")
@pytest.mark.parametrize(
    ("division", "kind", "ok"),
    [("140105", "urban", True), ("140105", "rural", False), ("130102", "urban", False)],
)
def test_the_hukou_is_urban_and_of_the_province(
    division: str, kind: reg.HukouType, ok: bool
) -> None:
    it = applicant(a.person(hukou=division, urban=kind), a.unemployed())
    if ok:
        filed(it)
    else:
        assert "hukou" in codes(it, a.apply(), a.FILED)


@pytest.mark.requirement("R8")
def test_the_prefix_of_the_id_number_is_never_looked_at() -> None:
    elsewhere = a.person(national_id="110105196206160028")
    assert filed(applicant(elsewhere, a.unemployed())).categories == ("aged_4050",)


@pytest.mark.requirement("R10")
@pytest.mark.parametrize("missing", ["attest_ability", "attest_wish"])
def test_both_attestations_are_needed(missing: str) -> None:
    assert a.start.refused(a.apply(**{missing: False}), a.FILED) == "attestation_missing"


@pytest.mark.requirement("R11")
def test_without_an_open_registration_nobody_applies() -> None:
    assert "unemployment_registration" in codes(applicant(a.person()), a.apply(), a.FILED)
    cancelled = a.on_person(
        reg.UnemploymentRegistrationCancelled(ground="withdrawn_by_person"), "2008-06-15"
    )
    it = applicant(a.person(), a.unemployed(), cancelled)
    assert "unemployment_registration" in codes(it, a.apply(), a.FILED)


@pytest.mark.requirement("R11")
def test_a_registration_cancelled_before_the_decision_stops_the_certification() -> None:
    cancelled = a.on_person(
        reg.UnemploymentRegistrationCancelled(ground="withdrawn_by_person"), a.FORWARDED
    )
    it = a.at_county.given(cancelled).by(a.CERTIFIER)
    assert it.refused(a.CERTIFY, a.DECIDED) == "not_eligible"
    again = a.unemployed(day=a.DECIDED)
    assert it.given(again).refused(a.CERTIFY, a.DECIDED) == "not_eligible"
    assert events(it.when(a.REFUSE, a.DECIDED))


VECTORS = [
    pytest.param("female", date(1968, 6, 16), "2008-06-15", False, id="27 day before"),
    pytest.param("female", date(1968, 6, 16), "2008-06-16", True, id="27 birthday"),
    pytest.param("female", date(1972, 2, 29), "2012-02-28", False, id="28 day before"),
    pytest.param("female", date(1972, 2, 29), "2012-02-29", True, id="28 leap day"),
    pytest.param("male", date(1958, 6, 16), "2008-06-15", False, id="29 day before"),
    pytest.param("male", date(1958, 6, 16), "2008-06-16", True, id="29 birthday"),
    pytest.param("male", date(1960, 2, 29), "2010-02-27", False, id="30 day before"),
    pytest.param("male", date(1960, 2, 29), "2010-02-28", True, id="30 common year"),
]


@pytest.mark.requirement("R12")
@pytest.mark.parametrize(("sex", "birth", "day", "ok"), VECTORS)
def test_category_4050_begins_on_the_birthday(
    sex: reg.SexWord, birth: date, day: str, ok: bool
) -> None:
    it = applicant(a.person(sex=sex, birth=birth), a.unemployed())
    if ok:
        filed(it, day)
    else:
        assert codes(it, a.apply(), day) == ["aged_4050"]


@pytest.mark.requirement("R13")
def test_category_4050_asks_for_a_state_or_collective_firm() -> None:
    it = applicant(a.person(), a.unemployed(owner="private"))
    assert codes(it, a.apply(), a.FILED) == ["last_ownership"]
    filed(applicant(a.person(), a.unemployed(owner="collective")))


@pytest.mark.requirement("R9")
@pytest.mark.parametrize(("day", "ok"), [("2008-08-31", False), ("2008-09-01", True)])
def test_working_age_begins_on_the_sixteenth_birthday(day: str, ok: bool) -> None:
    young = a.person(birth=date(1992, 9, 1))
    member = a.member(a.BEN)
    it = applicant(young, a.unemployed(), a.person(a.BEN), a.household(member))
    wish = a.apply("zero_household", household=a.HOME)
    if ok:
        assert events(it.when(wish, day))
    else:
        assert "working_age" in codes(it, wish, day)


@pytest.mark.requirement("R15")
@pytest.mark.parametrize(
    ("since", "day", "ok"),
    [
        pytest.param("2007-06-16", "2008-06-15", False, id="24 day before"),
        pytest.param("2007-06-16", "2008-06-16", True, id="24 corresponding day"),
        pytest.param("2008-02-29", "2009-02-27", False, id="25 day before"),
        pytest.param("2008-02-29", "2009-02-28", True, id="25 common year"),
        pytest.param("2011-02-28", "2012-02-27", False, id="26 day before"),
        pytest.param("2011-02-28", "2012-02-28", True, id="26 not the leap day"),
    ],
)
def test_long_term_is_reached_on_the_corresponding_day(since: str, day: str, ok: bool) -> None:
    young = a.person(birth=date(1980, 1, 1))
    it = applicant(young, a.unemployed(owner="private", day=since), a.dibao(date(2007, 1, 1)))
    if ok:
        filed(it, day, "long_term")
    else:
        assert codes(it, a.apply("long_term"), day) == ["unemployed_since"]


@pytest.mark.requirement("R15")
def test_long_term_needs_dibao_and_excludes_the_first_two_categories() -> None:
    young = a.person(birth=date(1970, 1, 1))
    without = applicant(young, a.unemployed(owner="private", day="2006-06-01"))
    assert codes(without, a.apply("long_term"), a.FILED) == ["dibao"]
    older = applicant(a.person(), a.unemployed(day="2006-06-01"), a.dibao(date(2007, 1, 1)))
    assert codes(older, a.apply("long_term"), a.FILED) == ["other_category"]


@pytest.mark.requirement("R14")
def test_a_household_counts_only_while_every_counted_member_is_unemployed() -> None:
    wish = a.apply("zero_household", household=a.HOME)
    base = (a.person(), a.unemployed(), a.person(a.BEN), a.household(a.member(a.BEN)))
    assert events(applicant(*base).when(wish, a.FILED))
    working = applicant(*base, a.placed("2008-06-10", a.BEN))
    assert codes(working, wish, a.FILED) == ["household_employed"]
    student = (a.person(), a.unemployed(), a.person(a.BEN), a.household(a.member(a.BEN, "student")))
    assert events(applicant(*student, a.placed("2008-06-10", a.BEN)).when(wish, a.FILED))
    assert a.start.refused(a.apply("zero_household"), a.FILED) == "household_needed"


@pytest.mark.requirement("R16")
def test_a_city_category_belongs_to_its_city_and_its_days() -> None:
    known = replace(a.start, directory=a.directory(a.city_category()))
    wish = a.apply("city", city_category=a.CATEGORY)
    assert events(known.when(wish, a.FILED))
    assert known.refused(a.apply("city"), a.FILED) == "city_category_needed"
    assert a.start.refused(wish, a.FILED) == "city_category_needed"
    ended = replace(a.start, directory=a.directory(a.city_category(date(2008, 6, 15))))
    assert "city_category_days" in codes(ended, wish, a.FILED)


@pytest.mark.requirement("R6")
def test_a_cause_is_recorded_and_never_tested() -> None:
    with_cause, without = filed(a.start, causes=("health", "land")), filed(a.start)
    assert with_cause.findings == without.findings
    assert a.start.refused(a.apply(causes=("other",)), a.FILED) == "cause_text_needed"
    filed(a.start, causes=("other",), cause_text="照顾病人")


@pytest.mark.requirement("R7")
def test_continuous_unemployment_is_computed_and_reset_by_a_job() -> None:
    event = filed(a.start)
    assert event.continuous_unemployment.days == 13
    worked = a.start.given(a.placed("2008-06-05"), a.job_ended("2008-06-09"))
    event = filed(worked)
    assert event.continuous_unemployment == ev.ContinuousUnemployment(
        from_day=date(2008, 6, 10), days=6
    )


def papers(*left_out: str, expired: str = "") -> tuple[Doc, ...]:
    kept = (doc for doc in a.EVIDENCE if doc.kind not in (*left_out, expired))
    old = (a.paper(expired, date(2008, 6, 15)),) if expired else ()
    return (*kept, *old)


@pytest.mark.requirement("R18")
def test_missing_and_expired_papers_are_listed_by_kind() -> None:
    wish = a.apply(evidence=papers("photos", expired="id_card"))
    with pytest.raises(DomainError) as refused:
        a.start.when(wish, a.FILED)
    assert refused.value.reason.code == "evidence_missing"
    assert refused.value.data["missing"] == ["id_card", "photos"]


@pytest.mark.requirement("R18")
def test_any_proof_of_ownership_will_do() -> None:
    firm = (*papers("last_contract"), a.paper("file_record"))
    filed(a.start, evidence=firm)
    assert a.start.refused(a.apply(evidence=papers("last_contract")), a.FILED) == "evidence_missing"


@pytest.mark.requirement("R18")
def test_a_missing_proof_of_ownership_says_which_papers_prove_it() -> None:
    letter = (*papers("last_contract"), a.paper("firm_letter"))
    with pytest.raises(DomainError) as refused:
        a.start.when(a.apply(evidence=letter), a.FILED)
    assert refused.value.data["what"] == (
        "原单位及所有制证明（以下任一份：末次劳动合同、档案记载、再就业优惠证）"
    )
    assert str(refused.value.data["what_en"]).endswith("preference certificate)")


@pytest.mark.requirement("R18")
def test_a_refusal_carries_no_personal_value() -> None:
    it = applicant(a.person(birth=date(1992, 9, 1)), a.unemployed(owner="private"))
    with pytest.raises(DomainError) as refused:
        it.when(a.apply(), a.FILED)
    text = f"{refused.value} {refused.value.data}"
    assert "1992" not in text
    assert "测试甲" not in text


@pytest.mark.requirement("R35")
def test_a_new_case_is_linked_to_the_persons_own_ended_one() -> None:
    old = some_id("old")
    assert a.start.refused(a.apply(previous_case=old), a.FILED) == "not_found"
    assert a.filed.by(a.CLERK).refused(
        a.apply(person=a.BEN, previous_case=a.CASE), a.REGISTERED
    ) == ("not_found")


@pytest.mark.requirement("R22")
def test_ages_are_those_of_the_application_day() -> None:
    young = applicant(a.person(birth=date(1968, 6, 17)), a.unemployed())
    assert codes(young, a.apply(), a.FILED) == ["aged_4050"]


@pytest.mark.requirement("X5")
def test_a_lost_condition_stops_an_application() -> None:
    gone = a.on_person(reg.ConditionLost(condition="pension"), "2008-06-10")
    assert codes(a.start.given(gone), a.apply(), a.FILED) == ["condition_lost"]


def test_a_merged_record_is_not_written_any_more() -> None:
    merged = reg.PersonAbsorbed(survivor=a.BEN, absorbed=a.ANNA, evidence="同一人")
    it = a.start.given(a.on_person(merged, "2008-06-10"))
    assert it.refused(a.apply(), a.FILED) == "person_closed"


@pytest.mark.requirement("R123")
def test_nothing_is_done_before_the_rules_are_in_force() -> None:
    assert a.start.refused(a.apply(), "2008-05-27") == "rules_not_in_force"
