"""Staging tables: made once per connection, emptied by each commit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import asyncpg

_MADE: WeakKeyDictionary[asyncpg.Connection, set[str]] = WeakKeyDictionary()


def forget(connection: asyncpg.Connection) -> None:
    """Say that a transaction was rolled back: what it made is gone."""
    _MADE.pop(connection, None)


async def stage(
    connection: asyncpg.Connection,
    table: str,
    records: Sequence[tuple[Any, ...]],
    columns: Sequence[str] | None = None,
) -> str:
    """Copy records into a table's staging table and return that one's name.

    It must be taken over, once, in the same transaction. Arrays travel too, unlike through unnest.
    """
    name, made = f"stage_{table}", _MADE.setdefault(connection, set())
    if name not in made:
        await connection.execute(
            f"create temp table if not exists {name} (like {table}) on commit delete rows"
        )
        made.add(name)
    await connection.copy_records_to_table(name, records=records, columns=columns)
    return name
