"""The poll loop under every projection: partitions assigned by us, no group, offsets only a hint.

Where a record stands in Kafka proves nothing; `seq` and `prev_seq` do. So the reader may be sent
anywhere, and all it owes is to go on: it rebuilds its consumer after failures and when it stalls.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError
from aiokafka.structs import ConsumerRecord

from events.bus.closing import close_quietly
from events.bus.refusals import explain
from events.bus.topics import PARTITIONS, Bus

log = structlog.get_logger()

MAX_RECORDS = 4_000
IDLE_MS = 100
FETCH_BYTES = 1 << 20
FAILURES = 3
LOOK_SECONDS = 5.0
STALL_SECONDS = 20.0
PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 10.0


@dataclass(slots=True)
class ReaderState:
    """What the reader tells of itself; `resets` counts offsets that the cluster did not know."""

    received: int = 0
    resets: int = 0
    rebuilds: int = 0
    failures: int = 0
    up: bool = False
    reason: str = "starting"
    offsets: dict[int, int] = field(default_factory=dict)
    ends: dict[int, int] = field(default_factory=dict)

    @property
    def lag(self) -> int:
        """Records in the topic that were not read yet, as last seen."""
        return sum(max(0, end - self.offsets.get(p, 0)) for p, end in self.ends.items())


@dataclass(slots=True)
class Batch:
    """Records of one poll, per partition in offset order, and the offsets that follow them."""

    records: dict[int, list[ConsumerRecord[bytes, bytes]]]
    next_offsets: dict[int, int]
    reset: bool = False


class Reader:
    """Reads `bangfu.events` for ever, from hints on; memory is bounded by the fetch sizes."""

    def __init__(
        self,
        bus: Bus,
        hints: Mapping[int, int],
        *,
        partitions: range = range(PARTITIONS),
        max_records: int = MAX_RECORDS,
        stall: float = STALL_SECONDS,
    ) -> None:
        self.state = ReaderState(offsets=dict(hints))
        self._bus = bus
        self._partitions = partitions
        self._max = max_records
        self._stall = stall
        self._reset = False

    async def batches(self) -> AsyncGenerator[Batch, None]:
        """Yield what arrives, an empty batch when nothing does; outages are waited out and told."""
        pause = PAUSE_SECONDS
        while True:
            received = self.state.received
            try:
                async with aclosing(self._one_consumer()) as batches:
                    async for batch in batches:
                        yield batch
            except (KafkaError, OSError, TimeoutError) as error:
                await self._say_down(error)
            self.state.rebuilds += 1
            moved = self.state.received > received
            pause = PAUSE_SECONDS if moved else min(pause * 2, LONGEST_PAUSE_SECONDS)
            yield Batch({}, {})
            await asyncio.sleep(pause)

    async def _say_down(self, error: BaseException) -> None:
        self.state.up, self.state.reason = False, await explain(self._bus, error)
        log.warning("reader_waiting", why=type(error).__name__, lag=self.state.lag)

    async def _one_consumer(self) -> AsyncGenerator[Batch, None]:
        consumer = AIOKafkaConsumer(
            **self._bus.client("project"),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="none",
            max_partition_fetch_bytes=FETCH_BYTES,
            fetch_max_bytes=FETCH_BYTES * 16,
            fetch_max_wait_ms=IDLE_MS,
            check_crcs=False,
        )
        try:
            async with asyncio.timeout(self._stall):
                await consumer.start()
                await self._seek(consumer)
            async with aclosing(self._poll(consumer)) as batches:
                async for batch in batches:
                    yield batch
        finally:
            await close_quietly(consumer)

    async def _seek(self, consumer: AIOKafkaConsumer) -> None:
        tps = [TopicPartition(self._bus.events, p) for p in self._partitions]
        start, end = await consumer.beginning_offsets(tps), await consumer.end_offsets(tps)
        consumer.assign(tps)
        for tp in tps:
            hint = self.state.offsets.get(tp.partition, start[tp])
            if not start[tp] <= hint <= end[tp]:
                self._note_reset(tp, hint)
                hint = start[tp]
            consumer.seek(tp, hint)
            self.state.offsets[tp.partition] = hint
            self.state.ends[tp.partition] = end[tp]

    def _note_reset(self, tp: TopicPartition, offset: int) -> None:
        self._reset = True
        self.state.resets += 1
        log.warning("offset_reset", partition=tp.partition, offset=offset)

    async def _poll(self, consumer: AIOKafkaConsumer) -> AsyncGenerator[Batch, None]:
        failures = 0
        moved_at = looked_at = time.monotonic()
        while failures < FAILURES:
            try:
                polled = await consumer.getmany(timeout_ms=IDLE_MS, max_records=self._max)
            except OffsetOutOfRangeError:
                await self._seek(consumer)
                continue
            except KafkaError as error:
                failures += 1
                self.state.failures += 1
                await self._say_down(error)
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            failures = 0
            now = time.monotonic()
            if polled:
                moved_at = looked_at = now
            elif now - looked_at > LOOK_SECONDS:
                behind, looked_at = await self._behind(consumer), now
                moved_at = moved_at if behind else now
                if now - moved_at > self._stall:
                    log.warning("reader_stalled", lag=self.state.lag)
                    return
            yield self._batch(consumer, polled)

    async def _behind(self, consumer: AIOKafkaConsumer) -> bool:
        """Tell whether records wait although none came; raises when the cluster is mute."""
        tps = list(consumer.assignment())
        async with asyncio.timeout(LOOK_SECONDS):
            ends = await consumer.end_offsets(tps)
        self.state.ends = {tp.partition: end for tp, end in ends.items()}
        if any(end < self.state.offsets.get(tp.partition, 0) for tp, end in ends.items()):
            return True
        return self.state.lag > 0

    def _batch(
        self,
        consumer: AIOKafkaConsumer,
        polled: dict[TopicPartition, list[ConsumerRecord[bytes, bytes]]],
    ) -> Batch:
        state = self.state
        state.up, state.reason = True, ""
        records, reset, self._reset = {}, self._reset, False
        for tp, found in polled.items():
            records[tp.partition] = found
            state.received += len(found)
            state.offsets[tp.partition] = found[-1].offset + 1
            state.ends[tp.partition] = consumer.highwater(tp) or found[-1].offset + 1
        return Batch(records, {p: r[-1].offset + 1 for p, r in records.items()}, reset)
