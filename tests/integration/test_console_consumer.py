"""Kafka's own console consumer, a reader we did not write, prints our records and headers."""

from __future__ import annotations

import asyncio
import json
import secrets
from asyncio.subprocess import PIPE
from contextlib import suppress

import pytest

from events.bus.publisher import Publisher
from events.bus.topics import Bus
from events.runtime.kafka import EmbeddedKafka
from events.runtime.kafka.java import find_java
from tests.support.numbered import NumberedLog
from tests.support.tally import Counted, counted
from tests.support.until import until

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(60)]
CONSUMER = "org.apache.kafka.tools.consumer.ConsoleConsumer"
SHOWN = ("print.headers", "print.key", "print.partition")


async def printed(kafka: EmbeddedKafka, topic: str, count: int) -> list[str]:
    """Let the console consumer print the first records of a topic."""
    argv = ["-cp", f"{kafka.runtime / 'libs'}/*", "-Xmx128m", "-XX:TieredStopAtLevel=1", CONSUMER]
    argv += ["--bootstrap-server", kafka.bootstrap, "--topic", topic, "--from-beginning"]
    argv += ["--max-messages", str(count), "--timeout-ms", "15000"]
    for name in SHOWN:
        argv += ["--formatter-property", f"{name}=true"]
    process = await asyncio.create_subprocess_exec(find_java(), *argv, stdout=PIPE, stderr=PIPE)
    out, _ = await process.communicate()
    return out.decode().splitlines()


@pytest.mark.requirement("X13", "X16")
async def test_the_console_consumer_of_kafka_prints_our_records_with_their_headers(
    kafka: EmbeddedKafka,
) -> None:
    if not kafka.alive:
        kafka.start()
    log, bus = NumberedLog(), Bus(kafka.bootstrap, prefix=f"c{secrets.token_hex(4)}")
    events = {
        e.event_id: e for e in (log.add(f"person-{n}", Counted.type, counted(n)) for n in (1, 2, 3))
    }
    publisher = Publisher(log, bus, poll=0.02)
    task = asyncio.ensure_future(publisher.run())
    try:
        await until(lambda: publisher.state.published == len(events))
        lines = await printed(kafka, bus.events, len(events))
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    assert len(lines) == len(events)
    for line in lines:
        partition, headers, key, value = line.split("\t")
        read = dict(header.split(":", 1) for header in headers.split(",ce_"))
        event = next(e for e in events.values() if str(e.event_id) == read["id"])
        assert partition == f"Partition:{event.slice % 16}"
        assert (read["specversion"], read["type"]) == ("1.0", Counted.type)
        assert (read["seq"], read["hash"]) == (str(event.seq), event.hash.hex())
        assert key == event.subject
        assert json.loads(value) == json.loads(event.data)
