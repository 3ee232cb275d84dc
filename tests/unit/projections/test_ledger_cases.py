"""The ledger's certification: each step, what is proposed, the report's three months (R17, R28)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from events.contracts import assistance as help_
from events.contracts import certification as cert
from events.contracts.base import Recorded
from projections.ledger.model import LEDGER
from tests.unit.projections import story
from tests.unit.projections.ledger import after, case_of, column, folded
from tests.unit.projections.story import Log

STEPS = ["filed", "registered", "on_notice", "notice_closed", "street_reviewed", "at_county"]


@pytest.mark.requirement("R17")
def test_the_state_of_certification_is_that_of_each_step() -> None:
    log = Log()
    story.application(log)
    seen: list[str] = []
    row = None
    for fact in log.facts:
        row = LEDGER.fold(row, fact, story.DIRECTORY)
        if "case" in row and case_of(row)["state"] not in seen:
            seen.append(case_of(row)["state"])
    assert seen == [*STEPS, "certified"]


@pytest.mark.requirement("X9")
def test_a_returned_application_remembers_the_state_it_came_from() -> None:
    log = Log()
    log.add(story.ON_ANNA, story.registered())
    log.add(story.ON_CASE, story.filed(), "2008-06-03")
    back = cert.ApplicationReturned(
        reasons=("missing_papers",), missing=("id_card",), text=story.BOX
    )
    row = after(log, (story.ON_CASE, back, "2008-06-04"))
    assert (case_of(row)["state"], case_of(row)["returned_from"]) == ("returned", "filed")
    again = cert.ApplicationResubmitted(
        evidence=(story.DOC,), back_to="filed", primary="aged_4050", findings=()
    )
    assert case_of(after(log, (story.ON_CASE, again, "2008-06-09")))["state"] == "filed"


def exit_proposed(log: Log, ground: cert.ExitGround = "no_report") -> Recorded[Any]:
    event = cert.ExitProposed(ground=ground, facts=(), clause="意见第二条（一）")
    return log.add(story.ON_CASE, event, "2009-01-05")


def exited(proposal: str) -> cert.Exited:
    return cert.Exited(
        proposal=proposal, reason=story.BOX, from_day=date(2009, 1, 9), told_on=date(2009, 1, 9)
    )


@pytest.mark.requirement("R34")
def test_proposals_stand_side_by_side_and_fall_with_the_status() -> None:
    log = story.certified_person()
    proposed = exit_proposed(log)
    exit_proposed(log, "gave_up")
    assert set(case_of(folded(log.facts))["proposals"]) == {"exit_no_report", "exit_gave_up"}
    row = after(log, (story.ON_CASE, exited(proposed.event_id), "2009-01-09"))
    assert (case_of(row)["state"], case_of(row)["proposals"]) == ("exited", {})
    assert column(row, "report_due") is None


@pytest.mark.requirement("R30")
def test_a_reversed_exit_restores_the_status_and_restarts_the_reports() -> None:
    log = story.certified_person()
    proposed = exit_proposed(log)
    log.add(story.ON_CASE, exited(proposed.event_id), "2009-01-09")
    wish = cert.ExitReversalProposed(exit=proposed.event_id, reason=story.BOX, facts=())
    asked = log.add(story.ON_CASE, wish, "2009-02-01")
    row = after(log, (story.ON_CASE, cert.ExitReversed(proposal=asked.event_id), "2009-02-02"))
    assert (case_of(row)["state"], row["report_from"]) == ("certified", "2009-02-02")


@pytest.mark.requirement("R29")
def test_a_refusal_that_the_county_does_not_confirm_leaves_the_tally() -> None:
    log = story.certified_person()
    other = story.some_id("other offer")
    for tally, offer in enumerate((story.OFFER, other), 1):
        counted = cert.RefusalCounted(
            offer=offer, judged="unjust", judgement=story.some_id(offer), tally=tally
        )
        log.add(story.ON_CASE, counted, "2008-09-01")
    proposed = exit_proposed(log, "refusals")
    no = cert.ExitRejected(
        proposal=proposed.event_id,
        judgements=(cert.Confirmation(offer=other, confirmed=False),),
        reason=story.BOX,
    )
    row = after(log, (story.ON_CASE, no, "2009-01-06"))
    assert (case_of(row)["tally"], case_of(row)["proposals"]) == (1, {})


@pytest.mark.requirement("R28")
def test_a_report_starts_the_three_months_anew_and_a_late_one_never_moves_them_back() -> None:
    log = story.certified_person()
    report = help_.StatusReported(status="unemployed", since=date(2007, 4, 1), in_person=True)
    row = after(log, (story.ON_FILE, report, "2008-08-11"))
    assert (row["report_from"], row["report_due"]) == ("2008-08-11", "2008-11-11")
    row = after(log, (story.ON_FILE, report, "2008-07-30"))
    assert row["report_from"] == "2008-08-11"


def test_a_stock_older_than_the_rules_can_be_folded() -> None:
    imported = cert.CertificationImported(
        import_id=story.some_id("import"), row=1, person=story.ANNA, category="long_term",
        office=story.COMMUNITY, case_no="140105-2006-000001", imported_on=date(2006, 6, 1),
    )  # fmt: skip
    row = after(Log(), (story.ON_CASE, imported, "2006-06-01"))
    assert (case_of(row)["state"], row["report_due"]) == ("certified", "2006-09-01")
    assert column(row, "path") == "140105001001"
