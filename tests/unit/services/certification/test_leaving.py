"""Leaving the status: the tally, half a year without a report, the wish, and the county's word."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from events.contracts import certification as ev
from events.contracts import registry as reg
from events.contracts import streams
from events.contracts.base import Event, EventId, Recorded
from events.rules.calendar import WorkCalendar
from events.rules.time import day_start
from services.certification.decision import commands as deciding
from services.certification.exit import commands as cmd
from services.certification.exit.grounds import first_late_day
from services.certification.timers import NO_REPORT, NOTICE
from tests.support.scenario import FakeFacts, Scenario, events, happened, releases, some_id, takes
from tests.unit.services.certification import facts as a

COUNTED = "2008-08-01"
LATE = "2009-01-12"
REASON = "经审查"


def judged(n: int, how: ev.Judged, again: str = "") -> cmd.CountRefusal:
    return cmd.CountRefusal(
        case=a.CASE, offer=some_id(f"offer/{n}"), judged=how, judgement=some_id(f"j/{n}{again}")
    )


def count(it: Scenario, *how: ev.Judged, first: int = 1) -> Scenario:
    for n, word in enumerate(how, first):
        it = a.step(it, a.SYSTEM, judged(n, word), COUNTED)
    return it


four = count(a.certified, "unjust", "unjust", "unjust", "unjust")


def open_grounds(it: Scenario) -> set[str]:
    return set(a.state(it).exits)


def answers(*confirmed: bool) -> tuple[ev.Confirmation, ...]:
    return tuple(
        ev.Confirmation(offer=some_id(f"offer/{n}"), confirmed=yes)
        for n, yes in enumerate(confirmed, 1)
    )


def confirm(
    it: Scenario, day: str, judgements: tuple[ev.Confirmation, ...] = ()
) -> cmd.ConfirmExit:
    on = date.fromisoformat(day)
    return cmd.ConfirmExit(
        case=a.CASE, proposal=a.last(it, ev.ExitProposed), judgements=judgements, reason=REASON,
        from_day=on, told_on=on,
    )  # fmt: skip


def reject(it: Scenario, *confirmed: bool) -> cmd.RejectExit:
    return cmd.RejectExit(
        case=a.CASE, proposal=a.last(it, ev.ExitProposed), judgements=answers(*confirmed),
        reason=REASON,
    )  # fmt: skip


@pytest.mark.requirement("R29")
@pytest.mark.parametrize(
    ("how", "tally", "proposed"),
    [
        pytest.param(("unjust",) * 3, 3, False, id="vector 1"),
        pytest.param(("unjust",) * 4, 4, True, id="vector 2"),
        pytest.param(("unjust", "unjust", "unjust", "just", "unjust"), 4, True, id="vector 3"),
        pytest.param(("unjust",) * 3 + ("just",) * 5, 3, False, id="five justified"),
    ],
)
def test_more_than_three_unjust_refusals_propose_the_exit(
    how: tuple[ev.Judged, ...], tally: int, proposed: bool
) -> None:
    it = count(a.certified, *how)
    assert a.state(it).tally == tally
    assert (open_grounds(it) == {"refusals"}) is proposed
    assert a.state(it).status == "certified"


@pytest.mark.requirement("R29")
def test_the_exit_is_proposed_on_the_fourth_and_cites_its_facts() -> None:
    counted, proposed = events(
        count(a.certified, "unjust", "unjust", "unjust")
        .by(a.SYSTEM)
        .when(judged(4, "unjust"), COUNTED)
    )
    assert isinstance(counted, ev.RefusalCounted)
    assert counted.tally == 4
    assert isinstance(proposed, ev.ExitProposed)
    assert proposed.facts == tuple(some_id(f"j/{n}") for n in range(1, 5))
    assert "超过3次" in proposed.clause


@pytest.mark.requirement("R30")
def test_vector_4_a_judgement_turned_just_withdraws_the_proposal() -> None:
    it = a.step(four, a.SYSTEM, judged(2, "just", "/again"), COUNTED)
    assert a.state(it).tally == 3
    assert open_grounds(it) == set()


@pytest.mark.requirement("R29")
def test_vector_6_a_new_certification_counts_anew() -> None:
    old = count(a.certified, "unjust", "unjust", "unjust")
    assert a.state(old).tally == 3
    assert a.state(count(a.certified, "unjust", first=9)).tally == 1


@pytest.mark.requirement("R29")
def test_the_same_judgement_is_counted_once() -> None:
    assert four.by(a.SYSTEM).when(judged(4, "unjust"), COUNTED) == ()


@pytest.mark.requirement("R29")
def test_the_county_confirms_refusals_one_by_one_and_more_than_three() -> None:
    it = four.by(a.CERTIFIER)
    day = "2008-08-04"
    assert it.refused(confirm(four, day), day) == "judgements_needed"
    assert it.refused(confirm(four, day, answers(True, True, True)), day) == "judgements_needed"
    one_not = confirm(four, day, answers(True, True, True, False))
    assert it.refused(one_not, day) == "too_few_confirmed"
    outcome = it.when(confirm(four, day, answers(True, True, True, True)), day)
    assert isinstance(events(outcome)[0], ev.Exited)
    assert releases(outcome) == (f"open-certification/{a.ANNA}",)


@pytest.mark.requirement("R29")
def test_after_a_rejected_exit_the_next_one_proposes_again_if_all_were_confirmed() -> None:
    kept = a.step(four, a.CERTIFIER, reject(four, True, True, True, True), "2008-08-04")
    assert open_grounds(kept) == set()
    assert open_grounds(count(kept, "unjust", first=5)) == {"refusals"}


@pytest.mark.requirement("R29")
def test_a_judgement_not_confirmed_leaves_the_tally() -> None:
    kept = a.step(four, a.CERTIFIER, reject(four, True, True, True, False), "2008-08-04")
    assert a.state(kept).tally == 3
    assert open_grounds(count(kept, "unjust", first=5)) == {"refusals"}
    assert open_grounds(count(kept, "just", first=5)) == set()


def _due(start: str, moves: str = "person") -> str:
    directory = replace(a.DIRECTORY, calendar=WorkCalendar())
    if moves != "person":
        setting = reg.RuleParameterProposed(
            key="rules.weekend_moves", value=moves, from_day=date(2008, 5, 28), reason=REASON
        )
        approved = reg.RuleParameterSet(
            proposal=some_id("p"), preview=reg.Preview(cases=0, known=0, sha256="a" * 64)
        )
        stream = streams.PARAMETER.of("rules.weekend_moves")
        office = f"office-{a.PROVINCE}"
        directory = replace(
            a.directory(
                happened(
                    stream, setting, office, event_id=some_id("p"), area="14", office=a.PROVINCE
                ),
                happened(stream, approved, office, area="14", office=a.PROVINCE),
            ),
            calendar=WorkCalendar(),
        )
    return first_late_day(date.fromisoformat(start), "140105001001", directory).isoformat()


@pytest.mark.requirement("R32")
@pytest.mark.parametrize(
    ("last", "proposed"),
    [
        pytest.param("2008-05-28", "2008-11-29", id="vector 7"),
        pytest.param("2010-08-31", "2011-03-01", id="vector 8"),
        pytest.param("2011-08-29", "2012-03-01", id="vector 9 a"),
        pytest.param("2011-08-30", "2012-03-01", id="vector 9 b"),
        pytest.param("2011-08-31", "2012-03-01", id="vector 9 c"),
        pytest.param("2012-02-29", "2012-08-30", id="vector 10"),
        pytest.param("2008-05-31", "2008-12-02", id="vector 11"),
        pytest.param("2011-03-09", "2011-09-10", id="after a rejected exit"),
    ],
)
def test_the_exit_is_proposed_on_the_day_after_the_last_in_time_one(
    last: str, proposed: str
) -> None:
    assert _due(last) == proposed
    basis = {"from": last, "area": "140105001001", "event": some_id("e")}
    directory = replace(a.DIRECTORY, calendar=WorkCalendar())
    assert NO_REPORT.due(basis, directory) == day_start(date.fromisoformat(proposed))


@pytest.mark.requirement("R32")
def test_vector_11_where_no_weekend_moves_the_end() -> None:
    assert _due("2008-05-31", "none") == "2008-12-01"


propose = cmd.ProposeExit(case=a.CASE, ground="no_report", facts=())


def reporting(it: Scenario) -> Scenario:
    """Bridge the time from the certification to August 2010 with reports in time."""
    return it.given(*(a.reported(day) for day in ("2008-12-01", "2009-05-04", "2009-10-09",
                                                  "2010-03-02", "2010-08-31")))  # fmt: skip


@pytest.mark.requirement("R32")
def test_the_timer_proposes_only_when_half_a_year_is_exceeded() -> None:
    it = reporting(a.certified).by(a.SYSTEM)
    assert it.when(propose, "2011-02-28") == ()
    (proposed,) = events(it.when(propose, "2011-03-01"))
    assert isinstance(proposed, ev.ExitProposed)
    assert proposed.ground == "no_report"
    again = a.step(reporting(a.certified), a.SYSTEM, propose, "2011-03-01")
    assert again.by(a.SYSTEM).when(propose, "2011-03-02") == ()


@pytest.mark.requirement("R32")
def test_vector_12_a_report_in_time_recorded_late_takes_the_proposal_back() -> None:
    it = a.step(reporting(a.certified), a.SYSTEM, propose, "2011-03-01")
    in_time = a.reported("2011-02-28")
    wish = cmd.WithdrawExitProposal(case=a.CASE, because=in_time.event_id)
    (withdrawn,) = events(it.given(in_time).by(a.SYSTEM).when(wish, "2011-03-03"))
    assert withdrawn == ev.ExitProposalWithdrawn(
        proposal=a.last(it, ev.ExitProposed), because=in_time.event_id
    )
    late = a.reported("2011-03-01")
    too_late = cmd.WithdrawExitProposal(case=a.CASE, because=late.event_id)
    assert it.given(late).by(a.SYSTEM).when(too_late, "2011-03-03") == ()
    assert it.given(late).by(a.REVIEWER).refused(too_late, "2011-03-03") == "report_not_in_time"
    assert it.given(in_time).by(a.CERTIFIER).refused(confirm(it, "2011-03-03"), "2011-03-03") == (
        "reported_in_time"
    )


@pytest.mark.requirement("R32")
def test_a_report_takes_back_no_proposal_of_another_ground() -> None:
    in_time = a.reported("2008-09-01")
    wish = cmd.WithdrawExitProposal(
        case=a.CASE, proposal=a.last(four, ev.ExitProposed), because=in_time.event_id
    )
    it = four.given(in_time)
    assert it.by(a.REVIEWER).refused(wish, "2008-09-02") == "only_no_report"
    assert it.by(a.SYSTEM).when(wish, "2008-09-02") == ()


@pytest.mark.requirement("R32")
def test_a_rejected_exit_starts_the_half_year_anew() -> None:
    it = a.step(reporting(a.certified), a.SYSTEM, propose, "2011-03-01")
    kept = a.step(it, a.CERTIFIER, reject(it), "2011-03-09").by(a.SYSTEM)
    assert kept.when(propose, "2011-09-09") == ()
    assert events(kept.when(propose, "2011-09-10"))


@pytest.mark.requirement("R33")
def test_the_wish_is_withdrawn_by_a_statement_and_the_county_decides() -> None:
    wish = cmd.WithdrawWish(case=a.CASE, statement=a.paper("statement"))
    statement, proposed = events(a.certified.by(a.HEAD).when(wish, COUNTED))
    assert isinstance(statement, ev.WithdrawnByPerson)
    assert isinstance(proposed, ev.ExitProposed)
    assert proposed.ground == "gave_up"
    it = a.step(a.certified, a.HEAD, wish, COUNTED)
    assert it.by(a.HEAD).when(wish, COUNTED) == ()
    assert events(it.by(a.CERTIFIER).when(confirm(it, COUNTED), COUNTED))


@pytest.mark.requirement("R34")
def test_exit_proposals_of_two_grounds_stand_side_by_side_and_fall_together() -> None:
    wish = cmd.WithdrawWish(case=a.CASE, statement=a.paper("statement"))
    both = a.step(four, a.HEAD, wish, COUNTED)
    assert open_grounds(both) == {"refusals", "gave_up"}
    out = a.step(both, a.CERTIFIER, confirm(both, COUNTED), COUNTED)
    assert a.state(out).status == "exited"
    assert open_grounds(out) == set()


exited = a.step(
    four, a.CERTIFIER, confirm(four, "2008-08-04", answers(True, True, True, True)), "2008-08-04"
)


@pytest.mark.requirement("R30")
def test_an_exit_is_reversed_by_two_officers() -> None:
    wish = cmd.ProposeExitReversal(
        case=a.CASE, exit=a.last(exited, ev.Exited), reason=REASON, facts=()
    )
    it = a.step(exited, a.REVIEWER, wish, "2008-08-05")
    approve = cmd.ApproveExitReversal(case=a.CASE, proposal=a.last(it, ev.ExitReversalProposed))
    same = replace(a.CERTIFIER, user=a.REVIEWER.user)
    assert it.by(same).refused(approve, "2008-08-06") == "same_person"
    outcome = it.by(a.CERTIFIER).when(approve, "2008-08-06")
    assert takes(outcome) == (f"open-certification/{a.ANNA}",)
    assert a.state(a.step(it, a.CERTIFIER, approve, "2008-08-06")).report_from == date(2008, 8, 6)


def review(it: Scenario, against: EventId) -> deciding.RequestReview:
    assert it.facts
    return deciding.RequestReview(case=a.CASE, against=against, grounds="不服决定")


@pytest.mark.requirement("X3")
def test_a_review_is_asked_within_fifteen_working_days() -> None:
    wish = review(a.refused, a.last(a.refused, ev.CertificationRefused))
    assert events(a.refused.by(a.HEAD).when(wish, "2008-07-23"))
    assert a.refused.by(a.HEAD).refused(wish, "2008-07-24") == "review_too_late"
    asked = a.step(a.refused, a.HEAD, wish, "2008-07-23")
    assert asked.by(a.HEAD).refused(wish, "2008-07-23") == "reviewed_already"


@pytest.mark.requirement("X3")
def test_the_city_sets_a_refusal_or_an_exit_aside() -> None:
    for it, kind, status in (
        (a.refused, ev.CertificationRefused, "at_county"),
        (exited, ev.Exited, "certified"),
    ):
        asked = a.step(it, a.HEAD, review(it, a.last(it, kind)), "2008-08-05" if it is exited
                       else "2008-07-03")  # fmt: skip
        wish = deciding.DecideReview(
            case=a.CASE, review=a.last(asked, ev.ReviewRequested), outcome="set_aside",
            reason=REASON,
        )  # fmt: skip
        assert asked.by(a.CERTIFIER).refused(wish, "2008-08-06") == "forbidden"
        done = a.step(asked, a.CITY_OFFICER, wish, "2008-08-06")
        assert a.state(done).status == status
        assert done.claims[f"open-certification/{a.ANNA}"] == a.STREAM


lapse = cmd.Lapse(person=a.ANNA, facts=(some_id("end"),))


@pytest.mark.requirement("R35")
def test_unemployed_again_lets_the_status_lapse_and_a_change_of_job_does_not() -> None:
    worked = a.certified.given(a.placed("2008-08-01"))
    assert worked.by(a.SYSTEM).when(lapse, "2008-09-01") == ()
    next_job = worked.given(a.job_ended("2008-08-31", "next_job"))
    assert next_job.by(a.SYSTEM).when(lapse, "2008-09-01") == ()
    over = worked.given(a.job_ended("2008-08-31"))
    outcome = over.by(a.SYSTEM).when(lapse, "2008-08-31")
    assert events(outcome) == (ev.Lapsed(ground="unemployed_again", facts=(some_id("end"),)),)
    assert releases(outcome) == (f"open-certification/{a.ANNA}",)


@pytest.mark.requirement("R35")
def test_a_job_that_ended_before_the_certification_changes_nothing() -> None:
    old = a.certified.given(a.placed("2008-06-04"), a.job_ended("2008-06-10"))
    assert old.by(a.SYSTEM).when(lapse, "2008-09-01") == ()
    assert a.start.by(a.SYSTEM).when(lapse, "2008-09-01") == ()


def recorded(it: Scenario, kind: type[Event]) -> Recorded[Any]:
    """Return the envelope of the latest event of a kind."""
    facts = FakeFacts()
    found = [r for f in it.facts if isinstance((r := facts.add(f)).event, kind)]
    return found[-1]


@pytest.mark.requirement("R20")
def test_the_notice_timer_runs_to_the_day_after_the_last_one() -> None:
    posted = recorded(a.on_notice, ev.PublicNoticePosted)
    key, basis = NOTICE.starts[ev.PublicNoticePosted.type](posted) or ("", {})
    assert key == a.CASE
    assert NOTICE.due(basis, a.DIRECTORY) == day_start(date(2008, 6, 28))
    assert NOTICE.command(key, basis) == a.close()


@pytest.mark.requirement("R32")
def test_the_report_timer_starts_with_the_certification() -> None:
    fact = recorded(a.certified, ev.PersonCertified)
    key, basis = NO_REPORT.starts[ev.PersonCertified.type](fact) or ("", {})
    assert NO_REPORT.command(key, basis) == cmd.ProposeExit(
        case=a.CASE, ground="no_report", facts=(a.last(a.certified, ev.PersonCertified),)
    )
