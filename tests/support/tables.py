"""A table whose rows are dataclasses: its DDL, set-based load, and the fastest set-based save.

New rows go in with COPY, changed ones with one UPDATE from a JSON parameter, gone ones with one
DELETE; each is one statement per batch whatever its size.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import date, datetime
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Generic, Union, cast, get_args, get_origin, get_type_hints

import asyncpg
import orjson

from projections.engine.projection import Change, R

_SQL_TYPES: dict[object, str] = {
    str: 'text collate "C"',
    int: "bigint",
    bool: "boolean",
    float: "double precision",
    date: "date",
    datetime: "timestamptz",
}


class RowTable(Generic[R]):
    """One table of frozen dataclass rows; `key` names the field that identifies a row.

    Scalars become columns of their own type, everything else (tuples, dicts, nested values) jsonb.
    `read` makes a row from a record where the dataclass has fields that jsonb cannot give back.
    """

    def __init__(
        self,
        name: str,
        row: type[R],
        key: str = "key",
        *,
        extra: str = "",
        read: Callable[[asyncpg.Record], R] | None = None,
    ) -> None:
        self.name = name
        self.key = key
        hints = get_type_hints(row)
        self.columns = {f.name: _column(hints[f.name]) for f in fields(cast("Any", row))}
        self.ddl = self._ddl() + extra
        self._read: Callable[[asyncpg.Record], R] = read or (lambda r: row(*r))
        self._values = attrgetter(*self.columns)
        self._write_statements()

    def _ddl(self) -> str:
        wanted = (f"{c} {t}{'' if null else ' not null'}" for c, (t, null) in self.columns.items())
        return (
            f"create table {self.name} ({', '.join(wanted)}, primary key ({self.key}))"
            " with (fillfactor = 70);\n"
        )

    def _write_statements(self) -> None:
        names = ", ".join(self.columns)
        record = ", ".join(f"{c} {t.split()[0]}" for c, (t, _) in _plain(self.columns).items())
        sets = ", ".join(f"{c} = n.{c}" for c in self.columns if c != self.key)
        self._select = f"select {names} from {self.name} where {self.key} = any($1)"  # noqa: S608 - own names
        self._delete = f"delete from {self.name} where {self.key} = any($1)"  # noqa: S608 - own names
        self._update = (
            f"update {self.name} t set {sets} from jsonb_to_recordset($1::text::jsonb)"  # noqa: S608 - own names
            f" n({record}) where t.{self.key} = n.{self.key}"
        )

    async def load(self, connection: asyncpg.Connection, keys: Sequence[str]) -> dict[str, R]:
        """Return the rows that exist, by key."""
        found = await connection.fetch(self._select, keys)
        return {r[self.key]: self._read(r) for r in found}

    async def save(self, connection: asyncpg.Connection, changes: Sequence[Change[R]]) -> None:
        """Write changed rows: at most three statements."""
        new = [self._values(c.new) for c in changes if c.old is None and c.new is not None]
        old = [c.new for c in changes if c.old is not None and c.new is not None]
        gone = [c.key for c in changes if c.old is not None and c.new is None]
        if gone:
            await connection.execute(self._delete, gone)
        if old:
            await connection.execute(self._update, orjson.dumps(old).decode())
        if new:
            await connection.copy_records_to_table(
                self.name, records=new, columns=list(self.columns)
            )


def _column(hint: object) -> tuple[str, bool]:
    null = False
    if get_origin(hint) in (Union, UnionType):
        inner = [a for a in get_args(hint) if a is not NoneType]
        null = len(inner) < len(get_args(hint))
        hint = inner[0] if len(inner) == 1 else object
    return (_SQL_TYPES.get(hint, "jsonb") if isinstance(hint, type) else "jsonb"), null


def _plain(columns: dict[str, tuple[str, bool]]) -> dict[str, tuple[str, bool]]:
    return {c: (t.replace("double precision", "float8"), null) for c, (t, null) in columns.items()}
