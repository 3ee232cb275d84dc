"""One projection's own pace: what waits for it is taken together, its duties come when due."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

from events.bus.wire import Delivered
from projections.engine.runner import Runner

INBOX = 4
"""Batches read ahead for a projection: what bounds memory when one is slow."""
TOGETHER = 8_000
KNOWN_SECONDS = 0.25
PACE_SECONDS = 0.015
"""A batch costs the same few statements however small: what comes meanwhile goes together."""


@dataclass(frozen=True, slots=True)
class Portion:
    """What the reader brought: events by seq, where to go on, whether offsets were reset."""

    events: list[Delivered]
    next_offsets: Mapping[int, int]
    reset: bool = False


class Feeder:
    """Feeds one runner from its inbox; compares tails and notes the known point between batches."""

    def __init__(self, runner: Runner, tail_seconds: float) -> None:
        self.inbox: asyncio.Queue[Portion] = asyncio.Queue(INBOX)
        self._runner = runner
        self._tail_seconds = tail_seconds
        self._tails = self._known = 0.0
        self._opened = 0

    async def run(self) -> None:
        """Feed until cancelled."""
        await self._duties(reset=True)
        while True:
            began = time.monotonic()
            portion = await self._next()
            if portion.events:
                await self._runner.take(portion.events, portion.next_offsets)
            await self._duties(reset=portion.reset)
            await asyncio.sleep(max(0.0, began + PACE_SECONDS - time.monotonic()))

    async def _next(self) -> Portion:
        """Return everything that waits, up to TOGETHER events; nothing after KNOWN_SECONDS."""
        try:
            async with asyncio.timeout(KNOWN_SECONDS):
                first = await self.inbox.get()
        except TimeoutError:
            return Portion([], {})
        events, offsets, reset = first.events, first.next_offsets, first.reset
        while not self.inbox.empty() and len(events) < TOGETHER:
            more = self.inbox.get_nowait()
            events = events + more.events
            offsets = {**offsets, **more.next_offsets}
            reset = reset or more.reset
        return Portion(events, offsets, reset)

    async def _duties(self, *, reset: bool) -> None:
        now = time.monotonic()
        opened = self._runner.opened
        if reset or opened != self._opened or now - self._tails >= self._tail_seconds:
            await self._runner.check_tails()
            self._tails, self._opened = time.monotonic(), opened
        if now - self._known >= KNOWN_SECONDS:
            await self._runner.note_known()
            self._known = time.monotonic()
