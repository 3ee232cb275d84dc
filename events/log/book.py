"""What an export is written from: the log as pages of entries, tiles and notes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

import asyncpg

from events.log.audit import ENTRIES, entry_of_row
from events.log.errors import LogRefusedError
from events.log.merkle import TILE_HEIGHT
from events.log.tree import TILE, StoredTree, open_tiles
from events.log.verify import Entry

PAGE, PAGE_BYTES = 2_000, 16 << 20
BY_INDEX = {
    f"enable_{way}": "off" for way in ("hashjoin", "mergejoin", "seqscan", "bitmapscan")
} | {"jit": "off"}
"""Pages are read in order of `seq`, whatever the planner knows of the tables."""


class Book(Protocol):
    """A log to export; PostgreSQL and lists conform."""

    @property
    def source(self) -> str:
        """The name of the node whose log this is."""
        ...

    @property
    def last(self) -> int:
        """The newest seq."""
        ...

    def entries(self, after: int, until: int) -> AsyncIterator[Sequence[Entry]]:
        """Stream the events after a seq, page by page, in bounded memory."""
        ...

    async def notes(self) -> list[tuple[int, str]]:
        """Return the log's own signed checkpoints by size."""
        ...

    def tiles(self, size: int) -> AsyncIterator[tuple[int, int, bytes]]:
        """Stream the tiles (level, tile, hashes) of the tree of a size, partial ones last."""
        ...


class DatabaseBook:
    """The log of a database, read by a login that may only read."""

    def __init__(self, connection: asyncpg.Connection, source: str, last: int) -> None:
        self._connection = connection
        self.source, self.last = source, last

    async def entries(self, after: int, until: int) -> AsyncIterator[Sequence[Entry]]:
        """Stream the events after a seq; the next page is fetched while one is worked on."""
        limit = PAGE
        rows = await self._page(after, until, limit)
        while rows:
            size = sum(len(row["data"]) + len(row["meta"]) for row in rows)
            limit = max(1, min(PAGE, PAGE_BYTES * len(rows) // max(size, 1)))
            ahead = asyncio.create_task(self._page(rows[-1]["seq"], until, limit))
            try:
                await asyncio.sleep(0.001)  # the question must be out before work begins
                yield [entry_of_row(row) for row in rows]
            except BaseException:
                ahead.cancel()
                raise
            rows = await ahead

    async def _page(self, after: int, until: int, limit: int) -> list[asyncpg.Record]:
        if after >= until:
            return []
        rows: list[asyncpg.Record] = await self._connection.fetch(ENTRIES, after, until, limit)
        return rows

    async def notes(self) -> list[tuple[int, str]]:
        """Return the log's own signed checkpoints by size."""
        rows = await self._connection.fetch("select size, note from log.checkpoints order by size")
        return [(row["size"], row["note"]) for row in rows]

    async def tiles(self, size: int) -> AsyncIterator[tuple[int, int, bytes]]:
        """Stream the stored tiles of the tree of a size, then its open ones."""
        level = 0
        while full := size >> TILE_HEIGHT * (level + 1):
            for tile in range(full):
                yield level, tile, await self._tile(level, tile)
            level += 1
        edge = await open_tiles(StoredTree(self._connection), size)
        for level, nodes in enumerate(edge.open):
            if nodes:
                yield level, edge.first[level], b"".join(nodes)

    async def _tile(self, level: int, tile: int) -> bytes:
        hashes: bytes | None = await self._connection.fetchval(TILE, level, tile)
        if hashes is None:
            raise LogRefusedError("log_damaged", f"tile {tile} of level {level} is missing")
        return hashes


@asynccontextmanager
async def database_book(dsn: str) -> AsyncIterator[DatabaseBook]:
    """Open the log of a database for an export; raises connection errors."""
    connection = await asyncpg.connect(dsn, timeout=10, server_settings=BY_INDEX)
    try:
        source = await connection.fetchval("select source from log.node")
        last = await connection.fetchval("select coalesce(max(seq), 0) from log.numbering")
        yield DatabaseBook(connection, str(source), int(last))
    finally:
        await connection.close()
