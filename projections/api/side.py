"""What the queries stand on: pool, tokens, directory, and how far each read model got."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import asyncpg
from prometheus_client import Counter, Gauge, Histogram

from events.log.port import CountingLog, SequencedLog
from events.rules.directory import Directory
from events.runtime.clock import SystemClock
from events.runtime.limits import Limit
from events.runtime.telemetry import Metrics
from events.runtime.tokens import TokenCheck
from projections.engine.fence import Opening
from projections.engine.known import Waiting


async def _always_ready() -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Gauges:
    """The read role's own figures."""

    answered: Counter
    seconds: Histogram
    known: Gauge
    lag: Gauge
    parked: Gauge

    @classmethod
    def of(cls, metrics: Metrics) -> Gauges:
        """Register them."""
        per = ("projection",)
        return cls(
            metrics.counter("queries", "Queries answered", ("query", "status")),
            metrics.histogram("query_seconds", "Time to answer a query", ("query",)),
            metrics.gauge("projection_known_seq", "Known point of what readers see", per),
            metrics.gauge("projection_lag_events", "Events not yet in a read model", per),
            metrics.gauge("projection_parked_subjects", "Subjects put aside", per),
        )


@dataclass(slots=True)
class ReadSide:
    """What the routes stand on; `pool` reads the read database, `log` (if any) the node's log.

    `directory` gives offices and accounts as known now, `today` the node's Shanghai day, `ready`
    why queries cannot be served, or nothing.
    """

    pool: asyncpg.Pool
    source: str
    check: TokenCheck
    directory: Callable[[], Directory]
    today: Callable[[], date]
    log: SequencedLog | None = None
    now: Callable[[], datetime] = field(default_factory=lambda: SystemClock().now)
    """The node's instant; an emergency ends by it."""
    ready: Callable[[], Awaitable[str]] = _always_ready
    limit: Limit | None = None
    """How often one account may ask."""
    directory_at: Callable[[int], Directory] | None = None
    """The directory as of a seq; a side without it knows the present one alone."""
    known_at: Callable[[datetime], Awaitable[int]] | None = None
    """The last seq that was known at an instant."""
    counting: CountingLog | None = None
    """The log as the completeness report counts it; None where this role cannot."""
    metrics: Metrics = field(default_factory=Metrics)
    patience: float = 2.0
    """Seconds that `after=` waits at most."""
    stream_pause: float = 0.5
    """Seconds between two looks of a stream for what is new."""
    waiting: Waiting = field(init=False)

    def __post_init__(self) -> None:
        """Share one way of waiting between all who ask."""
        self.waiting = Waiting(self.pool)

    def as_of(self, seq: int) -> Directory:
        """Return the directory as of a seq."""
        return self.directory_at(seq) if self.directory_at else self.directory()

    @asynccontextmanager
    async def reading(self, seen: Opening | None = None) -> AsyncIterator[asyncpg.Connection]:
        """Open a read-only snapshot of what `seen` opens; without it of no row of a read model."""
        async with self.pool.acquire(timeout=5) as held:
            connection: Any = held
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                await (seen or Opening()).open(connection)
                yield connection
