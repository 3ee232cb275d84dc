"""Commands from Kafka: sealed to the node, answered on the outcomes topic; rubbish is parked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid5

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

from events.bus.topics import Bus, ensure_topics
from events.runtime.kafka import EmbeddedKafka
from services.kit import inbox
from services.kit.inbox import InboxTask
from services.kit.kafka import COMMANDS, OUTCOMES, seal_command
from services.kit.work import QUERIES
from tests.support.node import SPACE, Node, running_node
from tests.support.servers import Databases
from tests.support.waiting import eventually

pytestmark = [pytest.mark.postgres, pytest.mark.kafka]
CITY = {"name": "太原市", "kind": "labour", "level": "city", "code": "1401", "from": "2008-06-01"}
NAME = "registry.open_office"


@pytest.fixture
async def node(database: Databases, kafka: EmbeddedKafka, tmp_path: Path) -> AsyncIterator[Node]:
    await ensure_topics(Bus(kafka.bootstrap))
    async with running_node(database, tmp_path) as running:
        settings = running.role.settings.model_copy(update={"kafka": kafka.bootstrap})
        task = InboxTask(settings, running.role.inbox.inbox, running.role.pool)
        listening = asyncio.create_task(task.run())
        yield running
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def put(kafka: EmbeddedKafka, value: bytes, headers: dict[str, Any]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap)
    await producer.start()
    try:
        await producer.send_and_wait(COMMANDS, value, headers=list(headers.items()))
    finally:
        await producer.stop()


async def outcome(kafka: EmbeddedKafka, ident: str) -> dict[str, Any]:
    consumer = AIOKafkaConsumer(
        OUTCOMES, bootstrap_servers=kafka.bootstrap, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        async with asyncio.timeout(30):
            async for record in consumer:
                if record.key == ident.encode():
                    found: dict[str, Any] = json.loads(record.value)
                    return found
    finally:
        await consumer.stop()
    raise AssertionError("no outcome")


async def named(kafka: EmbeddedKafka) -> set[str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        return set(await admin.list_topics())
    finally:
        await admin.close()


def sealed(node: Node, ident: str, body: dict[str, Any], name: str = NAME) -> bytes:
    public = node.role.inbox.inbox.key.public_key().public_bytes_raw()
    return seal_command(public, ident, name, json.dumps(body).encode())


def headers(node: Node, ident: str, login: str = "rules") -> dict[str, bytes]:
    token = node.as_(login)["authorization"]
    return {"ce_id": ident.encode(), "ce_type": NAME.encode(), "authorization": token.encode()}


async def test_a_sealed_command_is_carried_out_and_answered(
    node: Node, kafka: EmbeddedKafka
) -> None:
    ident = str(uuid5(SPACE, "kafka/1"))
    await put(kafka, sealed(node, ident, CITY), headers(node, ident))
    answer = await outcome(kafka, ident)
    assert (answer["status"], answer["events"][0]["type"]) == (200, "registry.office_opened.v1")


async def test_a_refusal_is_an_outcome_like_any_other(node: Node, kafka: EmbeddedKafka) -> None:
    ident = str(uuid5(SPACE, "kafka/2"))
    await put(kafka, sealed(node, ident, CITY | {"colour": "red"}), headers(node, ident))
    assert (await outcome(kafka, ident))["code"] == "malformed"


async def test_rubbish_and_values_in_the_clear_are_parked_without_their_bytes(
    node: Node, kafka: EmbeddedKafka
) -> None:
    ident, last = str(uuid5(SPACE, "kafka/3")), str(uuid5(SPACE, "kafka/4"))
    await put(kafka, b"\xff\x00\xfe", {"ce_id": b"\xff\xfe"})
    await put(kafka, b"junk", {"ce_id": None})
    await put(kafka, json.dumps(CITY).encode(), headers(node, ident))
    odd = headers(node, ident) | {"expected": "²".encode()}
    await put(kafka, sealed(node, ident, CITY), odd)
    assert (await outcome(kafka, ident))["code"] == "malformed"
    await put(kafka, sealed(node, last, CITY), headers(node, last))
    assert (await outcome(kafka, last))["status"] == 200

    async def parked() -> set[str]:
        async with node.role.pool.acquire() as connection:
            return {row["why"] async for row in QUERIES.parked(connection, most=10)}

    wanted = {"headers_not_text", "not_sealed_to_this_node"}
    assert await eventually(parked, lambda why: why >= wanted) >= wanted


async def test_topics_that_were_lost_are_made_anew_and_commands_are_taken_again(
    node: Node, kafka: EmbeddedKafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "TOPICS_SECONDS", 0.5)
    first, second = (str(uuid5(SPACE, f"kafka/lost {n}")) for n in (1, 2))
    await put(kafka, sealed(node, first, CITY), headers(node, first))
    assert (await outcome(kafka, first))["status"] == 200
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    await admin.delete_topics([COMMANDS, OUTCOMES])
    await admin.close()
    await eventually(lambda: named(kafka), lambda found: not {COMMANDS, OUTCOMES} & found, 30)
    await eventually(lambda: named(kafka), lambda found: {COMMANDS, OUTCOMES} <= found, 60)
    await put(kafka, sealed(node, second, CITY), headers(node, second))
    assert (await outcome(kafka, second))["status"] in {200, 409}
