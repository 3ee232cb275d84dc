"""One life of a producer: where it begins, what it sends, what proves that it landed."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Protocol

import structlog
from aiokafka import AIOKafkaProducer

from events.bus.closing import Connected, close_quietly
from events.bus.relay import Mark, RelayReader, RelayRecord
from events.bus.topics import Bus, ensure_topics, partition_of
from events.bus.wire import Encoder
from events.log.port import SequencedLog, Stored

log = structlog.get_logger()

COMPRESSION = "zstd"
IN_FLIGHT = 3
CHECK_SECONDS = 1.0
SEND_SECONDS = 30.0
GONE = "records that were sent are gone"


class PublishedLog(SequencedLog, Protocol):
    """A log with its node's name and the epoch of its numbering."""

    epoch: int

    @property
    def source(self) -> str:
        """Name the node whose log this is."""
        ...


class RelayAheadError(Exception):
    """The bus knows more of this log than the log itself: a restored or foreign database.

    Publishing is refused; the way out is `bangfu audit rebase` (log.md 4).
    """

    code = "log_behind_bus"

    def __init__(self, record: RelayRecord, head: int) -> None:
        super().__init__(
            f"the bus carries {record.source} up to {record.seq}, which the log (head {head}) "
            "does not confirm: it was restored or is another one; see `bangfu audit rebase`"
        )
        self.record = record
        self.head = head


class ClusterChangedError(Exception):
    """A record did not land, or no longer stands, where it must: send all again from the start."""


@dataclass(slots=True)
class PublisherState:
    """What the publisher tells of itself: figures for `/metrics`, reason for `/readyz`."""

    published: int = 0
    head: int = 0
    sent: int = 0
    rewinds: int = 0
    failures: int = 0
    up: bool = False
    reason: str = "Kafka was not reached yet"
    record: RelayRecord | None = None
    """The relay record as the cluster acknowledged it, or held it at the start."""

    @property
    def lag(self) -> int:
        """Events in the log that the bus does not have yet, as last seen."""
        return max(0, self.head - self.published)


@dataclass(slots=True)
class _Sent:
    """A batch on its way: acknowledgements to come, with the count and last seq of each."""

    last: Stored
    parts: list[tuple[int, int, int, Awaitable[object]]] = field(default_factory=list)


class Session(Connected):
    """One producer's life: from the relay record to its first failure."""

    def __init__(self, source: PublishedLog, bus: Bus, state: PublisherState) -> None:
        self._log = source
        self._bus = bus
        self._state = state
        self._encoder = Encoder(source.source, source.epoch)
        self._relay = RelayReader(bus)
        self._producer = AIOKafkaProducer(
            **bus.client("publish"),
            acks="all",
            enable_idempotence=True,
            linger_ms=0,
            max_batch_size=256 << 10,
            max_request_size=1 << 20,
            compression_type=COMPRESSION,
            request_timeout_ms=15_000,
        )
        self._in_flight: deque[_Sent] = deque()
        self._marks: dict[int, Mark] = {}
        self._starts: dict[int, int] = {}
        self._last: Stored | None = None
        self._written = 0
        self._due = 0.0
        self.seq = 0

    async def open(self) -> None:
        """Make the topics where absent, connect, and stand ready."""
        async with asyncio.timeout(SEND_SECONDS):
            await ensure_topics(self._bus, self._bus.events, self._bus.relay)
            await self._relay.open()
            await self._producer.start()

    async def close(self) -> None:
        """Disconnect; what is still in flight is given up, its outcome unknown."""
        for sent in self._in_flight:
            for *_, ack in sent.parts:
                asyncio.ensure_future(ack).cancel()
        try:
            await self._relay.close()
        finally:
            await close_quietly(self._producer)

    @property
    def acknowledged(self) -> int:
        """The seq up to which the cluster has everything."""
        return self._last.seq if self._last else 0

    async def resume(self) -> None:
        """Find where to start (log.md 5, rule 1); raises RelayAheadError."""
        self._starts = await self._relay.starts()
        record = await self._relay.newest(self._log.source)
        if record is None or record.epoch != self._log.epoch or record.seq == 0:
            return
        found = await self._log.after(record.seq - 1, 1)
        if not found or found[0].seq != record.seq or found[0].hash.hex() != record.hash:
            raise RelayAheadError(record, await self._log.head())
        if not await self._relay.holds(record.marks, record.starts):
            self._state.rewinds += 1
            log.warning("publisher_rewound", why=GONE, published=record.seq)
            return
        self.seq, self._last, self._marks = record.seq, found[0], dict(record.marks)
        self._written = record.seq
        self._state.record = record

    async def send(self, batch: list[Stored]) -> None:
        """Send events in order, keeping a few batches in flight."""
        sent = _Sent(batch[-1])
        self._in_flight.append(sent)
        async with asyncio.timeout(SEND_SECONDS):
            for partition, events in _by_partition(batch).items():
                await self._send_part(sent, partition, events)
        self.seq = batch[-1].seq
        while len(self._in_flight) >= IN_FLIGHT:
            await self._settle_oldest()

    async def settle(self) -> None:
        """Wait for every acknowledgement."""
        while self._in_flight:
            await self._settle_oldest()

    async def check_when_due(self) -> None:
        """Read the marks back and write how far we are, at most once a second (rule 3)."""
        now = time.monotonic()
        if now < self._due:
            return
        await self.settle()
        if not await self._relay.holds(self._marks, self._starts):
            self._rewind(GONE)
        if self._written and not await self._relay.kept():
            self._rewind("the record of progress is gone")
        if self._last is not None and self._last.seq != self._written:
            await self._write(self._last)
        self._due = time.monotonic() + CHECK_SECONDS

    async def _write(self, last: Stored) -> None:
        record = RelayRecord(
            self._log.source, self._log.epoch, last.seq, last.hash.hex(),
            dict(self._marks), dict(self._starts),
        )  # fmt: skip
        async with asyncio.timeout(SEND_SECONDS):
            await self._producer.send_and_wait(
                self._bus.relay, record.to_bytes(), key=self._log.source.encode(), partition=0
            )
        self._written = last.seq
        self._state.record = record

    async def _send_part(self, sent: _Sent, partition: int, events: list[Stored]) -> None:
        batch, count, last = self._producer.create_batch(), 0, 0
        for e in events:
            key, headers = e.subject.encode(), self._encoder.headers(e)
            if batch.append(timestamp=None, key=key, value=e.data, headers=headers) is None:
                await self._submit(sent, partition, batch, count, last)
                batch, count = self._producer.create_batch(), 0
                batch.append(timestamp=None, key=key, value=e.data, headers=headers)
            count, last = count + 1, e.seq
        await self._submit(sent, partition, batch, count, last)

    async def _submit(
        self, sent: _Sent, partition: int, batch: object, count: int, last: int
    ) -> None:
        ack = await self._producer.send_batch(batch, self._bus.events, partition=partition)
        sent.parts.append((partition, count, last, ack))

    async def _settle_oldest(self) -> None:
        sent = self._in_flight[0]
        async with asyncio.timeout(SEND_SECONDS):
            for partition, count, seq, ack in sent.parts:
                self._mark(partition, await ack, count, seq)
        self._in_flight.popleft()
        self._last = sent.last
        self._state.sent += sum(count for _, count, *_ in sent.parts)

    def _mark(self, partition: int, landed: object, count: int, seq: int) -> None:
        base: int = getattr(landed, "offset", -1)
        if base < 0:
            return  # the broker had this batch already and no longer says where
        known = self._marks.get(partition)
        if known is not None and base <= known.offset:
            self._rewind("a record landed below its mark")
        self._marks[partition] = Mark(base + count - 1, seq)

    def _rewind(self, why: str) -> None:
        self._state.rewinds += 1
        raise ClusterChangedError(why)


def _by_partition(batch: list[Stored]) -> dict[int, list[Stored]]:
    parts: dict[int, list[Stored]] = {}
    for event in batch:
        parts.setdefault(partition_of(event.slice), []).append(event)
    return parts
