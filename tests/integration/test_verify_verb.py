"""`bangfu audit verify` on a real log finds the right key; a wrong home is no false alarm."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from events.log.checkpoints import Signer
from events.log.notes import Checkpoint
from services.__main__ import cli
from tests.support.logs import filled, schema
from tests.support.servers import Databases

pytestmark = pytest.mark.postgres


@pytest.mark.requirement("X13")
async def test_the_name_comes_from_the_log_and_the_key_from_the_home_of_its_signer(
    database: Databases, tmp_path: Path
) -> None:
    dsn = await database(schema)
    await filled(dsn, Signer.open("test", tmp_path / "home" / "signer"))

    def verified(home: Path) -> tuple[int, str]:
        env = {"BANGFU_HOME": str(home), "BANGFU_LOG_URL": dsn, "BANGFU_SOURCE": "another"}
        told = CliRunner().invoke(cli, ["audit", "verify", "--json"], env=env)
        return told.exit_code, told.stdout

    status, text = await asyncio.to_thread(verified, tmp_path / "home")
    assert (status, json.loads(text)["audit"]) == (0, "clean")
    assert await asyncio.to_thread(verified, tmp_path / "elsewhere") == (2, "")
    assert not (tmp_path / "elsewhere" / "signer").exists()


@pytest.mark.requirement("X13")
async def test_a_restored_log_is_found_though_its_own_checkpoints_went_back_with_it(
    database: Databases, tmp_path: Path
) -> None:
    """The signer's own file outlives the database: what it signed last is part of every audit."""
    signer = Signer.open("test", tmp_path / "home" / "signer")
    dsn = await database(schema)
    await filled(dsn, signer)
    signer.sign(Checkpoint("test/events/1", 301, bytes(32)))

    env = {"BANGFU_HOME": str(tmp_path / "home"), "BANGFU_LOG_URL": dsn}
    verb = ["audit", "verify", "--json"]
    told = await asyncio.to_thread(CliRunner().invoke, cli, verb, env=env)

    assert told.exit_code == 1
    [finding] = json.loads(told.stdout)["findings"]
    assert finding.startswith("log_shorter event 301")
