"""Hearing PostgreSQL's notifications for ever: nobody has to ask every few milliseconds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import asyncpg

RECONNECT = 0.5
LOST = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


async def listen(dsn: str, channel: str, heard: Callable[[str], None]) -> None:
    """Call `heard` with the payload of each notification, until cancelled.

    After every connection it is called with an empty payload: some may have been missed.
    """
    while True:
        try:
            await _listen(dsn, channel, heard)
        except LOST:
            await asyncio.sleep(RECONNECT)


async def _listen(dsn: str, channel: str, heard: Callable[[str], None]) -> None:
    connection = await asyncpg.connect(
        dsn, timeout=5, server_settings={"application_name": "bangfu listen"}
    )
    gone = asyncio.Event()
    try:
        connection.add_termination_listener(lambda _: gone.set())
        await connection.add_listener(channel, lambda *told: heard(str(told[-1])))
        heard("")
        await gone.wait()
    finally:
        connection.terminate()
    raise ConnectionResetError
