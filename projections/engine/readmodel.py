"""The usual read model: a pure fold per key, shown as rows of tables; nothing about storage.

Subclass `ReadModel` and wrap it in `Kept`, which is the engine's `Projection`: one state per key in
`<name>_state`, and after each batch the difference between the rows a key showed before and shows
now, one statement per table. Additive tables (the cube) get sums by known day, and where a table
of coarser sums goes with one, that too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

import asyncpg

from events.contracts.base import Recorded
from events.rules.directory import Directory
from projections.engine.projection import AsOf, Cell, Change, Deltas
from projections.engine.staging import stage

R = TypeVar("R")
Row: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column and its PostgreSQL type (`text`, `date`, `bigint`, `jsonb` as text, `text[]` …)."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table that readers see. `key` is its primary key, `indexes` are column lists.

    An `additive` table ends with the columns known date, slice smallint, amount bigint, which the
    engine adds; all other columns are its key and what `additions` gives. One that holds `sums_of`
    an additive table has what `coarser` makes of its rows, by everything known now: it ends with
    amount alone. `fence` says which rows a query may see (`engine/fence.py`); without it none.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    indexes: tuple[str, ...] = ()
    additive: bool = False
    sums_of: str = ""
    fence: str = ""

    @property
    def primary(self) -> str:
        """Return the columns of the primary key."""
        return ", ".join((*self.key, "known", "slice") if self.additive else self.key)

    @property
    def names(self) -> list[str]:
        """Return the columns that rows are written with, in their order."""
        own = [c.name for c in self.columns]
        if self.additive:
            return [*own, "known", "slice", "amount"]
        return [*own, "amount"] if self.sums_of else own

    def ddl(self) -> str:
        """Return the statements that create it."""
        columns = [f"{c.name} {c.type}" for c in self.columns]
        if self.additive:
            columns += ["known date", "slice smallint"]
        if self.additive or self.sums_of:
            columns.append("amount bigint not null")
        indexes = "".join(
            f"create index {self.name}_{i} on {self.name} ({columns_});\n"
            for i, columns_ in enumerate(self.indexes)
        )
        columns.append(f"primary key ({self.primary})")
        return f"create table {self.name} ({', '.join(columns)});\n{indexes}"


class ReadModel(Generic[R]):
    """One read model. Methods are pure."""

    name: str
    version: int
    tables: tuple[Table, ...]
    types: frozenset[str] | None = None
    open_rows: str = ""
    """Which rows have open days: a condition on `key` and `slice` of the state, none without."""

    def key(self, fact: Recorded[Any]) -> str | None:
        """Return the key of the row that a fact changes; None where it changes none."""
        raise NotImplementedError

    def project(self, row: R | None, fact: Recorded[Any], directory: Directory) -> R | None:
        """Return the row after a fact; `directory` is as of the fact's seq."""
        raise NotImplementedError

    def replan(self, row: R, seq: int, as_of: AsOf) -> R:  # noqa: ARG002
        """Return the row with its open days by the directory as of a seq (`engine/planning.py`)."""
        return row

    def dump(self, row: R) -> bytes:
        """Write a row's state."""
        raise NotImplementedError

    def load(self, state: bytes) -> R:
        """Read a row's state."""
        raise NotImplementedError

    def rows(self, key: str, row: R) -> Iterable[tuple[str, Row]]:  # noqa: ARG002
        """Return (table, values in column order) for everything the row shows."""
        return ()

    def additions(self, row: R) -> Iterable[tuple[tuple[str, Row], int]]:  # noqa: ARG002
        """Return what a row adds to additive tables: ((table, values in column order), amount)."""
        return ()

    def coarser(self, values: Row) -> Iterable[Row]:  # noqa: ARG002
        """Return the rows of coarser sums that a row of an additive table is part of."""
        return ()


class Kept(Generic[R]):
    """A read model as the engine keeps it."""

    def __init__(self, model: ReadModel[R]) -> None:
        self.model, self.name, self.version, self.types = (
            model, model.name, model.version, model.types,
        )  # fmt: skip
        self._tables = {t.name: t for t in model.tables}
        self._coarser = {t.sums_of: t for t in model.tables if t.sums_of}
        self.tables: Mapping[str, str] = {t.name: t.primary for t in model.tables}
        self.fences: Mapping[str, str] = {t.name: t.fence for t in model.tables if t.fence}

    @property
    def ddl(self) -> str:
        """Create the state and every table."""
        state = (
            f"create table {self.name}_state (key text primary key, slice smallint not null,"
            " state bytea not null);\n"
        )
        return state + "".join(t.ddl() for t in self.model.tables)

    def key(self, fact: Recorded[Any]) -> str | None:
        """Return the key of the row that a fact changes."""
        return self.model.key(fact)

    def project(self, row: R | None, fact: Recorded[Any], directory: Directory) -> R | None:
        """Return the row after a fact."""
        return self.model.project(row, fact, directory)

    async def open_keys(
        self, connection: asyncpg.Connection, slices: Sequence[int]
    ) -> list[tuple[str, int]]:
        """Return the keys of the rows with open days in these slices, each with its slice."""
        if not self.model.open_rows:
            return []
        query = (
            f"select key, slice from {self.name}_state s where slice = any($1::smallint[])"  # noqa: S608
            f" and {self.model.open_rows}"
        )
        return [(r["key"], r["slice"]) for r in await connection.fetch(query, slices)]

    def replan(self, row: R, seq: int, as_of: AsOf) -> R:
        """Return the row with its open days by the directory as of a seq."""
        return self.model.replan(row, seq, as_of)

    def contributions(self, row: R) -> Iterable[tuple[Cell, int]]:
        """Return what a row adds to the additive tables."""
        return self.model.additions(row)

    async def load(self, connection: asyncpg.Connection, keys: Sequence[str]) -> dict[str, R]:
        """Return the rows that exist, by key."""
        found = await connection.fetch(
            f"select key, state from {self.name}_state where key = any($1::text[])",  # noqa: S608
            list(keys),
        )
        return {r["key"]: self.model.load(r["state"]) for r in found}

    async def save(self, connection: asyncpg.Connection, changes: Sequence[Change[R]]) -> None:
        """Write a batch's changed rows: states, then the difference of what they show."""
        await self._save_states(connection, changes)
        gone: dict[str, dict[Row, Row]] = {}
        shown: dict[str, dict[Row, Row]] = {}
        for change in changes:
            before = dict(self._shown(change.key, change.old))
            after = dict(self._shown(change.key, change.new))
            for (table, key), values in before.items():
                if (table, key) not in after:
                    gone.setdefault(table, {})[key] = values
            for (table, key), values in after.items():
                if before.get((table, key)) != values:
                    shown.setdefault(table, {})[key] = values
        for table, rows in gone.items():
            await self._delete(connection, self._tables[table], list(rows))
        for table, rows in shown.items():
            await self._upsert(connection, self._tables[table], list(rows.values()))

    def _shown(self, key: str, row: R | None) -> Iterator[tuple[tuple[str, Row], Row]]:
        for table, values in () if row is None else self.model.rows(key, row):
            place = self._tables[table]
            names = place.names
            yield (table, tuple(values[names.index(k)] for k in place.key)), values

    async def _save_states(
        self, connection: asyncpg.Connection, changes: Sequence[Change[R]]
    ) -> None:
        kept = [(c.key, c.slice, self.model.dump(c.new)) for c in changes if c.new is not None]
        gone = [c.key for c in changes if c.new is None]
        if gone:
            await connection.execute(
                f"delete from {self.name}_state where key = any($1::text[])",  # noqa: S608
                gone,
            )
        if kept:
            keys, slices, states = zip(*kept, strict=True)
            await connection.execute(
                f"insert into {self.name}_state (key, slice, state)"  # noqa: S608
                " select * from unnest($1::text[], $2::smallint[], $3::bytea[])"
                " on conflict (key) do update set state = excluded.state",
                list(keys),
                list(slices),
                list(states),
            )

    async def _delete(
        self, connection: asyncpg.Connection, table: Table, keys: Sequence[Row]
    ) -> None:
        types = {c.name: c.type for c in table.columns}
        arrays = ", ".join(f"${i}::{types[k]}[]" for i, k in enumerate(table.key, 1))
        names = ", ".join(table.key)
        await connection.execute(
            f"delete from {table.name} where ({names}) in (select * from unnest({arrays}))",  # noqa: S608
            *map(list, zip(*keys, strict=True)),
        )

    async def _upsert(
        self, connection: asyncpg.Connection, table: Table, rows: Sequence[Row]
    ) -> None:
        names = table.names
        rest = [n for n in names if n not in table.key]
        update = ", ".join(f"{n} = excluded.{n}" for n in rest)
        action = f"do update set {update}" if rest else "do nothing"
        await self._insert(
            connection, table, rows, names, f"on conflict ({', '.join(table.key)}) {action}"
        )

    async def _insert(
        self,
        connection: asyncpg.Connection,
        table: Table,
        rows: Sequence[Row],
        names: Sequence[str],
        conflict: str,
    ) -> None:
        staged, listed = await stage(connection, table.name, rows, names), ", ".join(names)
        await connection.execute(
            f"insert into {table.name} ({listed}) select {listed} from {staged} {conflict}"  # noqa: S608
        )

    async def save_deltas(self, connection: asyncpg.Connection, deltas: Deltas) -> None:
        """Add amounts to the additive tables and to the coarser sums."""
        by_table: dict[str, list[Row]] = {}
        for (cell, known, slice_), amount in deltas.items():
            place, values = _cell(cell)
            by_table.setdefault(place, []).append((*values, known, slice_, amount))
        for name, rows in by_table.items():
            await self._add(connection, self._tables[name], rows)
        for name, table in self._coarser.items():
            sums = self._sums(by_table.get(name, ()), len(self._tables[name].columns))
            await self._add(connection, table, sums)

    def _sums(self, rows: Iterable[Row], width: int) -> list[Row]:
        """Return the coarser rows with what is added, sorted: two writers never wait crosswise."""
        sums: Counter[Row] = Counter()
        for row in rows:
            for coarse in self.model.coarser(row[:width]):
                sums[coarse] += row[-1]
        return sorted((*coarse, amount) for coarse, amount in sums.items() if amount)

    async def _add(self, connection: asyncpg.Connection, table: Table, rows: Sequence[Row]) -> None:
        if rows:
            more = f"do update set amount = {table.name}.amount + excluded.amount"
            conflict = f"on conflict ({table.primary}) {more}"
            await self._insert(connection, table, rows, table.names, conflict)


def _cell(cell: Any) -> tuple[str, Row]:  # noqa: ANN401
    table, values = cell
    return table, values
