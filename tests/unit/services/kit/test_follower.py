"""Who waits for quiet is answered by a look that began later, and ended finding nothing."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any
from uuid import UUID

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
        assert not quiet.done()
        (await follower.begun.get()).set()
        await quiet


async def test_a_fact_that_cannot_be_planned_is_listed_and_the_next_one_is_followed() -> None:
    """One bad fact must not stop every timer of the node."""
    listed, planned = list[str](), list[str]()

    class Planning(Watched):
        async def _facts(self, stored: Any) -> Any:  # noqa: ANN401
            return stored

        def _plan_reactions(self, plan: Any, fact: Any) -> None:  # noqa: ANN401, ARG002
            if fact.type == "bad":
                raise OverflowError
            planned.append(fact.type)

        async def _refuse(self, command_id: Any, cause: str, name: str, code: str) -> None:  # noqa: ANN401, ARG002
            listed.append(f"{name} {code}")

        async def _save(self, plan: Any, seq: int) -> None:  # noqa: ANN401
            pass

    follower = Planning()
    follower._reference = SimpleNamespace(apply=lambda _: False)  # type: ignore[assignment]  # noqa: SLF001
    facts: Any = [
        SimpleNamespace(type=kind, event_id=str(UUID(int=n)), seq=n, position=n)
        for n, kind in enumerate(("bad", "good"), 1)
    ]
    await follower._follow(facts)  # noqa: SLF001
    assert (listed, planned, follower.seq) == (["bad not_followed:OverflowError"], ["good"], 2)
