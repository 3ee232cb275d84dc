"""Moves the clock of a simulated node day by day, so that what falls due on each day happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import httpx

from services.demo.client import Client


async def advance(
    http: httpx.AsyncClient,
    days: int,
    password: str,
    tell: Callable[[datetime], None] = lambda _: None,
) -> datetime:
    """Move the node's clock by days, as its operator, and return its new time.

    `tell` hears each day. Raises UnreachableError when the node refuses or has no such clock.
    """
    client = Client(http, {"operator": password})
    now = await client.now()
    for _ in range(days):
        now += timedelta(days=1)
        await client.move(now)
        tell(now)
    return now
