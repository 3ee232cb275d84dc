"""Ends tasks for certain: a cancellation can be lost when it meets a wait that just ended."""

from __future__ import annotations

import asyncio
from typing import Any

AGAIN_SECONDS = 1.0


async def end(*tasks: asyncio.Future[Any]) -> None:
    """Cancel tasks, again each second, until every one has ended; their errors are theirs."""
    waiting = {task for task in tasks if not task.done()}
    while waiting:
        for task in waiting:
            task.cancel()
        _, waiting = await asyncio.wait(waiting, timeout=AGAIN_SECONDS)
    await asyncio.gather(*tasks, return_exceptions=True)
