"""Opens what a trial needs of the write role: log, keys and handler; no follower, no faces."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg

from events.contracts.base import Catalogue, Event
from events.log.history import History
from events.log.postgres import PostgresLog
from events.runtime.clock import Clock, SimulatedClock, SystemClock
from events.runtime.ids import RandomIds
from events.runtime.settings import Settings
from services.kit.decider import Context
from services.kit.follower import QUERIES as WORK
from services.kit.handling import Handler
from services.kit.keks import KeyFolder
from services.kit.keyring import Keyring
from services.kit.reference import ReferenceFacts
from services.kit.role import PURPOSES
from services.trials.running import Runner


@asynccontextmanager
async def open_runner(
    settings: Settings, contexts: Iterable[Context], catalogue: Catalogue[Event]
) -> AsyncIterator[Runner]:
    """Open a runner beside a write role. Raises LogClosedError and KeysUnavailableError."""
    dsn = settings.secret("log_url")
    async with AsyncExitStack() as stack:
        log = await PostgresLog.open(dsn, lanes=1, readers=2)
        stack.push_async_callback(log.close)
        history = await History.open(dsn)
        stack.push_async_callback(history.close)
        keys = await stack.enter_async_context(
            asyncpg.create_pool(settings.secret("keys_url"), min_size=1, max_size=2)
        )
        ids, clock = RandomIds(SystemClock()), await _clock(settings, dsn)
        keks = KeyFolder(settings.home / "keys")
        keyring = Keyring(keys, keks, ids, os.urandom)
        await keyring.prepare(*PURPOSES)
        reference = ReferenceFacts(log, catalogue, log.source)
        await reference.load()
        handler = Handler(
            log, contexts, catalogue, keyring, lambda: reference.directory, clock.now, ids
        )
        yield Runner(history, log, keyring, handler, catalogue)


async def _clock(settings: Settings, dsn: str) -> Clock:
    """Return the node's clock: of a simulated node the one that its write role keeps."""
    if not settings.simulated:
        return SystemClock()
    connection = await asyncpg.connect(dsn)
    try:
        return SimulatedClock(await WORK.clock(connection) or settings.simulated_from)
    finally:
        await connection.close()
