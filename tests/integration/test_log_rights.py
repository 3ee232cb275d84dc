"""Who may do what to the log: each database role its own work and nothing else."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest

from events.log.checkpoints import Signer
from events.log.migrate import create_login, name_node
from events.log.port import Appended
from events.log.postgres import PostgresLog
from events.log.sequencer import Sequencer
from events.runtime.postgres import EmbeddedPostgres
from tests.support.logs import (
    START,
    command,
    connected,
    filled,
    fixed_clock,
    schema,
    touch,
)
from tests.support.servers import Databases

pytestmark = pytest.mark.postgres

WRITES = [
    f"{verb} log.{table}"
    for table in (
        "node", "streams", "events", "claims", "commands", "numbering", "tree", "sequencer",
        "checkpoints", "relay",
    )
    for verb in ("delete from", "truncate")
]  # fmt: skip
FORBIDDEN = {
    "log_read": [
        *WRITES,
        "select * from log.claims",
        "select * from log.commands",
        "select nextval('log.pos')",
        "update log.sequencer set n = 0",
        "update log.node set simulated = true",
        "insert into log.numbering values (1, 1, 1, 0, sha256(''), now())",
    ],
    "log_append": [
        *WRITES,
        "insert into log.events (pos) values (1)",
        "update log.events set data = ''",
        "update log.streams set version = 0",
        "insert into log.claims values ('k', 's', gen_random_uuid())",
        "insert into log.commands values (gen_random_uuid(), sha256(''), 1, 1, now())",
        "update log.node set simulated = true",
        "update log.node set armed = now()",
        "select nextval('log.pos')",
        "select setval('log.pos', 1)",
    ],
    "log_sequence": [
        *WRITES,
        "update log.numbering set leaf = sha256('')",
        "update log.checkpoints set note = ''",
        "update log.node set simulated = true",
        "update log.node set database = 1",
        "insert into log.events (pos) values (1)",
        "select nextval('log.pos')",
    ],
    "log_publish": [
        *WRITES,
        "update log.sequencer set n = 0",
        "insert into log.numbering values (1, 1, 1, 0, sha256(''), now())",
        "update log.node set armed = now()",
    ],
}
LOCKS = ["select pg_advisory_lock(7, 1)", "select pg_advisory_xact_lock(7, 1)"]


@pytest.mark.parametrize("role", FORBIDDEN)
async def test_a_role_may_do_its_own_work_and_nothing_else(
    database: Databases, postgres: EmbeddedPostgres, role: str
) -> None:
    dsn = await database(schema)
    await filled(dsn)
    await create_login(postgres.dsn("postgres"), f"test_{role}", "it's secret", role)
    locks = LOCKS[1:] if role in {"log_sequence", "log_publish"} else LOCKS
    async with connected(postgres.dsn(dsn.rpartition("/")[2], f"test_{role}", "it's secret")) as c:
        await c.fetch("select * from log.events limit 1")
        for statement in (*FORBIDDEN[role], *locks):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await c.execute(statement)


async def test_even_the_owner_cannot_change_history(database: Databases) -> None:
    dsn = await database(schema)
    await filled(dsn)
    async with connected(dsn) as admin:
        await admin.execute("set session_replication_role = replica")
        for table in ("events", "commands", "numbering", "tree", "checkpoints"):
            for verb in ("delete from", "truncate"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
                    await admin.execute(f"{verb} log.{table}")


async def test_each_role_can_do_its_work(
    database: Databases, postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    dsn = await database(schema)
    name = dsn.rpartition("/")[2]
    await name_node(dsn, "test", simulated=True)
    for role in ("log_append", "log_sequence"):
        await create_login(postgres.dsn("postgres"), f"work_{role}", "secret", role)
    sequencer = Sequencer(
        postgres.dsn(name, "work_log_sequence", "secret"),
        clock=fixed_clock,
        signer=Signer.open("test", tmp_path),
    )
    await sequencer.start()
    log = await PostgresLog.open(postgres.dsn(name, "work_log_append", "secret"))

    assert await log.append(command(1, touch("person-a", 0, 11)), START) == Appended(1, 1, START)
    await sequencer.reached(1)
    assert (await sequencer.checkpoint()).startswith("test/events/1\n1\n")
    await log.close()
    await sequencer.stop()
