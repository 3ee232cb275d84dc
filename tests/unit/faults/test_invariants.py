"""Each invariant holds on a clean history, and its mutants alone make it fail."""

from __future__ import annotations

import pytest

from tests.faults.invariants import INVARIANTS, check
from tests.faults.mutants import MUTANTS, Mutant, clean


@pytest.mark.requirement("X13")
def test_every_invariant_looks_at_a_clean_history_and_finds_nothing() -> None:
    assert check(clean()) == {f"I{n}": [] for n in range(1, 19)}


def test_every_invariant_has_a_mutant() -> None:
    assert {m.invariant for m in MUTANTS} == {i.name for i in INVARIANTS}


@pytest.mark.requirement("X13")
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: m.name)
def test_a_mutant_is_noticed_by_its_invariant_and_no_other(mutant: Mutant) -> None:
    found = check(mutant.change(clean()))
    assert {name: texts for name, texts in found.items() if texts}.keys() == {mutant.invariant}
