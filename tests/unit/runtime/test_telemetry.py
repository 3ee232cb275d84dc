"""Log lines carry the correlation id and no local variables; figures live in their registry."""

import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
import structlog
from aiokafka.errors import GroupAuthorizationFailedError, GroupCoordinatorNotAvailableError

from events.runtime import kafka
from events.runtime.__main__ import WORDS
from events.runtime.logging import configure_logging
from events.runtime.telemetry import Metrics, correlated, correlation_id


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    out = io.StringIO()
    monkeypatch.setattr("sys.stderr", out)
    root, handlers, level = logging.getLogger(), logging.getLogger().handlers[:], logging.root.level
    configure_logging("INFO", json=True)
    yield out
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def _read(lines: io.StringIO) -> dict[str, object]:
    found: dict[str, object] = orjson.loads(lines.getvalue().splitlines()[-1])
    return found


def _fail_beside(secret: str) -> None:
    raise ValueError(len(secret))


def test_a_line_is_json_with_the_bound_correlation_id(lines: io.StringIO) -> None:
    with correlated("c-1"):
        structlog.get_logger("bangfu").info("command_handled", stream="person-1")
    line = _read(lines)
    assert line["event"] == "command_handled"
    assert (line["correlation_id"], line["stream"], line["level"]) == ("c-1", "person-1", "info")


@pytest.mark.usefixtures("lines")
def test_the_setup_speaks_in_sentences_to_people_even_in_a_pipe(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging(words=WORDS)
    for file in sorted(Path(kafka.__file__).parent.glob("*.py")):
        for event in re.findall(r'_log\.info\("(\w+)"', file.read_text("utf-8")):
            structlog.get_logger("bangfu").info(event, megabytes=44, archive="a.jsa")
    structlog.get_logger("bangfu").warning("something_else", port=9)
    said = capsys.readouterr().err.splitlines()
    assert len(said) == len(WORDS) + 1
    assert said[-2].startswith("正在下载 Apache Kafka（约 44 MB） / fetching")
    assert not any(line.startswith("{") or "kafka_" in line for line in said)
    assert "something_else" in said[-1]
    assert "port=9" in said[-1]


def test_what_the_kafka_client_tries_again_by_itself_is_a_warning(lines: io.StringIO) -> None:
    client = logging.getLogger("aiokafka.consumer.group_coordinator")
    client.error("Group Coordinator Request failed: %s", GroupCoordinatorNotAvailableError())
    assert _read(lines)["level"] == "warning"
    client.error("Group Coordinator Request failed: %s", GroupAuthorizationFailedError())
    assert _read(lines)["level"] == "error"
    logging.getLogger("library").error("lost %s", GroupCoordinatorNotAvailableError())
    assert _read(lines)["level"] == "error"


def test_the_standard_library_logs_through_the_same_door(lines: io.StringIO) -> None:
    logging.getLogger("library").warning("slow %s", "query", extra={"table": "events"})
    line = _read(lines)
    assert (line["event"], line["logger"], line["table"]) == ("slow query", "library", "events")


def test_a_traceback_never_shows_local_variables(lines: io.StringIO) -> None:
    try:
        _fail_beside("-".join(["a", "secret", "value"]))
    except ValueError:
        structlog.get_logger("bangfu").exception("command_failed")
    assert "a-secret-value" not in lines.getvalue()
    assert "ValueError" in lines.getvalue()


def test_the_correlation_id_ends_with_its_work() -> None:
    with correlated("c-1"), correlated("c-2"):
        assert correlation_id() == "c-2"
    assert correlation_id() is None


def test_each_role_has_a_registry_of_its_own() -> None:
    first, second = Metrics(), Metrics()
    first.counter("commands", "commands handled", ("outcome",)).labels("accepted").inc(3)
    second.counter("commands", "commands handled", ("outcome",))
    body, kind = first.exposed()
    assert 'bangfu_commands_total{outcome="accepted"} 3.0' in body.decode()
    assert "accepted" not in second.exposed()[0].decode()
    assert kind.startswith("text/plain")
