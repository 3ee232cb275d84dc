"""Builds: each life of a projection's tables has its own schema; readers see one through views.

Swapping is pointing the views elsewhere, in one transaction; going back is the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from projections.engine.database import QUERIES, fetch, schema_of
from projections.engine.fence import READER, close_tables
from projections.engine.projection import Projection


class NotBuiltError(Exception):
    """A projection has no build yet; the project role makes the first one."""

    code = "projection_not_built"

    def __init__(self, projection: str) -> None:
        super().__init__(f"{projection} has no build yet")
        self.projection = projection


@dataclass(frozen=True, slots=True)
class Active:
    """The build that readers see, its code's version, and the build before it."""

    build: int
    version: int
    previous: int | None


async def active(connection: asyncpg.Connection, name: str) -> Active | None:
    """Return the build that readers of a projection see, None before the first."""
    row = await QUERIES.active(connection, projection=name)
    return Active(row["build"], row["version"], row["previous"]) if row else None


async def create(
    connection: asyncpg.Connection, projection: Projection[Any], epochs: Mapping[str, int]
) -> int:
    """Make an empty build with its tables and watermarks; return its number."""
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock(8, 2)")
        name = projection.name
        build: int = await QUERIES.new_build(
            connection, projection=name, version=projection.version
        )
        schema = schema_of(name, build)
        await connection.execute(f"drop schema if exists {schema} cascade; create schema {schema}")
        await connection.execute(f"set local search_path = {schema}, public; {projection.ddl}")
        await close_tables(connection, projection, schema)
        await add_sources(connection, name, build, epochs)
    return build


async def add_sources(
    connection: asyncpg.Connection, name: str, build: int, epochs: Mapping[str, int]
) -> None:
    """Start the watermarks of nodes that the build does not know yet."""
    for source, epoch in epochs.items():
        await QUERIES.add_watermarks(
            connection, projection=name, build=build, source=source, epoch=epoch
        )


async def activate(
    connection: asyncpg.Connection,
    projection: Projection[Any],
    build: int,
    readers: Sequence[str] = (),
) -> None:
    """Let readers see a build, `readers` beside the role of queries. Call it in a transaction."""
    schema = schema_of(projection.name, build)
    for role in readers:
        await connection.execute(
            f'grant usage on schema {schema} to "{role}";'
            f'grant select on all tables in schema {schema} to "{role}"'
        )
    for table in projection.tables:
        await connection.execute(
            f"drop view if exists public.{table}; create view public.{table}"  # noqa: S608 - own names
            f" with (security_invoker = true) as select * from {schema}.{table}"
        )
        for role in (READER, *readers):
            await connection.execute(f'grant select on public.{table} to "{role}"')
    await QUERIES.activate(connection, projection=projection.name, build=build)


async def drop(connection: asyncpg.Connection, name: str, build: int) -> None:
    """Remove a build with its tables; refuses (by the database) one that readers still see."""
    async with connection.transaction():
        await connection.execute(f"drop schema if exists {schema_of(name, build)}")
        await QUERIES.drop_build(connection, projection=name, build=build)


async def drop_old(connection: asyncpg.Connection, name: str) -> list[int]:
    """Remove the builds that are neither seen nor the way back; return their numbers."""
    old = [r["build"] for r in await fetch(connection, "old_builds", name)]
    for build in old:
        await connection.execute(f"drop schema if exists {schema_of(name, build)} cascade")
        await QUERIES.drop_build(connection, projection=name, build=build)
    return old
