"""A demo that was stopped is found again, and every verb says how to serve it again."""

from __future__ import annotations

import asyncio
import socket
from datetime import date
from pathlib import Path

import pytest

from events.log.told import ToldError
from events.runtime.settings import NODE_FILE, SERVERS_FILE, write_node
from services.__main__ import main
from services.demo.node import demo_settings
from services.demo.show import unless
from services.demo.standing import note_accounts, noted_accounts, standing


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BANGFU_HOME", str(tmp_path))
    return tmp_path


def stopped(home: Path) -> Path:
    """Leave what a demo leaves that was served to its end."""
    place = home / "demo"
    place.mkdir()
    write_node(demo_settings(place, 8123, date(2008, 6, 1)))
    note_accounts(place, {"operator": "operator"})
    return place


def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str) -> str:
    """Run a verb that ends with 2, and return all it said in one line."""
    monkeypatch.setattr("sys.argv", ["bangfu", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    return " ".join((out + err).split())


def test_a_stopped_demo_is_found_with_its_ports_its_clock_and_its_accounts(home: Path) -> None:
    place = stopped(home)
    asked = demo_settings(place, 8123, date(2008, 6, 1))
    write_node(asked)
    found = standing(home)
    assert found == asked
    assert standing(place) == found  # named by its own home
    assert standing(home, 9000).console_port == 9000
    assert noted_accounts(found.home) == {"operator": "operator"}


def test_a_role_whose_port_was_taken_meanwhile_gets_another_one(home: Path) -> None:
    asked = demo_settings(stopped(home), 8123, date(2008, 6, 1))
    write_node(asked)
    with socket.create_server(("127.0.0.1", asked.read_port)):
        found = standing(home)
    assert found.read_port != asked.read_port
    assert found.read_api == f"http://127.0.0.1:{found.read_port}"
    assert (found.write_port, found.write_api) == (asked.write_port, asked.write_api)


def test_a_console_whose_port_is_taken_is_told_before_anything_starts(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped(home)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        for words in (("--resume",), ("--persons", "1", "--fresh")):
            told = said(capsys, monkeypatch, "demo", *words, "--port", port)
            assert f"端口 {port} 已被占用" in told
            assert f"listens on port {port}" in told
    assert (home / "demo" / NODE_FILE).exists()


def test_a_demo_that_was_broken_off_is_not_served_as_if_it_were_whole(home: Path) -> None:
    (stopped(home) / "accounts.json").unlink()
    with pytest.raises(ToldError, match="broken off"):
        standing(home)


def test_a_demo_that_is_served_is_named_with_its_address(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (stopped(home) / SERVERS_FILE).write_text("{}")
    monkeypatch.setattr("services.demo.standing.port_open", lambda _: True)
    with pytest.raises(ToldError, match=":8123/"):
        standing(home)


@pytest.mark.usefixtures("home")
def test_where_no_demo_stands_it_is_said_in_both_languages(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = said(capsys, monkeypatch, "demo", "--resume")
    assert "没有演示" in told
    assert "no demo stands in" in told


@pytest.mark.parametrize(
    "words",
    [
        ("audit", "verify"),
        ("audit", "key"),
        ("rebuild", "all"),
        ("audit", "replay", "--person", "x"),
        ("advance", "1"),
        ("send", "registry.open_office", "{}", "--token", "x"),
    ],
    ids=" ".join,
)
def test_a_verb_that_finds_a_stopped_demo_names_how_it_is_served_again(
    home: Path,
    words: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stopped(home)
    told = said(capsys, monkeypatch, *words)
    assert "bangfu demo --resume" in told
    assert "已停止" in told
    assert "serve all" not in told


async def test_a_simulation_ends_at_once_when_it_is_told_to_stop() -> None:
    stop, ended = asyncio.Event(), asyncio.Event()

    async def simulate() -> None:
        stop.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    with pytest.raises(ToldError, match=r"演示已中断.*stopped before its end"):
        await unless(stop, simulate())
    assert ended.is_set()


async def test_what_a_simulation_came_to_is_kept_when_nobody_stops_it() -> None:
    assert await unless(asyncio.Event(), asyncio.sleep(0, "done")) == "done"


@pytest.mark.parametrize("role", ["all", "write"])
def test_the_home_of_another_node_is_refused_in_words_and_left_as_it_is(
    home: Path, role: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = stopped(home)
    note = (place / NODE_FILE).read_bytes()
    monkeypatch.setenv("BANGFU_HOME", str(place))
    told = said(capsys, monkeypatch, "serve", role)
    assert "属于另一节点 demo" in told
    assert "belongs to another node: demo" in told
    assert "bangfu demo --resume" in told
    assert (place / NODE_FILE).read_bytes() == note
