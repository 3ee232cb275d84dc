"""The clock of a simulated node over HTTP: a demo or test moves it and waits for quiet."""

from __future__ import annotations

import asyncio
from datetime import datetime

import asyncpg
from pydantic import AwareDatetime
from starlette.requests import Request
from starlette.responses import Response

from events.contracts.base import Body
from events.runtime.clock import SimulatedClock
from services.kit.decider import FORBIDDEN, DomainError
from services.kit.follower import Follower
from services.kit.http import bearer, json, read_body
from services.kit.principals import Doorkeeper
from services.kit.work import QUERIES

SETTLE_SECONDS = 120


class SetClock(Body):
    """Move the clock to an instant (never backwards); `position` is the last append to wait for."""

    now: AwareDatetime
    position: int = 0


class ClockRoute:
    """GET tells the time; POST moves it, fires what is due, and answers when nothing is left."""

    def __init__(
        self,
        clock: SimulatedClock,
        follower: Follower,
        doorkeeper: Doorkeeper,
        pool: asyncpg.Pool[asyncpg.Record],
    ) -> None:
        self._clock, self._follower = clock, follower
        self._doorkeeper, self._pool = doorkeeper, pool
        self._lock = asyncio.Lock()

    async def answer(self, request: Request) -> Response:
        """Answer the clock, after moving it when asked to."""
        principal = self._doorkeeper.principal(bearer(request))
        if request.method == "POST":
            if "operator" not in principal.roles:
                raise DomainError(FORBIDDEN, why_zh="须由系统管理员", why_en="operator only")
            wish = SetClock.model_validate_json(await read_body(request, 4_096))
            await self._move(wish.now, wish.position)
        return json({"now": self._clock.now().isoformat()})

    async def _move(self, now: datetime, position: int) -> None:
        """Let what follows from the commands so far happen first, on the day they were sent."""
        async with self._lock, asyncio.timeout(SETTLE_SECONDS):
            await self._follower.settle(position)
            if now > self._clock.now():
                self._clock.set(now)
                async with self._pool.acquire(timeout=5) as connection:
                    await QUERIES.set_clock(connection, now=self._clock.now())
                await self._follower.settle(position)
