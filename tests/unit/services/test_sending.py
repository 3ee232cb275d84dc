"""`bangfu send` without a token, or with the node away: what is missing, and the next step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from typer.testing import CliRunner

from events.runtime.process import free_port
from services.__main__ import cli

BODY = ("registry.open_office", "{}")


def sent(home: Path, write: str, *more: str) -> tuple[int, str]:
    """Send a command to an address; returns how it ended and all it said, in one line."""
    env = {"BANGFU_HOME": str(home), "BANGFU_WRITE_API": write, "BANGFU_TOKEN": ""}
    told = CliRunner().invoke(cli, ["send", *BODY, *more], env=env)
    return told.exit_code, "".join((told.stdout + told.stderr).split())


@pytest.mark.parametrize("token", ["", "令牌", "a\nb"])
def test_without_a_token_that_can_be_sent_it_says_where_to_get_one(
    tmp_path: Path, token: str
) -> None:
    status, text = sent(tmp_path, "http://127.0.0.1:1", "--token", token)
    assert status == 2
    for words in ("BANGFU_TOKEN", "POST/api/token", "令牌", "login"):
        assert words in text
    assert "Traceback" not in text


def test_a_node_that_is_away_is_named_with_the_next_step(tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    status, text = sent(tmp_path, address, "--token", "x")
    assert status == 2
    for words in (address, "无应答", "doesnotanswer", "bangfuservewrite", "bangfustatus"):
        assert words in text
    assert "Traceback" not in text


def test_an_address_that_is_no_write_role_is_told_so(tmp_path: Path) -> None:
    with page() as address:
        status, text = sent(tmp_path, address, "--token", "x")
    assert status == 2
    assert "不是写入角色/notthewriterole" in text
    assert "Traceback" not in text


@contextmanager
def page() -> Iterator[str]:
    """Serve something that is no API."""

    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>")

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.handle_request, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
