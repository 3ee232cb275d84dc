"""The chain of R23: one order, one level per person, and nobody both files and certifies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from events.contracts import certification as ev
from events.rules.access import Principal
from services.certification.decision.commands import AnnotateCertificate
from services.certification.exit import commands as leaving
from services.certification.filing import commands as filing
from services.certification.notice import commands as notice
from services.kit.decider import Command, DomainError
from tests.support.scenario import Scenario, events, some_id, takes
from tests.unit.services.certification import facts as a

Step = tuple[Principal, Command]
STEPS: tuple[Step, ...] = (
    (a.CLERK, a.apply()),
    (a.CLERK, a.REGISTER),
    (a.CLERK, a.POST),
    (a.CLERK, a.close()),
    (a.SIGNER, a.STREET_REVIEW),
    (a.STREET_OFFICER, a.FORWARD),
    (a.CERTIFIER, a.CERTIFY),
)
DAYS = (a.FILED, a.REGISTERED, a.POSTED, a.CLOSED, a.REVIEWED, a.FORWARDED, a.DECIDED)
DAY_OF = {type(command): day for (_, command), day in zip(STEPS, DAYS, strict=True)}


def reaches(order: tuple[Step, ...]) -> bool:
    """Tell whether an order of steps leads to the certification with nothing refused."""
    it: Scenario = a.start
    for by, command in order:
        try:
            it = a.step(it, by, command, DAY_OF[type(command)])
        except DomainError:
            return False
    return a.state(it).status == "certified"


@pytest.mark.requirement("R23")
def test_only_the_legal_order_of_all_orders_certifies() -> None:
    assert [order for order in permutations(STEPS) if reaches(order)] == [STEPS]


@pytest.mark.requirement("R22")
@pytest.mark.parametrize("left_out", range(len(STEPS) - 1))
def test_no_step_can_be_left_out(left_out: int) -> None:
    assert not reaches(STEPS[:left_out] + STEPS[left_out + 1 :])


def moved(officer: Principal, to: Principal) -> Principal:
    """Give the same user another office and role."""
    return replace(to, user=officer.user)


@pytest.mark.requirement("R23")
def test_the_same_person_cannot_sign_at_a_second_level() -> None:
    assert a.notice_closed.by(moved(a.CLERK, a.SIGNER)).refused(a.STREET_REVIEW, a.REVIEWED) == (
        "forbidden"
    )
    assert a.at_county.by(moved(a.CLERK, a.CERTIFIER)).refused(a.CERTIFY, a.DECIDED) == "forbidden"
    assert a.at_county.by(moved(a.SIGNER, a.CERTIFIER)).refused(a.CERTIFY, a.DECIDED) == "forbidden"


@pytest.mark.requirement("R23")
def test_both_names_of_a_delegate_count() -> None:
    deputy = replace(a.CERTIFIER, user=some_id("deputy"), on_behalf_of=a.SIGNER.user)
    assert a.at_county.by(deputy).refused(a.CERTIFY, a.DECIDED) == "forbidden"


@pytest.mark.requirement("R23")
def test_each_exclusive_duty_is_claimed_at_the_first_act() -> None:
    outcome = a.at_county.by(a.CERTIFIER).when(a.CERTIFY, a.DECIDED)
    assert takes(outcome) == (f"duty/{a.CASE}/{a.CERTIFIER.user}",)
    outcome = a.notice_closed.by(a.SIGNER).when(a.STREET_REVIEW, a.REVIEWED)
    assert takes(outcome) == (f"duty/{a.CASE}/{a.SIGNER.user}",)


@pytest.mark.requirement("R24")
def test_a_mining_area_has_no_street_step_and_two_county_officers() -> None:
    assert a.mine_closed.by(a.MINE_SIGNER).refused(a.STREET_REVIEW, a.REVIEWED) == "no_street_step"
    before = a.mine_at_county.by(a.CERTIFIER)
    assert before.refused(a.CERTIFY, a.DECIDED) == "county_review_needed"
    both = moved(a.REVIEWER, a.CERTIFIER)
    assert a.mine_reviewed.by(both).refused(a.CERTIFY, a.DECIDED) == "duty_taken"
    outcome = a.mine_reviewed.by(a.CERTIFIER).when(a.CERTIFY, a.DECIDED)
    assert isinstance(events(outcome)[0], ev.PersonCertified)


@pytest.mark.requirement("R24")
def test_outside_a_mining_area_the_street_step_is_needed() -> None:
    head = a.notice_closed.by(a.HEAD)
    assert head.refused(a.FORWARD, a.REVIEWED) == "street_step_needed"


@pytest.mark.requirement("R21", "R22")
def test_a_case_the_street_disagrees_with_reaches_the_county_and_needs_a_reason() -> None:
    disagree = a.STREET_REVIEW.model_copy(update={"opinion": "disagree"})
    reviewed = a.step(a.notice_closed, a.SIGNER, disagree, a.REVIEWED)
    it = a.step(reviewed, a.STREET_OFFICER, a.FORWARD, a.FORWARDED).by(a.CERTIFIER)
    assert it.refused(a.CERTIFY, a.DECIDED) == "reason_needed"
    reasoned = a.CERTIFY.model_copy(update={"reason": "证据充分"})
    assert isinstance(events(it.when(reasoned, a.DECIDED))[0], ev.PersonCertified)


@pytest.mark.requirement("R17", "R43")
def test_only_the_community_of_residence_files() -> None:
    assert a.start.by(a.NEIGHBOUR).refused(a.apply(), a.FILED) == "forbidden"
    assert a.start.by(a.SIGNER).refused(a.apply(), a.FILED) == "forbidden"


@pytest.mark.requirement("R44")
def test_the_county_of_residence_is_responsible() -> None:
    (certified,) = events(a.at_county.by(a.CERTIFIER).when(a.CERTIFY, a.DECIDED))
    assert isinstance(certified, ev.PersonCertified)
    assert certified.responsible_office == a.COUNTY


@pytest.mark.requirement("R19", "X1")
def test_nothing_goes_on_while_an_objection_is_open() -> None:
    lodge = notice.LodgeObjection(
        case=a.CASE, objector="测试乙", anonymous=False, statement="情况不符",
        received_by=a.COMMUNITY,
    )  # fmt: skip
    lodged = a.step(a.on_notice, a.HEAD, lodge, "2008-06-20")
    closed = a.step(lodged, a.SYSTEM, a.close(), a.CLOSED)
    assert closed.by(a.SIGNER).refused(a.STREET_REVIEW, a.REVIEWED) == "objection_open"
    dismiss = notice.DecideObjection(
        case=a.CASE, objection=a.last(lodged, ev.ObjectionLodged), outcome="dismissed",
        finding="不实", answer="已答复",
    )  # fmt: skip
    free = a.step(closed, a.SIGNER, dismiss, a.REVIEWED)
    assert events(free.by(a.SIGNER).when(a.STREET_REVIEW, a.REVIEWED))
    upheld = dismiss.model_copy(update={"outcome": "upheld"})
    back = a.step(closed, a.SIGNER, upheld, a.REVIEWED)
    assert back.by(a.SIGNER).refused(a.STREET_REVIEW, a.REVIEWED) == "wrong_state"
    again = a.step(back, a.CLERK, filing.Resubmit(case=a.CASE), a.FORWARDED)
    assert a.state(again).status == "registered"
    assert a.state(again).notice is None


@pytest.mark.requirement("X1")
def test_in_a_mining_area_the_county_answers_an_objection() -> None:
    lodge = notice.LodgeObjection(
        case=a.CASE, anonymous=True, statement="情况不符", received_by=a.MINE
    )
    it = a.step(a.mine_on_notice, a.MINE_HEAD, lodge, "2008-06-20")
    answer = notice.DecideObjection(
        case=a.CASE, objection=a.last(it, ev.ObjectionLodged), outcome="dismissed",
        finding="不实", answer="已答复",
    )  # fmt: skip
    assert it.by(a.MINE_SIGNER).refused(answer, a.CLOSED) == "wrong_objection_office"
    assert events(it.by(a.REVIEWER).when(answer, a.CLOSED))


@pytest.mark.requirement("X1")
def test_an_anonymous_objection_keeps_no_name() -> None:
    named = notice.LodgeObjection(
        case=a.CASE, objector="测试乙", anonymous=True, statement="不符", received_by=a.COMMUNITY
    )
    assert a.on_notice.by(a.HEAD).refused(named, "2008-06-20") == "objector_named"
    late = named.model_copy(update={"objector": None})
    assert a.on_notice.by(a.HEAD).refused(late, a.CLOSED) == "notice_over"


@pytest.mark.requirement("R20")
@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        ("2008-06-18", "2008-06-26", "notice_too_short"),
        ("2008-06-18", "2008-06-27", ""),
        ("2008-09-26", "2008-10-09", "notice_too_short"),
        ("2008-09-26", "2008-10-10", ""),
    ],
)
def test_a_notice_lasts_its_working_days_over_the_holidays(
    first: str, last: str, code: str
) -> None:
    """National Day 2008: off from 29 September to 5 October, the weekend before worked."""
    wish = a.POST.model_copy(
        update={"from_day": date.fromisoformat(first), "until": date.fromisoformat(last)}
    )
    it = a.registered.by(a.CLERK)
    assert (it.refused(wish, first) if code else "") == code
    if not code:
        assert events(it.when(wish, first))


@pytest.mark.requirement("R19")
def test_a_notice_is_closed_from_the_day_after_its_last_one() -> None:
    it = a.on_notice.by(a.CLERK)
    assert it.refused(a.close(), "2008-06-27") == "notice_running"
    (closed,) = events(it.when(a.close(), "2008-06-28"))
    assert closed == ev.PublicNoticeClosed(notice=a.event_at(3), objections_open=0)


@pytest.mark.requirement("X9")
def test_a_returned_case_goes_on_where_it_was_or_gets_a_new_notice() -> None:
    back = filing.ReturnApplication(case=a.CASE, reasons=("missing_papers",), text="请补充")
    assert a.street_reviewed.by(a.CLERK).refused(back, a.FORWARDED) == "not_holder"
    returned = a.step(a.street_reviewed, a.SIGNER, back, a.FORWARDED)
    same = a.step(returned, a.CLERK, filing.Resubmit(case=a.CASE), a.DECIDED)
    assert a.state(same).status == "street_reviewed"
    other = returned.given(a.dibao(a.DAY))
    changes = ev.Changes(categories=("long_term", "aged_4050"))
    wish = filing.Resubmit(case=a.CASE, changes=changes)
    renewed = a.step(other, a.CLERK, wish, a.DECIDED)
    assert a.state(renewed).status == "registered"
    assert a.state(renewed).street_opinion is None


@pytest.mark.requirement("X10")
def test_a_case_is_assigned_within_the_office_that_holds_it() -> None:
    own = filing.AssignCase(case=a.CASE, officer=some_id("clerk2"))
    assert a.filed.by(a.CLERK).refused(own, a.REGISTERED) == "assign_self_only"
    assert a.filed.by(a.CERTIFIER).refused(own, a.REGISTERED) == "not_holder"
    assert events(a.filed.by(a.HEAD).when(own, a.REGISTERED))
    other = filing.AssignCase(case=a.CASE, officer=some_id("certifier"))
    assert a.filed.by(a.HEAD).refused(other, a.REGISTERED) == "officer_elsewhere"
    done = a.step(a.filed, a.HEAD, own, a.REGISTERED)
    assert done.by(a.HEAD).when(own, a.REGISTERED) == ()


@pytest.mark.requirement("R25")
def test_only_a_certified_person_is_annotated_and_by_the_certified_category() -> None:
    wish = AnnotateCertificate(
        case=a.CASE, certificate="preference", number="晋0001", category="aged_4050", sealed=True
    )
    assert a.at_county.by(a.REVIEWER).refused(wish, a.DECIDED) == "wrong_state"
    other = wish.model_copy(update={"category": "long_term"})
    assert a.certified.by(a.REVIEWER).refused(other, a.DECIDED) == "category_differs"
    assert events(a.certified.by(a.REVIEWER).when(wish, a.DECIDED))
    foreign = a.officer("county_reviewer", a.OTHER_COUNTY)
    assert a.certified.by(foreign).refused(wish, a.DECIDED) == "forbidden"


def test_the_system_closes_no_notice_twice() -> None:
    assert a.notice_closed.by(a.SYSTEM).when(a.close(), a.REVIEWED) == ()


def test_a_count_for_a_case_that_was_never_certified_is_nothing() -> None:
    wish = leaving.CountRefusal(
        case=a.CASE, offer=some_id("o"), judged="unjust", judgement=some_id("j")
    )
    assert a.filed.by(a.SYSTEM).when(wish, a.REGISTERED) == ()
