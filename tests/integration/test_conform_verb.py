"""`bangfu audit conform` judges a node's log where it lies, page by page."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from events.audit.reading import lines_in
from events.log.checkpoints import Signer
from services.__main__ import cli
from services.conforming import live
from tests.support.logs import filled, schema
from tests.support.servers import Databases

pytestmark = pytest.mark.postgres


@pytest.mark.requirement("X13")
async def test_the_live_log_is_judged_like_its_export(database: Databases, tmp_path: Path) -> None:
    dsn = await database(schema)
    await filled(dsn, Signer.open("test", tmp_path / "signer"))

    def told(*arguments: str) -> tuple[int, str]:
        env = {"BANGFU_HOME": str(tmp_path), "BANGFU_LOG_URL": dsn, "BANGFU_SOURCE": "test"}
        result = CliRunner().invoke(cli, ["audit", *arguments], env=env)
        return result.exit_code, result.stdout

    def both() -> None:
        assert told("export", "--out", str(tmp_path / "export"))[0] == 0
        with live(dsn) as (lines, last):
            assert list(lines) == list(lines_in(tmp_path / "export"))
        status, text = told("conform", "--json")
        assert (status, text) == told("conform", str(tmp_path / "export"), "--json")
        assert json.loads(text)["events"] == last

    await asyncio.to_thread(both)


async def test_a_log_that_cannot_be_reached_ends_with_2_and_no_trace(tmp_path: Path) -> None:
    env = {"BANGFU_HOME": str(tmp_path), "BANGFU_LOG_URL": "postgresql://x@127.0.0.1:9/none"}
    result = await asyncio.to_thread(CliRunner().invoke, cli, ["audit", "conform"], env=env)
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr
