"""Keeps the Kafka face of commands running: waits for Kafka, says so, starts anew after a loss."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

import asyncpg
import structlog
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker

from events.bus.refusals import explain
from events.bus.topics import Bus, ensure_topics
from events.runtime.settings import Settings
from services.kit.kafka import Inbox, command_broker
from services.kit.work import QUERIES

CHECK_SECONDS = 2.0
TOPICS_SECONDS = 10.0
"""How often the inbox looks whether its topics are still there: no error tells an idle reader."""
log = structlog.get_logger()


class InboxTask:
    """The subscriber of `bangfu.commands` as a task; `reason` says what it waits for."""

    def __init__(
        self, settings: Settings, inbox: Inbox, pool: asyncpg.Pool[asyncpg.Record]
    ) -> None:
        self.inbox = inbox
        self._source, self._pool = settings.source, pool
        self._bus = Bus.of(settings) if settings.kafka else None
        self.reason = "commands from Kafka: starting"

    async def run(self) -> None:
        """Listen until cancelled; without a Kafka address there is nothing to listen to."""
        if (bus := self._bus) is None:
            self.reason = "commands from Kafka: no address"
            return
        while True:
            try:
                await self._listen(bus)
            except (KafkaError, OSError, TimeoutError) as error:
                self.reason = f"commands from Kafka: {await explain(bus, error)}"
                log.warning("inbox_waiting", why=type(error).__name__)
            await asyncio.sleep(CHECK_SECONDS)

    async def _listen(self, bus: Bus) -> None:
        await ensure_topics(bus, bus.commands, bus.outcomes)
        broker = command_broker(bus, self._source, self.inbox, self._park)
        try:
            await broker.start()
            self.reason = ""
            self.reason = await self._until_lost(bus, broker)
        finally:
            await broker.stop()

    async def _until_lost(self, bus: Bus, broker: KafkaBroker) -> str:
        """Wait for the loss of the connection or of a topic, which is made anew; say which."""
        look = time.monotonic() + TOPICS_SECONDS
        while await broker.ping(timeout=5):
            if time.monotonic() > look:
                if made := await ensure_topics(bus, bus.commands, bus.outcomes):
                    log.warning("topics_made_anew", topics=made)
                    return f"commands from Kafka: {', '.join(made)} was gone"
                look = time.monotonic() + TOPICS_SECONDS
            await asyncio.sleep(CHECK_SECONDS)
        return "commands from Kafka: connection lost"

    async def _park(self, record: Any, why: str) -> None:  # noqa: ANN401
        async with self._pool.acquire(timeout=5) as connection:
            await QUERIES.park(
                connection,
                at=datetime.fromtimestamp(record.timestamp / 1000, UTC),
                topic=record.topic,
                partition=record.partition,
                offset=record.offset,
                why=why[:100],
            )
