"""A correction moves the clocks that hang on the fact, and asks its reactions again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from events.contracts import assistance, posts, streams
from events.contracts import certification as ev
from events.contracts.base import Event, StreamId
from services.certification import CONTEXT
from services.certification.exit.commands import WithdrawExitProposal
from services.certification.household.commands import ClearHousehold
from services.certification.reactions import react
from services.certification.timers import TIMERS
from services.kit.replanning import Restated, moved, wished
from tests.support.scenario import FakeFacts, Scenario, day_at, happened
from tests.unit.services.certification import facts as case
from tests.unit.services.correcting.wishes import approve, number, propose

POSTED = next(f.event for f in case.on_notice.facts if isinstance(f.event, ev.PublicNoticePosted))
NOTICE, NO_REPORT = "certification.notice", "certification.no_report"
FILE = streams.ASSISTANCE.of(case.CASE)


def restated(scenario: Scenario, stream: StreamId) -> Restated:
    """Return the last correction of a stream, as the follower sees it."""
    log = FakeFacts()
    for fact in scenario.facts:
        log.add(fact)
    history = log.history(stream)
    whole = [
        fact
        for name in dict.fromkeys(f.stream for f in scenario.facts)
        for fact in log.history(name)
    ]
    return Restated.of(history[-1], sorted(whole, key=lambda fact: fact.position))


def corrected(
    stream: StreamId, wrong: Event, event: Event | None, day: str, to: str = ""
) -> Restated:
    """Return a correction of one fact that stands alone on its stream."""
    kinds: Any = {"assistance": assistance, "posts": posts}[wrong.type.partition(".")[0]]
    said = kinds.FactCorrected(
        proposal=number(stream, 1),
        corrects=number(stream, 1),
        of=wrong.type,
        body=None if event is None else event.model_dump(mode="json", exclude_none=True),
        happened_at=None if event is None else day_at(to or day),
    )
    subject = f"person-{case.ANNA}"
    alone = Scenario(CONTEXT, case.DIRECTORY, case.CLERK).given(
        happened(stream, wrong, subject, day=day), happened(stream, said, subject)
    )
    return restated(alone, stream)


@pytest.mark.requirement("X2", "R19")
def test_a_notice_corrected_to_a_later_last_day_is_closed_after_that_day() -> None:
    later = POSTED.model_copy(update={"until": date(2008, 7, 4)})
    wished_ = case.on_notice.after(propose(case.on_notice, case.STREAM, 3, later), "2008-06-20")
    done = wished_.by(case.HEAD).after(approve(wished_, case.STREAM, 4), "2008-06-21")

    stops, starts = moved(TIMERS, restated(done, case.STREAM))

    assert stops == set()
    assert starts == {
        (NOTICE, case.CASE): {"notice": number(case.STREAM, 3), "until": "2008-07-04"}
    }


@pytest.mark.requirement("X2", "R19")
def test_a_notice_cannot_be_corrected_below_its_length_nor_once_it_is_closed() -> None:
    short = POSTED.model_copy(update={"until": date(2008, 6, 19)})
    long = POSTED.model_copy(update={"until": date(2008, 7, 4)})

    wish = propose(case.on_notice, case.STREAM, 3, short)
    assert case.on_notice.by(case.CLERK).refused(wish, "2008-06-20") == "notice_too_short"
    closed = case.notice_closed.by(case.CLERK)
    assert closed.refused(propose(closed, case.STREAM, 3, long), "2008-06-29") == "correction_order"
    board = POSTED.model_copy(update={"place": "居委会门口"})
    assert closed.when(propose(closed, case.STREAM, 3, board), "2008-06-29")


REPORT = assistance.StatusReported(status="unemployed", since=date(2008, 6, 1), in_person=True)


@pytest.mark.requirement("X2", "R32")
def test_a_report_of_another_day_moves_the_half_year_without_one() -> None:
    stops, starts = moved(TIMERS, corrected(FILE, REPORT, REPORT, "2008-07-10", to="2008-07-01"))

    assert stops == {(NO_REPORT, f"{case.CASE}/2008-07-10")}
    assert list(starts) == [(NO_REPORT, f"{case.CASE}/2008-07-01")]
    assert starts[NO_REPORT, f"{case.CASE}/2008-07-01"]["from"] == "2008-07-01"


@pytest.mark.requirement("X2", "R32")
def test_a_void_report_stops_its_clock_and_asks_nobody() -> None:
    void = corrected(FILE, REPORT, None, "2008-07-10")

    assert moved(TIMERS, void) == ({(NO_REPORT, f"{case.CASE}/2008-07-10")}, {})
    assert [wished(r, void) for r in react.by_event[REPORT.type]] == [[]]


@pytest.mark.requirement("X2", "R32")
def test_a_void_report_sets_the_clock_again_that_ran_out_while_it_counted() -> None:
    two = Scenario(CONTEXT, case.DIRECTORY, case.CLERK).given(
        happened(FILE, REPORT, f"person-{case.ANNA}", day="2008-07-10"),
        happened(FILE, REPORT, f"person-{case.ANNA}", day="2008-12-01"),
        happened(
            FILE,
            assistance.FactCorrected(
                proposal=number(FILE, 1), corrects=number(FILE, 2), of=REPORT.type
            ),
            f"person-{case.ANNA}",
        ),
    )

    stops, starts = moved(TIMERS, restated(two, FILE))

    assert stops == {(NO_REPORT, f"{case.CASE}/2008-12-01")}
    assert list(starts) == [(NO_REPORT, f"{case.CASE}/2008-07-10")]


@pytest.mark.requirement("X2", "R32")
def test_a_void_first_report_sets_the_clock_again_that_the_certification_started() -> None:
    person = f"person-{case.ANNA}"
    certified = next(f for f in case.certified.facts if isinstance(f.event, ev.PersonCertified))
    one = Scenario(CONTEXT, case.DIRECTORY, case.CLERK).given(
        certified,
        happened(FILE, REPORT, person, day="2008-10-20"),
        happened(
            FILE,
            assistance.FactCorrected(
                proposal=number(FILE, 1), corrects=number(FILE, 1), of=REPORT.type
            ),
            person,
        ),
    )

    stops, starts = moved(TIMERS, restated(one, FILE))

    assert stops == {(NO_REPORT, f"{case.CASE}/2008-10-20")}
    assert [key for _, key in starts] == [f"{case.CASE}/{certified.day}"]


@pytest.mark.requirement("X2")
def test_a_report_of_another_day_is_judged_again_by_its_reaction() -> None:
    it = corrected(FILE, REPORT, REPORT, "2008-07-10", to="2008-07-01")
    (commands,) = (wished(r, it) for r in react.by_event[REPORT.type])

    assert [type(c) for c in commands] == [WithdrawExitProposal]


@pytest.mark.requirement("X2")
def test_a_reaction_is_asked_again_only_where_it_could_answer_otherwise() -> None:
    placed = posts.PlacedInJob(
        person=case.ANNA,
        channel="enterprise",
        work_division="140105",
        cross_region=False,
        household=case.HOME,
        continuous=False,
    )
    stream = streams.EMPLOYMENT.of(case.ANNA)
    wage = placed.model_copy(update={"wage": 90_000})
    (clear,) = react.by_event[placed.type]

    assert wished(clear, corrected(stream, placed, wage, "2008-07-10")) == []
    moved_ = wished(clear, corrected(stream, placed, wage, "2008-07-10", to="2008-07-01"))
    assert [(type(c), c.occurred_at) for c in moved_] == [(ClearHousehold, day_at("2008-07-01"))]
