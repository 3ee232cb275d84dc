"""Migrations of a database, and the identity of the node whose log it keeps.

One migration runs at a time (advisory lock (7, 4)); each in its own transaction, recorded by name.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from importlib.resources.abc import Traversable

import asyncpg

_RECORD = """
create schema if not exists migration;
create table if not exists migration.applied (
 name text collate "C" primary key, applied_at timestamptz not null default now())
"""

_NAME = """
insert into log.node (source, simulated, system_identifier, database)
select $1, $2, system_identifier, (select oid from pg_database where datname = current_database())
from pg_control_system() on conflict do nothing
"""


@asynccontextmanager
async def _connected(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        yield connection
    finally:
        await connection.close()


async def migrate(dsn: str, folder: Traversable | None = None) -> list[str]:
    """Apply the folder's new `NNNN_*.sql` in name order (default: the event log's).

    Returns the names applied. Where there are any, the login must own the database and may need to
    create roles.
    """
    folder = folder or files("events.log").joinpath("migrations")
    scripts = {f.name: f for f in folder.iterdir() if f.name.endswith(".sql")}
    async with _connected(dsn) as connection:
        if not scripts.keys() - await _applied(connection):
            return []
        await connection.execute("select pg_advisory_lock(7, 4)")
        await connection.execute(_RECORD)
        pending = sorted(scripts.keys() - await _applied(connection))
        for name in pending:
            await _apply(connection, name, scripts[name].read_text("utf-8"))
    return pending


async def _applied(connection: asyncpg.Connection) -> set[str]:
    if await connection.fetchval("select to_regclass('migration.applied')") is None:
        return set()
    return {r[0] for r in await connection.fetch("select name from migration.applied")}


async def _apply(connection: asyncpg.Connection, name: str, script: str) -> None:
    async with connection.transaction():
        await connection.execute(script)
        await connection.execute("reset role; reset search_path")
        await connection.execute("insert into migration.applied (name) values ($1)", name)


async def name_node(dsn: str, source: str, *, simulated: bool = False) -> None:
    """Write once whose log the database keeps; a second call must name the same node.

    A simulated node takes the caller's clock (demo, tests). Raises ValueError on another name.
    """
    query = "select source, simulated from log.node"
    async with _connected(dsn) as connection:
        if not await connection.fetchrow(query):
            await connection.execute(_NAME, source, simulated)
        kept = await connection.fetchrow(query)
    if kept is None or tuple(kept) != (source, simulated):
        raise ValueError(f"this log belongs to another node: {kept and kept['source']}")


async def create_database(owner_dsn: str, name: str) -> bool:
    """Create a database through an owner's connection; False when it was there already."""
    async with _connected(owner_dsn) as connection:
        if await connection.fetchval("select 1 from pg_database where datname = $1", name):
            return False
        await connection.execute(
            f"create database {_quoted(name)} template template0 encoding 'UTF8' locale 'C'"
        )
        return True


async def create_login(owner_dsn: str, name: str, password: str, *roles: str) -> None:
    """Create or renew a login that is a member of roles (`log_append`, `log_sequence` …).

    An appender's idle transactions end after 5 s, so none can hold the fence for long.
    """
    async with _connected(owner_dsn) as connection:
        known = await connection.fetchval("select 1 from pg_roles where rolname = $1", name)
        verb = "alter" if known else "create"
        secret = "'" + password.replace("'", "''") + "'"
        await connection.execute(f"{verb} role {_quoted(name)} login password {secret}")
        for role in roles:
            await connection.execute(f"grant {_quoted(role)} to {_quoted(name)}")
        if "log_append" in roles:
            await connection.execute(
                f"alter role {_quoted(name)} set idle_in_transaction_session_timeout = '5s';"
                f"alter role {_quoted(name)} set transaction_timeout = '30s'"
            )


def _quoted(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'
