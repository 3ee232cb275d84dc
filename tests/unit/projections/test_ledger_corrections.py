"""What a row of the ledger says once a fact of it was corrected (X2)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from events.contracts import assistance as help_
from events.contracts import posts, registry
from events.contracts.base import Event, Recorded
from projections.engine.again import anew
from projections.ledger.model import LEDGER
from tests.unit.projections import story
from tests.unit.projections.ledger import folded
from tests.unit.projections.people import CONTEXTS
from tests.unit.projections.story import Log


def correct(log: Log, wrong: Recorded[Any], day: str, event: Event | None = None) -> dict[str, Any]:
    """Approve on a day that a fact says something else, or nothing; return the row after it."""
    kinds = CONTEXTS[wrong.type.partition(".")[0]]
    wish = kinds.CorrectionProposed(
        corrects=wrong.event_id,
        replacement=None if event is None else story.BOX,
        reason="wrong_day",
        text=story.BOX,
    )
    proposed = log.add(wrong.stream, wish, day)
    said = None if event is None else event.model_dump(mode="json", exclude_none=True)
    corrected = kinds.FactCorrected(
        proposal=proposed.event_id,
        corrects=wrong.event_id,
        of=wrong.type,
        body=said,
        happened_at=wrong.occurred_at,
    )
    last = log.add(wrong.stream, corrected, day)
    _, made_of = anew(LEDGER, last, [f for f in log.facts if f.subject == last.subject])
    assert made_of is not None
    return folded(list(made_of))


@pytest.mark.requirement("X2")
def test_a_row_remembers_who_proposed_a_correction_and_who_approved_it() -> None:
    log = story.certified_person()
    wrong = log.facts[-1]
    wish = help_.CorrectionProposed(corrects=wrong.event_id, reason="wrong_day", text=story.BOX)
    log.add(story.ON_FILE, wish, "2008-07-01")
    assert "corrections" not in folded(log.facts)
    row = correct(log, wrong, "2008-07-02")
    (done,) = row["corrections"]
    assert (done["corrects"], done["void"]) == (wrong.event_id, True)
    assert (done["by"], done["approved_by"]) == (story.CLERK, story.CLERK)
    assert row["cells"]["services"]["v"] == "none"


@pytest.mark.requirement("X2")
def test_a_void_report_and_a_void_end_of_work_count_no_more() -> None:
    log = story.certified_person()
    log.add(story.ON_WORK, story.placed(), "2008-08-01")
    ended = posts.EmploymentEnded(reason="resigned", then="unemployed")
    end = log.add(story.ON_WORK, ended, "2008-08-31")
    report = help_.StatusReported(status="unemployed", since=date(2008, 8, 31), in_person=True)
    reported = log.add(story.ON_FILE, report, "2008-09-01")
    correct(log, end, "2008-09-03")
    row = correct(log, reported, "2008-09-04")
    assert (row["work"], row["work_since"]) == ("employed", "2008-08-01")
    assert row["report_from"] == "2008-06-20"


@pytest.mark.requirement("X2", "R37")
def test_a_corrected_cell_knows_both_events_and_where_its_sealed_value_stands_now() -> None:
    log = story.certified_person()
    wrong = next(f for f in log.facts if isinstance(f.event, registry.PersonRegistered))
    row = correct(log, wrong, "2008-09-03", wrong.event)
    last = log.facts[-1].seq
    assert row["cells"]["name"] == {"v": {"sealed": [last, "body.name"]}, "e": [wrong.seq, last]}
    assert row["seq"] == last
