"""The checker finds each planted fault by its code alone, and nothing where all is well."""

from __future__ import annotations

import pytest

from events.audit.conformance.judge import judge
from tests.support.history import good
from tests.support.planted import PLANTED
from tests.support.tale import Lines, Tale


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
@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_fault_is_found_by_its_code_and_nothing_else(planted: str) -> None:
    tale = good()
    PLANTED[planted](tale)
    found = judge(numbered(planted, tale)).by_code()
    assert list(found) == [planted.partition(":")[0]]
