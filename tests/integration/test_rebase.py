"""A refused log goes on only when two people signed for it, and the fork stays visible for ever."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from events.log.audit import audit
from events.log.checkpoints import Signer
from events.log.errors import LogRefusedError
from events.log.notes import VerifierKey, sign_text, verify
from events.log.rebase import Kind, RebaseError, rebase, situation
from events.runtime.postgres import EmbeddedPostgres
from tests.integration.test_log_trust import refusal
from tests.support.logs import (
    START,
    append_on,
    command,
    connected,
    filled,
    running,
    schema,
    touch,
    uid,
)
from tests.support.servers import Databases

pytestmark = pytest.mark.postgres
PEOPLE = {
    name: Ed25519PrivateKey.from_private_bytes(name[:1].encode() * 32) for name in ("li", "wu")
}
KEYS = [VerifierKey(n, k.public_key().public_bytes_raw()) for n, k in PEOPLE.items()]


@dataclass
class Restored:
    """A log of 300 signed events, and a copy of it from when it had 200."""

    original: str
    copy: str
    signer: Signer
    kept: str

    async def statement(self, person: str, kind: Kind, reason: str = "reason disk lost\n") -> str:
        async with connected(self.copy) as connection:
            about = await situation(connection, self.signer)
        return sign_text(about.text(kind) + reason, person, PEOPLE[person])

    async def go_on(self, kind: Kind, *statements: str) -> None:
        ids = [uid(900_001), uid(900_002)]
        await rebase(self.copy, self.signer, kind, statements, KEYS, START, ids)


@pytest.fixture
async def restored(
    database: Databases, postgres: EmbeddedPostgres, tmp_path: Path
) -> AsyncIterator[Restored]:
    signer = Signer.open("test", tmp_path / "signer")
    original = await database(schema)
    name = original.rpartition("/")[2]
    await filled(original, signer, events=200)
    copy = await postgres.create_database(f"{name}_copy", template=name)
    async with running(original, signer=signer) as world:
        batch = [touch(f"person-{n}", 2, 200 + n) for n in range(100)]
        await world.log.append(command(2, *batch), START)
        await world.settle(300)
        assert world.sequencer is not None
        kept = await world.sequencer.checkpoint()
    yield Restored(original, copy, signer, kept)
    await postgres.drop_database(f"{name}_copy")


async def row(dsn: str, query: str) -> Any:  # noqa: ANN401 - a row's values
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchrow(query)
    finally:
        await connection.close()


@pytest.mark.requirement("X13")
async def test_a_fork_signed_by_two_opens_a_new_epoch_and_names_the_old_checkpoint(
    restored: Restored,
) -> None:
    assert await refusal(restored.copy, restored.signer) == "log_foreign"
    statements = [await restored.statement(person, "forked") for person in PEOPLE]

    await restored.go_on("forked", *statements)

    query = "select l.seq, stream, type, data from log.numbering l join log.events using (pos)"
    seq, stream, type_, data = await row(restored.copy, query + " where l.seq > 200")
    fork = orjson.loads(data)
    assert (seq, stream, type_) == (201, "node-test", "registry.log_forked.v1")
    assert (fork["epoch"], fork["last"], len(fork["statements"])) == (2, 200, 2)
    assert verify(fork["checkpoint"], restored.signer.verifier).size == 300

    async with running(restored.copy, signer=restored.signer) as world:
        await world.log.append(command(901, touch("person-0", 2, 9_000)), START)
        await world.settle(202)
        assert world.sequencer is not None
        note = await world.sequencer.checkpoint()
    assert verify(note, restored.signer.verifier).origin == "test/events/2"

    key = restored.signer.verifier
    report = await audit(restored.copy, [key])
    assert report.clean
    assert (report.forks, report.signed) == ((201,), 202)
    [finding] = (await audit(restored.copy, [key], notes=[restored.kept])).findings
    assert (finding.code, finding.seq) == ("log_forked", 201)


@pytest.mark.requirement("X13")
async def test_a_log_that_only_moved_keeps_its_epoch_and_must_agree_with_what_was_signed(
    restored: Restored, postgres: EmbeddedPostgres
) -> None:
    behind = [await restored.statement(person, "moved") for person in PEOPLE]
    with pytest.raises(LogRefusedError) as refused:
        await restored.go_on("moved", *behind)
    assert refused.value.code == "log_restored"

    name = restored.original.rpartition("/")[2]
    restored.copy = await postgres.create_database(f"{name}_moved", template=name)
    statements = [await restored.statement(person, "moved") for person in PEOPLE]
    await restored.go_on("moved", *statements)

    async with running(restored.copy, signer=restored.signer) as world:
        await world.log.append(command(901, touch("person-0", 3, 9_000)), START)
        await world.settle(301)
    report = await audit(restored.copy, [restored.signer.verifier], notes=[restored.kept])
    assert report.clean
    assert report.forks == ()
    await postgres.drop_database(f"{name}_moved")


@pytest.mark.requirement("X13")
async def test_nothing_less_than_two_people_and_the_true_state_will_do(restored: Restored) -> None:
    li, wu = [await restored.statement(person, "forked") for person in PEOPLE]
    stranger = sign_text(li.rpartition("\n\n")[0] + "\n", "xu", PEOPLE["li"])
    attempts: dict[str, list[tuple[str, ...]]] = {
        "two different people": [(li,), (li, li)],
        "no known signer": [(li, stranger), (li, wu.replace("disk", "desk"))],
        "another state": [
            (li, await restored.statement("wu", "moved")),
            (li, await restored.statement("wu", "forked", reason="")),
        ],
    }
    before = await row(restored.copy, "select epoch, database, armed from log.node")

    for words, cases in attempts.items():
        for statements in cases:
            with pytest.raises(RebaseError, match=words):
                await restored.go_on("forked", *statements)
    assert await row(restored.copy, "select epoch, database, armed from log.node") == before
    assert await row(restored.copy, "select 1 from log.numbering where seq > 200") is None


async def test_a_log_at_work_is_not_rebased(restored: Restored) -> None:
    restored.copy = restored.original
    statements = [await restored.statement(person, "forked") for person in PEOPLE]

    async with running(restored.original, signer=restored.signer):
        with pytest.raises(RebaseError, match="sequencer runs"):
            await restored.go_on("forked", *statements)


async def test_what_was_committed_without_a_number_stands_before_the_fork(
    restored: Restored,
) -> None:
    async with connected(restored.copy) as admin:
        await admin.execute(
            "update log.node set armed = pg_postmaster_start_time(),"
            " database = (select oid from pg_database where datname = current_database())"
        )
        await append_on(admin, command(77, touch("person-7", 2, 7_000)))
    statements = [await restored.statement(person, "forked") for person in PEOPLE]
    await restored.go_on("forked", *statements)

    query = "select l.seq, type from log.numbering l join log.events using (pos) order by 1 desc"
    assert tuple(await row(restored.copy, query)) == (202, "registry.log_forked.v1")
