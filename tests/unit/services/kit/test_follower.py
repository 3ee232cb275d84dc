"""Who waits for quiet is answered by a look that began later, and ended finding nothing."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from services.kit.follower import Follower


class Log:
    """A log in which nothing happens."""

    async def head(self) -> int:
        return 0


class Watched(Follower):
    """A follower whose every look waits to be let on."""

    def __init__(self) -> None:
        nothing: Any = None
        super().__init__(Log(), nothing, (), nothing, nothing, nothing, nothing, nothing, ())
        self.begun: asyncio.Queue[asyncio.Event] = asyncio.Queue()

    async def step(self) -> bool:
        """Look until let on; find nothing."""
        gate = asyncio.Event()
        self.begun.put_nowait(gate)
        await gate.wait()
        return False


@asynccontextmanager
async def looking() -> AsyncIterator[Watched]:
    follower = Watched()
    running = asyncio.create_task(follower.run())
    yield follower
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def passed(turns: int = 20) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)


async def test_a_look_under_way_when_asked_is_no_answer_nor_is_the_next_before_it_ends() -> None:
    async with asyncio.timeout(5), looking() as follower:
        under_way = await follower.begun.get()
        quiet = asyncio.create_task(follower.settle(0))
        await passed()
        under_way.set()
        following = await follower.begun.get()
        await passed()
        assert not quiet.done()
        following.set()
        while not quiet.done():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.01):
                    (await follower.begun.get()).set()
        await quiet


async def test_a_look_that_began_later_and_found_nothing_is_the_answer() -> None:
    async with asyncio.timeout(5), looking() as follower:
        (await follower.begun.get()).set()
        quiet = asyncio.create_task(follower.settle(0))
        (await follower.begun.get()).set()
        await quiet
