"""A row as it stood on a day, as known at a point: its events folded again (R41, design.md 8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import asyncpg

from events.contracts.corrections import restated
from events.rules.directory import Directory
from events.rules.time import day_end, shanghai_day
from projections.api.events import recorded
from projections.api.reading import AUDIT, every
from projections.ledger.cells import State
from projections.ledger.model import LEDGER as MODEL


async def known_seq(connection: asyncpg.Connection, known: int | date | None) -> int | None:
    """Return the seq of a known point: a number, or the end of a Shanghai day."""
    if isinstance(known, date):
        return int(await AUDIT.known_on(connection, until=day_end(known)))
    return known


async def row_as_of(
    connection: asyncpg.Connection,
    subject: str,
    directory: Directory,
    valid: date | None,
    known: int | None,
) -> State | None:
    """Fold a subject's events that had happened by a day and were known at a seq."""
    rows = await every(AUDIT.of_subject(connection, subject=subject, until=known))
    return fold(restated(recorded(r) for r in rows), directory, valid)


def fold(facts: Iterable[Any], directory: Directory, valid: date | None) -> State | None:
    """Fold facts in order; what happened after the day is left out."""
    row: State | None = None
    for fact in facts:
        happened = valid is None or shanghai_day(fact.occurred_at) <= valid
        if happened and MODEL.key(fact) is not None:
            row = MODEL.fold(row, fact, directory)
    return row
