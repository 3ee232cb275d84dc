"""Sessions ended before their time: signed out, or begun before the password changed.

They lie in the log's database, where the read role sees them as well; each is kept as long as a
record that a token came with may wait in Kafka.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiosql
import asyncpg

from events.runtime.tokens import Ended

QUERIES: Any = aiosql.from_path(Path(__file__).with_name("sessions.sql"), "asyncpg")
KEPT = timedelta(days=7)


class Sessions:
    """Ends sessions, and tells the public key that tokens are checked with."""

    def __init__(
        self,
        pool: asyncpg.Pool[asyncpg.Record],
        ended: Ended,
        real_now: Callable[[], datetime],
    ) -> None:
        self._pool, self._ended, self._now = pool, ended, real_now

    async def prepare(self, public_pem: bytes) -> None:
        """Make the tables, publish the key, learn what ended before."""
        async with self._pool.acquire(timeout=5) as connection:
            await QUERIES.schema(connection)
            await QUERIES.publish_key(connection, public=public_pem.decode())
        await self.look()

    async def end(self, who: str) -> None:
        """End a session by its id, or every session of an account that began before now."""
        at = self._now()
        self._ended.note({who: at})
        async with self._pool.acquire(timeout=5) as connection:
            await QUERIES.end(connection, who=who, at=at)

    async def look(self) -> None:
        """Learn what other write roles ended, and forget what is long past."""
        before = self._now() - KEPT
        async with self._pool.acquire(timeout=5) as connection:
            await QUERIES.forget(connection, before=before)
            self._ended.note({r["who"]: r["at"] async for r in QUERIES.ended(connection)})
        self._ended.forget(before)
