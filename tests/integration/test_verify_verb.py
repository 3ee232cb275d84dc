"""`bangfu audit verify` on a real log finds the right key; a wrong home is no false alarm."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from events.log.checkpoints import Signer
from services.__main__ import cli
from tests.integration.test_log_trust import filled
from tests.support.logs import schema
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
