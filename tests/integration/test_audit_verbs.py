"""An auditor's walk through the verbs: key, export, verifier, verify, witness; then a rebase."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from events.log.checkpoints import Signer
from events.log.notes import VerifierKey
from events.log.sequencer import Sequencer
from events.log.verdict import CLEAN, FINDINGS, UNUSABLE
from events.runtime.postgres import EmbeddedPostgres
from services.__main__ import cli
from tests.support.logs import filled, fixed_clock, schema
from tests.support.servers import Databases

pytestmark = pytest.mark.postgres


@dataclass
class Desk:
    """Someone at the command line of a node, with files of their own."""

    dsn: str
    home: Path
    files: Path

    async def do(self, *words: str) -> tuple[int, str, str]:
        """Run `bangfu audit` and return how it ended, what it printed and what it told."""
        env = {"BANGFU_HOME": str(self.home), "BANGFU_LOG_URL": self.dsn, "COLUMNS": "400"}
        given = [w.format(f=self.files) for w in words]
        told = await asyncio.to_thread(CliRunner().invoke, cli, ["audit", *given], env=env)
        return told.exit_code, told.stdout, told.stderr


@pytest.fixture
async def desk(database: Databases, tmp_path: Path) -> Desk:
    dsn = await database(schema)
    home, files = tmp_path / "home", tmp_path / "desk"
    await filled(dsn, Signer.open("test", home / "signer"), events=300)
    files.mkdir()
    return Desk(dsn, home, files)


@pytest.mark.requirement("X13")
async def test_an_auditor_proves_a_log_offline_with_a_key_on_paper_and_a_witness(
    desk: Desk,
) -> None:
    status, key, _ = await desk.do("key")
    (desk.files / "K.pub").write_text(key)
    assert (status, VerifierKey.parse(key).name) == (CLEAN, "test")

    status, out, _ = await desk.do("export", "--out", "{f}/export")
    assert status == CLEAN
    assert "第 1–300 号事件" in out
    assert "events 1–300" in out
    _, program, _ = await desk.do("verifier")
    (desk.files / "verify.py").write_text(program)
    alone = [sys.executable, "-I", "verify.py", "export", "--key", "K.pub"]
    told = await asyncio.to_thread(
        subprocess.run, alone, cwd=desk.files, capture_output=True, text=True, check=False
    )
    assert told.returncode == CLEAN, told.stderr

    witness = ("witness", "--key", "{f}/K.pub", "--state", "{f}/stick", "--name", "bureau/1")
    status, out, _ = await desk.do(*witness, "--of", "{f}/export")
    assert (status, "test/events/1, 300" in out) == (CLEAN, True)
    kept = "{f}/stick/checkpoint-000000000300.txt"
    seen = ("--witness", "{f}/stick/witness.pub", "--against", kept)
    status, out, _ = await desk.do("verify", "{f}/export", "--key", "{f}/K.pub", *seen)
    assert (status, "witness bureau/1 up to event 300" in out) == (CLEAN, True)

    events = desk.files / "export" / "events.ndjson"
    events.write_bytes(events.read_bytes().replace(b'"actor":"user-1"', b'"actor":"user-2"', 1))
    status, out, _ = await desk.do("verify", "{f}/export", "--key", "{f}/K.pub")
    assert (status, "header_changed event 1 " in out) == (FINDINGS, True)


async def test_what_cannot_be_done_is_told_in_words_and_ends_with_2(desk: Desk) -> None:
    (desk.files / "bad.pub").write_text("no key")
    (desk.files / "full").mkdir()
    (desk.files / "full" / "mine.txt").write_text("x")

    for words, told_zh in (
        (("verify", "{f}/none", "--key", "{f}/bad.pub"), "不是公钥文件"),
        (("verify", "{f}/none"), "--key"),
        (("export", "--out", "{f}/full"), "不是空目录"),
        (("export", "--out", "{f}/x", "--from", "301"), "没有可导出的事件"),
        (("witness", "--of", "{f}/none", "--key", "{f}/bad.pub", "--state", "{f}/s", "--name", "w"),
         "不是公钥文件"),
        (("verify", "--against", "{f}/none"), "无法读取"),
        (("sign", "{f}/none", "--name", "li", "--key", "{f}/li.key", "--out", "{f}/li.txt"),
         "无法读取"),
        (("rebase", "--forked", "--statement", "{f}/a"), "rebase.pub"),
        (("rebase",), "--moved"),
    ):  # fmt: skip
        status, out, err = await desk.do(*words)
        assert status == UNUSABLE, (words, out, err)
        assert told_zh in out + err
        assert "Traceback" not in out + err


@pytest.mark.requirement("X13")
async def test_two_people_lead_a_moved_log_on(desk: Desk, postgres: EmbeddedPostgres) -> None:
    name = desk.dsn.rpartition("/")[2]
    desk.dsn = await postgres.create_database(f"{name}_moved", template=name)
    status, draft, err = await desk.do("rebase", "--moved", "--draft", "机房搬迁")
    assert status == CLEAN, err
    assert draft.endswith("reason 机房搬迁\n")
    (desk.files / "draft.txt").write_text(draft)
    keys = ""
    for who in ("li", "wu"):
        sign = ("sign", "{f}/draft.txt", "--name", who, "--key", f"{{f}}/{who}.key")
        status, public, _ = await desk.do(*sign, "--out", f"{{f}}/{who}.txt")
        assert status == CLEAN
        keys += public
    (desk.home / "signer" / "rebase.pub").write_text(keys)

    one = ("rebase", "--moved", "--statement", "{f}/li.txt")
    status, _, err = await desk.do(*one)
    assert (status, "须由两名签署人" in err) == (UNUSABLE, True)
    assert (await desk.do(*one, "--statement", "{f}/wu.txt"))[0] == CLEAN
    await goes_on(desk)
    await postgres.drop_database(f"{name}_moved")


async def goes_on(desk: Desk) -> None:
    """Go on with the moved log: it is armed again."""
    signer = Signer.open("test", desk.home / "signer")
    sequencer = Sequencer(desk.dsn, clock=fixed_clock, signer=signer)
    await sequencer.start()
    assert sequencer.n == 300
    await sequencer.stop()
