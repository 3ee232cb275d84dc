"""Read models whose row is its own state: one table per kind of row, one write per changed row.

Beside the columns that queries ask for, each row keeps the whole state in `body`; an API query
answers from that, and the fold goes on from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

import asyncpg
import orjson

from events.contracts.base import Recorded
from events.rules.directory import Directory
from projections.engine.projection import AsOf, Change

State: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RowTable:
    """A table of rows; `key`, `slice` and `body` are added.

    Columns are (name, type) pairs, indexes what follows the table's name, `fence` says which rows
    a query may see (`engine/fence.py`); without it none.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    indexes: tuple[str, ...] = ()
    fence: str = ""

    @property
    def ddl(self) -> str:
        """Return the statements that create it."""
        columns = "".join(f" {name} {type_},\n" for name, type_ in self.columns)
        indexes = "".join(
            f"create index {self.name}_{i} on {self.name} {on};\n"
            for i, on in enumerate(self.indexes)
        )
        return (
            f'create table {self.name} (key text collate "C" primary key,'
            f" slice smallint not null,\n{columns} body bytea not null)"
            f" with (fillfactor = 80);\n{indexes}"
        )

    @property
    def upsert(self) -> str:
        """Return the statement that writes many rows from one array per column.

        Array columns cannot travel through unnest, so they come as text.
        """
        typed = [("key", "text"), ("slice", "smallint"), *self.columns, ("body", "bytea")]
        names = ", ".join(name for name, _ in typed)
        kinds = [type_.split()[0] for _, type_ in typed]
        arrays = ", ".join(
            f"${i}::{'text' if _is_array(kind) else kind}[]" for i, kind in enumerate(kinds, 1)
        )
        chosen = ", ".join(
            f"{name}::{kind}" if _is_array(kind) else name
            for (name, _), kind in zip(typed, kinds, strict=True)
        )
        update = ", ".join(f"{name} = excluded.{name}" for name, _ in typed[2:])
        return (
            f"insert into {self.name} ({names}) select {chosen}"  # noqa: S608
            f" from unnest({arrays}) as u({names}) on conflict (key) do update set {update}"
        )


def _is_array(kind: str) -> bool:
    return kind.endswith("[]")


def array(items: Iterable[str]) -> str:
    """Write words without quotes or commas as the text of a PostgreSQL array."""
    return "{" + ",".join(items) + "}"


class Row:
    """A row in memory: its state while it is worked on, its written form alone once saved.

    Thousands of rows are remembered between batches; as bytes they are small.
    """

    __slots__ = ("_state", "body")

    def __init__(self, state: State | None, body: bytes = b"") -> None:
        self._state = state
        self.body = body

    @property
    def state(self) -> State:
        """Return the state; read anew from the written form where it is not at hand."""
        if self._state is None:
            read: State = orjson.loads(self.body)
            return read
        return self._state

    def write(self) -> bytes:
        """Return the written form, and keep no other."""
        if self._state is not None:
            self.body, self._state = orjson.dumps(self._state), None
        return self.body


class RowModel:
    """A read model of row tables; what is pure is left to its subclass."""

    name: str
    version: int
    types: frozenset[str] | None
    row_tables: ClassVar[Mapping[str, RowTable]]
    """Tables by the kind of key (`person-…` → `person`)."""
    open_rows: ClassVar[Mapping[str, str]] = {}
    """Which rows of a kind have open days: a condition on their columns."""

    @property
    def tables(self) -> Mapping[str, str]:
        """Name the tables that readers see with their key columns."""
        return {table.name: "key" for table in self.row_tables.values()}

    @property
    def fences(self) -> Mapping[str, str]:
        """Name the policy of each table."""
        return {table.name: table.fence for table in self.row_tables.values() if table.fence}

    @property
    def ddl(self) -> str:
        """Create the tables."""
        return "".join(table.ddl for table in self.row_tables.values())

    def key(self, fact: Recorded[Any]) -> str | None:
        """Return the key of the row that a fact changes."""
        raise NotImplementedError

    def fold(self, state: State | None, fact: Recorded[Any], directory: Directory) -> State:
        """Return the state after a fact; the old one stays as it was. Pure."""
        raise NotImplementedError

    def columns(self, kind: str, state: State) -> tuple[Any, ...]:
        """Return the values of a row's query columns."""
        raise NotImplementedError

    def replan(self, row: Row, seq: int, as_of: AsOf) -> Row:  # noqa: ARG002
        """Return the row with its open days by the directory as of a seq (`engine/planning.py`)."""
        return row

    def project(self, row: Row | None, fact: Recorded[Any], directory: Directory) -> Row | None:
        """Return the row after a fact."""
        return Row(self.fold(None if row is None else row.state, fact, directory))

    async def open_keys(
        self, connection: asyncpg.Connection, slices: Sequence[int]
    ) -> list[tuple[str, int]]:
        """Return the keys of the rows with open days in these slices, each with its slice."""
        found: list[tuple[str, int]] = []
        for kind, condition in self.open_rows.items():
            table = self.row_tables[kind].name
            query = (
                f"select key, slice from {table} where slice = any($1::smallint[]) and {condition}"  # noqa: S608
            )
            found += [(r["key"], r["slice"]) for r in await connection.fetch(query, slices)]
        return found

    async def load(self, connection: asyncpg.Connection, keys: Sequence[str]) -> dict[str, Row]:
        """Return the rows that exist, by key."""
        found: dict[str, Row] = {}
        for kind, own in _by_kind(keys).items():
            table = self.row_tables[kind].name
            query = f"select key, body from {table} where key = any($1::text[])"  # noqa: S608
            rows = await connection.fetch(query, own)
            found |= {r["key"]: Row(None, r["body"]) for r in rows}
        return found

    async def save(self, connection: asyncpg.Connection, changes: Sequence[Change[Row]]) -> None:
        """Write a batch's changed rows, one statement per table."""
        by_kind: dict[str, list[tuple[Any, ...]]] = {}
        for change in changes:
            if change.new is None:
                continue
            kind = change.key.partition("-")[0]
            values = self.columns(kind, change.new.state)
            record = (change.key, change.slice, *values, change.new.write())
            by_kind.setdefault(kind, []).append(record)
        for kind, records in by_kind.items():
            await _write(connection, self.row_tables[kind], records)


def _by_kind(keys: Sequence[str]) -> dict[str, list[str]]:
    parts: dict[str, list[str]] = {}
    for key in keys:
        parts.setdefault(key.partition("-")[0], []).append(key)
    return parts


async def _write(
    connection: asyncpg.Connection, table: RowTable, records: Sequence[tuple[Any, ...]]
) -> None:
    await connection.execute(table.upsert, *zip(*records, strict=True))
