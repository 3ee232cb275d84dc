"""Reports and follow-up."""

from __future__ import annotations

from datetime import date

import pytest

from events.contracts import assistance as ev
from events.contracts import posts
from services.assistance.tracking import commands as tracking
from tests.support.scenario import Happened, events, some_id
from tests.unit.services.assistance.facts import (
    CASE,
    CLERK,
    DIRECTORY,
    DOC,
    ELSEWHERE,
    HEAD,
    ON_JOB,
    REPORT,
    STREET,
    VISIT,
    given,
    officer,
    on_file,
    started,
    stopped,
    with_parameter,
)

END = tracking.EndFollowUp(case=CASE)
ENDED = on_file(ev.FollowUpEnded(stable_since=date(2008, 6, 1)), "2008-12-01")


@pytest.mark.requirement("R28")
def test_a_report_is_taken_at_the_community_and_at_its_street() -> None:
    assert [type(e) for e in events(given.when(REPORT))] == [ev.StatusReported]
    assert given.by(officer("street_officer", STREET)).when(REPORT)
    assert given.by(ELSEWHERE).refused(REPORT) == "forbidden"


@pytest.mark.requirement("R28")
def test_an_employed_person_reports_too() -> None:
    working = given.given(started("2008-06-05"))

    assert working.when(REPORT.model_copy(update={"status": "employed"}))
    assert working.refused(REPORT) == "status_differs"


@pytest.mark.requirement("R28")
def test_a_report_that_differs_says_so() -> None:
    differing = REPORT.model_copy(update={"status": "employed", "differs": True})

    assert given.when(differing)
    assert given.refused(differing.model_copy(update={"differs": False})) == "status_differs"


@pytest.mark.requirement("R28")
def test_the_state_began_before_the_report() -> None:
    early = REPORT.model_copy(update={"since": date(2008, 6, 17)})

    assert given.when(early, "2008-06-17")
    assert given.refused(early, "2008-06-16") == "since_after_report"


def test_the_same_report_twice_on_one_day_is_one() -> None:
    assert given.after(REPORT).when(REPORT) == ()
    assert given.after(REPORT).when(REPORT, "2008-09-16")


@pytest.mark.requirement("R28")
def test_the_duty_to_report_outlasts_the_follow_up() -> None:
    working = given.given(started("2008-06-01"), ENDED)
    report = REPORT.model_copy(update={"status": "employed"})

    assert working.when(report, "2008-12-02")
    short = with_parameter(working, "assistance.report_after_tracking", value=False)
    assert short.refused(report, "2008-12-02") == "report_duty_ended"


@pytest.mark.requirement("R89")
def test_two_visits_in_a_month_are_recorded_under_one_month() -> None:
    first, second = given.when(VISIT, "2008-07-01"), given.after(VISIT, "2008-07-01")

    (one,) = events(first)
    (two,) = events(second.when(VISIT, "2008-07-31"))
    assert isinstance(one, ev.FollowUpDone)
    assert isinstance(two, ev.FollowUpDone)
    assert one.month == two.month == "2008-07"


@pytest.mark.requirement("R89")
def test_after_tracking_has_ended_no_visit_is_recorded() -> None:
    assert given.given(ENDED).refused(VISIT, "2008-12-02") == "tracking_ended"


@pytest.mark.requirement("R91")
def test_a_visit_to_an_employed_person_says_how_it_stands_at_work() -> None:
    working = given.given(started("2008-06-05"))
    visit = VISIT.model_copy(update={"status": "employed"})

    assert working.refused(visit) == "on_job_missing"
    assert working.when(visit.model_copy(update={"on_job": ON_JOB}))
    assert given.refused(VISIT.model_copy(update={"on_job": ON_JOB})) == "on_job_not_employed"


PLACE = posts.FoundPlacement(
    day=date(2008, 6, 5),
    channel="flexible",
    flexible_kind="part_time",
    proof=DOC,
    work_division="140105",
)
FOUND_WORK = VISIT.model_copy(
    update={
        "status": "employed",
        "on_job": ON_JOB,
        "found": posts.FoundChange(place=PLACE),
    }
)
JOB_END = posts.FoundEnd(day=date(2008, 6, 12), reason="dismissed", then="unemployed")
FOUND_END = VISIT.model_copy(update={"found": posts.FoundChange(end=JOB_END)})


@pytest.mark.requirement("R90")
def test_a_visit_that_finds_a_change_carries_the_change() -> None:
    assert given.when(FOUND_WORK)
    assert given.given(started("2008-06-05")).when(FOUND_END)


@pytest.mark.requirement("R90")
def test_a_change_may_have_happened_on_the_day_of_the_visit_and_is_news() -> None:
    assert given.when(FOUND_WORK, "2008-06-05")
    known = given.given(started("2008-06-05"))
    assert known.refused(FOUND_WORK) == "found_change_contradicts"


@pytest.mark.requirement("R90")
def test_a_changed_state_without_the_change_is_refused() -> None:
    bare = FOUND_WORK.model_copy(update={"found": None})

    assert given.refused(bare) == "found_change_missing"
    assert given.given(started("2008-06-05")).refused(VISIT) == "found_change_missing"


@pytest.mark.requirement("R90")
@pytest.mark.parametrize(
    "found",
    [
        posts.FoundChange(),
        posts.FoundChange(place=PLACE, end=JOB_END),
        posts.FoundChange(place=PLACE.model_copy(update={"day": date(2008, 6, 17)})),
        posts.FoundChange(end=JOB_END),
    ],
)
def test_a_change_that_contradicts_the_visit_is_refused(found: posts.FoundChange) -> None:
    visit = FOUND_WORK.model_copy(update={"found": found})

    assert given.refused(visit, "2008-06-16") == "found_change_contradicts"


JOB_A = (started("2008-06-01"), stopped("2008-10-31"))


@pytest.mark.requirement("R92")
@pytest.mark.parametrize(
    ("work", "refused", "allowed", "since"),
    [
        ((started("2008-06-01"),), "2008-11-30", "2008-12-01", "2008-06-01"),
        ((started("2008-08-31"),), "2009-02-27", "2009-02-28", "2008-08-31"),
        ((started("2011-08-31"),), "2012-02-28", "2012-02-29", "2011-08-31"),
        ((*JOB_A, started("2008-11-01")), "2008-11-30", "2008-12-01", "2008-06-01"),
        ((*JOB_A, started("2008-11-02")), "2009-05-01", "2009-05-02", "2008-11-02"),
    ],
    ids=["vector-19", "vector-20", "vector-21", "vector-22", "vector-23"],
)
def test_follow_up_may_end_after_half_a_year_of_unbroken_work(
    work: tuple[Happened, ...], refused: str, allowed: str, since: str
) -> None:
    scenario = given.by(HEAD).given(*work)

    assert scenario.refused(END, refused) == "not_stable_yet"
    assert events(scenario.when(END, allowed)) == (
        ev.FollowUpEnded(stable_since=date.fromisoformat(since)),
    )


@pytest.mark.requirement("R92")
def test_one_day_without_work_is_refused() -> None:
    assert given.by(HEAD).refused(END, "2009-06-01") == "not_employed"
    over = given.given(started("2008-06-01"), stopped("2008-12-31"))
    assert over.by(HEAD).refused(END, "2009-01-01") == "not_employed"


@pytest.mark.requirement("R92")
def test_the_gap_and_the_employer_are_parameters() -> None:
    change = (*JOB_A, started("2008-11-06", some_id("employer")))
    scenario = given.by(HEAD).given(*change)

    wide = with_parameter(scenario, "assistance.stable_gap_days", value=5)
    assert wide.when(END, "2008-12-01")
    same = with_parameter(
        given.by(HEAD).given(*JOB_A, started("2008-11-01", some_id("employer"))),
        "assistance.stable_same_employer",
        value=True,
    )
    assert same.refused(END, "2009-04-30") == "not_stable_yet"


@pytest.mark.requirement("R92")
def test_a_person_ends_the_follow_up_once_and_never_the_clerk() -> None:
    working = given.given(started("2008-06-01"))

    assert working.given(ENDED).by(HEAD).when(END, "2008-12-02") == ()
    assert working.by(CLERK).refused(END, "2008-12-01") == "forbidden"


def test_the_default_directory_is_not_touched_by_a_parameter() -> None:
    assert DIRECTORY.parameter("assistance.stable_gap_days", "140105", date(2008, 7, 1)) == 0
