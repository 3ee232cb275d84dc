"""The roles `project` and `read` assembled: read models, engine, queries (design.md 9)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import asyncpg
import structlog
from rich.progress import Progress

from events.bus.topics import Bus
from events.contracts.catalogue import ALL
from events.log.history import History
from events.log.listening import listen
from events.log.port import LogClosedError
from events.log.postgres import PostgresLog
from events.rules.directory import Directory
from events.rules.time import shanghai_day
from events.runtime.clock import SystemClock
from events.runtime.limits import Limit
from events.runtime.settings import Settings
from events.runtime.tasks import end
from projections.api.app import read_app
from projections.api.side import ReadSide
from projections.doors import Door
from projections.engine.known import CHANNEL
from projections.engine.node import Node, node_of
from projections.engine.projection import Projection
from projections.engine.proof import Guard
from projections.engine.rebuild import Progress as Rebuilding
from projections.engine.rebuild import Rebuilt, rebuild
from projections.engine.reference import Reference
from projections.engine.run import Projector
from projections.models import read_models

FOLLOW_SECONDS = 0.2
QUERIES_AT_ONCE = 10
log = structlog.get_logger()


@dataclass(slots=True)
class ProjectRole:
    """A running project role."""

    projector: Projector
    task: asyncio.Task[None]

    def app(self) -> None:
        """Serve nothing but health."""

    def ready(self) -> tuple[bool, str]:
        """Tell whether every projection flows, and what does not."""
        reasons = self.projector.reasons
        return not reasons, "; ".join(reasons)

    def figures(self) -> Mapping[str, float]:
        """Return what each projection applied and parked, and its known point."""
        out: dict[str, float] = {"unreadable_records": self.projector.unreadable}
        for runner in self.projector.runners:
            name, state = runner.projection.name, runner.state
            out[f"{name}_applied"] = state.applied
            out[f"{name}_parked"] = state.parked
            out[f"{name}_known_seq"] = min(state.known.values(), default=0)
        return out

    async def ended(self) -> None:
        """Return when the projector ended; raises its error."""
        await asyncio.shield(self.task)


@asynccontextmanager
async def open_project_role(settings: Settings) -> AsyncIterator[ProjectRole]:
    """Keep every read model until the block ends. Raises LogClosedError."""
    source = await PostgresLog.open(settings.secret("log_url"), lanes=1, readers=4)
    nodes: dict[str, Node] = {source.source: node_of(source, ALL)}
    bus = Bus.of(settings)
    projector = Projector(settings.secret("read_url"), bus, nodes, read_models(), ALL)
    task = asyncio.create_task(projector.run())
    try:
        yield ProjectRole(projector, task)
    finally:
        await end(task)
        await source.close()


async def rebuild_models(settings: Settings, name: str, bar: Progress) -> list[Rebuilt]:
    """Rebuild one read model, or all, beside the running ones. Raises ValueError: unknown name."""
    wanted = [m for m in read_models() if name in {"all", m.name}]
    if not wanted:
        raise ValueError(f"no read model is called {name}")
    source = await PostgresLog.open(settings.secret("log_url"), lanes=1, readers=4)
    try:
        nodes = {source.source: node_of(source, ALL)}
        return [await _rebuild(settings, model, nodes, bar) for model in wanted]
    finally:
        await source.close()


async def _rebuild(
    settings: Settings, model: Projection[Any], nodes: Mapping[str, Node], bar: Progress
) -> Rebuilt:
    task = bar.add_task(model.name, total=None, rate="")

    def tell(at: Rebuilding) -> None:
        bar.update(task, completed=at.done, total=at.total, rate=f"{at.rate:,.0f}/s")

    return await rebuild(settings.secret("read_url"), model, nodes, ALL, tell=tell)


class NodeToday:
    """The node's day and instant: the computer's, or those of a simulated node's clock."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._simulated: datetime = settings.simulated_from

    def __call__(self) -> date:
        """Return the Shanghai day."""
        return shanghai_day(self.now())

    def now(self) -> datetime:
        """Return the instant."""
        return self._simulated if self._settings.simulated else SystemClock().now()

    async def look(self, pool: asyncpg.Pool) -> None:
        """Read the simulated clock where the write role keeps it."""
        if self._settings.simulated:
            async with pool.acquire(timeout=5) as connection:
                self._simulated = (
                    await connection.fetchval("select now from work.clock") or self._simulated
                )


@dataclass(slots=True)
class ReadRole:
    """A running read role."""

    side: ReadSide
    reference: Reference
    following: asyncio.Task[None]

    def app(self) -> Any:  # noqa: ANN401
        """Return the HTTP application."""
        return read_app(self.side)

    def ready(self) -> tuple[bool, str]:
        """Tell whether queries are answered, and why not."""
        if self.reference.known == 0:
            return False, "the directory is not read yet"
        return True, ""

    def figures(self) -> Mapping[str, float]:
        """Return how far the directory is known."""
        return {"directory_seq": self.reference.known}

    async def ended(self) -> None:
        """Return when the directory is no longer followed; raises the error."""
        await asyncio.shield(self.following)


@asynccontextmanager
async def open_read_role(settings: Settings) -> AsyncIterator[ReadRole]:
    """Answer queries until the block ends.

    Raises FenceError, LogClosedError, NotReadyError and connection errors.
    """
    source = await PostgresLog.open(settings.secret("log_url"), lanes=1, readers=4)
    pool = await asyncpg.create_pool(settings.secret("read_url"), min_size=1, max_size=8)
    clock = await asyncpg.create_pool(settings.secret("log_url"), min_size=1, max_size=1)
    reference = Reference(source, source.source, ALL, source.epoch)
    today, guard, door = NodeToday(settings), Guard(pool), Door(settings.source, clock)

    async def follow() -> None:
        while True:
            try:
                await guard.look()
                await today.look(clock)
                await reference.upto(await source.head())
                side.check = await door.look()
            except (LogClosedError, TimeoutError, asyncpg.PostgresError, OSError) as error:
                log.warning("directory_waiting", why=type(error).__name__)
            await asyncio.sleep(FOLLOW_SECONDS)

    def directory() -> Directory:
        return reference.at(reference.known)

    rate = settings.queries_per_second
    limit = Limit(QUERIES_AT_ONCE * rate, rate, time.monotonic)
    try:
        await guard.look()
        check = await door.look()
        side = ReadSide(
            pool, source.source, check, directory, today, source, today.now, limit=limit,
            directory_at=lambda seq: reference.at(min(seq, reference.known)),
            known_at=History(clock, source.source, source.epoch).known_at,
            counting=source,
        )  # fmt: skip
        following = asyncio.create_task(follow())
        hearing = listen(settings.secret("read_url"), CHANNEL, side.waiting.heard)
        listening = asyncio.create_task(hearing)
        try:
            yield ReadRole(side, reference, following)
        finally:
            await end(following, listening)
    finally:
        await source.close()
        await pool.close()
        await clock.close()
