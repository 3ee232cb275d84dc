"""Rebuild: a projection built anew beside the running one, compared with it, and swapped in.

The log is read from its first event in chunks, so memory does not grow with history. Readers see
the old build until the one transaction that points their views at the new, and can go back.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeAlias

import asyncpg
import structlog

from events.bus.wire import Delivered
from events.contracts.base import Catalogue
from events.log.port import Stored
from events.runtime.collecting import spare_collections
from projections.engine import builds
from projections.engine.apply import Applier
from projections.engine.comparing import Comparison, compare
from projections.engine.database import QUERIES, connect, fetch, install, schema_of
from projections.engine.node import Node
from projections.engine.planning import plan_anew
from projections.engine.projection import Projection

log = structlog.get_logger()

CHUNK = 5_000
CACHED_ROWS = 50_000
CLOSE_ENOUGH = 1_000
ROUNDS = 20
BEHIND_SECONDS = 30.0
ALL_SLICES = list(range(256))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild is: events done of those there were, events a second."""

    projection: str
    done: int
    total: int
    rate: float


Tell: TypeAlias = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild came to; `comparison` is None where there was nothing to compare with."""

    projection: str
    build: int
    events: int
    seconds: float
    comparison: Comparison | None


class Rebuild:
    """One rebuild at work: open, `catch_up`, `compare`, `swap`."""

    def __init__(
        self,
        dsn: str,
        projection: Projection[Any],
        nodes: Mapping[str, Node],
        catalogue: Catalogue[Any],
        *,
        tell: Tell | None = None,
        readers: Sequence[str] = (),
    ) -> None:
        self.projection = projection
        self.build = 0
        self.events = 0
        self._dsn = dsn
        self._nodes = nodes
        self._catalogue = catalogue
        self._tell = tell
        self._readers = readers
        self._done = dict.fromkeys(nodes, 0)
        self._leases: dict[str, int] = {}
        self._begun = 0.0

    async def __aenter__(self) -> Self:
        """Make the empty build."""
        await install(self._dsn)
        name = self.projection.name
        self._admin = await connect(self._dsn)
        epochs = {n.source: n.epoch for n in self._nodes.values()}
        self.build = await builds.create(self._admin, self.projection, epochs)
        for source in self._nodes:
            self._leases[source] = await QUERIES.take_lease(
                self._admin, projection=name, build=self.build, source=source, slices=ALL_SLICES
            )
        schema = schema_of(name, self.build)
        self._writer = await connect(self._dsn, schema, synchronous_commit="off")
        self._applier = Applier(
            self.projection,
            self.build,
            self._catalogue,
            follows_active=False,
            cached_rows=CACHED_ROWS,
        )
        self._begun = time.monotonic()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Disconnect; an unfinished build stays unseen and goes with the next clean-up."""
        await self._writer.close()
        await self._admin.close()

    async def catch_up(self) -> None:
        """Apply the log up to its head, again and again until little is left."""
        for node in self._nodes.values():
            for _ in range(ROUNDS):
                head = await node.log.head()
                behind = head - self._done[node.source]
                if behind > 0:
                    await self._apply_range(node, head, None)
                if behind <= CLOSE_ENOUGH:
                    break
            await self._plan_anew(node)

    async def _plan_anew(self, node: Node) -> None:
        """Give open days what they would have got between events (X18)."""
        lease, done = self._leases[node.source], self._done[node.source]
        await plan_anew(self._writer, self._applier, node, lease, ALL_SLICES, done)

    async def compare(self, old: int) -> Comparison | None:
        """Compare row by row with another build at the same seqs; None when it lags too far."""
        snapshot = await connect(self._dsn)
        try:
            marks = await self._snapshot_ahead(snapshot, old)
            if marks is None:
                return None
            for source, slices in marks.items():
                node = self._nodes[source]
                await self._apply_range(node, max(slices.values(), default=0), slices)
            return await compare(snapshot, self._admin, self.projection, old, self.build)
        finally:
            await snapshot.close()

    async def swap(self) -> None:
        """Point readers at this build, at least as far as the one they see; drop older ones."""
        name = self.projection.name
        async with self._admin.transaction():
            await self._admin.execute("select pg_advisory_xact_lock(8, 3)")
            seen = await builds.active(self._admin, name)
            if seen is not None:
                await self._pass(seen.build)
            await builds.activate(self._admin, self.projection, self.build, self._readers)
        await builds.drop_old(self._admin, name)
        log.info("build_swapped", projection=name, build=self.build)

    async def _pass(self, old: int) -> None:
        """Hold the seen build's watermarks and go at least as far."""
        for source, node in self._nodes.items():
            rows = await fetch(
                self._admin, "lock_watermarks", self.projection.name, old, source, ALL_SLICES
            )
            slices = {r["slice"]: r["seq"] for r in rows}
            await self._apply_range(node, max(slices.values(), default=0), None)
            await self._plan_anew(node)

    async def _snapshot_ahead(
        self, snapshot: asyncpg.Connection, old: int
    ) -> dict[str, dict[int, int]] | None:
        """Take a snapshot in which the old build is nowhere behind this one."""
        deadline = time.monotonic() + BEHIND_SECONDS
        while time.monotonic() < deadline and await self._same_epochs(old):
            await snapshot.execute("begin isolation level repeatable read read only")
            theirs = await self._marks(snapshot, old)
            ours = await self._marks(self._admin, self.build)
            if all(theirs[s].get(k, 0) >= seq for s in ours for k, seq in ours[s].items()):
                return theirs
            await snapshot.execute("rollback")
            await asyncio.sleep(0.1)
        return None

    async def _same_epochs(self, old: int) -> bool:
        for source, node in self._nodes.items():
            rows = await fetch(self._admin, "watermarks", self.projection.name, old, source)
            if any(r["epoch"] != node.epoch for r in rows):
                return False
        return True

    async def _marks(self, connection: asyncpg.Connection, build: int) -> dict[str, dict[int, int]]:
        found = {}
        for source in self._nodes:
            rows = await fetch(connection, "watermarks", self.projection.name, build, source)
            found[source] = {r["slice"]: r["seq"] for r in rows}
        return found

    async def _apply_range(self, node: Node, until: int, bounds: Mapping[int, int] | None) -> None:
        """Apply events up to a seq, per slice no further than its bound."""
        after, started = self._done[node.source], self.events
        if until <= after:
            return
        async for chunk in _ahead(node.log.export(after, until)):
            wanted = chunk if bounds is None else [e for e in chunk if e.seq <= bounds[e.slice]]
            if wanted:
                await self._apply(node, wanted)
            if bounds is None:
                self._done[node.source] = chunk[-1].seq
            self._say(self.events - started, chunk[-1].seq - after, until - after)

    async def _apply(self, node: Node, events: Sequence[Stored]) -> None:
        source, epoch = node.source, node.epoch
        batch = [Delivered(e, source, epoch) for e in events]
        lease = self._leases[source]
        applied = await self._applier.apply(self._writer, batch, lease, node.reference)
        if applied.found.holes:
            raise applied.found.holes[0]
        self.events += applied.events

    def _say(self, applied: int, done: int, total: int) -> None:
        if self._tell is not None and applied:
            rate = self.events / max(1e-9, time.monotonic() - self._begun)
            self._tell(Progress(self.projection.name, done, total, rate))


async def _ahead(chunks: AsyncIterator[list[Stored]]) -> AsyncIterator[list[Stored]]:
    """Read the next chunk while the last one is applied."""
    coming = asyncio.ensure_future(anext(chunks, None))
    try:
        while (chunk := await coming) is not None:
            coming = asyncio.ensure_future(anext(chunks, None))
            yield chunk
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)


async def rebuild(
    dsn: str,
    projection: Projection[Any],
    nodes: Mapping[str, Node],
    catalogue: Catalogue[Any],
    *,
    tell: Tell | None = None,
    readers: Sequence[str] = (),
) -> Rebuilt:
    """Build anew from the log, compare with what readers see, and swap.

    A comparison happens with a build of the same version only; differences are told, and the new
    build, made from the log, is the one that counts.
    """
    spare_collections()
    working = Rebuild(dsn, projection, nodes, catalogue, tell=tell, readers=readers)
    begun = time.monotonic()
    async with working:
        await working.catch_up()
        events, seconds = working.events, time.monotonic() - begun
        seen = await _seen(dsn, projection)
        comparable = seen is not None and seen.version == projection.version
        compared = await working.compare(seen.build) if seen and comparable else None
        await working.swap()
    return Rebuilt(projection.name, working.build, events, seconds, compared)


async def _seen(dsn: str, projection: Projection[Any]) -> builds.Active | None:
    connection = await connect(dsn)
    try:
        return await builds.active(connection, projection.name)
    finally:
        await connection.close()


async def go_back(dsn: str, projection: Projection[Any], readers: Sequence[str] = ()) -> int:
    """Let readers see the build before this one again; return its number.

    It goes on from where it stood: what it missed comes from the log. Raises ValueError when there
    is none.
    """
    connection = await connect(dsn)
    try:
        async with connection.transaction():
            seen = await builds.active(connection, projection.name)
            if seen is None or seen.previous is None:
                raise ValueError(f"{projection.name} has no earlier build")
            await builds.activate(connection, projection, seen.previous, readers)
    finally:
        await connection.close()
    return seen.previous
