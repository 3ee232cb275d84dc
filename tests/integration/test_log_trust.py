"""Which log may be written: copies, restores and forgeries are refused."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest

from events.contracts.base import StreamId
from events.log.audit import audit
from events.log.checkpoints import Signer
from events.log.errors import LogRefusedError
from events.log.merkle import verify_consistency, verify_inclusion
from events.log.migrate import create_database, migrate, name_node
from events.log.notes import Checkpoint, verify
from events.log.port import Appended, LogClosedError
from events.log.postgres import PostgresLog
from events.log.sequencer import Sequencer
from events.log.tree import StoredTree
from events.runtime.postgres import EmbeddedPostgres
from tests.support.logs import (
    START,
    append_on,
    command,
    connected,
    filled,
    fixed_clock,
    running,
    schema,
    touch,
)
from tests.support.servers import Databases

pytestmark = pytest.mark.postgres
ORIGIN = "test/events/1"
FLIP = {
    "data": "update log.events set data = set_byte(data, 0, 0) where pos = 123",
    "meta": "update log.events set meta = set_byte(meta, 0, 0) where pos = 123",
}


async def refusal(dsn: str, signer: Signer | None = None) -> str:
    sequencer = Sequencer(dsn, clock=fixed_clock, signer=signer)
    with pytest.raises(LogRefusedError) as refused:
        await sequencer.start()
    assert refused.value.zh
    assert refused.value.en
    return refused.value.code


@pytest.mark.requirement("X13")
async def test_a_checkpoint_is_signed_on_demand_and_verified_by_the_public_key(
    database: Databases, tmp_path: Path
) -> None:
    signer = Signer.open("test", tmp_path)
    dsn = await database(schema)
    note = await filled(dsn, signer)

    checkpoint = verify(note, signer.verifier)
    assert (checkpoint.origin, checkpoint.size) == (ORIGIN, 300)
    report = await audit(dsn, [signer.verifier], notes=[note])
    assert report.clean
    assert (report.root, report.tail) == (checkpoint.root, 0)


async def test_a_checkpoint_comes_by_itself_after_a_thousand_events(
    database: Databases, tmp_path: Path
) -> None:
    signer = Signer.open("test", tmp_path)
    async with running(await database(schema), signer=signer) as world:
        for k in range(10):
            batch = [touch(f"person-{n}", k, 100 * k + n) for n in range(100)]
            await world.log.append(command(k, *batch), START)
        await world.settle(1_000)
        assert world.sequencer is not None
        await world.sequencer.stop()

    assert signer.signed(ORIGIN)[0] == 1_000


async def test_stored_tiles_prove_events_and_older_trees(database: Databases) -> None:
    dsn = await database(schema)
    await filled(dsn, events=600)
    async with connected(dsn) as connection:
        tree = StoredTree(connection)
        root = await tree.root(600)
        leaf = await connection.fetchval("select leaf from log.numbering where seq = 257")

        assert root == await connection.fetchval("select root from log.sequencer")
        verify_inclusion(leaf, 256, 600, root, await tree.inclusion(257, 600))
        verify_consistency(300, await tree.root(300), 600, root, await tree.consistency(300, 600))


@pytest.mark.requirement("X13")
@pytest.mark.parametrize(("column", "code"), [("data", "data_changed"), ("meta", "header_changed")])
async def test_one_flipped_byte_is_found_and_named(
    database: Databases, tmp_path: Path, column: str, code: str
) -> None:
    signer = Signer.open("test", tmp_path)
    dsn = await database(schema)
    await filled(dsn, signer)
    async with connected(dsn) as admin:
        await admin.execute("alter table log.events disable trigger append_only")
        await admin.execute(FLIP[column])

    seen: list[tuple[int, int]] = []
    report = await audit(dsn, [signer.verifier], progress=lambda *p: seen.append(p))

    assert [(f.code, f.seq, f.stream, f.version) for f in report.findings] == [
        (code, 123, "person-22", 2)
    ]
    assert seen == [(300, 300)]


@pytest.mark.requirement("X13")
@pytest.mark.parametrize(
    ("forgery", "code"),
    [
        ("update log.numbering set prev_seq = 0 where seq = 250", "prev_seq_wrong"),
        ("update log.numbering set leaf = sha256('') where seq = 250", "leaf_wrong"),
        ("delete from log.numbering where seq > 200", "log_shorter"),
        ("delete from log.numbering where seq = 200", "seq_gap"),
        ("update log.sequencer set root = sha256('')", "tree_state_differs"),
        ("update log.tree set hashes = decode(repeat('00', 8192), 'hex')", "tile_differs"),
        ("update log.streams set version = 9 where stream = 'person-1'", "head_differs"),
        ("update log.checkpoints set note = replace(note, '300', '299')", "checkpoint_invalid"),
    ],
)
async def test_a_forged_row_is_found(
    database: Databases, tmp_path: Path, forgery: str, code: str
) -> None:
    signer = Signer.open("test", tmp_path)
    dsn = await database(schema)
    await filled(dsn, signer)
    async with connected(dsn) as admin:
        for table in ("numbering", "checkpoints", "tree"):
            await admin.execute(f"alter table log.{table} disable trigger append_only")
        if "prev_seq" in forgery:
            await admin.execute(
                "alter table log.numbering drop constraint numbering_slice_prev_seq_key"
            )
        await admin.execute(forgery)

    report = await audit(dsn, [signer.verifier])

    assert code in {f.code for f in report.findings}


async def test_a_copy_in_another_database_is_refused(
    database: Databases, postgres: EmbeddedPostgres
) -> None:
    dsn = await database(schema)
    await filled(dsn)
    name = dsn.rpartition("/")[2]
    copy = await postgres.create_database(f"{name}_copy", template=name)

    assert await refusal(copy) == "log_foreign"
    log = await PostgresLog.open(copy)
    with pytest.raises(LogClosedError):
        await log.append(command(900, touch("person-z", 0, 9_000)))
    await log.close()
    await postgres.drop_database(f"{name}_copy")


async def test_another_server_is_refused(database: Databases) -> None:
    dsn = await database(schema)
    await filled(dsn)
    async with connected(dsn) as admin:
        await admin.execute("update log.node set system_identifier = system_identifier + 1")

    assert await refusal(dsn) == "log_foreign"


async def test_a_log_shorter_than_what_was_signed_is_refused(
    database: Databases, tmp_path: Path
) -> None:
    signer = Signer.open("test", tmp_path)
    dsn = await database(schema)
    await filled(dsn)
    signer.sign(Checkpoint(ORIGIN, 301, bytes(32)))

    assert await refusal(dsn, signer) == "log_restored"


async def test_a_log_with_another_history_than_was_signed_is_refused(
    database: Databases, tmp_path: Path
) -> None:
    signer = Signer.open("test", tmp_path)
    dsn = await database(schema)
    await filled(dsn)
    signer.sign(Checkpoint(ORIGIN, 200, bytes(32)))

    assert await refusal(dsn, signer) == "log_rewritten"


async def test_numbering_and_tree_that_disagree_are_refused(database: Databases) -> None:
    dsn = await database(schema)
    await filled(dsn)
    async with connected(dsn) as admin:
        await admin.execute("update log.sequencer set root = sha256('')")

    assert await refusal(dsn) == "log_damaged"


async def test_a_database_without_a_node_is_refused(database: Databases) -> None:
    assert await refusal(await database(schema)) == "log_unnamed"


async def test_a_killed_server_keeps_every_answer_and_must_be_armed_again(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path) as server:
        dsn = await server.create_database("bangfu_log")
        await migrate(dsn)
        await filled(dsn)
        log, stream = await PostgresLog.open(dsn), StreamId("person-1")
        before = await log.read({stream: 0})
        server.kill()
        server.start()

        with pytest.raises(LogClosedError):
            await log.append(command(900, touch("person-z", 0, 9_000)))
        for _ in range(9):  # a copy put back must not be what a command is refused by
            with pytest.raises(LogClosedError):
                await log.read({stream: 0})
        sequencer = Sequencer(dsn, clock=fixed_clock)
        await sequencer.start()
        assert sequencer.n == 300
        assert await log.read({stream: 0}) == before != {stream: []}
        assert isinstance(await log.append(command(900, touch("person-z", 0, 9_000))), Appended)
        await sequencer.reached(301)
        await log.close()
        await sequencer.stop()
        server.remove()


async def test_migrations_are_applied_once(database: Databases) -> None:
    dsn = await database()

    assert await migrate(dsn) == [
        "0001_pre_log.sql", "0002_pre_append.sql", "0003_pre_rights.sql", "0004_pre_applied.sql",
    ]  # fmt: skip
    assert await migrate(dsn) == []


async def test_a_log_keeps_its_node(database: Databases) -> None:
    dsn = await database(schema)
    await name_node(dsn, "test")
    await name_node(dsn, "test")

    with pytest.raises(ValueError, match="another node"):
        await name_node(dsn, "elsewhere")
    with pytest.raises(ValueError, match="another node"):
        await name_node(dsn, "test", simulated=True)


async def test_a_database_is_created_once(postgres: EmbeddedPostgres) -> None:
    owner = postgres.dsn("postgres")

    assert await create_database(owner, "made once")
    assert not await create_database(owner, "made once")
    await postgres.drop_database("made once")


async def test_a_body_too_large_for_the_bus_fails_at_the_append(database: Databases) -> None:
    async with running(await database(schema)) as world:
        huge = command(1, touch("person-a", 0, 11))
        object.__setattr__(huge.touches[0].events[0], "data", bytes(900_001))

        with pytest.raises(asyncpg.CheckViolationError):
            await world.log.append(huge)


async def test_no_table_is_scanned_when_they_have_grown(database: Databases) -> None:
    """Plans are made on empty tables and kept; they must stay index plans on filled ones."""
    dsn = await database(schema)
    before: dict[str, int] = {}
    async with connected(dsn) as admin:
        await name_node(dsn, "test")
        await admin.execute("update log.node set armed = pg_postmaster_start_time()")
        for k in range(30):
            batch = [touch(f"person-{k}-{n}", 0, 10_000 * k + n) for n in range(500)]
            await append_on(admin, command(k, *batch))
            if k == 1:
                before = await _scans(admin)
        await append_on(
            admin, *(command(100 + n, touch(f"person-{n}-1", 1, 900_000 + n)) for n in range(30))
        )
        after = await _scans(admin)

    assert before == after


async def _scans(admin: asyncpg.Connection) -> dict[str, int]:
    await admin.execute("select pg_stat_force_next_flush()")
    rows = await admin.fetch(
        """select relname, seq_scan from pg_stat_user_tables
        where schemaname = 'log' and relname in ('events', 'streams', 'commands', 'claims')"""
    )
    return {row["relname"]: row["seq_scan"] for row in rows}
