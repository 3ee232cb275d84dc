"""What corrections make of a history: each fact as it says today, the void ones left out (X2)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from events.contracts.base import Recorded
from events.contracts.catalogue import ALL
from events.contracts.restating import ProposedCorrection, RejectedCorrection, RestatedFact

RESTATING: frozenset[str] = frozenset(
    name for name, event in ALL.classes.items() if issubclass(event, RestatedFact)
)
"""The types by which a fact comes to say something else."""
DECIDING: frozenset[str] = RESTATING | frozenset(
    name for name, event in ALL.classes.items() if issubclass(event, RejectedCorrection)
)
"""The types that answer a proposed correction."""
PROPOSING: frozenset[str] = frozenset(
    name for name, event in ALL.classes.items() if issubclass(event, ProposedCorrection)
)
"""The types that propose one."""


def restated(facts: Iterable[Recorded[Any]]) -> list[Recorded[Any]]:
    """Return a history as its corrections leave it; corrections themselves stay in it.

    A fact keeps its place, its event and everything of its envelope but `occurred_at`. Where it
    was corrected more than once the last correction counts. Only corrections among `facts` do, so
    a history cut at any point tells what was known there.
    """
    history = list(facts)
    last = corrections(history)
    if not last:
        return history
    return [new for fact in history if (new := _now(fact, last.get(fact.event_id))) is not None]


def corrections(facts: Iterable[Recorded[Any]]) -> Mapping[str, Recorded[RestatedFact]]:
    """Return the correction that counts for each event that has one."""
    return {
        fact.event.corrects: fact
        for fact in facts
        if isinstance(fact.event, RestatedFact) and fact.event.corrects is not None
    }


def _now(fact: Recorded[Any], by: Recorded[RestatedFact] | None) -> Recorded[Any] | None:
    if by is None:
        return fact
    said = by.event
    if said.body is None or said.of is None:
        return None
    return replace(
        fact,
        event=ALL.read(said.of, json.dumps(said.body).encode()),
        occurred_at=said.happened_at or fact.occurred_at,
        corrected_by=by.seq,
        data=b"",
    )
