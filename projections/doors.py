"""How the read role judges tokens: by what the write role tells in the log's database."""

from __future__ import annotations

from typing import Any

import asyncpg

from events.runtime.clock import SystemClock
from events.runtime.shell import NotReadyError
from events.runtime.tokens import Ended, TokenCheck

KEY = "select public from work.token_key"
ENDED = "select who, at from work.ended where at > now() - interval '1 day'"
"""Older ones no token can be of: a session lasts half a day."""


class Door:
    """The public key of tokens and the sessions that were ended, looked up again and again."""

    def __init__(self, source: str, pool: asyncpg.Pool[asyncpg.Record]) -> None:
        self._source, self._pool = source, pool
        self._key = ""
        self._ended = Ended()
        self._check: TokenCheck | None = None

    async def look(self) -> TokenCheck:
        """Return the check as of now. Raises NotReadyError before the first write role."""
        try:
            async with self._pool.acquire(timeout=5) as held:
                connection: Any = held
                key = await connection.fetchval(KEY)
                rows = await connection.fetch(ENDED)
        except asyncpg.UndefinedTableError:
            key, rows = None, []
        if key is None:
            raise NotReadyError("no write role has told the key of tokens yet")
        self._ended.note({r["who"]: r["at"] for r in rows})
        if self._check is None or key != self._key:
            self._key = key
            self._check = TokenCheck(key.encode(), self._source, SystemClock().now, self._ended)
        return self._check
