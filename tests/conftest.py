"""Fixtures of real servers, started at the first test that asks for them."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from events.runtime.kafka import EmbeddedKafka
from events.runtime.postgres import EmbeddedPostgres
from tests.support.servers import Databases, Prepare, session_home

CACHE = Path(os.environ.get("BANGFU_HOME") or Path(__file__).parent.parent / ".bangfu")


@pytest.fixture(scope="session")
def server_home() -> Iterator[Path]:
    """Make a folder for the servers of this run, removed at its end."""
    home = session_home(CACHE / "test")
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(server_home: Path) -> Iterator[EmbeddedPostgres]:
    """One cluster for the whole run, fsync on."""
    server = EmbeddedPostgres(server_home)
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def kafka(server_home: Path) -> Iterator[EmbeddedKafka]:
    """One broker for the whole run; make topics with names of your own."""
    server = EmbeddedKafka(server_home / "one", runtime=CACHE / "kafka")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def kafka_cluster(server_home: Path) -> Iterator[EmbeddedKafka]:
    """Three brokers for the whole run, for leader changes and kills."""
    server = EmbeddedKafka(server_home / "three", runtime=CACHE / "kafka", brokers=3)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def _templates() -> dict[Prepare, str]:
    return {}


@pytest.fixture
async def database(
    postgres: EmbeddedPostgres, _templates: dict[Prepare, str]
) -> AsyncIterator[Databases]:
    """Make fresh databases for one test, by awaiting the fixture with a way to prepare them."""
    databases = Databases(postgres, _templates)
    yield databases
    await databases.drop()
