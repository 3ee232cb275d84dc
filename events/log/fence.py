"""The fence: how far the positions given so far are settled, committed or rolled back for good.

An appender holds advisory lock (7, 1) shared from before its first position until its end. Who got
a position at or below P held the lock before P was read, so it is among the holders read after P,
or has ended. Once those have let go, all at or below P is visible to every later statement.
"""

from __future__ import annotations

import asyncpg

_LAST = "select case when is_called then last_value else last_value - 1 end from log.pos"
_HOLDERS = """select virtualtransaction, pid from pg_locks
where locktype = 'advisory' and classid = 7 and objid = 1 and objsubid = 2 and granted
 and database = (select oid from pg_database where datname = current_database())"""


class Fence:
    """Watches positions and holders over one connection that is in no transaction."""

    def __init__(self, connection: asyncpg.Connection, settled: int) -> None:
        self.settled = settled
        self.blocker: int | None = None
        self._connection = connection
        self._waiting: list[tuple[int, set[str]]] = []
        self._seen = settled

    @property
    def open(self) -> bool:
        """Whether positions have been given that are not settled yet."""
        return bool(self._waiting)

    async def advance(self) -> int:
        """Look once; return the greatest settled position. `blocker` is a pid in the way."""
        last: int = await self._connection.fetchval(_LAST)
        if last == self._seen and not self._waiting:
            return self.settled
        rows = await self._connection.fetch(_HOLDERS)
        holders = {row[0] for row in rows}
        self._waiting = [(position, held & holders) for position, held in self._waiting]
        if last > self._seen:
            self._waiting.append((last, holders))
            self._seen = last
        while self._waiting and not self._waiting[0][1]:
            self.settled = self._waiting.pop(0)[0]
        self.blocker = self._first_pid(rows)
        return self.settled

    def _first_pid(self, rows: list[asyncpg.Record]) -> int | None:
        held = self._waiting[0][1] if self._waiting else set()
        return next((row[1] for row in rows if row[0] in held), None)
