"""Waiting for a condition with a deadline, in place of sleeping."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

STEP = 0.02


async def until(
    condition: Callable[[], Awaitable[bool]] | Callable[[], bool], seconds: float = 30.0
) -> None:
    """Wait until a condition holds; fails with TimeoutError."""
    async with asyncio.timeout(seconds):
        await _poll(condition)


async def _poll(condition: Callable[[], Awaitable[bool]] | Callable[[], bool]) -> None:
    while True:
        met = condition()
        if not isinstance(met, bool):
            met = await met
        if met:
            return
        await asyncio.sleep(STEP)
