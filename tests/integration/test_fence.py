"""The second fence: what the database itself refuses, whatever a query asks (R43)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from projections.engine import builds
from projections.engine.database import connect, schema_of
from projections.engine.fence import READER, Fenced, Opening, open_subjects
from projections.engine.proof import FenceError, Guard, prove
from projections.models import read_models
from projections.registers.model import Registers
from tests.support.logs import connected
from tests.support.reading import filled, reader
from tests.support.servers import Databases, login_of
from tests.unit.projections import story

pytestmark = pytest.mark.postgres
COMMUNITY, COUNTY, CITY = "140105001001", "140105", "1401"
ELSEWHERE = "140105002001"
TABLES = [table for model in read_models() for table in model.tables]
ANNA = f"person-{story.ANNA}"


@pytest.fixture
async def dsn(database: Databases) -> str:
    return await database(filled)


@pytest.fixture
async def asking(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    async with connected(await login_of(dsn, READER)) as connection:
        yield connection


async def counted(connection: asyncpg.Connection, seen: Opening | None = None) -> dict[str, int]:
    """Count what a transaction sees of every table; None opens nothing, not even in words."""
    async with connection.transaction():
        if seen is not None:
            await seen.open(connection)
        query = "select count(*) from {}"
        return {t: await connection.fetchval(query.format(t)) for t in TABLES}


def test_every_read_model_fences_every_table_it_shows() -> None:
    for model in read_models():
        assert isinstance(model, Fenced), f"{model.name} says nothing of who may see its rows"
        assert model.fences.keys() == model.tables.keys(), model.name


@pytest.mark.requirement("R43")
async def test_a_query_that_says_nothing_sees_nothing(asking: asyncpg.Connection) -> None:
    assert set((await counted(asking)).values()) == {0}
    assert set((await counted(asking, Opening())).values()) == {0}


@pytest.mark.requirement("R43")
async def test_an_odd_area_opens_nothing(asking: asyncpg.Connection) -> None:
    for odd in ("", ",", "14,", ",14", "1", "140", "%", "14%", "14:", "x", " 14", "14\n", "{14}"):
        seen = Opening((odd,), (odd,), (odd,))
        assert set((await counted(asking, seen)).values()) == {0}, odd


@pytest.mark.requirement("R43")
async def test_an_area_opens_its_rows_and_no_siblings(asking: asyncpg.Connection) -> None:
    county = await counted(asking, Opening((COUNTY,), (COUNTY,)))
    anna = await counted(asking, Opening((COMMUNITY,), (COMMUNITY,)))
    bert = await counted(asking, Opening((ELSEWHERE,), (ELSEWHERE,)))
    other = await counted(asking, Opening(("140106",), ("140106",)))
    table = "rm_ledger_person"
    assert (county[table], anna[table], bert[table], other[table]) == (2, 1, 1, 0)
    assert county["rm_cube"] >= anna["rm_cube"] > 0
    assert (other["rm_cube"], other["rm_cube_cases"], other["rm_obligations"]) == (0, 0, 0)


@pytest.mark.requirement("R43")
async def test_several_areas_open_the_rows_of_each(asking: asyncpg.Connection) -> None:
    both = await counted(asking, Opening((COMMUNITY, ELSEWHERE)))
    assert both["rm_ledger_person"] == 2


async def test_a_query_about_offices_sees_no_row_about_persons(asking: asyncpg.Connection) -> None:
    seen = await counted(asking, Opening(offices=("14",)))
    about = ("rm_ledger_person", "rm_ledger_household", "rm_obligations", "rm_follow_up")
    assert {seen[t] for t in (*about, "rm_cube_cases")} == {0}
    assert seen["rm_cube"] > 0
    assert seen["rm_accounts"] > 0


@pytest.mark.requirement("R43")
async def test_a_setting_ends_with_its_transaction(asking: asyncpg.Connection) -> None:
    assert (await counted(asking, Opening((CITY,), (CITY,))))["rm_ledger_person"] == 2
    assert set((await counted(asking)).values()) == {0}
    failed = asking.transaction()
    await failed.start()
    await Opening((CITY,), (CITY,)).open(asking)
    await failed.rollback()
    assert set((await counted(asking)).values()) == {0}


async def test_a_subject_is_opened_by_name_alone(asking: asyncpg.Connection) -> None:
    seen = await counted(asking, Opening(subjects=(ANNA,)))
    assert (seen["rm_ledger_person"], seen["rm_ledger_household"]) == (1, 1)
    async with asking.transaction():
        await Opening((ELSEWHERE,)).open(asking)
        await open_subjects(asking, [ANNA])
        found = await asking.fetch("select distinct subject from rm_audit_trail where person = $1",
                                   story.ANNA)  # fmt: skip
        assert ANNA in {r["subject"] for r in found}
        assert await asking.fetchval("select count(*) from rm_ledger_person") == 2


async def test_one_event_is_opened_by_its_number(asking: asyncpg.Connection) -> None:
    assert (await counted(asking, Opening(seq=1)))["rm_audit_trail"] == 1


FORBIDDEN = [
    "insert into rm_ledger_person (key) values ('person-x')",
    "update rm_ledger_person set path = '14'",
    "delete from rm_cube",
    "truncate {schema}.rm_ledger_person",
    "drop view rm_cube",
    "alter table {schema}.rm_ledger_person disable row level security",
    "drop policy seen on {schema}.rm_ledger_person",
    "create policy mine on {schema}.rm_ledger_person using (true)",
    "create table public.mine (a int)",
    "create schema mine",
    "create or replace function engine.areas() returns text[] language sql return array['14']",
    "select * from cube_b1.cube_state",
    "update engine.active set build = 1",
    "delete from engine.watermarks",
    "set session authorization postgres",
    "set role postgres",
    "alter role current_user bypassrls",
    "copy rm_ledger_person to program 'true'",
]


@pytest.mark.requirement("R43")
async def test_who_asks_can_neither_write_nor_lift_the_fence(
    asking: asyncpg.Connection, dsn: str
) -> None:
    async with connected(dsn) as admin:
        found = await builds.active(admin, "ledger")
    assert found is not None
    for statement in FORBIDDEN:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asking.execute(statement.format(schema=schema_of("ledger", found.build)))


async def test_switching_the_security_off_is_an_error_and_no_way_around(
    asking: asyncpg.Connection,
) -> None:
    await asking.execute("set row_security = off")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asking.fetch("select * from rm_ledger_person")


SEEN = {table for model in read_models() for table in model.tables}


async def test_the_fence_is_proven_at_the_start(asking: asyncpg.Connection) -> None:
    assert {name.rpartition(".")[2] for name in await prove(asking)} >= SEEN


BREACHES = {
    "security": "alter table {schema}.rm_ledger_person disable row level security",
    "owner's": "alter table {schema}.rm_ledger_person no force row level security",
    "policy": "drop policy seen on {schema}.rm_ledger_person",
    "nobody": "create policy wide on {schema}.rm_ledger_person for select using (true)",
    "written": "grant insert on {schema}.rm_ledger_person to read_query",
    "rights of its owner": "alter view public.rm_ledger_person set (security_invoker = false)",
    "belongs": "alter table {schema}.rm_ledger_person owner to read_query",
    "powers": "alter role test_read_query bypassrls",
}


@pytest.mark.parametrize("breach", BREACHES)
async def test_every_breach_is_found_and_named(
    asking: asyncpg.Connection, dsn: str, breach: str
) -> None:
    async with connected(dsn) as admin:
        found = await builds.active(admin, "ledger")
        assert found is not None
        await admin.execute(BREACHES[breach].format(schema=schema_of("ledger", found.build)))
        try:
            with pytest.raises(FenceError) as refused:
                await prove(asking)
        finally:
            await admin.execute("alter role test_read_query nobypassrls")
    words = {"security": "no row-level security", "owner's": "no row-level security",
             "policy": "no policy"}.get(breach, breach)  # fmt: skip
    assert words in str(refused.value)


async def test_a_login_with_every_power_is_refused(dsn: str) -> None:
    async with connected(dsn) as admin:
        with pytest.raises(FenceError, match="powers of postgres"):
            await prove(admin)


async def test_an_unfenced_read_model_stays_closed_and_is_found(
    dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (registers,) = (m for m in read_models() if m.name == "registers")
    assert isinstance(registers, Registers)
    bare = {kind: replace(table, fence="") for kind, table in registers.row_tables.items()}
    monkeypatch.setattr(registers, "row_tables", bare)
    admin = await connect(dsn)
    async with asyncpg.create_pool(await login_of(dsn, READER), min_size=1, max_size=1) as pool:
        guard = Guard(pool)
        await guard.look()
        async with admin.transaction():
            build = await builds.create(admin, registers, {"test": 1})
            await builds.activate(admin, registers, build)
        with pytest.raises(FenceError, match="has no policy"):
            await guard.look()
    await admin.close()


async def test_a_build_made_anew_is_fenced_like_the_one_before(
    asking: asyncpg.Connection, dsn: str
) -> None:
    admin = await connect(dsn)
    for model in read_models():
        async with admin.transaction():
            await builds.activate(admin, model, await builds.create(admin, model, {"test": 1}))
    anew = {f"{model.name}_b2.{table}" for model in read_models() for table in model.tables}
    assert await prove(asking) >= anew
    await admin.close()


async def test_answers_come_through_the_fence(dsn: str, tmp_path: Path) -> None:
    async with reader(dsn, tmp_path) as read:
        seen = await read.ok("anna's community", f"/api/persons/{story.ANNA}")
        assert seen["person"] == story.ANNA
        assert (await read.ok("city", "/api/ledger"))["total"] == 2
