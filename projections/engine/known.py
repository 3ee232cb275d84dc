"""The known point: the greatest seq below which every slice is applied; and waiting for one's own.

A slice without newer events holds nothing back: what counts is the first event it still misses.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from events.bus.topics import SLICES
from events.log.port import SequencedLog
from projections.engine.database import QUERIES, fetch

CHANNEL = "rows_moved"
"""Notified with the projection's name by each batch that moved a watermark."""
POLL_SECONDS = 0.1
"""Seconds until the next question where nothing was heard."""
KNOWN_SLICE = -1
FRESH_SECONDS = 0.2
QUESTIONS = 16


@dataclass(frozen=True, slots=True)
class Known:
    """Everything up to this seq (and position) is in the read model.

    `at` is when the event at that point was recorded, by the log's clock; `noted` when the
    projection got there, by its database's clock.
    """

    seq: int
    position: int
    at: datetime | None = None
    noted: datetime | None = None


@dataclass(frozen=True, slots=True)
class After:
    """What an answered command asks readers to wait for: its node, and a position per slice."""

    source: str
    positions: Mapping[int, int]


class TokenError(ValueError):
    """An `after` token that is not one of ours."""

    code = "after_malformed"


def read_token(token: str) -> After:
    """Read `source:position:slices`; a slice may name its own position (`3@120`).

    Raises TokenError.
    """
    try:
        source, position, slices = token.rsplit(":", 2)
        positions = {}
        for part in filter(None, slices.split(",")):
            slice_, _, own = part.partition("@")
            positions[_within(slice_, SLICES)] = _within(own or position, 1 << 63)
    except ValueError:
        raise TokenError("after is a token of an accepted command") from None
    return After(source, positions)


def _within(text: str, bound: int) -> int:
    """Read a whole number from 0 up to a bound; raises ValueError."""
    number = int(text)
    if not 0 <= number < bound:
        raise ValueError(text)
    return number


@dataclass(frozen=True, slots=True)
class Heads:
    """How far a log was numbered at a moment: its head, and the last seq of each slice."""

    head: int
    slices: Mapping[int, int]


class HeadWatch:
    """Asks a log for its heads, at most each FRESH_SECONDS however many projections want them."""

    def __init__(self, log: SequencedLog) -> None:
        self._log = log
        self._asked = asyncio.Lock()
        self._found: tuple[float, Heads] | None = None

    async def heads(self) -> Heads:
        """Return heads that were true a moment ago: the head is read first, so they cover it."""
        async with self._asked:
            now = time.monotonic()
            if self._found is None or now - self._found[0] > FRESH_SECONDS:
                head = await self._log.head()
                self._found = now, Heads(head, await self._log.slice_heads())
            return self._found[1]


async def known_point(log: SequencedLog, heads: Heads, watermarks: Mapping[int, int]) -> int:
    """Return the known point of a build whose slices stand at these seqs.

    Watermarks read after the heads lag seldom. Where many slices lag, the answer is a lower bound:
    a slice knows at least its own watermark.
    """
    head = heads.head
    lagging = sorted(
        (watermarks.get(s, 0), s) for s, h in heads.slices.items() if watermarks.get(s, 0) < h
    )
    least = head + 1
    for asked, (seq, slice_) in enumerate(lagging):
        if seq >= least:
            break  # its next event lies above its watermark, and so above the least one found
        if asked == QUESTIONS:
            return seq
        missing = await log.slice_after(slice_, seq, 1)
        if missing:
            least = min(least, missing[0].seq)
    return least - 1


async def stood(log: SequencedLog, seq: int) -> tuple[int, datetime | None]:
    """Return the position and recording time of an event by seq; (0, None) before the first.

    The log's own clock tells the time, so a simulated node shows its simulated day.
    """
    found = await log.after(seq - 1, 1) if seq > 0 else []
    return (found[0].position, found[0].recorded_at) if found else (0, None)


async def known(connection: asyncpg.Connection, projection: str, source: str) -> Known | None:
    """Return the known point of what readers see, None before the first was noted."""
    row = await QUERIES.known(connection, projection=projection, source=source)
    return Known(row["seq"], row["position"], row["recorded_at"], row["at"]) if row else None


class Waiting:
    """Waits until readers see something; one question at a time for all who wait.

    Whoever listens to CHANNEL calls `heard`, and the question is asked again at once.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._moved: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._asking: dict[tuple[str, str], asyncio.Task[dict[int, int]]] = {}

    def heard(self, projection: str) -> None:
        """Say that a projection moved; an empty name means that any may have."""
        for name in [projection] if projection else list(self._moved):
            self._moved[name].set()

    async def until(self, projection: str, token: str, seconds: float) -> bool:
        """Wait until readers see what a token names; False when they do not in time.

        Raises TokenError.
        """
        after = read_token(token)
        if not after.positions:
            return True
        try:
            async with asyncio.timeout(seconds):
                while not _covers(await self._seen(projection, after.source), after.positions):
                    continue
        except TimeoutError:
            return False
        return True

    async def _seen(self, projection: str, source: str) -> dict[int, int]:
        """Return positions by slice from a question under way, or a new one."""
        asking = self._asking.get((projection, source))
        if asking is None or asking.done():
            asking = asyncio.create_task(self._ask(projection, source, begun=asking is None))
            self._asking[projection, source] = asking
        return await asyncio.shield(asking)

    async def _ask(self, projection: str, source: str, *, begun: bool) -> dict[int, int]:
        """Ask; one question follows another when something moved."""
        moved = self._moved[projection]
        if not begun:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await moved.wait()
        moved.clear()
        async with self._pool.acquire(timeout=5) as held:
            connection: Any = held
            rows = await fetch(connection, "positions", source, projection)
        return {row["slice"]: row["position"] for row in rows}


def _covers(seen: Mapping[int, int], wanted: Mapping[int, int]) -> bool:
    known_to = seen.get(KNOWN_SLICE, -1)
    return all(max(known_to, seen.get(s, -1)) >= p for s, p in wanted.items())
