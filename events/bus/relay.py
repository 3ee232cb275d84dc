"""The publisher's progress, kept in Kafka itself so that a lost cluster takes it along.

The newest record of a node says up to which seq it published, with a mark per partition: an offset
and the seq that must stand there, and with the offset at which each partition begins, for nothing
is ever deleted. Reading both back tells a cluster that was lost, recreated, truncated or rolled
back from the one we wrote to.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import OffsetOutOfRangeError

from events.bus.closing import Connected, close_quietly
from events.bus.topics import PARTITIONS, Bus

PATIENCE = 10.0
FETCH_BYTES = 2 << 20


@dataclass(frozen=True, slots=True)
class Mark:
    """The last record of a partition that we know of: its offset and the seq it carries."""

    offset: int
    seq: int


@dataclass(frozen=True, slots=True)
class RelayRecord:
    """How far a node's log stands on the bus; `hash` is the event's at `seq`, in hex."""

    source: str
    epoch: int
    seq: int
    hash: str
    marks: dict[int, Mark] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Write the record's value."""
        marks = {str(p): [m.offset, m.seq] for p, m in self.marks.items()}
        starts = {str(p): offset for p, offset in self.starts.items()}
        body = {"source": self.source, "epoch": self.epoch, "seq": self.seq, "hash": self.hash}
        return orjson.dumps(body | {"marks": marks, "starts": starts})

    @classmethod
    def from_bytes(cls, value: bytes) -> RelayRecord:
        """Read a record's value."""
        body = orjson.loads(value)
        marks = {int(p): Mark(*m) for p, m in body["marks"].items()}
        starts = {int(p): offset for p, offset in body["starts"].items()}
        return cls(body["source"], body["epoch"], body["seq"], body["hash"], marks, starts)


class RelayReader(Connected):
    """Reads a node's newest record, and marks back; every call is bounded by `PATIENCE`."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._consumer = AIOKafkaConsumer(
            **bus.client("relay"),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="none",
            max_partition_fetch_bytes=FETCH_BYTES,
            fetch_max_wait_ms=100,
        )

    async def open(self) -> None:
        """Connect; raises KafkaError when the cluster is away."""
        await self._consumer.start()

    async def close(self) -> None:
        """Disconnect."""
        await close_quietly(self._consumer)

    async def newest(self, source: str) -> RelayRecord | None:
        """Return the node's newest record; raises TimeoutError when the cluster is mute."""
        tp = TopicPartition(self._bus.relay, 0)
        found: RelayRecord | None = None
        async with asyncio.timeout(PATIENCE):
            start, end = await self._bounds([tp])
            self._consumer.assign([tp])
            self._consumer.seek(tp, start[tp])
            while await self._consumer.position(tp) < end[tp]:
                for records in (await self._consumer.getmany(timeout_ms=200)).values():
                    for record in records:
                        if record.key == source.encode() and record.value:
                            found = RelayRecord.from_bytes(record.value)
        return found

    async def kept(self) -> bool:
        """Tell whether any record of progress stands there; TimeoutError when mute or gone."""
        tp = TopicPartition(self._bus.relay, 0)
        async with asyncio.timeout(PATIENCE):
            start, end = await self._bounds([tp])
        return start[tp] < end[tp]

    async def starts(self) -> dict[int, int]:
        """Return the offset at which each partition of events begins; TimeoutError when mute."""
        tps = [TopicPartition(self._bus.events, p) for p in range(PARTITIONS)]
        async with asyncio.timeout(PATIENCE):
            found = await self._consumer.beginning_offsets(tps)
        return {tp.partition: offset for tp, offset in found.items()}

    async def holds(self, marks: dict[int, Mark], starts: dict[int, int]) -> bool:
        """Tell whether each partition begins where it did and each mark's offset carries our seq.

        A mark moves on with what is sent, so what was deleted before it only the beginning shows.
        Raises TimeoutError when the cluster is mute.
        """
        if await self.starts() != starts:
            return False
        wanted = {TopicPartition(self._bus.events, p): mark for p, mark in marks.items()}
        if not wanted:
            return True
        async with asyncio.timeout(PATIENCE):
            start, end = await self._bounds(list(wanted))
            if any(not start[tp] <= mark.offset < end[tp] for tp, mark in wanted.items()):
                return False
            try:
                return await self._all_found(wanted)
            except OffsetOutOfRangeError:
                return False

    async def _bounds(
        self, tps: list[TopicPartition]
    ) -> tuple[dict[TopicPartition, int], dict[TopicPartition, int]]:
        return await self._consumer.beginning_offsets(tps), await self._consumer.end_offsets(tps)

    async def _all_found(self, wanted: dict[TopicPartition, Mark]) -> bool:
        consumer, missing = self._consumer, dict(wanted)
        consumer.assign(list(wanted))
        for tp, mark in wanted.items():
            consumer.seek(tp, mark.offset)
        try:
            while missing:
                for tp, records in (await consumer.getmany(*missing, timeout_ms=200)).items():
                    mark = missing.pop(tp)
                    if records[0].offset != mark.offset or _seq(records[0].headers) != mark.seq:
                        return False
                    consumer.pause(tp)
        finally:
            consumer.unsubscribe()
        return True


def _seq(headers: tuple[tuple[str, bytes], ...]) -> int:
    return int(dict(headers).get("ce_seq", b"0"))


async def newest_record(bus: Bus, source: str) -> RelayRecord | None:
    """Return the newest record of a node: a witness outside the database of how long its log was.

    Raises KafkaError or TimeoutError when the cluster is away.
    """
    async with RelayReader(bus) as reader:
        return await reader.newest(source)
