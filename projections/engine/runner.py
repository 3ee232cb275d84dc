"""One projection at work: its connection, build, leases; it waits out outages and says so."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import structlog

from events.bus.wire import Delivered
from events.contracts.base import Catalogue
from projections.engine import builds
from projections.engine.apply import Applied, Applier
from projections.engine.database import QUERIES, TRANSIENT, connect, fetch, schema_of
from projections.engine.errors import (
    STOPPING,
    BuildReplacedError,
    EpochChangedError,
    ForkedError,
    HoleError,
)
from projections.engine.known import known_point, stood
from projections.engine.node import Node
from projections.engine.planning import plan_anew
from projections.engine.projection import Projection
from projections.engine.unseen import by_source

log = structlog.get_logger()

PULL = 2_000
HINT_SECONDS = 1.0
PAUSE_SECONDS = 0.3
LONGEST_PAUSE_SECONDS = 5.0
ALL_SLICES = range(256)


@dataclass(slots=True)
class RunnerState:
    """What a projection tells of itself; `stopped` names why it does nothing any more."""

    build: int = 0
    applied: int = 0
    parked: int = 0
    duplicates: int = 0
    superseded: int = 0
    holes: int = 0
    foreign: int = 0
    up: bool = False
    reason: str = "starting"
    stopped: str = ""
    known: dict[str, int] = field(default_factory=dict)


class Runner:
    """Feeds one projection; everything it does can be done again."""

    def __init__(
        self,
        dsn: str,
        projection: Projection[Any],
        nodes: Mapping[str, Node],
        catalogue: Catalogue[Any],
        slices: Iterable[int] = ALL_SLICES,
    ) -> None:
        self.projection = projection
        self.state = RunnerState()
        self._dsn = dsn
        self._nodes = nodes
        self._catalogue = catalogue
        self._slices = list(slices)
        self._mine = frozenset(self._slices)
        self._leases: dict[str, int] = {}
        self._connection: asyncpg.Connection | None = None
        self._applier: Applier[Any] | None = None
        self._hinted = 0.0
        self._planned: dict[str, int] = {}
        self._noted: dict[str, int] = {}
        self.opened = 0
        """How often a connection was opened: after each one tails may be missing."""

    async def hints(self) -> dict[int, int]:
        """Return where to start reading; open the build first. Outages are waited out."""
        found: dict[int, int] = await self._retry(self._hints)
        return found

    async def take(self, batch: Sequence[Delivered], hints: Mapping[int, int]) -> None:
        """Apply a batch of any nodes; returns when it is applied or the projection stopped."""
        await self._retry(lambda: self._take(batch, hints))

    async def check_tails(self) -> None:
        """Compare with the log's slice heads and pull what is missing."""
        await self._retry(self._check_tails)

    async def note_known(self) -> None:
        """Work out the known point of each node and note it for readers."""
        await self._retry(self._note_known)

    async def close(self) -> None:
        """Disconnect."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()

    async def _retry(self, work: Any) -> Any:  # noqa: ANN401 - whatever the work answers
        pause = PAUSE_SECONDS
        while not self.state.stopped:
            try:
                await self._open()
                answer = await work()
            except BuildReplacedError as replaced:
                log.info("build_changed", projection=self.projection.name, build=replaced.build)
                await self.close()
            except STOPPING as error:
                self._stop(error.code, str(error))
            except TRANSIENT as error:
                self._say_down(error)
                await self.close()
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            except Exception as error:
                log.exception("projection_failed", projection=self.projection.name)
                self._stop(f"failed:{type(error).__name__}", "")
            else:
                self.state.up, self.state.reason = True, ""
                return answer
        return {}

    def _stop(self, why: str, text: str) -> None:
        self.state.stopped = self.state.reason = why
        self.state.up = False
        log.error("projection_stopped", projection=self.projection.name, why=why, text=text)

    def _say_down(self, error: Exception) -> None:
        self.state.up, self.state.reason = False, type(error).__name__
        log.warning("projection_waiting", projection=self.projection.name, why=self.state.reason)

    async def _open(self) -> None:
        if self._connection is not None and not self._connection.is_closed():
            return
        name = self.projection.name
        admin = await connect(self._dsn)
        try:
            found = await builds.active(admin, name)
        finally:
            await admin.close()
        if found is None:
            raise builds.NotBuiltError(name)
        build = found.build
        schema = schema_of(name, build)
        self._connection = await connect(self._dsn, schema, synchronous_commit="off")
        await self._take_leases(self._connection, build)
        self._applier = Applier(self.projection, build, self._catalogue)
        # A server that was killed may have lost the last of what it was told (synchronous_commit).
        self._planned.clear()
        self._noted.clear()
        self.opened += 1

    async def _take_leases(self, connection: asyncpg.Connection, build: int) -> None:
        """Take the leases of a build once; after a lost connection they are still ours, or lost."""
        if self.state.build == build:
            return
        name = self.projection.name
        epochs = {n.source: n.epoch for n in self._nodes.values()}
        await builds.add_sources(connection, name, build, epochs)
        for source in self._nodes:
            self._planned.pop(source, None)
            self._leases[source] = await QUERIES.take_lease(
                connection, projection=name, build=build, source=source, slices=self._slices
            )
        self.state.build = build

    def _opened(self) -> tuple[asyncpg.Connection, Applier[Any]]:
        if self._connection is None or self._applier is None:
            raise asyncpg.InterfaceError("not connected")
        return self._connection, self._applier

    async def _hints(self) -> dict[int, int]:
        connection, applier = self._opened()
        rows = await fetch(connection, "hints", self.projection.name, applier.build)
        return {r["partition"]: r["next_offset"] for r in rows}

    def _hints_due(self, hints: Mapping[int, int]) -> Mapping[int, int] | None:
        """Return hints to be kept now: each second, for they are only hints."""
        now = time.monotonic()
        if now - self._hinted < HINT_SECONDS:
            return None
        self._hinted = now
        return hints

    async def _take(self, batch: Sequence[Delivered], hints: Mapping[int, int]) -> None:
        parts = by_source([e for e in batch if e.stored.slice in self._mine])
        for source, events in parts.items():
            node = self._nodes.get(source)
            if node is None:
                self.state.foreign += len(events)
                log.warning("foreign_events", source=source, count=len(events))
                continue
            try:
                applied = await self._apply(node, events, self._hints_due(hints))
            except (EpochChangedError, ForkedError):
                if not (genuine := await self._genuine(node, events)):
                    continue
                applied = await self._apply(node, genuine)
            await self._fill(node, applied.found.holes)

    async def _genuine(self, node: Node, events: Sequence[Delivered]) -> list[Delivered]:
        """Leave out records that the log does not hold: whoever wrote them stops nothing here."""
        kept = []
        for event in events:
            e = event.stored
            held = await node.log.after(e.seq - 1, 1)
            if held and (held[0].seq, held[0].hash) == (e.seq, e.hash):
                kept.append(event)
        strange = len(events) - len(kept)
        if strange:
            self.state.foreign += strange
            log.error("records_not_of_the_log", source=node.source, count=strange)
        return kept

    async def _apply(
        self, node: Node, events: Sequence[Delivered], hints: Mapping[int, int] | None = None
    ) -> Applied:
        connection, applier = self._opened()
        lease = self._leases[node.source]
        applied = await applier.apply(connection, events, lease, node.reference, hints)
        state = self.state
        state.applied += applied.events
        state.parked += applied.parked
        state.duplicates += applied.found.duplicates
        state.superseded += applied.found.superseded
        return applied

    async def _fill(self, node: Node, holes: Sequence[HoleError]) -> None:
        """Pull what is missing, a hole or a tail, from the log."""
        if holes:
            self.state.holes += len(holes)
            least = min(hole.watermark for hole in holes)
            name = self.projection.name
            log.warning("holes_pulled", projection=name, slices=len(holes), after=least)
        for hole in holes:
            await self._pull(node, hole)

    async def _pull(self, node: Node, hole: HoleError) -> None:
        at = hole.watermark
        while True:
            missing = await node.log.slice_after(hole.slice, at, PULL)
            if not missing:
                return
            await self._apply(node, [Delivered(e, node.source, node.epoch) for e in missing])
            at = missing[-1].seq
            if len(missing) < PULL:
                return

    async def _check_tails(self) -> None:
        for node in self._nodes.values():
            heads = await node.log.slice_heads()
            marks = await self._marks(node.source)
            mine = {s: marks.get(s, 0) for s in heads if s in self._mine}
            tails = [HoleError(node.source, s, at) for s, at in mine.items() if at < heads[s]]
            await self._fill(node, tails)

    async def _plan_anew(self, node: Node, known: int) -> None:
        """Move open days where calendar or parameters changed (X18)."""
        change = node.reference.changed(known)
        if change <= self._planned.get(node.source, 0):
            return
        connection, applier = self._opened()
        lease = self._leases[node.source]
        moved = await plan_anew(connection, applier, node, lease, self._slices, known)
        self._planned[node.source] = change
        log.info("days_planned_anew", projection=self.projection.name, seq=change, moved=moved)

    async def _marks(self, source: str) -> dict[int, int]:
        connection, applier = self._opened()
        rows = await fetch(connection, "watermarks", self.projection.name, applier.build, source)
        return {r["slice"]: r["seq"] for r in rows}

    async def _note_known(self) -> None:
        connection, applier = self._opened()
        for node in self._nodes.values():
            heads = await node.watch.heads()
            seq = await known_point(node.log, heads, await self._marks(node.source))
            await self._plan_anew(node, seq)
            if seq <= self._noted.get(node.source, -1):
                continue
            position, recorded_at = await stood(node.log, seq)
            await QUERIES.keep_known(
                connection,
                projection=self.projection.name,
                build=applier.build,
                source=node.source,
                seq=seq,
                position=position,
                recorded_at=recorded_at,
            )
            self._noted[node.source] = self.state.known[node.source] = seq
