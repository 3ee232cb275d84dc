"""Commands that meet one still in flight, on a real server: waited for, never doubled."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from events.contracts.base import StreamId
from events.log.port import Appended, Conflict
from tests.support.logs import (
    START,
    World,
    append_on,
    command,
    connected,
    lock_is_awaited,
    release,
    take,
    touch,
    until,
)

pytestmark = pytest.mark.postgres
A, B = "person-a", "person-b"


@pytest.mark.requirement("X16")
@pytest.mark.parametrize("commits", [True, False])
async def test_a_copy_in_flight_is_waited_for(
    world: World, other: asyncpg.Connection, *, commits: bool
) -> None:
    held = other.transaction()
    await held.start()
    await append_on(other, command(1, touch(A, 0, 11)))
    copy = asyncio.create_task(world.log.append(command(1, touch(A, 0, 11))))
    async with connected(world.dsn) as watcher:
        await until(lambda: lock_is_awaited(watcher))
    await (held.commit() if commits else held.rollback())

    answer = await copy
    assert isinstance(answer, Appended)
    assert answer.duplicate is commits


async def test_a_copy_without_streams_in_flight_is_found_a_duplicate(
    world: World, other: asyncpg.Connection
) -> None:
    held = other.transaction()
    await held.start()
    await append_on(other, command(1))
    copy = asyncio.create_task(world.log.append(command(1)))
    async with connected(world.dsn) as watcher:
        await until(lambda: lock_is_awaited(watcher))
    await held.commit()

    assert await copy == Appended(None, None, START, duplicate=True)


async def test_a_version_in_flight_is_waited_for(world: World, other: asyncpg.Connection) -> None:
    held = other.transaction()
    await held.start()
    await append_on(other, command(1, touch(A, 0, 11)))
    rival = asyncio.create_task(world.log.append(command(2, touch(A, 0, 21))))
    async with connected(world.dsn) as watcher:
        await until(lambda: lock_is_awaited(watcher))
    await held.commit()

    assert await rival == Conflict("version", A, 1)


@pytest.mark.parametrize("commits", [True, False])
async def test_a_claim_in_flight_is_waited_for(
    world: World, other: asyncpg.Connection, *, commits: bool
) -> None:
    held = other.transaction()
    await held.start()
    await append_on(other, command(1, touch(A, 0, 11), claims=(take("k:1", A),)))
    rival = asyncio.create_task(
        world.log.append(command(2, touch(B, 0, 21), claims=(take("k:1", B),)))
    )
    async with connected(world.dsn) as watcher:
        await until(lambda: lock_is_awaited(watcher))
    await (held.commit() if commits else held.rollback())

    answer = await rival
    assert answer == Conflict("claim", f"k:1 {A}") if commits else isinstance(answer, Appended)


async def test_a_release_in_flight_is_waited_for(world: World, other: asyncpg.Connection) -> None:
    await world.log.append(command(1, touch(A, 0, 11), claims=(take("k:1", A),)))
    held = other.transaction()
    await held.start()
    await append_on(other, command(2, touch(A, 1, 21), claims=(release("k:1", A),)))
    heir = asyncio.create_task(
        world.log.append(command(3, touch(B, 0, 31), claims=(take("k:1", B),)))
    )
    async with connected(world.dsn) as watcher:
        await until(lambda: lock_is_awaited(watcher))
    await held.commit()

    assert isinstance(await heir, Appended)
    assert await world.log.holders(["k:1"]) == {"k:1": B}


async def test_new_streams_named_in_any_order_never_deadlock(world: World) -> None:
    async with connected(world.dsn) as first, connected(world.dsn) as second:
        for round_ in range(6):
            first_id = 1_000 * round_
            forward = [touch(f"person-{round_}x{k:03}", 0, first_id + k) for k in range(200)]
            back = [touch(t.stream, 0, first_id + 500 + k) for k, t in enumerate(forward[::-1])]
            one, two = await asyncio.gather(
                append_on(first, command(2 * round_, *forward)),
                append_on(second, command(2 * round_ + 1, *back)),
            )
            assert {type(one[0]), type(two[0])} == {Appended, Conflict}


@pytest.mark.usefixtures("world")
async def test_a_snapshot_older_than_the_locks_is_refused(other: asyncpg.Connection) -> None:
    async with other.transaction(isolation="repeatable_read"):
        with pytest.raises(asyncpg.ActiveSQLTransactionError):
            await append_on(other, command(1, touch(A, 0, 11)))


@pytest.mark.requirement("X16")
async def test_a_killed_connection_loses_and_doubles_nothing(
    world: World, other: asyncpg.Connection
) -> None:
    async def kill() -> None:
        for _ in range(20):
            await other.execute(
                """select pg_terminate_backend(pid) from pg_stat_activity
                where application_name = 'bangfu append' and datname = current_database()"""
            )
            await asyncio.sleep(0.02)

    async def work(k: int) -> None:
        for version in range(60):
            sent = command(k * 100 + version, touch(f"person-{k}", version, k * 100 + version))
            assert isinstance(await world.log.append(sent), Appended)

    await asyncio.gather(kill(), *(work(k) for k in range(1, 9)))

    found = await world.log.read({StreamId(f"person-{k}"): 0 for k in range(1, 9)})
    assert {len(events) for events in found.values()} == {60}
