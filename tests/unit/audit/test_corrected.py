"""A corrected fact is judged as it was restated; what was found at its first wording falls."""

from __future__ import annotations

from datetime import date

import pytest

from events.audit.conformance.judge import judge
from tests.support.history import good
from tests.support.planted import PLANTED
from tests.support.tale import Body, Tale, july

pytestmark = pytest.mark.requirement("X2")
LATE = date(2008, 12, 30)


def corrected(t: Tale, line: Body, day: date | None, **body: object) -> None:
    """Correct an event, by two persons: another day and body, or void (no day)."""
    context, stream = line["type"].partition(".")[0], line["stream"]
    proposal = t.tell(f"{context}.correction_proposed", stream, LATE, "officer",
                      {"corrects": line["event_id"]})  # fmt: skip
    said = {"proposal": proposal, "corrects": line["event_id"], "of": line["type"],
            "body": None if day is None else line["data"] | body,
            "happened_at": None if day is None else f"{day}T01:00:00Z"}  # fmt: skip
    t.tell(f"{context}.fact_corrected", stream, LATE, "head", said)


def visit(t: Tale, month: str) -> Body:
    return next(
        line for line in t.lines
        if line["type"] == "assistance.follow_up_done.v1" and line["data"]["month"] == month
    )  # fmt: skip


def test_a_voided_visit_was_never_made() -> None:
    tale = good()
    corrected(tale, visit(tale, "2008-10"), None)
    assert judge(tale.numbered()).by_code() == {"visit_missed": 1}


def test_a_visit_moved_within_its_month_still_counts() -> None:
    tale = good()
    corrected(tale, visit(tale, "2008-10"), date(2008, 10, 28))
    assert judge(tale.numbered()).by_code() == {}


def test_a_report_that_was_made_in_time_after_all_is_not_late() -> None:
    tale = good()
    PLANTED["report_late"](tale)
    corrected(tale, tale.find("assistance.status_reported", "bao"), date(2008, 10, 17))
    assert judge(tale.numbered()).by_code() == {}


def test_a_voided_placement_frees_the_person_for_another_job() -> None:
    tale = good()
    tale.drop("registry.unemployment_registration_cancelled", "anna")
    corrected(tale, tale.find("posts.placed_in_job", "anna"), None)
    tale.placed("anna", LATE)
    assert judge(tale.numbered()).by_code() == {}


def test_a_voided_end_of_employment_lets_the_job_run_on() -> None:
    tale = good()
    tale.tell("posts.employment_ended", "employment-bao", july(150), "pes", {"then": "unemployed"})
    corrected(tale, tale.find("posts.employment_ended", "bao"), None)
    assert judge(tale.numbered()).by_code() == {}


def test_what_was_found_at_a_fact_falls_with_its_wording() -> None:
    tale = good()
    PLANTED["job_facts_missing"](tale)
    assert judge(tale.numbered()).by_code() == {"job_facts_missing": 1}
    line = next(x for x in tale.lines if x["data"].get("month") == "2008-11")
    corrected(tale, line, date(2008, 11, 20), on_job={"at_work": True})
    assert judge(tale.numbered()).by_code() == {}


def test_a_correction_by_one_person_alone_is_found() -> None:
    tale = good()
    corrected(tale, visit(tale, "2008-10"), date(2008, 10, 28))
    tale.lines[-1]["meta"] = tale.lines[-2]["meta"]
    assert judge(tale.numbered()).by_code() == {"same_hand": 1}
