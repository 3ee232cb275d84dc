"""The numbered log as it was known at a point: by slice, by subject, by stream, nothing later.

A point is a seq; a checkpoint, an instant or a Shanghai day only name one (audit.md 6).
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any, Self

import aiosql
import asyncpg

from events.contracts.base import StreamId
from events.log.hashing import slice_of
from events.log.port import Stored
from events.log.postgres import QUERIES as LOG
from events.log.postgres import opened, rows_of
from events.rules.time import day_end

QUERIES: Any = aiosql.from_str(
    files("events.log").joinpath("history.sql").read_text("utf-8"), "asyncpg"
)
PAGE = 5_000
SLICES = range(256)
NEWEST = "checkpoint"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = timedelta(microseconds=1)


class UnknownPointError(LookupError):
    """No such point of knowledge: not written as one, or the log has not come that far."""

    code = "known_point_unknown"

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.zh = (
            f"没有这个知悉点：{text}。请给出事件编号、checkpoint[:编号]、"
            "日期（2009-03-01）或带时区的时刻，且不晚于日志现有的末尾。"
        )
        self.en = (
            f"No such point of knowledge: {text}. Give a seq, checkpoint[:size], a day "
            "(2009-03-01) or an instant with its offset, none beyond the log's end."
        )


@dataclass(frozen=True, slots=True)
class KnownPoint:
    """A point of knowledge: its seq, and the day whose end it is where a day was asked for."""

    seq: int
    day: date | None = None


class History:
    """Reads the log up to a point, in bounded memory; opens no sealed value."""

    def __init__(self, pool: asyncpg.Pool, source: str, epoch: int) -> None:
        self._pool, self.source, self.epoch = pool, source, epoch

    @classmethod
    async def open(cls, dsn: str, *, readers: int = 2) -> Self:
        """Connect. Raises LogClosedError when the server or the node's name is missing."""
        pool, node = await opened(dsn, max_size=readers, command_timeout=600)
        return cls(pool, node["source"], node["epoch"])

    async def close(self) -> None:
        """Disconnect."""
        await self._pool.close()

    async def head(self) -> int:
        """Return the greatest seq given so far."""
        [[head]] = await rows_of(self._pool, LOG.head)
        return int(head)

    async def known_at(self, at: datetime) -> int:
        """Return the greatest seq that was known at an instant."""
        [[seq]] = await self._rows("known_at", at)
        return int(seq)

    async def recorded_at(self, seq: int) -> datetime | None:
        """Return when the event of a seq was recorded; None before the first."""
        found = await self._rows("recorded_at", seq)
        return found[0]["recorded_at"] if found else None

    async def point(self, text: str = "") -> KnownPoint:
        """Read a seq, `checkpoint[:size]`, a Shanghai day (its end) or an instant; now when empty.

        Raises UnknownPointError.
        """
        try:
            point = await self._point(text)
        except ValueError:
            raise UnknownPointError(text) from None
        if not 0 <= point.seq <= await self.head():
            raise UnknownPointError(text)
        return point

    async def _point(self, text: str) -> KnownPoint:
        if not text:
            return KnownPoint(await self.head())
        if text.isdecimal() and text.isascii():
            return KnownPoint(int(text))
        if text.startswith(NEWEST):
            return KnownPoint(await self._checkpoint(text))
        if _DAY.fullmatch(text):
            day = date.fromisoformat(text)
            return KnownPoint(await self.known_at(day_end(day) - _MOMENT), day)
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            raise ValueError(text)
        return KnownPoint(await self.known_at(at))

    async def _checkpoint(self, text: str) -> int:
        _, _, size = text.partition(":")
        [[found]] = await self._rows("checkpoint", int(size) if size else None)
        return int(found) if found is not None else -1

    async def line(
        self, slice_: int, until: int, types: Collection[str] | None = None
    ) -> AsyncIterator[list[Stored]]:
        """Read a slice up to a seq, page by page in order."""
        listed = None if types is None else sorted(types)
        after = 0
        while True:
            page = await self._fetch("line", slice_, after, until, listed, PAGE)
            if page:
                yield page
            if len(page) < PAGE:
                return
            after = page[-1].prev_seq + 1

    async def about(self, subject: str, until: int) -> list[Stored]:
        """Read everything about one subject up to a seq, by its slice alone."""
        return await self._fetch("about", slice_of(subject), until, subject)

    async def streams(self, streams: Collection[str], until: int) -> list[Stored]:
        """Read some streams up to a seq, in order of seq."""
        return await self._fetch("streams", sorted(streams), until) if streams else []

    async def streams_about(self, kind: str, subjects: Collection[str]) -> list[StreamId]:
        """Name the streams of a kind about some subjects."""
        if not subjects:
            return []
        rows = await self._rows("streams_about", f"{kind}-", f"{kind}.", sorted(subjects))
        return [StreamId(row["stream"]) for row in rows]

    async def _fetch(self, name: str, *args: object) -> list[Stored]:
        return [Stored(*row) for row in await self._rows(name, *args)]

    async def _rows(self, name: str, *args: object) -> list[Any]:
        return await rows_of(self._pool, getattr(QUERIES, name), *args)
