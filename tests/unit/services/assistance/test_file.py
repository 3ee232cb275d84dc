"""The file, the agreement and the plan."""

from __future__ import annotations

from dataclasses import replace as but
from datetime import date

import pytest

from events.contracts import assistance as ev
from events.contracts import certification as cert
from events.contracts import registry
from services.assistance.file import commands as file
from tests.support.scenario import Scenario, events, happened, releases, some_id, takes
from tests.unit.services.assistance.facts import (
    ANNA,
    CASE,
    COMMUNITY,
    DAY,
    DEPUTY,
    DOC,
    ELSEWHERE,
    EXITED,
    FACT,
    HEAD,
    HELPER,
    MEASURE,
    OTHER_COMMUNITY,
    PLAN,
    SIGN,
    SYSTEM,
    WISHES,
    account,
    certified,
    directory,
    given,
    on_case,
    on_file,
    on_person,
    opened,
    planned,
    signed,
    start,
)

OPEN = file.OpenFile(case=CASE, person=ANNA, from_day=DAY)
CLOSE = file.CloseFile(case=CASE, end=some_id("exit"))
REOPEN = file.ReopenFile(case=CASE, because=some_id("reversal"))
closed = given.by(SYSTEM).given(EXITED).after(CLOSE, "2008-07-01")


@pytest.mark.requirement("R3")
def test_every_certified_person_gets_a_file_at_the_residence_community() -> None:
    (opened_,) = start.by(SYSTEM).when(OPEN, "2008-06-02")

    assert events((opened_,)) == (
        ev.FileOpened(case=CASE, person=ANNA, from_day=DAY, community=COMMUNITY),
    )


@pytest.mark.requirement("R3")
def test_the_file_is_about_the_person_and_has_the_id_of_the_case() -> None:
    (fact,) = start.by(SYSTEM).when(OPEN, "2008-06-02")

    assert (fact.stream, getattr(fact, "subject", "")) == (f"assistance-{CASE}", f"person-{ANNA}")


def test_a_file_is_opened_once() -> None:
    assert given.by(SYSTEM).when(OPEN) == ()


def test_nobody_but_the_system_opens_a_file() -> None:
    assert start.refused(OPEN) == "forbidden"


@pytest.mark.requirement("R34")
def test_the_file_closes_with_the_status() -> None:
    outcome = given.by(SYSTEM).given(EXITED).when(CLOSE, "2008-07-01")

    assert events(outcome) == (ev.FileClosed(end=some_id("exit")),)
    assert closed.when(CLOSE, "2008-07-02") == ()
    assert start.by(SYSTEM).when(CLOSE, "2008-07-02") == ()


@pytest.mark.requirement("R34")
def test_a_closed_file_takes_nothing_more() -> None:
    assert closed.by(start.principal).refused(SIGN, "2008-07-02") == "file_closed"


@pytest.mark.requirement("R30")
def test_a_closed_file_reopens_as_it_was_once_the_exit_is_reversed() -> None:
    before = signed.by(SYSTEM).given(EXITED).after(CLOSE, "2008-07-01")
    reversed_ = before.given(
        on_case(cert.ExitReversed(proposal=some_id("proposal")), "2008-07-10")
    ).after(REOPEN, "2008-07-10")

    assert reversed_.by(start.principal).refused(SIGN, "2008-07-11") == "agreement_active"


@pytest.mark.requirement("X3")
def test_a_file_stays_closed_while_the_exit_stands() -> None:
    assert closed.refused(REOPEN, "2008-07-10") == "exit_still_stands"
    assert given.by(SYSTEM).when(REOPEN) == ()


@pytest.mark.requirement("R83")
def test_the_community_signs_one_agreement_with_a_certified_person() -> None:
    outcome = given.when(SIGN)

    assert [type(e) for e in events(outcome)] == [ev.AgreementSigned]
    assert takes(outcome) == (f"agreement/{CASE}", f"helping/{SIGN.helper}/{CASE}")


@pytest.mark.requirement("R83")
def test_a_second_active_agreement_is_refused() -> None:
    assert signed.refused(SIGN) == "agreement_active"


@pytest.mark.requirement("R83")
def test_no_agreement_with_a_person_who_is_not_certified() -> None:
    uncertified = but(start, facts=tuple(f for f in start.facts if f != certified()))

    assert uncertified.given(opened()).refused(SIGN) == "not_certified"
    assert given.refused(SIGN, "2008-06-01") == "not_certified"
    assert given.when(SIGN, "2008-06-02")


@pytest.mark.requirement("R84")
def test_an_agreement_names_content_and_a_helper_of_the_office() -> None:
    assert given.refused(SIGN.model_copy(update={"content": ()})) == "agreement_incomplete"
    stranger = SIGN.model_copy(update={"helper": some_id("stranger")})
    assert given.refused(stranger) == "helper_not_of_office"


@pytest.mark.requirement("R84")
def test_a_helper_whose_account_is_closed_is_no_helper() -> None:
    gone = happened(
        account(HELPER, COMMUNITY).stream,
        registry.AccountClosed(from_day=date(2008, 6, 10)),
        f"office-{COMMUNITY}",
    )
    scenario = but(given, directory=directory(gone))

    assert scenario.refused(SIGN, "2008-06-10") == "helper_not_of_office"
    assert scenario.when(SIGN, "2008-06-09")


@pytest.mark.requirement("R86")
def test_a_member_of_a_zero_employment_household_is_served_one_to_one() -> None:
    member = start.given(opened(household=some_id("household")))

    assert member.refused(SIGN) == "one_to_one_required"
    assert member.when(SIGN.model_copy(update={"one_to_one": True}))


@pytest.mark.requirement("R86")
def test_the_category_alone_demands_one_to_one() -> None:
    as_member = given.given(certified("2008-06-03", category="zero_household"))

    assert as_member.refused(SIGN) == "one_to_one_required"


@pytest.mark.requirement("R84")
def test_an_agreement_is_supplemented_while_it_is_active() -> None:
    more = file.SupplementAgreement(case=CASE, changes="增加培训", scan=DOC)

    assert events(signed.when(more)) == (ev.AgreementSupplemented(changes="增加培训", scan=DOC),)
    assert given.refused(more) == "no_agreement"


CHANGE = file.ChangeHelper(case=CASE, from_user=HELPER, to=DEPUTY, reason="workload")


@pytest.mark.requirement("R84")
def test_the_head_hands_the_person_over_to_another_helper() -> None:
    outcome = signed.by(HEAD).when(CHANGE)

    assert events(outcome) == (ev.HelperChanged(from_user=HELPER, to=DEPUTY, reason="workload"),)
    assert signed.by(HEAD).after(CHANGE).when(CHANGE) == ()


@pytest.mark.requirement("R84")
def test_the_present_helper_is_named_and_the_new_one_works_there() -> None:
    wrong = CHANGE.model_copy(update={"from_user": some_id("x")})
    stranger = CHANGE.model_copy(update={"to": some_id("x")})

    assert signed.by(HEAD).refused(wrong) == "not_the_helper"
    assert signed.by(HEAD).refused(stranger) == "helper_not_of_office"
    assert signed.refused(CHANGE) == "forbidden"


END = file.EndAgreement(case=CASE, reason="by_consent")


@pytest.mark.requirement("R83")
def test_after_an_agreement_has_ended_another_may_be_signed() -> None:
    outcome = signed.when(END)

    assert events(outcome) == (ev.AgreementEnded(reason="by_consent"),)
    assert releases(outcome) == (f"agreement/{CASE}", f"helping/{SIGN.helper}/{CASE}")
    ended = signed.after(END)
    assert ended.when(END) == ()
    assert [type(e) for e in events(ended.when(SIGN))] == [ev.AgreementSigned]


@pytest.mark.requirement("R85")
def test_a_plan_rests_on_a_fact_of_the_profile() -> None:
    scenario = signed.given(WISHES)

    assert events(scenario.when(PLAN)) == (
        ev.PlanMade(facts=(FACT,), goals="三个月内就业", measures=(MEASURE,)),
    )
    assert scenario.refused(PLAN.model_copy(update={"facts": ()})) == "plan_without_fact"
    assert signed.refused(PLAN) == "not_found"


@pytest.mark.requirement("R85")
def test_a_plan_needs_an_active_agreement_and_measures() -> None:
    scenario = signed.given(WISHES)

    assert given.given(WISHES).refused(PLAN) == "no_agreement"
    empty = PLAN.model_copy(update={"measures": ()})
    twice = PLAN.model_copy(update={"measures": (MEASURE, MEASURE)})
    assert scenario.refused(empty) == "plan_without_measures"
    assert scenario.refused(twice) == "plan_without_measures"
    nowhere = MEASURE.model_copy(update={"provider": "149900000000"})
    assert scenario.refused(PLAN.model_copy(update={"measures": (nowhere,)})) == "office_unknown"


@pytest.mark.requirement("R85")
def test_a_plan_in_force_is_revised_not_made_again() -> None:
    revise = file.RevisePlan(case=CASE, measures=(MEASURE,), reason="new_needs")

    assert planned.refused(PLAN) == "plan_in_force"
    assert [type(e) for e in events(planned.when(revise))] == [ev.PlanRevised]
    assert signed.refused(revise) == "no_plan"


@pytest.mark.requirement("R85")
def test_a_revision_may_rest_on_the_file_itself_but_not_on_nothing() -> None:
    visit = some_id("visit")
    done = ev.FollowUpDone(mode="visit", status="unemployed", needs=(), month="2008-06")
    revise = file.RevisePlan(case=CASE, facts=(visit,), measures=(MEASURE,), reason="new_needs")

    assert planned.given(on_file(done, event_id=visit)).when(revise)
    assert planned.refused(revise) == "not_found"


COMPLETE = file.CompleteMeasure(case=CASE, measure="m1", result="done")


@pytest.mark.requirement("R85")
def test_a_new_agreement_begins_without_a_plan() -> None:
    again = planned.after(END).after(SIGN)

    assert again.refused(COMPLETE) == "no_plan"
    assert events(again.when(PLAN))


@pytest.mark.requirement("R52")
def test_a_measure_of_the_current_plan_is_carried_out_once() -> None:
    assert events(planned.when(COMPLETE)) == (ev.MeasureDelivered(measure="m1", result="done"),)
    assert planned.after(COMPLETE).when(COMPLETE) == ()


@pytest.mark.requirement("R52")
def test_a_measure_outside_the_plan_or_without_one_is_refused() -> None:
    assert planned.refused(COMPLETE.model_copy(update={"measure": "m9"})) == "measure_unknown"
    assert signed.refused(COMPLETE) == "no_plan"
    service = COMPLETE.model_copy(update={"service": some_id("none")})
    assert planned.refused(service) == "not_found"


@pytest.mark.requirement("R43")
@pytest.mark.parametrize("command", [SIGN, PLAN, COMPLETE, END])
def test_another_community_has_no_say(command: file.SignAgreement) -> None:
    assert planned.by(ELSEWHERE).refused(command) == "forbidden"


def test_an_absorbed_person_is_handled_on_the_surviving_record() -> None:
    absorbed = registry.PersonAbsorbed(survivor=some_id("x"), absorbed=ANNA, evidence="同一人")

    assert given.given(on_person(absorbed)).refused(SIGN) == "person_closed"


@pytest.mark.requirement("X15")
def test_nothing_is_recorded_about_a_person_whose_processing_is_restricted() -> None:
    restricted = registry.ProcessingRestricted(basis="objection", from_day=date(2008, 6, 2))

    assert given.given(on_person(restricted)).refused(SIGN) == "person_closed"


def test_after_a_move_the_new_community_acts() -> None:
    moved: Scenario = given.given(
        on_file(ev.FileMoved(transfer=some_id("transfer"), to=OTHER_COMMUNITY))
    )

    assert moved.refused(END) == "forbidden"
    assert moved.by(ELSEWHERE).refused(END) == "no_agreement"
