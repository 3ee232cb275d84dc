"""The fence, the locks and the lead, one danger at a time, on a real server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import cast

import asyncpg
import pytest

from events.log import sequencer as sequencing
from events.log.errors import LogRefusedError
from events.log.fence import Fence
from events.log.migrate import name_node
from events.log.port import Appended, LogClosedError
from events.log.postgres import PostgresLog
from events.log.sequencer import Sequencer, load, number
from tests.support.logs import (
    START,
    World,
    append_on,
    command,
    connected,
    fixed_clock,
    lock_is_awaited,
    running,
    schema,
    touch,
    until,
)
from tests.support.servers import Databases

pytestmark = pytest.mark.postgres
A, B = "person-a", "person-b"


def sequencer_of(world: World) -> Sequencer:
    assert world.sequencer is not None
    return world.sequencer


async def blocked_by(world: World, connection: asyncpg.Connection) -> None:
    pid = connection.get_server_pid()

    async def named() -> bool:
        return sequencer_of(world).blocker == pid

    await until(named)


async def positions(world: World) -> list[int]:
    return [e.position for e in await world.log.after(0, 100)]


async def test_a_late_commit_is_waited_for_and_named(
    world: World, other: asyncpg.Connection
) -> None:
    async with other.transaction():
        await append_on(other, command(1, touch(A, 0, 11)))
        await world.log.append(command(2, touch(B, 0, 21)))
        await blocked_by(world, other)
        assert sequencer_of(world).n == 0
        assert sequencer_of(world).fence_age > 0

    await world.settle(2)
    assert await positions(world) == [1, 2]


async def test_a_rolled_back_position_is_passed(world: World, other: asyncpg.Connection) -> None:
    held = other.transaction()
    await held.start()
    await append_on(other, command(1, touch(A, 0, 11)))
    await world.log.append(command(2, touch(B, 0, 21)))
    await held.rollback()

    await world.settle(1)
    assert await positions(world) == [2]


async def test_a_killed_appender_is_passed(world: World, other: asyncpg.Connection) -> None:
    async with connected(world.dsn) as victim:
        await victim.execute("begin")
        await append_on(victim, command(1, touch(A, 0, 11)))
        await world.log.append(command(2, touch(B, 0, 21)))
        await other.execute("select pg_terminate_backend($1)", victim.get_server_pid())

        await world.settle(1)

    assert await positions(world) == [2]


async def test_a_foreign_transaction_stalls_nobody(world: World, other: asyncpg.Connection) -> None:
    async with other.transaction():
        await other.execute("create table elsewhere (x int)")
        await world.log.append(command(1, touch(A, 0, 11)))

        await world.settle(1)
        assert await positions(world) == [1]


class Between:
    """A connection that lets something happen between the two looks of a fence."""

    def __init__(
        self, connection: asyncpg.Connection, happens: Callable[[], Awaitable[object]]
    ) -> None:
        self._connection = connection
        self._happens = happens
        self._looks = 0

    async def fetchval(self, sql: str) -> object:
        return await self._look(self._connection.fetchval(sql))

    async def fetch(self, sql: str) -> object:
        return await self._look(self._connection.fetch(sql))

    async def _look(self, query: Awaitable[object]) -> object:
        answer = await query
        self._looks += 1
        if self._looks == 1:
            await self._happens()
        return answer


async def test_an_append_between_the_two_looks_is_not_settled(
    world: World, other: asyncpg.Connection
) -> None:
    await world.log.append(command(9, touch("person-z", 0, 91)))
    async with connected(world.dsn) as late:
        await late.execute("begin")
        begun = Between(other, lambda: append_on(late, command(1, touch(A, 0, 11))))
        fence = Fence(cast("asyncpg.Connection", begun), 0)

        assert await fence.advance() < 2
        assert await fence.advance() < 2
        await late.execute("commit")
        assert await fence.advance() == 2


async def test_a_commit_between_the_two_looks_is_settled(
    world: World, other: asyncpg.Connection
) -> None:
    async with connected(world.dsn) as late:
        await late.execute("begin")
        await append_on(late, command(1, touch(A, 0, 11)))
        ended = Between(other, lambda: late.execute("commit"))
        fence = Fence(cast("asyncpg.Connection", ended), 0)

        assert await fence.advance() == 1


async def test_the_first_position_is_not_settled_before_it_is_taken(
    world: World, other: asyncpg.Connection
) -> None:
    fence = Fence(other, 0)

    assert await fence.advance() == 0
    async with connected(world.dsn) as late:
        await late.execute("begin")
        await append_on(late, command(1, touch(A, 0, 11)))
        assert await fence.advance() == 0
        await late.execute("commit")
    assert await fence.advance() == 1


async def test_overlapping_appenders_are_waited_for_in_turn(
    world: World, other: asyncpg.Connection
) -> None:
    fence = Fence(other, 0)
    async with connected(world.dsn) as first, connected(world.dsn) as second:
        await first.execute("begin")
        await append_on(first, command(1, touch(A, 0, 11)))
        assert await fence.advance() == 0
        await second.execute("begin")
        await append_on(second, command(2, touch(B, 0, 21)))
        await first.execute("commit")
        assert await fence.advance() == 1
        await second.execute("commit")
        assert await fence.advance() == 2


async def test_a_full_batch_leaves_no_event_behind(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequencing, "LIMIT", 3)
    many = [touch(f"person-{k}", 0, 100 + k) for k in range(11)]

    await world.log.append(command(1, *many))
    await world.settle(11)

    assert await positions(world) == list(range(1, 12))


async def test_numbering_that_crashed_is_repeated_with_the_same_result(
    world: World, other: asyncpg.Connection
) -> None:
    await sequencer_of(world).stop()
    async with connected(world.dsn) as appender:
        await append_on(appender, command(1, *(touch(f"person-{k}", 0, k) for k in range(300))))
    roots = []
    for crash in (True, False):
        line = await load(other)
        term = await other.fetchval("select term from log.sequencer")
        outer = other.transaction()
        await outer.start()
        assert await number(other, line, 300, term, START) == 300
        await (outer.rollback() if crash else outer.commit())
        roots.append(line.frontier.root())

    assert roots[0] == roots[1] == await other.fetchval("select root from log.sequencer")
    assert await other.fetchval("select count(*) from log.tree") == 1
    assert (await load(other)).n == 300


async def test_a_second_sequencer_waits_for_the_lead(world: World) -> None:
    second = Sequencer(world.dsn, clock=fixed_clock)
    waiting = asyncio.create_task(second.start())
    await world.log.append(command(1, touch(A, 0, 11)))
    await world.settle(1)
    assert not second.armed

    await sequencer_of(world).stop()
    await waiting
    await world.log.append(command(2, touch(B, 0, 21)))
    await second.reached(2)
    await second.stop()


async def test_a_displaced_sequencer_may_not_number(
    world: World, other: asyncpg.Connection
) -> None:
    await sequencer_of(world).stop()
    line = await load(other)
    stale = await other.fetchval("select term from log.sequencer")
    await other.execute("update log.sequencer set term = term + 1")
    async with connected(world.dsn) as appender:
        await append_on(appender, command(1, touch(A, 0, 11)))

    with pytest.raises(LogRefusedError) as refused:
        await number(other, line, 1, stale, START)
    assert refused.value.code == "sequencer_displaced"
    assert await other.fetchval("select count(*) from log.numbering") == 0


async def test_the_sequencer_goes_on_after_a_lost_connection(
    world: World, other: asyncpg.Connection
) -> None:
    await other.execute(
        """select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'bangfu sequencer' and datname = current_database()"""
    )
    await world.log.append(command(1, touch(A, 0, 11)))

    await world.settle(1)
    assert await positions(world) == [1]


def _same(at: datetime) -> datetime:
    return at


async def test_numbering_time_never_falls(database: Databases) -> None:
    dsn = await database(schema)
    await name_node(dsn, "test")
    times: list[asyncpg.Record] = []
    for number_, at in enumerate((START, START - timedelta(days=1))):
        sequencer = Sequencer(dsn, clock=partial(_same, at))
        await sequencer.start()
        async with connected(dsn) as connection:
            await append_on(connection, command(number_, touch(f"person-{number_}", 0, number_)))
            await sequencer.reached(number_ + 1)
            times = await connection.fetch("select sequenced_at from log.numbering order by seq")
        await sequencer.stop()

    assert [row[0] for row in times] == [START, START]


async def test_quiescing_holds_appends_back(world: World, other: asyncpg.Connection) -> None:
    await other.execute("select pg_advisory_lock(7, 1)")
    appending = asyncio.create_task(world.log.append(command(1, touch(A, 0, 11))))
    await until(lambda: lock_is_awaited(other))
    await other.execute("select pg_advisory_unlock(7, 1)")

    assert isinstance(await appending, Appended)


async def test_a_real_node_takes_its_own_time(database: Databases) -> None:
    async with running(await database(schema), simulated=False) as world:
        answer = await world.log.append(command(1, touch(A, 0, 11)), START)

        assert isinstance(answer, Appended)
        assert answer.at > datetime(2020, 1, 1, tzinfo=UTC)


async def test_no_append_before_the_log_is_armed(database: Databases) -> None:
    dsn = await database(schema)
    await name_node(dsn, "test")
    log = await PostgresLog.open(dsn)

    with pytest.raises(LogClosedError):
        await log.append(command(1, touch(A, 0, 11)))
    await log.close()
