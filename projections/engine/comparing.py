"""Row by row: whether two builds of a projection hold the same, in bounded memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from projections.engine.database import schema_of
from projections.engine.projection import Projection

SAMPLES = 20
SUM = "amount"
"""The column of a sum; where parts that came one by one cancelled out, a rebuild adds no row."""
_COLUMNS = """select column_name from information_schema.columns
where table_schema = any($1) and table_name = $2
group by column_name having count(*) = $3 order by column_name"""


@dataclass(slots=True)
class Comparison:
    """Rows compared, and where they differ: `table key` of at most twenty rows."""

    rows: int = 0
    differences: int = 0
    samples: list[str] = field(default_factory=list)

    @property
    def equal(self) -> bool:
        """Whether no row differs."""
        return self.differences == 0

    def differ(self, table: str, key: str) -> None:
        """Count a difference."""
        self.differences += 1
        if len(self.samples) < SAMPLES:
            self.samples.append(f"{table} {key}")


async def compare(
    old: asyncpg.Connection,
    new: asyncpg.Connection,
    projection: Projection[Any],
    old_build: int,
    new_build: int,
) -> Comparison:
    """Compare every table's common columns; `old` is inside a transaction of its snapshot."""
    result = Comparison()
    schemas = [schema_of(projection.name, b) for b in (old_build, new_build)]
    for table, key in projection.tables.items():
        columns = [r[0] for r in await new.fetch(_COLUMNS, schemas, table, len(set(schemas)))]
        async with new.transaction():
            queries = [_query(schema, table, key, columns) for schema in schemas]
            await _merge(result, table, _rows(old, queries[0]), _rows(new, queries[1]))
    return result


def _query(schema: str, table: str, key: str, columns: list[str]) -> str:
    row = ", ".join(columns)
    standing = f" where {SUM} <> 0" if SUM in columns else ""
    return (
        f'select row({key})::text collate "C" as k, md5(row({row})::text) as h'  # noqa: S608 - own names
        f" from {schema}.{table}{standing} order by k"
    )


async def _rows(connection: asyncpg.Connection, query: str) -> AsyncIterator[tuple[str, str]]:
    async for record in connection.cursor(query, prefetch=2_000):
        yield record["k"], record["h"]


async def _merge(
    result: Comparison,
    table: str,
    old: AsyncIterator[tuple[str, str]],
    new: AsyncIterator[tuple[str, str]],
) -> None:
    one, other = await anext(old, None), await anext(new, None)
    while one is not None or other is not None:
        result.rows += 1
        if one is not None and (other is None or one[0] < other[0]):
            result.differ(table, one[0])
            one = await anext(old, None)
        elif other is not None and (one is None or other[0] < one[0]):
            result.differ(table, other[0])
            other = await anext(new, None)
        else:
            if one != other and one is not None:
                result.differ(table, one[0])
            one, other = await anext(old, None), await anext(new, None)
