"""A small read model for the engine's tests: a count and a sum per subject, and figures of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import asyncpg

from events.contracts.base import Catalogue, Count, Event, Recorded
from events.rules.directory import Directory
from projections.engine.projection import Cell, Change, Deltas
from tests.support.tables import RowTable

BAD = 666
REFUSED = 77_777


class Counted(Event):
    """Something was counted."""

    type: ClassVar[str] = "test.counted.v1"
    zh: ClassVar[str] = "计数"
    en: ClassVar[str] = "Counted"
    amount: Count


class Ignored(Event):
    """Something that the tally does not fold."""

    type: ClassVar[str] = "test.ignored.v1"
    zh: ClassVar[str] = "忽略"
    en: ClassVar[str] = "Ignored"


CATALOGUE = Catalogue[Any](Counted | Ignored)


def counted(amount: int) -> bytes:
    """Write the body of a `Counted`."""
    return b'{"amount":%d}' % amount


@dataclass(frozen=True, slots=True)
class Row:
    """One subject's tally."""

    key: str
    count: int
    total: int
    last_seq: int
    trail: tuple[int, ...]


class Tally:
    """Counts per subject; `BAD` makes the code fail, `REFUSED` the database."""

    name = "tally"
    types: frozenset[str] | None = frozenset({Counted.type})
    tables: Mapping[str, str] = {"rm_tally": "key"}

    def __init__(self, version: int = 1, *, lenient: bool = False) -> None:
        self.version = version
        self._lenient = lenient
        self._table = RowTable("rm_tally", Row)
        self.ddl = (
            self._table.ddl
            + f"alter table rm_tally add check (total <> {REFUSED});"
            + "create table rm_tally_figures (cell text, day date, slice int, amount bigint,"
            " primary key (cell, day, slice));"
        )

    def key(self, fact: Recorded[Any]) -> str | None:
        """Key rows by subject."""
        return fact.subject

    async def load(self, connection: asyncpg.Connection, keys: Sequence[str]) -> dict[str, Row]:
        """Load rows."""
        found = await self._table.load(connection, keys)
        return {k: replace(r, trail=tuple(r.trail)) for k, r in found.items()}

    def project(self, row: Row | None, fact: Recorded[Any], directory: Directory) -> Row | None:
        """Count."""
        amount = fact.event.amount
        if amount == BAD and not self._lenient:
            raise ZeroDivisionError
        row = row or Row(fact.subject, 0, 0, 0, ())
        trail = (*row.trail[-4:], directory.seq or fact.seq)
        return Row(row.key, row.count + 1, row.total + amount, fact.seq, trail)

    async def save(self, connection: asyncpg.Connection, changes: Sequence[Change[Row]]) -> None:
        """Save rows."""
        await self._table.save(connection, changes)

    def contributions(self, row: Row) -> Iterable[tuple[Cell, int]]:
        """Add the subject's count and total to the figures of all."""
        return [("count", row.count), ("total", row.total)]

    async def save_deltas(self, connection: asyncpg.Connection, deltas: Deltas) -> None:
        """Add to the figures."""
        rows = [(str(cell), day, slice_, n) for (cell, day, slice_), n in deltas.items()]
        await connection.executemany(
            "insert into rm_tally_figures as f values ($1, $2, $3, $4)"
            " on conflict (cell, day, slice) do update set amount = f.amount + excluded.amount",
            rows,
        )


async def digest(dsn: str) -> list[tuple[Any, ...]]:
    """Return every row that readers see, in order."""
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch(
            "select key, count, total, last_seq from rm_tally order by key"
        )
        return [tuple(r) for r in rows]
    finally:
        await connection.close()
