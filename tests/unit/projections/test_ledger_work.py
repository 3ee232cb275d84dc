"""The ledger's visits, tracking, work and offers (R31, R41, R89, R92)."""

from __future__ import annotations

from datetime import date

import pytest

from events.contracts import assistance as help_
from events.contracts import posts
from tests.unit.projections import story
from tests.unit.projections.ledger import after, folded


@pytest.mark.requirement("R89")
def test_a_month_with_two_visits_counts_once() -> None:
    visit = help_.FollowUpDone(mode="visit", status="unemployed", needs=("job",), month="2008-07")
    log = story.certified_person()
    row = after(log, (story.ON_FILE, visit, "2008-07-04"), (story.ON_FILE, visit, "2008-07-20"))
    assert row["file"]["months"] == ["2008-07"]
    assert len(row["cells"]["follow_ups"]["v"]) == 2


@pytest.mark.requirement("R92")
def test_tracking_ends_closes_and_comes_back_as_it_was() -> None:
    log = story.certified_person()
    end = help_.FollowUpEnded(stable_since=date(2008, 7, 1))
    assert after(log, (story.ON_FILE, end, "2009-01-04"))["tracking"] == "ended"
    closed = help_.FileClosed(end=story.some_id("end"))
    assert after(log, (story.ON_FILE, closed, "2009-02-04"))["tracking"] == "closed"
    again = help_.FileReopened(because=story.some_id("again"))
    assert after(log, (story.ON_FILE, again, "2009-03-04"))["tracking"] == "ended"


@pytest.mark.requirement("R41")
def test_work_follows_the_spells_by_the_day_they_happened() -> None:
    log = story.certified_person()
    row = after(log, (story.ON_WORK, story.placed(), "2008-08-01"))
    assert (row["work"], row["work_since"], row["channel"]) == (
        "employed", "2008-08-01", "enterprise",
    )  # fmt: skip
    ended = posts.EmploymentEnded(reason="resigned", then="next_job")
    row = after(log, (story.ON_WORK, ended, "2008-10-31"))
    assert (row["work"], row["channel"]) == ("between_jobs", None)
    second = story.placed(channel="flexible", flexible_kind="part_time", employer=None)
    row = after(log, (story.ON_WORK, second, "2008-11-01"))
    assert [s["from"] for s in row["cells"]["employment"]["v"]] == ["2008-08-01", "2008-11-01"]
    done = posts.EmploymentEnded(reason="resigned", then="unemployed")
    assert after(log, (story.ON_WORK, done, "2008-12-31"))["work"] == "unemployed"


def test_a_late_recorded_earlier_spell_does_not_change_the_present() -> None:
    log = story.certified_person()
    log.add(story.ON_WORK, story.placed(), "2008-08-01")
    early = story.placed(channel="public_post")
    log.add(story.ON_WORK, early, "2008-07-01", recorded="2008-08-05")
    row = folded(log.facts)
    assert (row["channel"], row["work_since"]) == ("enterprise", "2008-08-01")


@pytest.mark.requirement("R31")
def test_each_offer_says_how_it_was_answered_judged_and_whether_it_counts() -> None:
    log = story.certified_person()
    refused = posts.OfferRefused(reason="no_wish", text=story.BOX)
    judged = posts.RefusalJudged(
        judged="unjust", reason="no_cause", text=story.BOX,
        heard_on=date(2008, 8, 10), case=story.CASE, counts=True,
    )  # fmt: skip
    row = after(
        log,
        (story.ON_OFFER, story.offered(), "2008-08-01"),
        (story.ON_OFFER, refused, "2008-08-04"),
        (story.ON_OFFER, judged, "2008-08-10"),
    )
    (offer,) = row["cells"]["offers"]["v"]
    assert (offer["state"], offer["reason"], offer["judged"], offer["counts"]) == (
        "refused", "no_wish", "unjust", True,
    )  # fmt: skip
    assert row["cells"]["offers"]["e"] == [f.seq for f in log.facts[-3:]]
