"""What else moves with a corrected fact: claims, places on a post, an ID number."""

from __future__ import annotations

from datetime import date

import pytest

from events.contracts import posts as ev
from events.contracts import registry as reg
from events.contracts import streams
from events.contracts.base import Event
from events.rules.person import with_check_digit
from services.posts.post.state import POST
from tests.support.scenario import FakeFacts, Scenario, events, keyed, releases, takes
from tests.unit.services.assistance import facts as place
from tests.unit.services.correcting.wishes import approve, number, propose
from tests.unit.services.posts import facts as work
from tests.unit.services.registry import facts as person

WORK, SWEEPER = streams.EMPLOYMENT.of(place.ANNA), streams.POST.of(work.SWEEPER)
PES_HEAD = place.officer("pes_head", place.PES, "pes head")
JOB = f"main-employment/{place.ANNA}"
PLACE = f"place/{work.SWEEPER}/1"
placed = work.given.by(place.PES_CLERK).after(work.PUBLIC, "2008-06-16")
ended = placed.after(work.END, "2008-08-31")


def approved(it: Scenario, n: int, day: str = "2008-09-10") -> Scenario:
    """Return the scenario after a correction of the person's work was approved."""
    return it.by(PES_HEAD).after(approve(it, WORK, n), day).by(place.PES_CLERK)


def stays(it: Scenario) -> list[tuple[date, date | None]]:
    """Return from when to when the places of the post were taken."""
    log = FakeFacts()
    for fact in it.facts:
        log.add(fact)
    return [(s.start, s.end) for s in log.state(POST, SWEEPER)[2].stays]


@pytest.mark.requirement("X2", "R74")
def test_a_void_placement_gives_back_the_job_and_its_place() -> None:
    wished = placed.after(propose(placed, WORK, 1, reason="wrong_person"), "2008-09-09")
    outcome = wished.by(PES_HEAD).when(approve(wished, WORK, 2), "2008-09-10")

    assert releases(outcome) == (JOB, PLACE)
    assert [type(e) for e in events(outcome)] == [ev.FactCorrected, ev.FactCorrected]
    assert stays(approved(wished, 2)) == []
    assert approved(wished, 2).when(work.PUBLIC, "2008-09-11")


@pytest.mark.requirement("X2", "R74")
def test_a_void_end_takes_them_again() -> None:
    wished = ended.after(propose(ended, WORK, 2, reason="not_happened"), "2008-09-09")
    outcome = wished.by(PES_HEAD).when(approve(wished, WORK, 3), "2008-09-10")

    assert takes(outcome) == (JOB, PLACE)
    assert stays(approved(wished, 3)) == [(date(2008, 6, 16), None)]


@pytest.mark.requirement("X2")
def test_a_placement_that_has_ended_is_void_only_after_its_end_is() -> None:
    assert ended.refused(propose(ended, WORK, 1), "2008-09-09") == "correction_order"


@pytest.mark.requirement("X2")
def test_a_person_with_another_job_by_now_cannot_have_the_old_one_back() -> None:
    other = ended.after(work.FLEXIBLE, "2008-09-05")

    assert other.refused(propose(other, WORK, 2), "2008-09-09") == "overlaps_employment"


@pytest.mark.requirement("X2", "R74")
def test_the_place_on_the_post_moves_with_the_day_of_the_placement() -> None:
    wished = placed.after(propose(placed, WORK, 1, day="2008-06-10"), "2008-09-09")

    assert stays(approved(wished, 2)) == [(date(2008, 6, 10), None)]


@pytest.mark.requirement("X2", "R74")
def test_a_job_cannot_move_into_the_one_before() -> None:
    late = placed.after(work.END, "2008-08-31").after(work.PUBLIC, "2008-09-05")
    moved = propose(late, WORK, 3, day="2008-08-20")

    assert late.refused(moved, "2008-09-09") == "overlaps_employment"


@pytest.mark.requirement("X2")
def test_a_job_does_not_end_before_it_begins() -> None:
    wrong = propose(ended, WORK, 2, day="2008-06-01")

    assert ended.refused(wrong, "2008-09-09") == "end_before_start"


@pytest.mark.requirement("X2")
def test_whether_a_job_lies_in_another_region_follows_from_where_it_is() -> None:
    job = next(f.event for f in placed.facts if isinstance(f.event, ev.PlacedInJob))
    elsewhere = job.model_copy(update={"work_division": "110000", "cross_region": False})
    wished = placed.after(propose(placed, WORK, 1, elsewhere), "2008-09-09")
    corrected, *_ = events(wished.by(PES_HEAD).when(approve(wished, WORK, 2), "2008-09-10"))

    assert isinstance(corrected, ev.FactCorrected)
    assert corrected.body is not None
    assert corrected.body["cross_region"] is True


ON_ANNA = streams.PERSON.of(person.ANNA)
HEAD = person.officer("community_head", person.COMMUNITY)
RIGHT = with_check_digit("14999919600616004")
registered = next(f.event for f in person.known.facts if isinstance(f.event, reg.PersonRegistered))


def _wish(event: Event) -> Scenario:
    it = person.known.by(person.CLERK)
    return it.after(propose(it, ON_ANNA, 1, event), "2008-06-20")


@pytest.mark.requirement("X2", "X8")
def test_another_id_number_takes_its_claim_and_gives_the_old_one_back() -> None:
    wished = _wish(registered.model_copy(update={"national_id": RIGHT}))
    outcome = wished.by(HEAD).when(approve(wished, ON_ANNA, 2), "2008-06-21")

    assert takes(outcome) == (f"national-id/{keyed('national_id', RIGHT)}",)
    assert releases(outcome) == (person.ID_CLAIM,)


@pytest.mark.requirement("X2", "X8")
def test_an_id_number_of_somebody_else_or_with_a_fault_is_refused() -> None:
    claim = {f"national-id/{keyed('national_id', RIGHT)}": streams.PERSON.of(person.BERTA)}
    taken = person.known.given(claims=claim)
    other = registered.model_copy(update={"national_id": RIGHT})
    assert taken.refused(propose(taken, ON_ANNA, 1, other), "2008-06-20") == "already_registered"
    wrong = registered.model_copy(update={"national_id": RIGHT[:-1] + "0"})
    refusal = person.known.refused(propose(person.known, ON_ANNA, 1, wrong), "2008-06-20")
    assert refusal.startswith("id_")


@pytest.mark.requirement("X2", "R10")
def test_a_corrected_birth_date_works_the_age_band_out_anew() -> None:
    young = registered.model_copy(
        update={
            "birth_date": date(1975, 6, 16),
            "national_id": with_check_digit("14999919750616002"),
        }
    )
    wished = _wish(young)
    (corrected,) = events(wished.by(HEAD).when(approve(wished, ON_ANNA, 2), "2008-06-21"))

    assert isinstance(corrected, reg.FactCorrected)
    assert corrected.body is not None
    assert corrected.body["age_band"] == "25_34"
    assert corrected.corrects == number(ON_ANNA, 1)


@pytest.mark.requirement("X2")
def test_a_person_is_not_moved_nor_taken_off_the_register_by_a_correction() -> None:
    moved = registered.model_copy(update={"residence": person.OTHER_COMMUNITY})
    wrong = propose(person.known, ON_ANNA, 1, moved)
    assert person.known.refused(wrong, "2008-06-20") == "correction_fixed_field"
    void = propose(person.known, ON_ANNA, 1)
    assert person.known.refused(void, "2008-06-20") == "correction_void"
