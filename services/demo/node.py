"""The node of a demo: embedded servers, every role as a process of its own, its first accounts."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg

from events.bus.relay import newest_record
from events.bus.topics import Bus
from events.runtime.embedded import EmbeddedServers
from events.runtime.process import free_port
from events.runtime.roles import RoleProcess, Roles
from events.runtime.settings import Settings

ROLES = ("publish", "write", "project", "read", "console")
SHANGHAI = ZoneInfo("Asia/Shanghai")
CAUGHT_UP_SECONDS = 300


@dataclass(slots=True)
class DemoNode:
    """A running demo: its settings (with every address) and its roles."""

    settings: Settings
    roles: Roles

    async def head(self) -> tuple[int, int]:
        """Return (events in the log, events numbered)."""
        connection = await asyncpg.connect(self.settings.secret("log_url"))
        try:
            events = await connection.fetchval("select count(*) from log.events")
            numbered = await connection.fetchval("select coalesce(max(seq), 0) from log.numbering")
        finally:
            await connection.close()
        return int(events), int(numbered)

    async def projected(self) -> int:
        """Return the events that every read model has applied."""
        return int(await self._read("select coalesce(min(k.seq), 0) " + _ACTIVE))

    async def parked(self) -> int:
        """Return the events that some read model could not apply."""
        return int(await self._read("select count(*) from engine.parked"))

    async def published(self) -> int:
        """Return how far the publisher got, by its own record on Kafka."""
        bus = Bus.of(self.settings)
        record = await newest_record(bus, self.settings.source)
        return record.seq if record else 0

    async def _read(self, query: str) -> int:
        connection = await asyncpg.connect(self.settings.secret("read_url"))
        try:
            return int(await connection.fetchval(query))
        finally:
            await connection.close()

    async def caught_up(self) -> None:
        """Wait until every read model has applied the whole log. Raises TimeoutError."""
        async with asyncio.timeout(CAUGHT_UP_SECONDS):
            _, head = await self.head()
            while await self.projected() < head:  # noqa: ASYNC110  # rows of another process
                await asyncio.sleep(0.2)


_ACTIVE = """from engine.active a
join engine.known k on k.projection = a.projection and k.build = a.build"""


def demo_settings(home: Path, port: int, start: date) -> Settings:
    """Return a demo node's settings: a home of its own, free ports for all but the console."""
    ports = [free_port() for _ in range(4)]
    write, publish, project, read = ports
    return Settings(
        home=home,
        source="demo",
        simulated=True,
        simulated_from=datetime.combine(start, time(8), SHANGHAI).astimezone(UTC),
        console_port=port,
        write_port=write,
        publish_port=publish,
        project_port=project,
        read_port=read,
        write_api=f"http://127.0.0.1:{write}",
        read_api=f"http://127.0.0.1:{read}",
        publish_api=f"http://127.0.0.1:{publish}",
        log_level="WARNING",
    )


def environment(settings: Settings) -> dict[str, str]:
    """Return the BANGFU_* variables that make a child process read the same settings."""
    names = (
        "home", "source", "simulated", "simulated_from", "console_port", "write_port",
        "publish_port", "project_port", "read_port", "write_api", "read_api", "publish_api",
        "log_level",
    )  # fmt: skip
    values = settings.model_dump(mode="json", include=set(names))
    return {f"BANGFU_{name.upper()}": str(value) for name, value in values.items()}


def role_process(settings: Settings, name: str) -> RoleProcess:
    """Return a role as a process of its own."""
    return RoleProcess(
        name,
        [sys.executable, "-m", "services", "serve", name],
        f"http://127.0.0.1:{getattr(settings, f'{name}_port')}",
        settings.home / "logs" / f"{name}.log",
        environment(settings),
    )


@asynccontextmanager
async def demo_node(
    settings: Settings,
    prepare: Callable[[Settings], Awaitable[None]],
    first: Callable[[Settings], Awaitable[object]],
) -> AsyncIterator[DemoNode]:
    """Run a fresh demo node until the block ends.

    `prepare` makes the log's tables before a role asks for them, `first` the first accounts.
    """
    await asyncio.to_thread(_fresh, settings.home)
    async with standing_node(settings, prepare, first) as node:
        yield node


@asynccontextmanager
async def standing_node(
    settings: Settings,
    prepare: Callable[[Settings], Awaitable[None]],
    first: Callable[[Settings], Awaitable[object]] | None = None,
) -> AsyncIterator[DemoNode]:
    """Run the node that stands in a home, with all it holds, until the block ends."""
    async with EmbeddedServers(settings) as servers:
        whole = servers.settings
        await prepare(whole)
        async with Roles([role_process(settings, name) for name in ROLES]) as roles:
            if first is not None:
                await roles.ready("write", "publish")
                await first(whole)
            await roles.ready()
            yield DemoNode(whole, roles)


def _fresh(home: Path) -> None:
    """Remove an earlier demo; its servers are not running any more."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
