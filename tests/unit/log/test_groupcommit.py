"""Commands that arrive together share a transaction, but never one with a common key."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from events.log.groupcommit import GroupCommit, Pending
from events.log.port import Answer, Appended, LogClosedError
from tests.support.logs import START, command, take, touch, uid

OK = Appended(1, 1, START)


class Server:
    """Holds each batch until released; refuses batches with a poisoned command."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.gate = asyncio.Event()
        self.poison = -1
        self.closed = False

    async def send(self, _lane: int, batch: Sequence[Pending]) -> Sequence[Answer]:
        ids = [next(k for k in range(999) if uid(k) == p.command.command_id) for p in batch]
        self.batches.append(ids)
        await self.gate.wait()
        if self.closed:
            raise LogClosedError("closed")
        if self.poison in ids:
            raise ValueError("poison")
        return [OK] * len(batch)


def group(server: Server, lanes: int = 1, cap: int = 256) -> GroupCommit:
    return GroupCommit(server.send, lanes=lanes, whole=(LogClosedError,), cap=cap)


async def answered(*futures: asyncio.Future[Answer]) -> list[Answer | BaseException]:
    async with asyncio.timeout(5):
        return await asyncio.gather(*futures, return_exceptions=True)


async def test_what_arrives_during_a_batch_goes_together_in_the_next() -> None:
    server = Server()
    commit = group(server)
    first = commit.submit(command(1, touch("person-1", 0, 1)), None)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    rest = [commit.submit(command(k, touch(f"person-{k}", 0, k)), None) for k in (2, 3, 4)]
    server.gate.set()

    assert await answered(first, *rest) == [OK] * 4
    assert server.batches == [[1], [2, 3, 4]]


async def test_commands_on_one_stream_keep_their_order_in_batches_of_their_own() -> None:
    server = Server()
    server.gate.set()
    commit = group(server)
    sent = [commit.submit(command(k, touch("person-1", k, k)), None) for k in (1, 2, 3)]
    other = commit.submit(command(4, touch("person-4", 0, 4)), None)

    await answered(*sent, other)

    assert server.batches == [[1, 4], [2], [3]]


async def test_a_command_waits_behind_a_deferred_one_that_shares_its_key() -> None:
    server = Server()
    server.gate.set()
    commit = group(server)
    one = commit.submit(command(1, touch("person-1", 0, 1)), None)
    two = commit.submit(command(2, touch("person-1", 1, 2), touch("person-2", 0, 3)), None)
    three = commit.submit(command(3, touch("person-2", 1, 4)), None)

    await answered(one, two, three)

    assert server.batches == [[1], [2], [3]]


async def test_a_key_under_way_on_another_lane_is_waited_for() -> None:
    server = Server()
    commit = group(server, lanes=2)
    claims = (take("k:1", "person-1"),)
    one = commit.submit(command(1, touch("person-1", 0, 1), claims=claims), None)
    await asyncio.sleep(0)
    claims = (take("k:1", "person-2"),)
    two = commit.submit(command(2, touch("person-2", 0, 2), claims=claims), None)
    await asyncio.sleep(0)
    assert server.batches == [[1]]
    server.gate.set()

    await answered(one, two)

    assert server.batches == [[1], [2]]


async def test_a_batch_that_fails_is_halved_down_to_the_offender() -> None:
    server = Server()
    server.gate.set()
    server.poison = 3
    commit = group(server)
    sent = [commit.submit(command(k, touch(f"person-{k}", 0, k)), None) for k in (1, 2, 3, 4, 5)]

    answers = await answered(*sent)

    assert [type(a) for a in answers] == [Appended, Appended, ValueError, Appended, Appended]


async def test_a_closed_log_refuses_the_whole_batch_at_once() -> None:
    server = Server()
    server.gate.set()
    server.closed = True
    commit = group(server)
    sent = [commit.submit(command(k, touch(f"person-{k}", 0, k)), None) for k in (1, 2)]

    answers = await answered(*sent)

    assert [type(a) for a in answers] == [LogClosedError] * 2
    assert server.batches == [[1, 2]]


async def test_no_batch_is_larger_than_the_cap() -> None:
    server = Server()
    server.gate.set()
    commit = group(server, cap=2)
    sent = [commit.submit(command(k, touch(f"person-{k}", 0, k)), None) for k in range(5)]

    await answered(*sent)

    assert server.batches == [[0, 1], [2, 3], [4]]


async def test_a_command_nobody_waits_for_is_not_sent() -> None:
    server = Server()
    commit = group(server)
    first = commit.submit(command(1, touch("person-1", 0, 1)), None)
    await asyncio.sleep(0)
    second = commit.submit(command(2, touch("person-2", 0, 2)), None)
    second.cancel()
    server.gate.set()

    await answered(first)
    await commit.drain()

    assert server.batches == [[1]]


@pytest.mark.parametrize("clients", [40, 100])
async def test_idle_lanes_share_what_waits(clients: int) -> None:
    server = Server()
    commit = group(server, lanes=2)
    sent = [commit.submit(command(k, touch(f"person-{k}", 0, k)), None) for k in range(clients)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    assert [len(b) for b in server.batches] == [clients // 2, clients // 2]
    server.gate.set()
    await answered(*sent)
