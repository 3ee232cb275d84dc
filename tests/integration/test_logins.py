"""One database login per duty: each does its own work and is refused everybody else's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from events.log.migrate import migrate, name_node
from events.runtime.logins import LOGINS, ROLES, make_logins
from events.runtime.postgres import EmbeddedPostgres
from events.runtime.settings import Settings, write_servers
from projections.engine.database import install
from projections.engine.proof import prove
from projections.models import read_models
from tests.support.logs import connected
from tests.support.numbered import NumberedLog
from tests.support.telling import fill

pytestmark = pytest.mark.postgres
DATABASES = ("bangfu_log", "bangfu_read", "bangfu_keys")
LEFT = "create schema work; create table work.clock (a int)"
EVENTS = [
    "update log.events set data = ''",
    "delete from log.events",
    "truncate log.events",
    "insert into log.events (pos) values (1)",
    "alter table log.events disable trigger append_only",
    "drop table log.events",
    "set role postgres",
    "set role log_owner",
    "create role mine superuser",
]
FORBIDDEN = {
    ("write", "log_url"): [*EVENTS, "update log.sequencer set n = 0", "delete from log.claims"],
    ("write", "keys_url"): ["set role postgres", "create role mine"],
    ("publish", "log_url"): [*EVENTS, "select * from log.claims", "update work.clock set a = 1"],
    ("project", "log_url"): [*EVENTS, "update log.relay set seq = 0", "select nextval('log.pos')"],
    ("project", "read_url"): ["set role postgres", "create role mine superuser"],
    ("read", "log_url"): [*EVENTS, "update work.clock set a = 1", "create schema mine"],
    ("read", "read_url"): [
        "insert into rm_ledger_person (key) values ('x')", "delete from rm_cube",
        "select * from cube_b1.cube_state", "create temp table mine (a int)",
        "create table public.mine (a int)", "update engine.active set build = 9",
        "set role bangfu_project", "set role postgres",
    ],
}  # fmt: skip
MAY_ENTER = {
    "bangfu_write": {"bangfu_log"},
    "bangfu_publish": {"bangfu_log"},
    "bangfu_project": {"bangfu_log", "bangfu_read"},
    "bangfu_query": {"bangfu_log", "bangfu_read"},
    "bangfu_keyring": {"bangfu_keys"},
}


@pytest.fixture
async def told(postgres: EmbeddedPostgres) -> AsyncIterator[dict[str, dict[str, str]]]:
    """Make the node's databases, one of them used by a superuser before, and its logins."""
    for name in DATABASES:
        await postgres.create_database(name)
    async with connected(postgres.dsn("bangfu_keys")) as admin:
        await admin.execute("create table public.left_over (a int)")
    async with connected(postgres.dsn("bangfu_log")) as admin:
        await admin.execute(LEFT)
    made = await make_logins(postgres)
    await migrate(postgres.dsn("bangfu_log"))
    await name_node(postgres.dsn("bangfu_log"), "test")
    async with connected(made["write"]["log_url"]) as write:
        await write.execute(
            "grant usage on schema work to log_read; grant select on work.clock to log_read"
        )
    await install(made["project"]["read_url"])
    await fill(made["project"]["read_url"], NumberedLog("test"), read_models())
    yield made
    for name in DATABASES:
        await postgres.drop_database(name)


@pytest.mark.requirement("R43", "X14")
async def test_every_login_is_refused_what_is_not_its_duty(
    told: dict[str, dict[str, str]],
) -> None:
    for (role, address), statements in FORBIDDEN.items():
        async with connected(told[role][address]) as connection:
            for statement in statements:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(statement)


@pytest.mark.requirement("X14")
async def test_a_login_enters_no_database_but_its_own(
    told: dict[str, dict[str, str]],
) -> None:
    address = {
        login.name: told[role][name]
        for role, own in ROLES.items()
        for name, (login, _) in own.items()
    }
    assert {login.name for login in LOGINS} == address.keys() == MAY_ENTER.keys()
    for login, dsn in address.items():
        for database in DATABASES:
            there = dsn.rpartition("/")[0] + "/" + database
            if database in MAY_ENTER[login]:
                async with connected(there) as connection:
                    assert await connection.fetchval("select current_user") == login
            else:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await asyncpg.connect(there)


async def test_the_login_of_queries_is_fenced_in(told: dict[str, dict[str, str]]) -> None:
    async with connected(told["read"]["read_url"]) as asking:
        assert "public.rm_audit_trail" in await prove(asking)


async def test_the_write_login_finds_the_log_prepared_and_keeps_its_keys(
    told: dict[str, dict[str, str]],
) -> None:
    assert await migrate(told["write"]["log_url"]) == []
    await name_node(told["write"]["log_url"], "test")
    async with connected(told["write"]["keys_url"]) as keys:
        await keys.execute("insert into left_over values (1); create table more (a int)")


async def test_passwords_stay_the_same_at_the_next_start(
    told: dict[str, dict[str, str]], postgres: EmbeddedPostgres
) -> None:
    assert await make_logins(postgres) == told


def test_a_role_is_told_its_own_addresses_and_nobody_elses(tmp_path: Path) -> None:
    addresses = {"log_url": "owner", "read_url": "owner", "keys_url": "owner", "kafka": "k:1"}
    logins = {role: dict.fromkeys(own, role) for role, own in ROLES.items()}
    write_servers(tmp_path, {**addresses, "logins": logins})
    settings = Settings(home=tmp_path).with_servers()
    assert settings.secret("log_url") == "owner"
    for role, own in ROLES.items():
        mine = settings.of_role(role)
        known = {n: getattr(mine, n) for n in ("log_url", "read_url", "keys_url")}
        assert {n: v.get_secret_value() for n, v in known.items() if v} == dict.fromkeys(own, role)
        assert (mine.logins, mine.kafka) == ({}, "k:1")
    assert "owner" not in repr(settings)
