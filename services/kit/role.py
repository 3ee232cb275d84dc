"""The write role assembled: databases, keys, handler, follower, doors and the HTTP application.

Nothing runs at import; `WriteRole.open` connects, prepares its own tables and is ready.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg
import httpx
import structlog
from starlette.routing import Route

from events.contracts.base import Catalogue, Event
from events.log.listening import listen
from events.log.migrate import migrate, name_node
from events.log.outage import OUTAGE
from events.log.port import LogClosedError
from events.log.postgres import PostgresLog
from events.log.sequencer import CHANNEL
from events.rules.time import shanghai_day
from events.runtime.clock import Clock, SimulatedClock, SystemClock
from events.runtime.collecting import spare_collections
from events.runtime.ids import RandomIds
from events.runtime.limits import Limit
from events.runtime.settings import Settings
from events.runtime.tasks import end
from events.runtime.tokens import Ended, TokenCheck, TokenIssuer, token_keys
from services.kit.checks import Checks
from services.kit.clock import ClockRoute
from services.kit.decider import Context
from services.kit.exporting import ExportFiles, ReadApi
from services.kit.faces import Commands
from services.kit.follower import Follower
from services.kit.handling import Handler
from services.kit.http import WriteSide, guarded, write_app
from services.kit.identities import QUERIES as IDENTITIES
from services.kit.identities import Identities
from services.kit.inbox import InboxTask
from services.kit.kafka import Inbox, inbox_key
from services.kit.keks import KeyFolder
from services.kit.keyring import Keyring, connected, keys_pool
from services.kit.node_routes import node_routes
from services.kit.oidc import IdentityCheck, Issuer
from services.kit.opening import Opener
from services.kit.passwords import Passwords
from services.kit.principals import Doorkeeper
from services.kit.reading import Reads
from services.kit.reference import ReferenceFacts
from services.kit.searching import Indexer
from services.kit.sessions import Sessions
from services.kit.shredding import Shredder
from services.kit.token_routes import token_routes
from services.kit.work import QUERIES as WORK

LOOK_SECONDS = 0.5
SEARCHES_AT_ONCE = 60
KEYS_AWAY = "bangfu_keys does not answer: personal data can be neither written nor opened for now"
PURPOSES = ("fingerprint", "national_id", "search", "employer_code")
log = structlog.get_logger()


@dataclass(slots=True)
class WriteRole:
    """A running write role."""

    settings: Settings
    log: PostgresLog
    handler: Handler
    follower: Follower
    reference: ReferenceFacts
    doorkeeper: Doorkeeper
    keyring: Keyring
    clock: Clock
    side: WriteSide
    pool: asyncpg.Pool[asyncpg.Record]
    inbox: InboxTask
    exports: ExportFiles
    checks: Checks
    following: asyncio.Task[None] | None = None
    armed: bool = False

    def app(self) -> Any:  # noqa: ANN401
        """Return the HTTP application."""
        return write_app(self.side)

    def ready(self) -> tuple[bool, str]:
        """Tell whether commands are taken, and why not."""
        if self.following is None or self.following.done():
            return False, "reactions and timers do not run"
        if not self.armed:
            return False, "the log takes no appends: the publish role has not armed it"
        return True, self.inbox.reason if self.keyring.up else KEYS_AWAY

    async def watch(self) -> None:
        """Look again and again whether the log is armed, and which sessions ended."""
        while True:
            with contextlib.suppress(LogClosedError, asyncpg.PostgresError, *OUTAGE):
                self.armed = await self.log.armed()
                await self.doorkeeper.sessions.look()
            await asyncio.sleep(LOOK_SECONDS)

    def figures(self) -> Mapping[str, float]:
        """Return how far reactions got and whether commands come in from Kafka."""
        return {
            "reactions_seq": self.follower.seq,
            "directory_seq": self.reference.directory.seq,
            "inbox_up": float(not self.inbox.reason),
        }

    async def ended(self) -> None:
        """Return when the follower ended, which it does only by cancellation or a fault."""
        if self.following is not None:
            await asyncio.shield(self.following)


async def prepare(settings: Settings) -> None:
    """Migrate the log's database and name its node."""
    dsn = settings.secret("log_url")
    await migrate(dsn)
    await name_node(dsn, settings.source, simulated=settings.simulated)


@asynccontextmanager
async def open_write_role(
    settings: Settings, contexts: Iterable[Context], catalogue: Catalogue[Event]
) -> AsyncIterator[WriteRole]:
    """Connect everything a write role needs; the follower runs until the block ends."""
    await prepare(settings)
    spare_collections()
    contexts = tuple(contexts)
    dsn = settings.secret("log_url")
    async with AsyncExitStack() as stack:
        plog = await PostgresLog.open(dsn, lanes=2, readers=8)
        stack.push_async_callback(plog.close)
        pool = await stack.enter_async_context(asyncpg.create_pool(dsn, min_size=1, max_size=4))
        keys = await stack.enter_async_context(keys_pool(settings.secret("keys_url"), 4))
        http = await stack.enter_async_context(httpx.AsyncClient())
        role = await _assemble(settings, contexts, catalogue, plog, pool, keys, http)
        role.following = asyncio.create_task(role.follower.run())
        hearing = listen(dsn, CHANNEL, lambda _: role.follower.wake())
        others = (
            hearing, role.inbox.run(), role.watch(), role.keyring.watch(), role.checks.run(),
        )  # fmt: skip
        stack.push_async_callback(end, role.following, *map(asyncio.create_task, others))
        yield role


async def _assemble(
    settings: Settings,
    contexts: tuple[Context, ...],
    catalogue: Catalogue[Event],
    plog: PostgresLog,
    pool: asyncpg.Pool[asyncpg.Record],
    keys: asyncpg.Pool[asyncpg.Record],
    http: httpx.AsyncClient,
) -> WriteRole:
    async with pool.acquire(timeout=5) as connection:
        await WORK.schema(connection)
        kept: datetime | None = await WORK.clock(connection)
    clock = node_clock(settings, kept)
    ids = RandomIds(SystemClock())
    keyring = Keyring(keys, KeyFolder(settings.home / "keys"), ids, os.urandom)
    await keyring.prepare(*PURPOSES)
    reference = ReferenceFacts(plog, catalogue, plog.source)
    handler = Handler(
        plog, contexts, catalogue, keyring, lambda: reference.directory, clock.now, ids
    )
    commands = Commands(contexts)
    doorkeeper = await _doorkeeper(settings, keyring, reference, clock, pool, keys, http)
    wish = {"log": settings.secret("log_url"), "served": settings.publish_api}
    checks = Checks(pool, handler, commands.classes, doorkeeper, wish)
    await checks.prepare()
    effects = (Indexer(keyring), Shredder(keyring, handler.loader), checks)
    follower = Follower(
        plog, pool, contexts, catalogue, keyring, handler, reference, clock.now, effects
    )
    await follower.prepare()
    routes: tuple[Route, ...] = ()
    if isinstance(clock, SimulatedClock):
        route = ClockRoute(clock, follower, doorkeeper, pool)
        routes = (Route("/api/clock", guarded(route.answer), methods=["GET", "POST"]),)
    reads = Reads(handler, commands.classes, reference.path, clock.now, ids)
    opener = Opener(keyring, reads)
    inbox = Inbox(commands, handler, doorkeeper, inbox_key(settings.home / "keys"))
    routes += token_routes(doorkeeper)
    routes += node_routes(
        settings, commands, catalogue, doorkeeper, plog, inbox, lambda: reference.directory
    )
    exports = ExportFiles(
        handler, commands.classes, opener, reads, doorkeeper, lambda: reference.directory,
        clock.now, ids, ReadApi(http, settings.read_api),
    )  # fmt: skip
    routes += (Route("/api/exports/{id:uuid}/file", guarded(exports.answer), methods=["GET"]),)
    progress = guarded(checks.answer)
    routes += (Route("/api/checks/{id:uuid}/progress", progress, methods=["GET"]),)
    rate = settings.searches_per_second
    searches = Limit(SEARCHES_AT_ONCE * rate, rate, time.monotonic)
    side = WriteSide(commands, handler, doorkeeper, opener, searches, routes)
    task = InboxTask(settings, inbox, pool)
    return WriteRole(
        settings, plog, handler, follower, reference, doorkeeper, keyring, clock, side, pool, task,
        exports, checks,
    )  # fmt: skip


def node_clock(settings: Settings, kept: datetime | None) -> Clock:
    """Return the node's clock; a simulated one goes on from where it was kept."""
    if not settings.simulated:
        return SystemClock()
    return SimulatedClock(kept or settings.simulated_from)


async def _doorkeeper(
    settings: Settings,
    keyring: Keyring,
    reference: ReferenceFacts,
    clock: Clock,
    pool: asyncpg.Pool[asyncpg.Record],
    keys: asyncpg.Pool[asyncpg.Record],
    http: httpx.AsyncClient,
) -> Doorkeeper:
    private, public = token_keys(settings.home / "keys")
    real_now, ended = SystemClock().now, Ended()
    sessions = Sessions(pool, ended, real_now)
    await sessions.prepare(public)
    return Doorkeeper(
        TokenIssuer(private, settings.source, real_now),
        TokenCheck(public, settings.source, real_now, ended),
        Passwords(keyring, real_now),
        sessions,
        await _identities(settings, keys, http),
        lambda: reference.directory,
        lambda: shanghai_day(clock.now()),
    )


async def _identities(
    settings: Settings, keys: asyncpg.Pool[asyncpg.Record], http: httpx.AsyncClient
) -> Identities | None:
    if settings.oidc_issuer is None:
        return None
    async with connected(keys) as connection:
        await IDENTITIES.schema(connection)
    client = settings.oidc_client_id or ""
    check = IdentityCheck(
        Issuer(settings.oidc_issuer, http), settings.oidc_audience or client, client
    )
    return Identities(check, settings.oidc_claim, keys, SystemClock().now)
