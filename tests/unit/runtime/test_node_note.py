"""A node's note in its home leads the command line to it, and tells nothing secret."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import httpx
import pytest
import typer
from pydantic import SecretStr
from typer.testing import CliRunner

from events.log.verdict import verdict_of
from events.log.verify import Report
from events.runtime.process import free_port
from events.runtime.settings import NODE_FILE, SERVERS_FILE, Settings, write_node
from services.__main__ import cli
from services.commandline import given_password

SECRET = "postgresql://somebody:word@127.0.0.1/bangfu_log"  # noqa: S105  # planted


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BANGFU_HOME", str(tmp_path))
    return tmp_path


def noted(home: Path, *, simulated: bool = True) -> Settings:
    home.mkdir(parents=True, exist_ok=True)
    port = free_port()
    node = Settings(
        home=home,
        source="demo",
        simulated=simulated,
        write_port=port,
        write_api=f"http://127.0.0.1:{port}",
        log_url=SecretStr(SECRET),
    )
    write_node(node)
    return node


def test_a_home_whose_demo_has_the_only_node_leads_to_the_demo(home: Path) -> None:
    node = noted(home / "demo")
    found = Settings.of_node()
    assert (found.home, found.source, found.simulated) == (home / "demo", "demo", True)
    assert (found.write_port, found.write_api) == (node.write_port, node.write_api)


def test_a_home_with_servers_of_its_own_is_not_left_for_its_demo(home: Path) -> None:
    noted(home / "demo")
    (home / SERVERS_FILE).write_text("{}")
    assert Settings.of_node().home == home


def test_what_is_given_is_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noted(home)
    monkeypatch.setenv("BANGFU_WRITE_PORT", "9")
    monkeypatch.setenv("BANGFU_SOURCE", "mine")
    found = Settings.of_node()
    assert (found.write_port, found.source) == (9, "mine")


def test_the_note_holds_no_address_with_a_password(home: Path) -> None:
    noted(home)
    assert "word" not in (home / NODE_FILE).read_text()


def test_status_names_the_address_of_a_role_that_does_not_answer(home: Path) -> None:
    node = noted(home / "demo")
    told = CliRunner().invoke(cli, ["status"], env={"COLUMNS": "200"})
    assert told.exit_code == 1
    assert f":{node.write_port}" in told.output


def test_status_names_the_address_of_a_role_that_is_ready(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = noted(home / "demo")
    answer = httpx.Response(200, json={"ready": True, "reason": ""})
    monkeypatch.setattr("services.commandline.httpx.get", lambda *_, **__: answer)
    told = CliRunner().invoke(cli, ["status"], env={"COLUMNS": "200"})
    assert told.exit_code == 0
    assert node.write_api in told.output


def test_an_empty_log_is_called_empty_and_not_clean() -> None:
    assert verdict_of(Report(0, b"", 0, ()))["audit"] == "empty"
    assert verdict_of(Report(1, b"", 1, ()))["audit"] == "clean"


def test_the_clock_of_a_real_node_is_not_moved(home: Path) -> None:
    noted(home, simulated=False)
    told = CliRunner().invoke(cli, ["advance", "1"])
    assert told.exit_code == 2


def test_a_first_password_comes_from_the_setting_or_from_standard_input(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("from standard input\n"))
    assert given_password("given by setting") == "given by setting"
    assert given_password("") == "from standard input"
    with pytest.raises(typer.BadParameter):
        given_password("")


def test_requirements_without_results_say_what_fills_them(tmp_path: Path) -> None:
    results = tmp_path / "requirements.json"
    assert "make test" in requirements(results)
    results.write_text('{"R1": {"tests/a.py::test_a": "passed"}}')
    assert "make test" not in requirements(results)


def requirements(results: Path) -> str:
    return CliRunner().invoke(cli, ["requirements", "--results", str(results)]).output
