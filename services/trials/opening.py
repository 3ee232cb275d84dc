"""Opens what a trial needs of the write role: log, keys and handler; no follower, no faces."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

from events.contracts.base import Recorded
from events.contracts.catalogue import ALL
from events.log.history import History
from events.log.port import Stored
from events.log.postgres import PostgresLog
from events.runtime.clock import Clock, SystemClock
from events.runtime.ids import RandomIds
from events.runtime.settings import Settings
from services.kit.decider import Context
from services.kit.handling import Handler
from services.kit.keks import KeyFolder
from services.kit.keyring import Keyring, keys_pool
from services.kit.lookback import RULE_TYPES
from services.kit.recorded import recorded
from services.kit.reference import ReferenceFacts
from services.kit.role import PURPOSES, node_clock
from services.kit.work import QUERIES as WORK

PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Sources:
    """The log, its history and the keys."""

    log: PostgresLog
    history: History
    keyring: Keyring

    async def reference(self) -> AsyncIterator[Recorded[Any]]:
        """Yield the reference facts that judgements hang on, in order."""
        after = 0
        while page := await self.log.by_subject("office-", after, PAGE):
            for event in page:
                if event.type in RULE_TYPES:
                    yield self.fact(event)
            after = page[-1].seq

    def fact(self, stored: Stored) -> Recorded[Any]:
        """Return an event as a fact; sealed fields stay sealed."""
        return recorded(stored, ALL, self.history.source)


@asynccontextmanager
async def open_sources(settings: Settings) -> AsyncIterator[Sources]:
    """Open them beside a write role. Raises LogClosedError and KeysUnavailableError."""
    dsn = settings.secret("log_url")
    async with AsyncExitStack() as stack:
        log = await PostgresLog.open(dsn, lanes=1, readers=1)
        stack.push_async_callback(log.close)
        history = await History.open(dsn)
        stack.push_async_callback(history.close)
        keys = await stack.enter_async_context(keys_pool(settings.secret("keys_url"), 2))
        folder = KeyFolder(settings.home / "keys")
        keyring = Keyring(keys, folder, RandomIds(SystemClock()), os.urandom)
        await keyring.prepare(*PURPOSES)
        yield Sources(log, history, keyring)


async def handler_of(sources: Sources, settings: Settings, contexts: Iterable[Context]) -> Handler:
    """Return a handler that records what a trial came to."""
    reference = ReferenceFacts(sources.log, ALL, sources.log.source)
    await reference.load()
    clock = await _clock(settings)
    return Handler(
        sources.log,
        contexts,
        ALL,
        sources.keyring,
        lambda: reference.directory,
        clock.now,
        RandomIds(SystemClock()),
    )


async def _clock(settings: Settings) -> Clock:
    """Return the node's clock; a simulated one stands where its write role keeps it."""
    connection = await asyncpg.connect(settings.secret("log_url"))
    try:
        return node_clock(settings, await WORK.clock(connection))
    finally:
        await connection.close()
