"""How fast the bus is: wire format, publisher beside raw `send_batch`, reader beside `getmany`.

Run as `python -m tests.bench.bench_bus BOOTSTRAP [EVENTS]` against a broker of its own.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import aclosing

import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from rich.console import Console

from events.bus.publisher import Publisher
from events.bus.reader import Reader
from events.bus.session import COMPRESSION
from events.bus.topics import PARTITIONS, Bus, ensure_topics, partition_of
from events.bus.wire import Encoder, decode
from events.log.port import Stored
from events.runtime.collecting import spare_collections
from tests.support.numbered import NumberedLog
from tests.support.until import until

say = Console().print


def filled(count: int) -> NumberedLog:
    """Make a log of `count` events over a tenth as many persons, bodies of 300 bytes."""
    log = NumberedLog()
    for n in range(count):
        subject = f"person-{n * 7919 % max(1, count // 10):012d}"
        log.add(subject, "certification.person_certified.v1", b"%0300d" % n)
    return log


def timed(work: Callable[[], object], times: int) -> float:
    """Return microseconds per call."""
    begun = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - begun) / times * 1e6


def wire(event: Stored) -> None:
    """Time both directions of the wire format."""
    encoder = Encoder("node-1", 1)
    say(f"wire: encode {timed(lambda: encoder.headers(event), 50_000):.1f} µs an event")


async def raw_send(bus: Bus, events: list[Stored]) -> float:
    """Send with headers made beforehand: what the client and broker alone allow."""
    encoder = Encoder("node-1", 1)
    ready = [
        (partition_of(e.slice), e.subject.encode(), e.data, encoder.headers(e)) for e in events
    ]
    producer = AIOKafkaProducer(
        bootstrap_servers=bus.bootstrap, acks="all", enable_idempotence=True, linger_ms=0,
        max_batch_size=256 << 10, max_request_size=1 << 20, compression_type=COMPRESSION,
    )  # fmt: skip
    await producer.start()
    flying: deque[asyncio.Future[object]] = deque()
    begun = time.perf_counter()
    for start in range(0, len(ready), 2_000):
        parts: dict[int, list[tuple[bytes, bytes, list[tuple[str, bytes]]]]] = {}
        for p, key, value, headers in ready[start : start + 2_000]:
            parts.setdefault(p, []).append((key, value, headers))
        for p, records in parts.items():
            batch = producer.create_batch()
            for key, value, headers in records:
                batch.append(timestamp=None, key=key, value=value, headers=headers)
            flying.append(await producer.send_batch(batch, bus.events, partition=p))
        while len(flying) > 2 * PARTITIONS:
            await flying.popleft()
    await asyncio.gather(*flying)
    took = time.perf_counter() - begun
    await producer.stop()
    return len(ready) / took


async def published(bus: Bus, log: NumberedLog) -> float:
    """Publish the whole log from nothing."""
    publisher = Publisher(log, bus)
    running = asyncio.ensure_future(publisher.run())
    await until(lambda: publisher.state.published > 0)
    begun, first = time.perf_counter(), publisher.state.published
    await until(lambda: publisher.state.published >= len(log.events), 300)
    took = time.perf_counter() - begun
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return (len(log.events) - first) / took


async def raw_read(bus: Bus, count: int) -> float:
    """Read records with `getmany` and look at nothing."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bus.bootstrap, group_id=None, max_partition_fetch_bytes=1 << 20
    )
    await consumer.start()
    tps = [TopicPartition(bus.events, p) for p in range(PARTITIONS)]
    consumer.assign(tps)
    await consumer.seek_to_beginning()
    seen, begun = 0, time.perf_counter()
    while seen < count:
        polled = await consumer.getmany(timeout_ms=100, max_records=4_000)
        seen += sum(len(r) for r in polled.values())
    took = time.perf_counter() - begun
    await consumer.stop()
    return seen / took


async def read(bus: Bus, count: int) -> float:
    """Read and decode through the reader."""
    seen, begun = 0, time.perf_counter()
    async with aclosing(Reader(bus, {}).batches()) as batches:
        async for batch in batches:
            for records in batch.records.values():
                seen += len([decode(r) for r in records])
            if seen >= count:
                break
    return seen / (time.perf_counter() - begun)


async def main(bootstrap: str, count: int) -> None:
    """Print the figures."""
    log = filled(count)
    spare_collections()
    wire(log.events[0])
    raw, ours = (Bus(bootstrap, prefix=f"bench{secrets.token_hex(4)}") for _ in range(2))
    await ensure_topics(raw)
    sent = await raw_send(raw, log.events)
    pub = await published(ours, log)
    say(f"send_batch, headers ready: {sent:,.0f} events/s")
    say(f"publisher: {pub:,.0f} events/s ({pub / sent:.0%} of send_batch)")
    say(f"getmany: {await raw_read(raw, count):,.0f} events/s")
    say(f"reader and decode: {await read(ours, count):,.0f} events/s")


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100_000))
