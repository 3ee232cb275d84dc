"""The event log on PostgreSQL: appends through `append_many`, reads of streams and of the line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any
from uuid import UUID

import aiosql
import asyncpg

from events.contracts.base import StreamId
from events.log.groupcommit import GroupCommit
from events.log.lane import Lane
from events.log.outage import OUTAGE
from events.log.port import Answer, Append, Counted, LogClosedError, Stored

QUERIES: Any = aiosql.from_str(
    files("events.log").joinpath("queries.sql").read_text("utf-8"), "asyncpg"
)
CHUNK = 5_000
REFERENCE = "office-"


async def _keep_session(_: asyncpg.Connection) -> None:
    """Spare the round trip that resets a session: ours hold no state between uses."""


class Trust:
    """Which connections lead to a server whose log is armed; one lasts no longer than its server.

    A database put back from a copy is not armed: what a decision stands on is not read there, or a
    command would be refused for what the copy has not heard of yet.
    """

    def __init__(self) -> None:
        self._backends: set[int] = set()

    async def begin(self, connection: asyncpg.Connection) -> None:
        """Trust a new connection not yet, whatever had its number before."""
        self._backends.discard(connection.get_server_pid())

    async def see(self, connection: Any) -> None:  # noqa: ANN401
        """Raise LogClosedError unless the log behind a connection is armed."""
        backend = connection.get_server_pid()
        if backend in self._backends:
            return
        if not await connection.fetchval(QUERIES.armed.sql):
            raise LogClosedError("the log is not armed")
        self._backends.add(backend)


async def opened(dsn: str, **options: Any) -> tuple[asyncpg.Pool, asyncpg.Record]:  # noqa: ANN401
    """Connect to a log and read whose it is.

    `options` are those of the pool. Raises LogClosedError when the server or the node's name is
    missing.
    """
    try:
        pool = await asyncpg.create_pool(dsn, min_size=1, reset=_keep_session, **options)
    except (OSError, asyncpg.PostgresError) as error:
        raise LogClosedError("the log cannot be reached") from error
    try:
        node = await pool.fetchrow(QUERIES.node.sql)
    except asyncpg.PostgresError:
        node = None
    if node is None:
        await pool.close()
        raise LogClosedError("the log has no node yet")
    return pool, node


async def rows_of(
    pool: asyncpg.Pool,
    query: Any,  # noqa: ANN401
    *args: object,
    trust: Trust | None = None,
) -> list[Any]:
    """Ask a query of aiosql's; raises LogClosedError when the server is away or not trusted."""
    try:
        async with pool.acquire(timeout=5) as connection:
            if trust is not None:
                await trust.see(connection)
            found: list[Any] = await connection.fetch(query.sql, *args)
            return found
    except OUTAGE as error:
        raise LogClosedError("the log cannot be reached") from error


class PostgresLog:
    """Both ports of the log over one database: an append lane or two, and a pool for reads.

    Open it with `PostgresLog.open`; `appended` (when set) is called after each durable batch.
    """

    def __init__(
        self, dsn: str, pool: asyncpg.Pool, node: asyncpg.Record, lanes: int, trust: Trust
    ) -> None:
        self._pool = pool
        self._trust = trust
        self._source: str = node["source"]
        self.epoch: int = node["epoch"]
        self.simulated: bool = node["simulated"]
        self.appended: Callable[[], None] | None = None
        self._lanes = [Lane(dsn, QUERIES.append_many.sql) for _ in range(lanes)]
        self._group = GroupCommit(self._send, lanes=lanes, whole=(LogClosedError,))

    @classmethod
    async def open(cls, dsn: str, *, lanes: int = 2, readers: int = 4) -> PostgresLog:
        """Connect; raises LogClosedError when the server or the node's name is missing."""
        trust = Trust()
        pool, node = await opened(dsn, max_size=readers, command_timeout=60, init=trust.begin)
        return cls(dsn, pool, node, lanes, trust)

    async def close(self) -> None:
        """Finish what is under way and disconnect."""
        await self._group.drain()
        await asyncio.gather(*(lane.close() for lane in self._lanes))
        await self._pool.close()

    @property
    def source(self) -> str:
        """The node whose log this is."""
        return self._source

    async def armed(self) -> bool:
        """Tell whether the log takes appends; raises LogClosedError when the server is away."""
        [[armed]] = await self._rows("armed")
        return bool(armed)

    async def append(self, command: Append, at: datetime | None = None) -> Answer:
        """Append one command; see the port. `at` counts on a simulated node alone."""
        return await self._group.submit(command, at)

    async def _send(self, lane: int, batch: Sequence[Any]) -> Sequence[Answer]:
        answers = await self._lanes[lane].send(batch)
        if self.appended is not None:
            self.appended()
        return answers

    async def read(self, streams: Mapping[StreamId, int]) -> dict[StreamId, list[Stored]]:
        """Return each stream's events after the given version, in version order."""
        found: dict[StreamId, list[Stored]] = {stream: [] for stream in streams}
        if len(found) == 1:
            [(stream, version)] = streams.items()
            rows = await self._trusted("read_stream", stream, version)
        else:
            rows = await self._trusted("read_streams", list(streams), list(streams.values()))
        for row in rows:
            event = Stored(*row)
            found[event.stream].append(event)
        return found

    async def holders(self, claims: Sequence[str]) -> dict[str, StreamId]:
        """Return the stream that holds each claim, for those that are held."""
        return dict(await self._trusted("holders", list(claims)))

    async def claims_like(self, prefix: str) -> dict[str, StreamId]:
        """Return the held claims whose key begins with `prefix`, by key."""
        return dict(await self._trusted("claims_like", prefix))

    async def command(self, command_id: UUID) -> list[Stored] | None:
        """Return the events of an accepted command, or None when the id is unknown."""
        rows = await self._trusted("command", command_id)
        return [Stored(*row) for row in rows if row[0] is not None] if rows else None

    async def fingerprint(self, command_id: UUID) -> bytes | None:
        """Return what an accepted command was told by, or None when the id is unknown."""
        rows = await self._trusted("fingerprint", command_id)
        return rows[0][0] if rows else None

    async def head(self) -> int:
        """Return the greatest seq given so far, 0 when there is none."""
        [[head]] = await self._rows("head")
        return int(head)

    async def after(self, seq: int, limit: int) -> list[Stored]:
        """Return numbered events with a greater seq, in order, at most `limit`."""
        return await self._fetch("after", seq, limit)

    async def slice_after(self, slice_: int, prev_seq: int, limit: int) -> list[Stored]:
        """Return a slice's events whose prev_seq is at least the given one, in order."""
        return await self._fetch("slice_after", slice_, prev_seq, limit)

    async def slice_heads(self) -> dict[int, int]:
        """Return the last seq of every slice that has one."""
        return dict(await self._rows("slice_heads"))

    async def by_subject(self, prefix: str, after: int, limit: int) -> list[Stored]:
        """Return numbered events after a seq whose subject begins with `prefix`, in order."""
        name = "by_reference" if prefix.startswith(REFERENCE) else "by_subject"
        return await self._fetch(name, prefix, after, limit)

    async def export(self, after: int, until: int) -> AsyncIterator[list[Stored]]:
        """Stream numbered events in chunks, in seq order, in bounded memory (rebuild, audit)."""
        while after < until:
            chunk = await self.after(after, min(CHUNK, until - after))
            if not chunk:
                return
            yield chunk
            after = chunk[-1].seq

    async def counted(self) -> Counted:
        """Count what was appended, numbered and published, as of one moment."""
        [row] = await self._rows("counted")
        return Counted(*row)

    async def delivered(self, watermarks: Mapping[int, int]) -> int:
        """Count the numbered events within the watermarks of slices."""
        rows = await self._rows("delivered", list(watermarks), list(watermarks.values()))
        return int(rows[0][0])

    async def note_relay(self, source: str, seq: int, record: str) -> None:
        """Keep a copy of the relay record (JSON); the publish role's login alone may."""
        await self._rows("note_relay", source, seq, record)

    async def _fetch(self, name: str, *args: object) -> list[Stored]:
        return [Stored(*row) for row in await self._rows(name, *args)]

    async def _rows(self, name: str, *args: object) -> list[Any]:
        return await rows_of(self._pool, getattr(QUERIES, name), *args)

    async def _trusted(self, name: str, *args: object) -> list[Any]:
        """Ask what a decision stands on."""
        return await rows_of(self._pool, getattr(QUERIES, name), *args, trust=self._trust)
