"""Three guarded brokers: the line runs over TLS under least rights, and nothing else gets in."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid5

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, for_code

from events.bus.closing import close_quietly
from events.bus.duties import commands_group, node_rights, office_rights
from events.bus.granting import grant
from events.bus.publisher import Publisher
from events.bus.topics import Bus
from events.contracts.catalogue import ALL
from events.runtime.kafka import EmbeddedKafka
from events.runtime.kafka.guard import Guard
from events.runtime.kafka_access import Access
from projections.engine.node import node_of
from projections.engine.run import Projector
from projections.models import read_models
from services.kit.inbox import InboxTask
from services.kit.kafka import COMMANDS, OUTCOMES, seal_command
from tests.support.node import SPACE, Node, running_node
from tests.support.numbered import NumberedLog
from tests.support.servers import Databases
from tests.support.tally import Counted, counted
from tests.support.until import until

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.timeout(180)]
SOURCE, OFFICE = "test", "office-1401"
USERS = ("bangfu-publish", "bangfu-project", "bangfu-write", OFFICE)
CLOSING_SECONDS = 0.3
CITY = {"name": "太原市", "kind": "labour", "level": "city", "code": "1401", "from": "2008-06-01"}


@pytest.fixture(scope="module")
def guard(guarded_kafka: EmbeddedKafka) -> Guard:
    """Make topics, logins and rights, as the administrator."""
    made = Guard(guarded_kafka.folder.parent / "guard")
    admin = Bus(guarded_kafka.inner, 3, access=made.admin)
    rights = [*node_rights(admin, SOURCE), *office_rights(admin, "1401")]
    for _ in range(2):  # a rerun is harmless
        asyncio.run(grant(admin, {user: made.password(user) for user in USERS}, rights))
    return made


@pytest.fixture(autouse=True)
async def _closed() -> AsyncIterator[None]:
    """Give TLS connections the moment they need to say farewell before their loop ends."""
    yield
    await asyncio.sleep(CLOSING_SECONDS)


@pytest.fixture
def bus_of(guarded_kafka: EmbeddedKafka, guard: Guard) -> Callable[[str], Bus]:
    def bus(user: str) -> Bus:
        return Bus(guarded_kafka.bootstrap, 3, access=guard.access(user))

    return bus


@asynccontextmanager
async def background(work: Awaitable[None]) -> AsyncIterator[None]:
    task = asyncio.ensure_future(work)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def sent(bus: Bus, topic: str, value: bytes, headers: dict[str, bytes]) -> None:
    producer = AIOKafkaProducer(**bus.client("office"), acks="all", enable_idempotence=True)
    try:
        await producer.start()
        await producer.send_and_wait(topic, value, headers=list(headers.items()))
    finally:
        await close_quietly(producer)


async def outcome(bus: Bus, ident: str) -> dict[str, Any]:
    consumer = AIOKafkaConsumer(
        OUTCOMES, **bus.client("office"), group_id=f"{OFFICE}.1", auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        async with asyncio.timeout(30):
            async for record in consumer:
                if record.key == ident.encode():
                    found: dict[str, Any] = json.loads(record.value)
                    return found
    finally:
        await close_quietly(consumer)
    raise AssertionError("no outcome")


async def command_from_an_office(node: Node, bus: Bus) -> dict[str, Any]:
    ident, name = str(uuid5(SPACE, "guarded/1")), "registry.open_office"
    public = node.role.inbox.inbox.key.public_key().public_bytes_raw()
    value = seal_command(public, ident, name, json.dumps(CITY).encode())
    token = node.as_("rules")["authorization"].encode()
    headers = {"ce_id": ident.encode(), "ce_type": name.encode(), "authorization": token}
    await sent(bus, COMMANDS, value, headers)
    return await outcome(bus, ident)


async def test_a_command_from_kafka_becomes_an_event_and_a_row_under_least_rights(
    database: Databases,
    tmp_path: Path,
    bus_of: Callable[[str], Bus],
    guarded_kafka: EmbeddedKafka,
    guard: Guard,
) -> None:
    read_dsn = await database()
    async with running_node(database, tmp_path) as node:
        login = guard.access("bangfu-write")
        told = {
            "kafka": guarded_kafka.bootstrap, "replication": 3, "kafka_security": login.security,
            "kafka_ca": login.ca, "kafka_user": login.user,
            "kafka_password_file": login.password_file,
        }  # fmt: skip
        settings = node.role.settings.model_copy(update=told)
        inbox = InboxTask(settings, node.role.inbox.inbox, node.role.pool)
        publisher = Publisher(node.role.log, bus_of("bangfu-publish"), poll=0.05)
        nodes = {node.role.log.source: node_of(node.role.log, ALL)}
        projector = Projector(read_dsn, bus_of("bangfu-project"), nodes, read_models(), ALL)
        async with (
            background(inbox.run()),
            background(publisher.run()),
            background(projector.run()),
        ):
            await until(lambda: projector.reader is not None and projector.reader.state.up, 30)
            answer = await command_from_an_office(node, bus_of(OFFICE))
            assert (answer["status"], answer["events"][0]["type"]) == (
                200,
                "registry.office_opened.v1",
            )

            async def listed() -> bool:
                connection = await asyncpg.connect(read_dsn)
                try:
                    query = "select count(*) from rm_audit_trail where type = $1"
                    return int(await connection.fetchval(query, answer["events"][0]["type"])) >= 2
                except asyncpg.UndefinedTableError:
                    return False
                finally:
                    await connection.close()

            await until(listed, 60)
            assert projector.reader is not None
            assert projector.reader.state.received > 0, "it came over Kafka, not from the log"


async def may_write(bus: Bus, topic: str) -> bool:
    try:
        await sent(bus, topic, b"no", {})
    except KafkaError:
        return False
    return True


async def may_read(bus: Bus, topic: str, group: str | None = None) -> bool:
    consumer = AIOKafkaConsumer(
        **bus.client("look"), group_id=group, request_timeout_ms=3000, enable_auto_commit=False
    )
    await consumer.start()
    try:
        async with asyncio.timeout(3):
            if group is None:
                tp = TopicPartition(topic, 0)
                consumer.assign([tp])
                await consumer.seek_to_beginning(tp)
                await consumer.position(tp)
            else:
                consumer.subscribe([topic])
            await consumer.getmany(timeout_ms=500)
            return bool(consumer.assignment())
    except (KafkaError, TimeoutError):
        return False
    finally:
        await close_quietly(consumer)


async def may_make_topics(bus: Bus) -> bool:
    admin = AIOKafkaAdminClient(**bus.client("look"))
    await admin.start()
    try:
        answer = await admin.create_topics([NewTopic("bangfu.other", 1, 3)])
        return not any(for_code(error[1]) is not for_code(0) for error in answer.topic_errors)
    except KafkaError:
        return False
    finally:
        await close_quietly(admin)


WRITES = {
    "bangfu-publish": {"bangfu.events", "bangfu.relay"},
    "bangfu-project": set(),
    "bangfu-write": {"bangfu.outcomes"},
    OFFICE: {"bangfu.commands"},
}
READS = {
    "bangfu-publish": {"bangfu.events", "bangfu.relay"},
    "bangfu-project": {"bangfu.events"},
    "bangfu-write": {"bangfu.commands"},
    OFFICE: {"bangfu.outcomes"},
}
TOPICS = ("bangfu.events", "bangfu.relay", "bangfu.commands", "bangfu.outcomes")


@pytest.mark.parametrize("user", USERS)
async def test_a_duty_may_do_its_own_and_nothing_else(
    user: str, bus_of: Callable[[str], Bus]
) -> None:
    bus = bus_of(user)
    others = [t for t in TOPICS if t not in WRITES[user]]
    written = await asyncio.gather(*(may_write(bus, topic) for topic in others))
    assert dict(zip(others, written, strict=True)) == dict.fromkeys(others, False)
    read = await asyncio.gather(*(may_read(bus, topic) for topic in TOPICS))
    assert {t for t, may in zip(TOPICS, read, strict=True) if may} == READS[user]
    assert not await may_make_topics(bus)


async def test_a_group_is_its_owners_alone(bus_of: Callable[[str], Bus]) -> None:
    assert await may_read(bus_of(OFFICE), OUTCOMES, f"{OFFICE}.2")
    assert not await may_read(bus_of(OFFICE), OUTCOMES, "office-14019.1")
    assert not await may_read(bus_of(OFFICE), OUTCOMES, commands_group(SOURCE))


def stranger(bus: Bus, tmp_path: Path, how: str) -> Bus:
    wrong = tmp_path / "wrong"
    wrong.write_text("not the password")
    other = Guard(tmp_path / "other")
    other.make()
    changed = {
        "no login": Access(),
        "wrong password": replace(bus.access, password_file=wrong),
        "unknown login": replace(bus.access, user="nobody"),
        "another cluster": replace(bus.access, ca=other.ca),
        "lost file": replace(bus.access, password_file=tmp_path / "lost"),
    }
    return replace(bus, access=changed[how])


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("no login", "Kafka closed the connection: does it want BANGFU_KAFKA_SECURITY=SASL_SSL?"),
        ("wrong password", "Kafka refuses the login bangfu-publish: unknown, or another password"),
        ("unknown login", "Kafka refuses the login nobody: unknown, or another password"),
        ("another cluster", "is not vouched for by BANGFU_KAFKA_CA"),
        ("lost file", "is missing"),
    ],
)
async def test_who_is_not_let_in_is_told_why(
    how: str, reason: str, bus_of: Callable[[str], Bus], tmp_path: Path
) -> None:
    publisher = Publisher(NumberedLog(), stranger(bus_of("bangfu-publish"), tmp_path, how))
    async with background(publisher.run()):
        await until(lambda: reason in publisher.state.reason, 20)
    assert not publisher.state.up


async def test_a_login_without_rights_is_told_so(bus_of: Callable[[str], Bus]) -> None:
    log = NumberedLog()
    log.add("person-1", Counted.type, counted(1))
    publisher = Publisher(log, bus_of("bangfu-project"))
    wanted = "does not grant the login bangfu-project what this role needs"
    async with background(publisher.run()):
        await until(lambda: wanted in publisher.state.reason, 30)
    assert wanted in publisher.state.reason
    assert not publisher.state.up
    assert (publisher.state.sent, publisher.state.published) == (0, 0)


async def test_publishing_goes_on_when_a_leader_is_killed(
    bus_of: Callable[[str], Bus], guarded_kafka: EmbeddedKafka, guard: Guard
) -> None:
    admin = Bus(guarded_kafka.inner, 3, "kill", guard.admin)
    rights = node_rights(admin, SOURCE)
    await grant(admin, {"bangfu-publish": guard.password("bangfu-publish")}, rights)
    log = NumberedLog()
    publisher = Publisher(log, replace(bus_of("bangfu-publish"), prefix="kill"), poll=0.02)

    def add(count: int) -> None:
        for n in range(count):
            log.add(f"person-{n % 37}", Counted.type, counted(n % 5))

    async with background(publisher.run()):
        add(500)
        await until(lambda: publisher.state.published == 500, 30)
        guarded_kafka.kill(2)
        add(500)
        await until(lambda: publisher.state.published == 1_000, 60)
        assert [broker.alive for broker in guarded_kafka.brokers] == [True, False, True]
    await asyncio.to_thread(guarded_kafka.start)
