"""Checks of the log: asked for by who watches over all of it, one at a time, ended once."""

from __future__ import annotations

import pytest

from events.contracts import registry as ev
from services.kit.decider import Release, Take
from services.registry.check import commands as cmd
from services.registry.check.domain import CHECK, RUNNING
from tests.support.scenario import Scenario, events, happened, some_id
from tests.unit.services.registry import facts as a

ASK = cmd.RequestCheck()
OWN = some_id("new/1")
STREAM = CHECK.kind.of(OWN)
CANCEL = cmd.CancelCheck(check=OWN)
DONE = cmd.CompleteCheck(
    check=OWN, verdict="clean", events=9, signed=8, tail=1, seconds=1, served=0, root="a" * 64
)
auditor = a.registry.by(a.officer("auditor", a.PROVINCE))
running = auditor.after(ASK)


def system(scenario: Scenario) -> Scenario:
    return scenario.by(a.SYSTEM)


@pytest.mark.requirement("X13")
def test_a_check_begins_for_who_watches_over_the_whole_log_and_for_nobody_else() -> None:
    assert [*map(type, events(auditor.when(ASK)))] == [ev.CheckRequested]
    assert events(a.registry.by(a.officer("operator", a.PROVINCE)).when(ASK))
    for role, office in (
        ("auditor", a.COUNTY), ("operator", a.COUNTY), ("province_head", a.PROVINCE),
    ):  # fmt: skip
        assert a.registry.by(a.officer(role, office)).refused(ASK) == "forbidden"


@pytest.mark.requirement("X13")
def test_while_a_check_runs_no_second_one_begins() -> None:
    assert Take(RUNNING, STREAM, generated=True) in auditor.when(ASK)
    assert running.when(ASK) == ()
    ended = running.after(CANCEL)
    assert events(ended.when(ASK))


@pytest.mark.requirement("X13")
def test_a_check_is_cancelled_or_comes_to_a_result_and_either_stands() -> None:
    assert Release(RUNNING, STREAM) in running.when(CANCEL)
    (done,) = events(system(running).when(DONE))
    assert isinstance(done, ev.CheckCompleted)
    assert (done.verdict, done.events, done.tail) == ("clean", 9, 1)
    for first, later in ((CANCEL, DONE), (DONE, CANCEL), (DONE, DONE), (CANCEL, CANCEL)):
        by = auditor if later is CANCEL else system(auditor)
        begun = by.given(happened(STREAM, ev.CheckRequested(), f"office-{a.PROVINCE}"))
        end = ev.CheckCancelled() if first is CANCEL else done
        assert begun.given(happened(STREAM, end, f"office-{a.PROVINCE}")).when(later) == ()


@pytest.mark.requirement("X13")
def test_only_the_system_records_a_result_and_only_watchers_cancel() -> None:
    assert running.refused(DONE) == "forbidden"
    assert running.by(a.officer("auditor", a.COUNTY)).refused(CANCEL) == "forbidden"
    assert auditor.refused(CANCEL) == "not_found"
