"""PostgreSQL and Kafka of one home together, and the note by which other processes find them."""

import asyncio
import contextlib
from types import TracebackType
from typing import Self

import structlog

from events.runtime.kafka import EmbeddedKafka
from events.runtime.logins import make_logins
from events.runtime.postgres import EmbeddedPostgres
from events.runtime.process import ServerStartError
from events.runtime.settings import SERVERS_FILE, Settings, write_node, write_servers

DATABASES = ("bangfu_log", "bangfu_read", "bangfu_keys")
CHECK_SECONDS = 1.0

_log = structlog.get_logger(__name__)


class EmbeddedServers:
    """Both servers of a home; the process that started them restarts a dead one and stops them.

    Use `async with EmbeddedServers(settings) as servers: servers.settings` has the addresses.
    """

    def __init__(self, settings: Settings) -> None:
        self.postgres = EmbeddedPostgres(settings.home, settings.postgres_port)
        self.kafka = EmbeddedKafka(settings.home, settings.kafka_port, brokers=settings.brokers)
        self._given = settings
        self._ended = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None

    @property
    def settings(self) -> Settings:
        """The given settings with the addresses of the servers."""
        return self._given.with_servers()

    async def __aenter__(self) -> Self:
        """Start both at once, create the databases and logins, note the addresses, watch."""
        await asyncio.gather(
            asyncio.to_thread(self.postgres.start), asyncio.to_thread(self.kafka.start)
        )
        for name in DATABASES:
            await self.postgres.create_database(name)
        self._note(await make_logins(self.postgres))
        self._watch = asyncio.create_task(self._keep_alive())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the servers this process owns and withdraw the note."""
        self._ended.set()
        if self._watch:
            await (
                self._watch
            )  # a restart under way ends first, else it would start a stopped server
        await asyncio.gather(
            asyncio.to_thread(self.postgres.stop), asyncio.to_thread(self.kafka.stop)
        )
        if not self.postgres.alive:
            (self._given.home / SERVERS_FILE).unlink(missing_ok=True)

    def _note(self, logins: dict[str, dict[str, str]]) -> None:
        addresses = {f"{name.removeprefix('bangfu_')}_url": name for name in DATABASES}
        urls = {key: self.postgres.dsn(name) for key, name in addresses.items()}
        kafka = {"kafka": self.kafka.bootstrap}
        write_servers(self._given.home, urls | kafka | {"logins": logins})
        write_node(self._given)

    async def _keep_alive(self) -> None:
        while not self._ended.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), CHECK_SECONDS)
                return
            for server in (self.postgres, self.kafka):
                if not server.alive:
                    await _restart(server)


async def _restart(server: EmbeddedPostgres | EmbeddedKafka) -> None:
    name = type(server).__name__
    try:
        await asyncio.to_thread(server.start)
    except ServerStartError:
        _log.exception("server_restart_failed", server=name)
    else:
        _log.warning("server_restarted", server=name)
