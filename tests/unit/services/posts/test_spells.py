"""How work ends, is confirmed, and is registered by the employer."""

from __future__ import annotations

from dataclasses import replace as but
from datetime import date

import pytest

from events.contracts import posts as ev
from events.contracts import registry
from services.kit.decider import Command
from services.posts.work import commands as cmd
from tests.support.scenario import events, releases, some_id
from tests.unit.services.assistance.facts import (
    ANNA,
    CLERK,
    PES,
    STREET,
    officer,
    on_person,
    on_work,
    started,
    stopped,
)
from tests.unit.services.posts.facts import (
    BERTA,
    END,
    FIRM,
    PUBLIC,
    STREET_CLERK,
    SWEEPER,
    given,
    on_post,
)
from tests.unit.services.posts.test_work import SELF

working = given.after(PUBLIC)
NEXT = END.model_copy(update={"then": "next_job"})


@pytest.mark.requirement("R35")
def test_the_end_frees_the_place_and_the_claims() -> None:
    outcome = working.when(END, "2008-09-30")

    assert events(outcome) == (
        ev.EmploymentEnded(reason="resigned", then="unemployed"),
        ev.PlaceFreed(person=ANNA, place=1),
    )
    assert releases(outcome) == (f"main-employment/{ANNA}", f"place/{SWEEPER}/1")


@pytest.mark.requirement("R74")
def test_a_freed_place_of_a_closed_post_stays_closed() -> None:
    closed = working.given(on_post(ev.PostClosed(reason="withdrawn"), "2008-07-01", SWEEPER))
    over = closed.after(END, "2008-09-30").after(SELF, "2008-10-01").after(END, "2008-10-02")

    assert over.refused(PUBLIC, "2008-10-03") == "post_closed"


@pytest.mark.requirement("R35")
def test_work_ends_once_and_not_before_it_began() -> None:
    assert working.refused(END, "2008-06-15") == "end_before_start"
    assert events(working.when(END, "2008-06-16"))
    over = working.after(END, "2008-09-30")
    assert over.when(END, "2008-09-30") == ()
    assert over.refused(END, "2008-10-01") == "not_employed"
    assert over.refused(NEXT, "2008-09-30") == "not_employed"
    assert given.refused(END) == "not_employed"


@pytest.mark.requirement("R35")
def test_waiting_for_a_next_job_may_turn_into_unemployment() -> None:
    between = working.after(NEXT, "2008-09-30")

    assert between.when(NEXT, "2008-09-30") == ()
    assert events(between.when(END, "2008-10-15")) == (
        ev.EmploymentEnded(reason="resigned", then="unemployed"),
    )
    assert releases(between.when(END, "2008-10-15")) == ()
    assert events(between.when(END, "2008-09-30"))
    assert between.refused(END, "2008-09-29") == "end_before_start"
    assert events(between.when(PUBLIC, "2008-10-01"))


CONFIRM = cmd.ConfirmOnJob(person=ANNA, how="visit")


@pytest.mark.requirement("R91")
def test_the_community_confirms_a_person_at_work() -> None:
    assert events(working.by(CLERK).when(CONFIRM)) == (ev.OnJobConfirmed(how="visit"),)
    assert given.by(CLERK).refused(CONFIRM) == "not_employed"
    assert working.by(CLERK).refused(CONFIRM, "2008-06-15") == "not_employed"
    assert working.refused(CONFIRM) == "forbidden"


WORK_STATES = {
    "unemployed": given,
    "employed": given.given(started("2008-06-01")),
    "between jobs": given.given(started("2008-06-01"), stopped("2008-06-15")),
}
WORK_TABLE: dict[str, tuple[Command, tuple[str, ...]]] = {
    "place_in_job": (SELF, ("unemployed", "between jobs")),
    "confirm_on_job": (CONFIRM, ("employed",)),
    "end: next_job": (NEXT, ("employed",)),
    "end: unemployed": (END, ("employed", "between jobs")),
}


@pytest.mark.requirement("R35")
@pytest.mark.parametrize("state", WORK_STATES)
@pytest.mark.parametrize("name", WORK_TABLE)
def test_the_state_table_of_work(name: str, state: str) -> None:
    command, allowed = WORK_TABLE[name]
    scenario = WORK_STATES[state].by(CLERK)
    if state in allowed:
        assert events(scenario.when(command))
    else:
        assert scenario.refused(command) in ("already_employed", "not_employed")


JOB = some_id(f"employment-{ANNA}/1")
ENDED = some_id(f"employment-{ANNA}/2")
HIRE = cmd.RegisterHire(person=ANNA, placement=JOB)
REGISTER_END = cmd.RegisterEndOfEmployment(person=ANNA, end=ENDED)
employed = given.given(started("2008-06-05", FIRM), stopped("2008-06-12"))
BOSS = but(officer("employer", PES), office=FIRM, path="", areas=())


@pytest.mark.requirement("R70")
def test_hire_and_end_are_registered_once_by_the_employer_or_for_it() -> None:
    for who in (given.principal, STREET_CLERK, BOSS):
        assert events(employed.by(who).when(HIRE)) == (ev.HireRegistered(placement=JOB),)
        assert events(employed.by(who).when(REGISTER_END)) == (ev.EndRegistered(end=ENDED),)
    assert employed.after(HIRE).when(HIRE) == ()
    assert employed.after(REGISTER_END).when(REGISTER_END) == ()


@pytest.mark.requirement("R70")
def test_an_employer_registers_its_own_hires_only() -> None:
    other = given.given(started("2008-06-05", some_id("other firm")))

    assert other.by(BOSS).refused(HIRE) == "forbidden"
    assert other.refused(REGISTER_END) == "not_found"
    assert given.refused(HIRE) == "not_found"


def test_an_absorbed_person_is_handled_on_the_surviving_record() -> None:
    absorbed = registry.PersonAbsorbed(survivor=BERTA, absorbed=ANNA, evidence="同一人")

    assert given.given(on_person(absorbed)).refused(SELF) == "person_closed"


@pytest.mark.requirement("X15")
def test_nothing_is_recorded_about_a_person_whose_processing_is_restricted() -> None:
    restricted = registry.ProcessingRestricted(basis="objection", from_day=date(2008, 6, 2))

    assert given.given(on_person(restricted)).refused(SELF) == "person_closed"


def test_facts_that_change_no_state_are_kept() -> None:
    changed = on_work(ev.EmploymentChanged(field="wage", value="900"), "2008-06-20")

    assert working.given(changed).by(officer("street_officer", STREET)).when(END, "2008-09-30")
