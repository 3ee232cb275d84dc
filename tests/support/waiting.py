"""Wait for a condition with a deadline, never for a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(
    probe: Callable[[], Awaitable[T]], holds: Callable[[T], bool], within: float = 20.0
) -> T:
    """Return what the probe tells once it holds; fail with the last answer at the deadline."""
    loop = asyncio.get_running_loop()
    until = loop.time() + within
    found = await probe()
    while not holds(found):
        assert loop.time() < until, f"still {found!r} after {within} s"
        await asyncio.sleep(0.05)
        found = await probe()
    return found
