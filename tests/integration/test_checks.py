"""A check of the live log as a job on the real parts: it runs, is cancelled, finds what changed."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from events.log import checking
from events.log.checkpoints import Signer
from events.log.http import log_app
from events.log.notes import Checkpoint
from events.runtime.process import command_of, free_port
from events.runtime.shell import App, Receive, Scope, Send, Shell, serving
from services.kit.checks import PATIENCE_SECONDS, QUERIES
from tests.support.node import PROVINCE
from tests.support.servers import Databases, login_of
from tests.support.waiting import eventually
from tests.support.whole import Whole, whole_node

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(120)]
ORIGIN = "test/events/1"
ASK, CANCEL = "registry.request_check", "registry.cancel_check"
FIRST = "registry.office_opened.v1"


@dataclass
class Publishing:
    """The publish role's proofs on a port; a closed gate lets whoever asks for a tile wait.

    `hiding` it serves nothing that was signed.
    """

    pool: asyncpg.Pool
    signer: Signer
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    hiding: bool = False

    def app(self) -> App:
        proofs = log_app(self.pool, self.signer.verifier, lambda: self.signer.newest(ORIGIN))

        async def gated(scope: Scope, receive: Receive, send: Send) -> None:
            if "/tile/" in scope["path"]:
                await self.gate.wait()
            if self.hiding and not scope["path"].endswith("/key"):
                scope = {**scope, "path": "/nothing", "raw_path": b"/nothing"}
            await proofs(scope, receive, send)

        return gated

    def ready(self) -> tuple[bool, str]:
        return True, ""

    def figures(self) -> Mapping[str, float]:
        return {}

    async def ended(self) -> None:
        await asyncio.Event().wait()

    async def checkpoint(self) -> int:
        """Sign the log as far as it is numbered; return its size."""
        row = await self.pool.fetchrow("select n, root from log.sequencer")
        assert row is not None
        size, root = row
        note = self.signer.sign(Checkpoint(ORIGIN, size, root))
        await self.pool.execute(
            "insert into log.checkpoints (size, root, note) values ($1, $2, $3)", size, root, note
        )
        return int(size)


@dataclass
class Desk:
    """A node, its proofs, and an auditor of the province."""

    whole: Whole
    shell: Shell
    publishing: Publishing
    auditor: str
    address: str

    async def ask(self) -> str:
        """Start a check; return its id, empty where one runs already."""
        found = await self.whole.node.do(self.auditor, ASK, {})
        return str(found["events"][0]["stream"]).removeprefix("check-") if found["events"] else ""

    async def progress(self, check: str, login: str = "") -> dict[str, Any]:
        node = self.whole.node
        path = f"/api/checks/{check}/progress"
        answer = await node.http.get(path, headers=node.as_(login or self.auditor))
        return {"status": answer.status_code, **answer.json()}

    async def ended(self, check: str) -> dict[str, Any]:
        """Wait until a check has ended; return how the read side shows it."""
        await eventually(lambda: self.progress(check), lambda p: p["status"] == 404, 40)
        await self.whole.catch_up()
        answer = await self.whole.get(self.auditor, f"/api/checks/{check}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def change_a_byte(self) -> int:
        """Change a byte of an event as nobody but the server's owner can; return its seq."""
        connection = await asyncpg.connect(self.whole.node.log_dsn)
        try:
            await connection.execute("alter table log.events disable trigger all")
            seq: int = await connection.fetchval(
                """with first as (select seq, pos from log.numbering join log.events using (pos)
                 where type = $1 order by seq limit 1),
                changed as (update log.events e set data = set_byte(e.data, 2, 33)
                 from first where e.pos = first.pos returning e.pos)
                select seq from first join changed using (pos)""",
                FIRST,
            )
        finally:
            await connection.close()
        return seq


@asynccontextmanager
async def desk_of(database: Databases, home: Path) -> AsyncIterator[Desk]:
    port, shell = free_port(), Shell("publish", "test")
    told = {"publish_api": f"http://127.0.0.1:{port}"}
    async with serving(shell, "127.0.0.1", port), whole_node(database, home, told=told) as whole:
        await whole.node.staff(PROVINCE, "auditor", login="auditor")
        await whole.node.office_tree()
        async with asyncpg.create_pool(whole.node.log_dsn, min_size=1, max_size=2) as pool:
            publishing = Publishing(pool, Signer.open("test", home / "signer"))
            publishing.gate.set()
            shell.enter(publishing)
            await publishing.checkpoint()
            yield Desk(whole, shell, publishing, "auditor", told["publish_api"])


@pytest_asyncio.fixture
async def desk(database: Databases, tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk_of(database, tmp_path) as found:
        yield found


@pytest.mark.requirement("X13")
async def test_a_check_runs_beside_the_node_and_its_result_is_recorded_and_listed(
    desk: Desk,
) -> None:
    check = await desk.ask()
    found = await desk.ended(check)
    result = found["result"]
    assert (found["state"], result["findings"]) == ("clean", [])
    assert result["events"] > result["signed"] > 0
    assert result["tail"] == result["events"] - result["signed"]
    assert result["served"] >= 1
    assert result["key"] == str(desk.publishing.signer.verifier)
    assert found["names"][found["by"]] == "测试员"

    desk.publishing.hiding = True
    hidden = (await desk.ended(await desk.ask()))["result"]["findings"]
    assert [(f["code"], f["seq"]) for f in hidden] == [("served_behind", 1)]
    desk.publishing.hiding = False

    seq = await desk.change_a_byte()
    again = await desk.ended(await desk.ask())
    first = again["result"]["findings"][0]
    assert (again["state"], first["code"], first["seq"]) == ("findings", "data_changed", seq)

    desk.shell.wait("stopped")
    unusable = await desk.ended(await desk.ask())
    assert (unusable["state"], unusable["result"]["why"]) == ("unusable", "served_away")

    desk.shell.enter(desk.publishing)
    desk.publishing.signer.sign(Checkpoint(ORIGIN, 10**6, bytes(32)))
    shorter = await desk.ended(await desk.ask())
    assert "log_shorter" in [f["code"] for f in shorter["result"]["findings"]]

    listed = (await desk.whole.get(desk.auditor, "/api/checks")).json()["items"]
    assert [row["state"] for row in listed] == [
        "findings", "unusable", "findings", "findings", "clean",
    ]  # fmt: skip


@pytest.mark.requirement("X13")
async def test_a_check_whose_process_dies_says_so_and_one_whose_role_died_is_begun_again(
    desk: Desk,
) -> None:
    desk.publishing.gate.clear()
    check = await desk.ask()
    await eventually(lambda: desk.progress(check), lambda p: bool(p.get("done")), 40)
    async with desk.publishing.pool.acquire() as c:
        assert await QUERIES.take(c, patience=PATIENCE_SECONDS) is None
        silent = c.transaction()
        await silent.start()
        await c.execute("update work.checks set beat = beat - interval '1 minute'")
        assert await QUERIES.take(c, patience=PATIENCE_SECONDS) == check
        await silent.rollback()
    [child] = [pid for pid in children() if checking.__name__ in command_of(pid)]
    os.kill(child, signal.SIGKILL)
    broken = await desk.ended(check)
    assert (broken["state"], broken["result"]["why"]) == ("unusable", "check_broken")

    desk.publishing.gate.set()
    told = list[dict[str, Any]]()
    as_writer = await login_of(desk.whole.node.log_dsn, "log_append")
    result = await checking.check(as_writer, desk.address, told.append)
    assert result["verdict"] == "clean"
    assert told[-1]["done"] == told[-1]["total"] == result["events"]


def children() -> list[int]:
    """Return the processes that this one started."""
    files = Path("/proc/self/task").glob("*/children")
    return [int(pid) for file in files for pid in file.read_text().split()]


@pytest.mark.requirement("X13", "R43")
async def test_a_running_check_tells_how_far_it_is_answers_for_a_second_and_is_cancelled(
    desk: Desk,
) -> None:
    desk.publishing.gate.clear()
    check = await desk.ask()
    far = await eventually(lambda: desk.progress(check), lambda p: bool(p.get("done")), 40)
    assert far["running"]
    assert 0 < far["done"] <= far["total"]
    assert await desk.ask() == ""
    node = desk.whole.node
    await node.staff("140105000000", "auditor", login="county")
    assert (await desk.progress(check, "county"))["status"] == 403
    assert (await node.ask("county", CANCEL, {"check": check})).status_code == 403

    await node.do(desk.auditor, CANCEL, {"check": check})
    found = await desk.ended(check)
    assert (found["state"], found["cancelled_by"]) == ("cancelled", found["by"])
    assert "result" not in found
    desk.publishing.gate.set()
    assert (await desk.ended(await desk.ask()))["state"] == "clean"


@pytest.mark.requirement("X13")
async def test_a_result_that_no_event_can_hold_ends_the_check_as_broken(
    desk: Desk, tmp_path: Path
) -> None:
    desk.shell.wait("another key")
    desk.publishing.signer = Signer.open("n" * 300, tmp_path / "other")
    desk.shell.enter(desk.publishing)
    found = await desk.ended(await desk.ask())
    assert (found["state"], found["result"]["why"]) == ("unusable", "check_broken")


async def test_an_odd_id_of_a_check_is_not_found(desk: Desk) -> None:
    assert (await desk.progress("%00"))["status"] == 404
    assert (await desk.progress("x"))["status"] == 404
