"""The checker finds each planted fault by its code alone, and nothing where all is well."""

from __future__ import annotations

from datetime import date

import pytest

from events.audit.conformance.judge import judge
from tests.support.history import good
from tests.support.planted import PLANTED
from tests.support.planted_rare import RARE
from tests.support.tale import Lines, Tale

EVERY = PLANTED | RARE


def numbered(planted: str, t: Tale) -> Lines:
    lines = t.numbered()
    if planted == "history_gap":
        lines[-1]["seq"] += 1
    return lines


@pytest.mark.requirement("R23", "R29", "R34", "R89")
def test_a_history_in_which_everything_was_done_right_shows_nothing() -> None:
    verdict = judge(good().numbered())
    assert verdict.findings == ()
    assert verdict.conforms
    assert verdict.events == len(good().lines)


@pytest.mark.requirement("R23", "R19", "R29", "R31", "R83", "R87", "R92")
@pytest.mark.parametrize("planted", EVERY)
def test_a_planted_fault_is_found_by_its_code_and_nothing_else(planted: str) -> None:
    tale = good()
    EVERY[planted](tale)
    found = judge(numbered(planted, tale)).by_code()
    assert list(found) == [planted.partition(":")[0]]


@pytest.mark.requirement("R32")
def test_who_never_reports_is_to_be_proposed_for_exit_after_half_a_year() -> None:
    tale = good()
    for line in [x for x in tale.lines if x["type"] == "assistance.status_reported.v1"]:
        tale.without(line)
    tale.visits("anna", date(2009, 1, 20), employed=date(2008, 9, 1))
    tale.visits("bao", date(2009, 1, 20), employed=date(2008, 9, 1))
    tale.tell("registry.wishes_recorded", "person-anna", date(2009, 1, 22), "officer", {})
    found = judge(tale.numbered()).by_code()
    assert found == {"exit_not_proposed_no_report": 2, "report_late": 2}
