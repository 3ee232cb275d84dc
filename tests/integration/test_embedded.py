"""The embedded servers keep what they acknowledged through kill -9."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from events.runtime.embedded import EmbeddedServers
from events.runtime.kafka import EmbeddedKafka
from events.runtime.kafka.java import archive_of
from events.runtime.postgres import EmbeddedPostgres
from events.runtime.settings import Settings, read_servers
from tests.support.servers import Databases

COUNT = "select count(*) from kept"


async def _prepare(dsn: str) -> None:
    await _execute(dsn, "create table kept (n int)")


async def _execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(statement)
    await connection.close()


async def _value(dsn: str, query: str) -> object:
    connection = await asyncpg.connect(dsn)
    value: object = await connection.fetchval(query)
    await connection.close()
    return value


_value_once_back = retry(
    retry=retry_if_exception_type((OSError, asyncpg.CannotConnectNowError)),
    wait=wait_fixed(0.05),
    stop=stop_after_delay(20),
)(_value)


@pytest.mark.postgres
async def test_a_database_is_a_fresh_copy_of_its_prepared_template(database: Databases) -> None:
    first = await database(_prepare)
    await _execute(first, "insert into kept values (1)")
    assert await _value(await database(_prepare), COUNT) == 0


@pytest.mark.postgres
async def test_committed_rows_survive_a_killed_postmaster(
    postgres: EmbeddedPostgres, database: Databases
) -> None:
    dsn = await database(_prepare)
    await _execute(dsn, "insert into kept select generate_series(1, 1000)")
    postgres.kill()
    assert not postgres.alive
    postgres.start()
    assert await _value(dsn, COUNT) == 1000


@pytest.mark.postgres
async def test_postgres_keeps_utc_and_flushes_every_commit(database: Databases) -> None:
    dsn = await database()
    names = ("timezone", "fsync", "synchronous_commit", "listen_addresses")
    shown = [await _value(dsn, f"show {name}") for name in names]
    assert shown == ["UTC", "on", "on", "127.0.0.1"]


@pytest.mark.postgres
async def test_a_wrong_password_is_refused(postgres: EmbeddedPostgres) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await _value(postgres.dsn("postgres", "postgres", "wrong"), "select 1")


@pytest.mark.postgres
def test_a_second_opener_finds_the_running_server(postgres: EmbeddedPostgres) -> None:
    second = EmbeddedPostgres(postgres.folder.parent)
    second.start()
    assert (second.pid, second.port) == (postgres.pid, postgres.port)


@pytest.fixture
async def topic(kafka: EmbeddedKafka) -> AsyncIterator[str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic("kept", 1, 1)])
    yield "kept"
    await admin.delete_topics(["kept"])
    await admin.close()


async def _send(bootstrap: str, topic: str, count: int) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True)
    async with producer:
        sent = [await producer.send(topic, str(n).encode(), partition=0) for n in range(count)]
        await asyncio.gather(*sent)


async def _end(bootstrap: str, topic: str) -> int:
    partition = TopicPartition(topic, 0)
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap) as consumer:
        ends = await consumer.end_offsets([partition])
    return int(ends[partition])


@pytest.mark.kafka
async def test_acknowledged_records_survive_a_killed_broker(
    kafka: EmbeddedKafka, topic: str
) -> None:
    await _send(kafka.bootstrap, topic, 500)
    kafka.kill()
    assert not kafka.alive
    kafka.start()
    assert await _end(kafka.bootstrap, topic) == 500


@pytest.mark.kafka
def test_a_second_opener_finds_the_running_broker(kafka: EmbeddedKafka) -> None:
    second = EmbeddedKafka(kafka.folder.parent, runtime=kafka.runtime)
    assert second.attach()
    assert second.bootstrap == kafka.bootstrap
    assert second.alive


@pytest.mark.kafka
async def test_three_brokers_go_on_with_one_of_them_killed(kafka_cluster: EmbeddedKafka) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_cluster.bootstrap)
    await admin.start()
    settings = {"min.insync.replicas": "2"}
    await admin.create_topics([NewTopic("kept", 1, 3, topic_configs=settings)])
    await admin.close()
    await _send(kafka_cluster.bootstrap, "kept", 100)
    kafka_cluster.kill(2)
    assert [broker.alive for broker in kafka_cluster.brokers] == [True, False, True]
    await _send(kafka_cluster.bootstrap, "kept", 100)
    kafka_cluster.start()
    assert kafka_cluster.alive
    assert await _end(kafka_cluster.bootstrap, "kept") == 200


@pytest.mark.postgres
@pytest.mark.kafka
async def test_both_servers_note_their_addresses_and_come_back_when_killed(
    server_home: Path, kafka: EmbeddedKafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = server_home / "both"
    monkeypatch.setenv("BANGFU_HOME", str(home))
    (home / "kafka").mkdir(parents=True)
    for name in ("libs", f"{archive_of(kafka.runtime).name}"):
        (home / "kafka" / name).symlink_to(kafka.runtime / name)
    async with EmbeddedServers(Settings()) as servers:
        told = Settings().with_servers()
        assert told == servers.settings
        servers.postgres.kill()
        assert await _value_once_back(told.secret("keys_url"), "select 1") == 1
    assert not servers.postgres.alive
    assert not servers.kafka.alive
    assert read_servers(home) == {}
    servers.postgres.remove()
