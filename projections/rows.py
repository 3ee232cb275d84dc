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
from projections.engine.projection import Change

State: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RowTable:
    """A table of rows; `key`, `slice` and `body` are added.

    Columns are (name, type) pairs, indexes what follows the table's name.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    indexes: tuple[str, ...] = ()

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


class RowModel:
    """A read model of row tables; what is pure is left to its subclass."""

    name: str
    version: int
    types: frozenset[str] | None
    row_tables: ClassVar[Mapping[str, RowTable]]
    """Tables by the kind of key (`person-…` → `person`)."""

    @property
    def tables(self) -> Mapping[str, str]:
        """Name the tables that readers see with their key columns."""
        return {table.name: "key" for table in self.row_tables.values()}

    @property
    def ddl(self) -> str:
        """Create the tables."""
        return "".join(table.ddl for table in self.row_tables.values())

    def key(self, fact: Recorded[Any]) -> str | None:
        """Return the key of the row that a fact changes."""
        raise NotImplementedError

    def project(self, row: State | None, fact: Recorded[Any], directory: Directory) -> State | None:
        """Return the row after a fact."""
        raise NotImplementedError

    def columns(self, kind: str, row: State) -> tuple[Any, ...]:
        """Return the values of a row's query columns."""
        raise NotImplementedError

    def dump(self, row: State) -> bytes:
        """Write a row's state."""
        return orjson.dumps(row)

    async def load(self, connection: asyncpg.Connection, keys: Sequence[str]) -> dict[str, State]:
        """Return the rows that exist, by key."""
        found: dict[str, State] = {}
        for kind, own in _by_kind(keys).items():
            table = self.row_tables[kind].name
            query = f"select key, body from {table} where key = any($1::text[])"  # noqa: S608
            rows = await connection.fetch(query, own)
            found |= {r["key"]: orjson.loads(r["body"]) for r in rows}
        return found

    async def save(self, connection: asyncpg.Connection, changes: Sequence[Change[State]]) -> None:
        """Write a batch's changed rows, one statement per table."""
        by_kind: dict[str, list[tuple[Any, ...]]] = {}
        for change in changes:
            if change.new is None:
                continue
            kind = change.key.partition("-")[0]
            values = self.columns(kind, change.new)
            record = (change.key, change.slice, *values, self.dump(change.new))
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
