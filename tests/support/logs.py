"""Commands for tests of the log: ids and times are counted, never drawn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import asyncpg

from events.contracts.base import StreamId
from events.log.checkpoints import Signer
from events.log.lane import answer_of, batch_arguments
from events.log.memory import MemoryLog
from events.log.migrate import migrate, name_node
from events.log.port import Answer, Append, Claim, Draft, Touch
from events.log.postgres import QUERIES, PostgresLog
from events.log.sequencer import Sequencer

START = datetime(2008, 6, 1, tzinfo=UTC)
PRINT = bytes(range(32))
TYPE = "registry.person_registered.v1"
Log = PostgresLog | MemoryLog


def uid(number: int) -> UUID:
    return UUID(int=number, version=4)


def draft(number: int, *, data: bytes = b"{}", meta: bytes = b'{"actor":"user-1"}') -> Draft:
    return Draft(uid(number), TYPE, meta, data, number.to_bytes(16, "big"))


def touch(stream: str, expected: int, *events: int, subject: str | None = None) -> Touch:
    return Touch(StreamId(stream), subject or stream, expected, tuple(draft(e) for e in events))


def command(number: int, *touches: Touch, claims: tuple[Claim, ...] = ()) -> Append:
    return Append(uid(number), PRINT, touches, claims)


def take(key: str, stream: str) -> Claim:
    return Claim(key, StreamId(stream))


def release(key: str, stream: str) -> Claim:
    return Claim(key, StreamId(stream), take=False)


async def schema(dsn: str) -> None:
    await migrate(dsn)


def fixed_clock() -> datetime:
    return START


@dataclass
class World:
    """A log with its sequencer (memory numbers by itself)."""

    log: Log
    sequencer: Sequencer | None = None
    dsn: str = ""

    async def settle(self, events: int) -> None:
        if self.sequencer:
            await self.sequencer.reached(events)


@asynccontextmanager
async def running(
    dsn: str, *, simulated: bool = True, signer: Signer | None = None, lanes: int = 2
) -> AsyncIterator[World]:
    """Name the node of a migrated database, arm it and number what is appended."""
    await name_node(dsn, "test", simulated=simulated)
    sequencer = Sequencer(dsn, clock=fixed_clock, signer=signer)
    await sequencer.start()
    log = await PostgresLog.open(dsn, lanes=lanes)
    log.appended = sequencer.wake
    try:
        yield World(log, sequencer, dsn)
    finally:
        await log.close()
        await sequencer.stop()


async def append_on(connection: asyncpg.Connection, *commands: Append) -> list[Answer]:
    """Append on a connection of the test's own, in its transaction if it has one."""
    arguments = batch_arguments(commands, [START] * len(commands))
    rows = await connection.fetch(QUERIES.append_many.sql, *arguments)
    return [answer_of(row) for row in rows]


async def until(condition: Callable[[], Awaitable[bool]], within: float = 10.0) -> None:
    """Await a condition; TimeoutError when it does not come true."""
    async with asyncio.timeout(within):
        while not await condition():  # noqa: ASYNC110 - the state is the server's, not ours
            await asyncio.sleep(0.003)


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        if not connection.is_closed():
            await connection.close()


async def lock_is_awaited(connection: asyncpg.Connection) -> bool:
    """Whether an appender of this database waits for a lock."""
    return bool(
        await connection.fetchval(
            """select count(*) from pg_stat_activity where datname = current_database()
            and application_name = 'bangfu append' and wait_event_type = 'Lock'"""
        )
    )


async def filled(dsn: str, signer: Signer | None = None, events: int = 300) -> str:
    """Append, number and sign; return the note."""
    async with running(dsn, signer=signer) as world:
        for k in range(events // 100):
            batch = [touch(f"person-{n}", k, 100 * k + n) for n in range(100)]
            await world.log.append(command(k, *batch), START)
        await world.settle(events)
        assert world.sequencer is not None
        return await world.sequencer.checkpoint() if signer else ""
