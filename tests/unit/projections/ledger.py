"""A person's row of the ledger, folded from a log, for the tests of its parts."""

from __future__ import annotations

from typing import Any

from events.contracts.base import Event, Recorded, StreamId
from projections.ledger.model import LEDGER
from tests.unit.projections import story
from tests.unit.projections.story import Log


def folded(facts: list[Recorded[Any]], row: dict[str, Any] | None = None) -> dict[str, Any]:
    for fact in facts:
        if LEDGER.key(fact) == f"person-{story.ANNA}":
            row = LEDGER.fold(row, fact, story.DIRECTORY)
    assert row is not None
    return row


def after(log: Log, *adding: tuple[StreamId, Event, str]) -> dict[str, Any]:
    for stream, event, day in adding:
        log.add(stream, event, day)
    return folded(log.facts)


def case_of(row: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = row["cases"][row["case"]]
    return found


def column(row: dict[str, Any], name: str) -> object:
    names = [n for n, _ in LEDGER.row_tables["person"].columns]
    return LEDGER.columns("person", row)[names.index(name)]
