"""The state table of assistance and tracking: each row is reached, every other pair refused."""

from __future__ import annotations

from datetime import date

import pytest

from events.contracts import assistance as ev
from events.contracts import certification as cert
from services.assistance.file import commands as file
from services.assistance.file.state import FILE, File
from services.assistance.tracking import commands as tracking
from services.kit.decider import Command, DomainError
from tests.support.scenario import FakeFacts, Scenario, some_id
from tests.unit.services.assistance.facts import (
    ANNA,
    CASE,
    CLERK,
    DAY,
    DEPUTY,
    DOC,
    EXITED,
    HEAD,
    HELPER,
    MEASURE,
    ON_JOB,
    PLAN,
    REPORT,
    SIGN,
    SYSTEM,
    VISIT,
    WISHES,
    given,
    on_case,
    on_file,
    planned,
    signed,
    start,
    started,
)

ENDED = on_file(ev.FollowUpEnded(stable_since=date(2008, 6, 1)), "2008-12-01")
CLOSE = file.CloseFile(case=CASE, end=some_id("exit"))
working = (WISHES, started("2008-06-01"))
no_agreement = given.given(*working)
active = signed.given(*working)
plan = planned.given(started("2008-06-01"))
ended = active.after(file.EndAgreement(case=CASE, reason="by_consent"))
STATES = {
    "none": start.given(*working),
    "no agreement": no_agreement,
    "agreement active": active,
    "plan in force": plan,
    "agreement ended": ended,
    "tracking ended": no_agreement.given(ENDED),
    "closed": no_agreement.given(EXITED).by(SYSTEM).after(CLOSE),
}
EMPLOYED = {"status": "employed"}
COMMANDS: dict[str, Command] = {
    "open_file": file.OpenFile(case=CASE, person=ANNA, from_day=DAY),
    "sign_agreement": SIGN,
    "supplement_agreement": file.SupplementAgreement(case=CASE, changes="增加", scan=DOC),
    "change_helper": file.ChangeHelper(case=CASE, from_user=HELPER, to=DEPUTY, reason="workload"),
    "make_plan": PLAN,
    "revise_plan": file.RevisePlan(case=CASE, measures=(MEASURE,), reason="new_needs"),
    "complete_measure": file.CompleteMeasure(case=CASE, measure="m1", result="done"),
    "end_agreement": file.EndAgreement(case=CASE, reason="by_consent"),
    "record_follow_up": VISIT.model_copy(update={**EMPLOYED, "on_job": ON_JOB}),
    "report_status": REPORT.model_copy(update=EMPLOYED),
    "end_follow_up": tracking.EndFollowUp(case=CASE),
    "close_file": CLOSE,
    "reopen_file": file.ReopenFile(case=CASE, because=some_id("reversal")),
}
FILE_STATES = ("no agreement", "agreement active", "plan in force", "agreement ended")
BEARING = ("agreement active", "plan in force")
ROWS = {
    "open_file": ("none",),
    "sign_agreement": ("no agreement", "agreement ended", "tracking ended"),
    "supplement_agreement": BEARING,
    "change_helper": BEARING,
    "make_plan": ("agreement active",),
    "revise_plan": ("plan in force",),
    "complete_measure": ("plan in force",),
    "end_agreement": BEARING,
    "record_follow_up": FILE_STATES,
    "report_status": (*FILE_STATES, "tracking ended"),
    "end_follow_up": FILE_STATES,
    "close_file": (*FILE_STATES, "tracking ended"),
    "reopen_file": ("closed",),
}
ALREADY = {("open_file", state) for state in STATES if state != "none"} | {
    ("end_agreement", "agreement ended"),
    ("end_follow_up", "tracking ended"),
    ("close_file", "closed"),
    ("close_file", "none"),
    *(("reopen_file", state) for state in STATES if state != "closed"),
}
"""Wishes that are true already, or that find nothing to do: accepted without an event."""
ASKERS = {"change_helper": HEAD, "end_follow_up": HEAD}
ASKERS |= dict.fromkeys(("open_file", "close_file", "reopen_file"), SYSTEM)
REVERSED = on_case(cert.ExitReversed(proposal=some_id("proposal")), "2008-07-02")


def ask(state: str, name: str) -> tuple[Scenario, Command]:
    scenario = STATES[state].by(ASKERS.get(name, CLERK))
    return (scenario.given(REVERSED) if name == "reopen_file" else scenario), COMMANDS[name]


@pytest.mark.requirement("R83")
@pytest.mark.parametrize(("name", "state"), [(n, s) for n, of in ROWS.items() for s in of])
def test_every_row_of_the_table_is_reached(name: str, state: str) -> None:
    scenario, command = ask(state, name)

    assert scenario.when(command, "2008-12-16")


@pytest.mark.requirement("R83")
@pytest.mark.parametrize(
    ("name", "state"), [(n, s) for n in ROWS for s in STATES if s not in ROWS[n]]
)
def test_every_other_pair_changes_nothing(name: str, state: str) -> None:
    scenario, command = ask(state, name)
    try:
        outcome = scenario.when(command, "2008-12-16")
    except DomainError:
        assert (name, state) not in ALREADY
    else:
        assert outcome == ()
        assert (name, state) in ALREADY


@pytest.mark.requirement("R30")
def test_reopening_restores_the_state_before_closing() -> None:
    before = fold(plan)
    after = fold(
        plan.by(SYSTEM)
        .given(EXITED)
        .after(CLOSE, "2008-07-01")
        .given(REVERSED)
        .after(file.ReopenFile(case=CASE, because=some_id("reversal")), "2008-07-02")
    )

    assert after == before


def fold(scenario: Scenario) -> File:
    facts = FakeFacts()
    for fact in scenario.facts:
        facts.add(fact)
    return facts.state(FILE, FILE.kind.of(CASE))[2]
