"""Log to Kafka to a read model: exactly once through kills, wiped topics and outages."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from events.bus import session
from events.bus.publisher import Publisher
from events.bus.reader import Reader
from events.bus.relay import newest_record
from events.bus.session import RelayAheadError
from events.bus.topics import PARTITIONS, Bus, ensure_topics
from events.bus.wire import decode
from events.runtime.kafka import EmbeddedKafka
from projections.engine.node import node_of
from projections.engine.run import Projector
from tests.support.numbered import NumberedLog
from tests.support.servers import Databases
from tests.support.tally import CATALOGUE, Counted, Tally, counted, digest
from tests.support.until import until

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]


@dataclass
class Rig:
    """A log, a cluster with topics of the test's own, a database."""

    log: NumberedLog
    bus: Bus
    dsn: str
    kafka: EmbeddedKafka

    def add(self, count: int) -> None:
        """Append events of 37 persons."""
        for _ in range(count):
            n = len(self.log.events)
            self.log.add(f"person-{n % 37}", Counted.type, counted(n % 5))

    def expected(self) -> list[tuple[str, int, int, int]]:
        """Fold the log the slow way."""
        rows: dict[str, tuple[int, int, int]] = {}
        for e in self.log.events:
            count, total, _ = rows.get(e.subject, (0, 0, 0))
            amount = CATALOGUE.read(e.type, e.data).amount
            rows[e.subject] = (count + 1, total + amount, e.seq)
        return sorted((k, *v) for k, v in rows.items())

    async def projected(self) -> bool:
        """Tell whether readers see the whole log, each event once."""
        return await digest(self.dsn) == self.expected()

    async def admin(self) -> AIOKafkaAdminClient:
        """Connect as administrator."""
        client = AIOKafkaAdminClient(bootstrap_servers=self.bus.bootstrap)
        await client.start()
        return client

    async def drop_topics(self) -> None:
        """Delete every topic of the test: to us the same as a lost cluster."""
        client = await self.admin()
        await client.delete_topics(
            [self.bus.events, self.bus.relay, self.bus.commands, self.bus.outcomes]
        )
        await client.close()


@pytest.fixture
async def rig(kafka: EmbeddedKafka, database: Databases) -> Rig:
    if not kafka.alive:
        kafka.start()
    bus = Bus(kafka.bootstrap, prefix=f"t{secrets.token_hex(4)}")
    return Rig(NumberedLog(), bus, await database(), kafka)


@asynccontextmanager
async def publishing(rig: Rig) -> AsyncIterator[Publisher]:
    """Run a publisher."""
    publisher = Publisher(rig.log, rig.bus, poll=0.02)
    task = asyncio.ensure_future(publisher.run())
    try:
        yield publisher
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def projecting(rig: Rig, tail_seconds: float = 60.0) -> AsyncIterator[Projector]:
    """Run the role `project`."""
    node = node_of(rig.log, CATALOGUE)
    projector = Projector(
        rig.dsn, rig.bus, {"node-1": node}, [Tally()], CATALOGUE, tail_seconds=tail_seconds
    )
    task = asyncio.ensure_future(projector.run())
    try:
        await until(lambda: projector.reader is not None and projector.reader.state.up)
        yield projector
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def published_seqs(rig: Rig) -> list[int]:
    """Read the events topic from its start to its end."""
    consumer = AIOKafkaConsumer(bootstrap_servers=rig.bus.bootstrap, group_id=None)
    await consumer.start()
    tps = [TopicPartition(rig.bus.events, p) for p in range(PARTITIONS)]
    consumer.assign(tps)
    await consumer.seek_to_beginning(*tps)
    ends = await consumer.end_offsets(tps)
    seqs: list[int] = []
    while any([await consumer.position(tp) < end for tp, end in ends.items()]):
        polled = await consumer.getmany(timeout_ms=100)
        seqs += [decode(r).stored.seq for records in polled.values() for r in records]
    await consumer.stop()
    return seqs


async def test_what_is_published_is_projected_once(rig: Rig) -> None:
    rig.add(3_000)
    async with publishing(rig) as publisher, projecting(rig) as projector:
        await until(rig.projected)
        rig.add(500)
        publisher.wake()
        await until(rig.projected)
    assert projector.runners[0].state.applied <= 3_500
    assert sorted(await published_seqs(rig)) == list(range(1, 3_501))


async def test_a_new_publisher_goes_on_where_the_old_one_stood(rig: Rig) -> None:
    rig.add(400)
    async with publishing(rig) as publisher:
        await until(lambda: publisher.state.published == 400)
        await until(lambda: _written(rig, 400))
        told = publisher.state.record
        assert told == await newest_record(rig.bus, "node-1")
    rig.add(100)
    async with publishing(rig) as publisher:
        await until(lambda: publisher.state.published == 500)
    assert publisher.state.sent == 100


async def _written(rig: Rig, seq: int) -> bool:
    record = await newest_record(rig.bus, "node-1")
    return record is not None and record.seq == seq


async def test_a_publisher_killed_before_its_record_sends_again_and_harms_nobody(rig: Rig) -> None:
    rig.add(500)
    async with publishing(rig) as publisher:
        await until(lambda: _written(rig, 500))
        client = await rig.admin()
        await client.delete_topics([rig.bus.relay])
        await client.close()
    async with publishing(rig) as publisher, projecting(rig):
        await until(lambda: publisher.state.sent == 500)
        await until(rig.projected)
    assert len(await published_seqs(rig)) == 1_000


async def test_a_wiped_cluster_is_refilled_with_nothing_applied_twice(rig: Rig) -> None:
    rig.add(2_000)
    async with publishing(rig) as publisher, projecting(rig) as projector:
        await until(rig.projected)
        await until(lambda: _written(rig, 2_000))
        await rig.drop_topics()
        rig.add(300)
        await until(lambda: publisher.state.published == 2_300, 90)
        await until(rig.projected, 90)
        await until(lambda: _written(rig, 2_300))
    assert projector.runners[0].state.applied <= 2_300
    assert sorted(set(await published_seqs(rig))) == list(range(1, 2_301))


async def test_a_truncated_partition_rewinds_the_publisher(rig: Rig) -> None:
    rig.add(800)
    async with publishing(rig) as publisher:
        await until(lambda: _written(rig, 800))
        client = await rig.admin()
        tp = TopicPartition(rig.bus.events, rig.log.events[-1].slice % PARTITIONS)
        await client.delete_records({tp: RecordsToDelete(before_offset=-1)})
        await client.close()
        await until(lambda: publisher.state.rewinds > 0)
        await until(lambda: publisher.state.sent == 1_600)
    assert set(await published_seqs(rig)) == set(range(1, 801))


async def test_what_is_sent_after_a_truncation_does_not_hide_it(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.add(800)
    async with publishing(rig) as publisher:
        await until(lambda: _written(rig, 800))
        checks = session.Session.check_when_due
        monkeypatch.setattr(session.Session, "check_when_due", _nothing)
        client = await rig.admin()
        tp = TopicPartition(rig.bus.events, rig.log.events[-1].slice % PARTITIONS)
        await client.delete_records({tp: RecordsToDelete(before_offset=-1)})
        await client.close()
        rig.add(800)
        await until(lambda: publisher.state.sent == 1_600)
        monkeypatch.setattr(session.Session, "check_when_due", checks)
        await until(lambda: publisher.state.sent == 3_200, 60)
    assert set(await published_seqs(rig)) == set(range(1, 1_601))


async def _nothing(_: session.Session) -> None:
    """Look at nothing, as between two looks."""


async def test_lost_progress_is_noticed_without_another_event_and_written_again(rig: Rig) -> None:
    rig.add(100)
    async with publishing(rig):
        await until(lambda: _written(rig, 100))
        client = await rig.admin()
        await client.delete_topics([rig.bus.relay])
        await client.close()

        async def again() -> bool:
            with contextlib.suppress(TimeoutError):
                return await _written(rig, 100)
            return False

        await until(again, 60)
    assert set(await published_seqs(rig)) == set(range(1, 101))


async def test_a_log_shorter_than_the_bus_is_refused(rig: Rig) -> None:
    rig.add(100)
    async with publishing(rig):
        await until(lambda: _written(rig, 100))
    rig.log.events = rig.log.events[:50]
    with pytest.raises(RelayAheadError):
        await asyncio.wait_for(Publisher(rig.log, rig.bus).run(), 30)


async def test_a_foreign_record_on_the_topic_stops_nobody(rig: Rig) -> None:
    await ensure_topics(rig.bus)
    producer = AIOKafkaProducer(bootstrap_servers=rig.bus.bootstrap)
    await producer.start()
    await producer.send_and_wait(rig.bus.events, b"noise", partition=0)
    await producer.stop()
    rig.add(200)
    async with publishing(rig), projecting(rig) as projector:
        await until(rig.projected)
    assert projector.unreadable == 1


async def test_the_reader_starts_again_at_the_beginning_when_its_hint_is_gone(rig: Rig) -> None:
    rig.add(100)
    async with publishing(rig) as publisher:
        await until(lambda: publisher.state.published == 100)
    reader = Reader(rig.bus, dict.fromkeys(range(PARTITIONS), 10_000))
    seen = 0
    async with contextlib.aclosing(reader.batches()) as batches:
        async for batch in batches:
            seen += sum(map(len, batch.records.values()))
            if seen >= 100:
                break
    assert reader.state.resets == PARTITIONS


async def test_kafka_killed_and_started_again_heals(rig: Rig) -> None:
    rig.add(1_000)
    async with publishing(rig) as publisher, projecting(rig, tail_seconds=3_600):
        await until(rig.projected)
        rig.kafka.kill()
        rig.add(500)
        publisher.wake()
        await asyncio.to_thread(rig.kafka.start)
        await until(lambda: publisher.state.published == 1_500, 90)
        await until(rig.projected, 90)
        assert publisher.state.published == 1_500
        assert await rig.projected()


async def test_read_models_go_on_from_the_log_while_kafka_is_away(rig: Rig) -> None:
    rig.add(200)
    async with publishing(rig), projecting(rig, tail_seconds=0.5) as projector:
        await until(rig.projected)
        rig.kafka.kill()
        try:
            rig.add(100)
            await until(rig.projected, 60)
            await until(lambda: any(r.startswith("kafka") for r in projector.reasons), 60)
        finally:
            await asyncio.to_thread(rig.kafka.start)
        await until(lambda: projector.reasons == [], 60)
        assert await rig.projected()
