"""The role `project`: every projection over one reader of the bus; it recovers by itself.

Kafka away: the log's tails still come in each minute. PostgreSQL away: batches wait. Both are told
in `/readyz` through the states.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import structlog

from events.bus.reader import Batch, Reader
from events.bus.topics import PARTITIONS, SLICES, Bus, ensure_topics
from events.bus.wire import Delivered, UnreadableRecordError, decode
from events.contracts.base import Catalogue
from events.runtime.collecting import spare_collections
from projections.engine import builds
from projections.engine.database import TRANSIENT, connect, install
from projections.engine.feeding import Feeder, Portion
from projections.engine.node import Node
from projections.engine.projection import Projection
from projections.engine.rebuild import Tell, rebuild
from projections.engine.runner import Runner

log = structlog.get_logger()

TAIL_SECONDS = 60.0
PAUSE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Share:
    """Which part of the slices a process takes: number `index` of `of`, by partition."""

    index: int = 0
    of: int = 1

    @property
    def partitions(self) -> range:
        """The partitions of this share."""
        return range(self.index, PARTITIONS, self.of)

    @property
    def slices(self) -> list[int]:
        """The slices of this share."""
        mine = set(self.partitions)
        return [s for s in range(SLICES) if s % PARTITIONS in mine]


class Projector:
    """All projections of a process. `readers` are database roles that may read their tables."""

    def __init__(
        self,
        dsn: str,
        bus: Bus,
        nodes: Mapping[str, Node],
        projections: Sequence[Projection[Any]],
        catalogue: Catalogue[Any],
        *,
        share: Share = Share(),
        readers: Sequence[str] = (),
        tell: Tell | None = None,
        tail_seconds: float = TAIL_SECONDS,
    ) -> None:
        self.unreadable = 0
        self.reader: Reader | None = None
        self.runners = [Runner(dsn, p, nodes, catalogue, share.slices) for p in projections]
        self._dsn = dsn
        self._bus = bus
        self._nodes = nodes
        self._catalogue = catalogue
        self._share = share
        self._readers = readers
        self._tell = tell
        self._tail_seconds = tail_seconds

    @property
    def reasons(self) -> list[str]:
        """Say what is not as it should be; empty when the role is ready."""
        told = [f"{r.projection.name}: {r.state.reason}" for r in self.runners if r.state.reason]
        if self.reader is None or not self.reader.state.up:
            told.append(f"kafka: {self.reader.state.reason if self.reader else 'starting'}")
        return told

    async def run(self) -> None:
        """Project until cancelled."""
        spare_collections()
        try:
            await self._prepare()
            reader = self.reader = Reader(
                self._bus, await self._hints(), partitions=self._share.partitions
            )
            await self._loop(reader)
        finally:
            await asyncio.gather(*(runner.close() for runner in self.runners))

    async def _prepare(self) -> None:
        """Make what is missing; a projection whose code has another version is built anew."""
        while True:
            try:
                await install(self._dsn)
                for runner in self.runners:
                    await self._build(runner.projection)
                async with asyncio.timeout(10):
                    await ensure_topics(self._bus)
            except TRANSIENT as error:
                log.warning("projector_waiting", why=type(error).__name__)
                await asyncio.sleep(PAUSE_SECONDS)
            except Exception as error:  # noqa: BLE001 - the bus may be away: its reader waits for it
                log.warning("topics_not_checked", why=type(error).__name__)
                return
            else:
                return

    async def _build(self, projection: Projection[Any]) -> None:
        connection = await connect(self._dsn)
        try:
            await connection.execute("select pg_advisory_lock(8, 4)")
            found = await builds.active(connection, projection.name)
            if found is None or found.version != projection.version:
                await rebuild(
                    self._dsn,
                    projection,
                    self._nodes,
                    self._catalogue,
                    tell=self._tell,
                    readers=self._readers,
                )
        finally:
            await connection.close()

    async def _hints(self) -> dict[int, int]:
        """Start where the projection that is furthest behind needs it."""
        every = await asyncio.gather(*(runner.hints() for runner in self.runners))
        common = set.intersection(*(set(h) for h in every)) if every else set()
        return {p: min(h[p] for h in every) for p in common & set(self._share.partitions)}

    async def _loop(self, reader: Reader) -> None:
        """Read once, feed every projection: a slow one holds the others up only INBOX batches."""
        feeders = [Feeder(runner, self._tail_seconds) for runner in self.runners]
        async with asyncio.TaskGroup() as tasks, aclosing(reader.batches()) as batches:
            for feeder in feeders:
                tasks.create_task(feeder.run())
            async for batch in batches:
                portion = Portion(self._decoded(batch), batch.next_offsets, batch.reset)
                if portion.events or portion.reset:
                    for feeder in feeders:
                        await feeder.inbox.put(portion)

    def _decoded(self, batch: Batch) -> list[Delivered]:
        found: list[Delivered] = []
        for records in batch.records.values():
            for record in records:
                try:
                    found.append(decode(record))
                except UnreadableRecordError:
                    self.unreadable += 1
                    log.exception("record_unreadable", partition=record.partition)
        found.sort(key=_seq)
        return found


def _seq(event: Delivered) -> int:
    return event.stored.seq
