"""Connections of the engine: one per build, with the build's own schema first in its path."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import aiosql
import asyncpg
import orjson

from events.log.outage import OUTAGE
from events.log.port import LogClosedError

_HERE = files("projections.engine")
QUERIES: Any = aiosql.from_str(_HERE.joinpath("engine.sql").read_text("utf-8"), "asyncpg")
SCHEMA = _HERE.joinpath("schema.sql").read_text("utf-8")
COMMAND_SECONDS = 120

TRANSIENT: tuple[type[Exception], ...] = (
    *OUTAGE,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.PostgresSystemError,
    asyncpg.TransactionRollbackError,
    asyncpg.InvalidCachedStatementError,
    LogClosedError,
)
"""Errors that pass by themselves: wait, connect again, do the same again."""


async def fetch(connection: asyncpg.Connection, query: str, *args: object) -> list[asyncpg.Record]:
    """Run a named query in one round trip; arguments in the order of their first use."""
    return await connection.fetch(getattr(QUERIES, query).sql, *args)


def schema_of(projection: str, build: int) -> str:
    """Name the schema that holds a build's tables."""
    return f"{projection}_b{build}"


async def connect(dsn: str, path: str = "public", **settings: str) -> asyncpg.Connection:
    """Open a connection whose statements find a build's tables first."""
    connection = await asyncpg.connect(
        dsn,
        timeout=10,
        command_timeout=COMMAND_SECONDS,
        server_settings={
            "application_name": "bangfu-project",
            "search_path": f"{path}, public",
            "jit": "off",
            **settings,
        },
    )
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=lambda value: b"\x01" + orjson.dumps(value),
        decoder=lambda data: orjson.loads(data[1:]),
    )
    return connection


async def install(dsn: str) -> None:
    """Create the engine's own tables where absent."""
    connection = await connect(dsn)
    try:
        async with connection.transaction():
            await connection.execute("select pg_advisory_xact_lock(8, 1)")
            await connection.execute(SCHEMA)
    finally:
        await connection.close()
