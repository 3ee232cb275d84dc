"""Fixtures of real servers, started at the first test that asks for them."""

import json
import os
import shutil
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from events.runtime.kafka import EmbeddedKafka
from events.runtime.kafka.guard import Guard
from events.runtime.postgres import EmbeddedPostgres
from tests.support.servers import Databases, Prepare, session_home

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")  # a busy computer is no finding

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
def guarded_kafka(server_home: Path) -> Iterator[EmbeddedKafka]:
    """Three brokers behind TLS, logins and rights, for the whole run."""
    guard = Guard(server_home / "guarded" / "guard")
    server = EmbeddedKafka(server_home / "guarded", runtime=CACHE / "kafka", brokers=3, guard=guard)
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


_RESULTS: dict[str, dict[str, str]] = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note the outcome of every test that names the requirement it proves."""
    report = yield
    if call.when == "call" or report.failed:
        for mark in item.iter_markers("requirement"):
            for number in mark.args:
                _RESULTS.setdefault(str(number), {})[item.nodeid] = report.outcome
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Keep the outcomes beside those of tests that did not run now, for `bangfu requirements`."""
    file = CACHE / "requirements.json"
    if not _RESULTS or session.config.option.collectonly:
        return
    kept = json.loads(file.read_text()) if file.exists() else {}
    for number, outcomes in _RESULTS.items():
        kept[number] = kept.get(number, {}) | outcomes
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(kept, indent=1, sort_keys=True))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run browser tests last: their driver keeps an event loop of its own in the main thread."""
    items.sort(key=lambda item: "/browser/" in str(item.path))
