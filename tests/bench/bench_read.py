"""How fast pages are asked for at a province's size: figures, ledgers and task lists, over the API.

`python -m tests.bench read [COPIES]` after a `make demo`, whose home (`.bangfu/demo`, or
BANGFU_HOME's) it reads. The read models are rebuilt from that log in a database of their own; then
their rows are copied under other persons and spread over Shanxi's counties, each tenth copy staying
in the demo's own. The login is the reading role's, with row-level security on.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import uvloop
from rich.console import Console

from events.contracts.catalogue import ALL
from events.log.postgres import PostgresLog
from events.rules.directory import Directory
from events.runtime.clock import SystemClock
from events.runtime.logging import configure_logging
from events.runtime.postgres import EmbeddedPostgres
from events.runtime.settings import Settings
from events.runtime.tokens import TokenCheck, TokenIssuer, token_keys
from projections.api.app import read_app
from projections.api.side import ReadSide
from projections.engine.database import install
from projections.engine.fence import READER
from projections.engine.node import node_of
from projections.engine.rebuild import rebuild
from projections.engine.reference import Reference
from projections.engine.runner import Runner
from projections.models import read_models
from tests.bench.bench_engine import memory_mb
from tests.bench.bench_models import fresh
from tests.support.servers import login_of

say = Console(highlight=False).print
COPIES = 200
ROUNDS = 40
HERE = "140105"
AT_HOME = 10
"""Each tenth copy stays in the demo's county: a large one."""
TODAY = date(2010, 5, 31)
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
HELPERS = f"""
create function pg_temp.other(was text, n int) returns text language sql immutable as $$
 select case when was ~ '{UUID}'
  then left(was, -36) || md5(right(was, 36) || n)::uuid::text else was end $$;
create function pg_temp.moved(was text, county text) returns text language sql immutable as $$
 select case when left(was, 6) = '{HERE}' then county || substr(was, 7) else was end $$;
"""
PLACES = frozenset({"path", "home", "area"})
IDS = frozenset({"key", "person", "subject", "case_id", "household", "id", "stream", "employer"})
SUMMED = frozenset({"rm_cube", "rm_steps"})


@dataclass(frozen=True)
class Asker:
    """An account of the demo that asks, and for which office."""

    who: str
    login: str
    path: str


ASKERS = (
    Asker("province", "head", "14"),
    Asker("city", "head.1401", "1401"),
    Asker("county", "head.140105", "140105"),
    Asker("street", "officer.140105002", "140105002"),
    Asker("community", "officer.140105001001", "140105001001"),
)
QUESTIONS = {
    "every figure": "/api/figures?office={office}",
    "every figure as known a year before": "/api/figures?office={office}&known=2009-05-31",
    "a figure and the offices beneath": "/api/figures/M1?office={office}",
    "visits and the offices beneath": "/api/figures/M8?office={office}",
    "the cases behind a figure": "/api/figures/M1/cases?office={office}&part=unemployed",
    "the ledger": "/api/ledger?office={office}",
    "the ledger, filtered": "/api/ledger?office={office}&category=zero_household",
    "open duties": "/api/obligations?office={office}&state=open",
    "the newest events": "/api/audit_trail?office={office}",
    "duties past their day": "/api/obligations?office={office}&state=overdue",
}


async def copied(dsn: str, counties: Sequence[str], copies: int) -> None:
    """Copy every row of every read model that many times, spread over the counties."""
    c = await asyncpg.connect(dsn)
    await c.execute(HELPERS)
    await c.execute("create temp table copies (n int, county text)")
    spread = [
        (n, HERE if n % AT_HOME == 0 else counties[n % len(counties)]) for n in range(1, copies)
    ]
    await c.copy_records_to_table("copies", records=spread)
    head = await c.fetchval("select max(seq) from rm_audit_trail")
    found = await c.fetch(
        "select schemaname as s, tablename as t from pg_tables where tablename ~ '^rm_'"
        " and tablename <> 'rm_cube_now' and schemaname ~ '_b1$' order by tablename desc"
    )
    for s, t in found:
        await _multiplied(c, s, t, head)
    await c.execute("truncate cube_b1.rm_cube_now")
    await c.execute(
        "insert into cube_b1.rm_cube_now select metric, part, width, left(path, width), valid,"
        " sum(amount) from cube_b1.rm_cube, unnest('{2,4,6}'::int[]) width group by 1, 2, 3, 4, 5"
    )
    await c.execute("vacuum analyze")
    await c.close()


async def _multiplied(c: asyncpg.Connection, schema: str, table: str, head: int) -> None:
    """Copy the rows of one table; its indexes are made anew afterwards."""
    columns = await c.fetch(
        "select column_name from information_schema.columns"
        " where table_schema = $1 and table_name = $2 order by ordinal_position", schema, table,
    )  # fmt: skip
    names = [r["column_name"] for r in columns]
    indexes = await c.fetch(
        "select indexname as name, indexdef as def from pg_indexes where schemaname = $1"
        " and tablename = $2 and indexname !~ '_pkey$'", schema, table,
    )  # fmt: skip
    for index in indexes:
        await c.execute(f"drop index {schema}.{index['name']}")
    chosen = ", ".join(f"{_copy_of(name, table, head)} as {name}" for name in names)
    rows = f"select {chosen} from {schema}.{table}, copies"  # noqa: S608
    more = "on conflict do nothing"
    if table in SUMMED:
        key = ", ".join(n for n in names if n != "amount")
        rows = f"select {key}, sum(amount) from ({rows}) r group by {key}"  # noqa: S608
        more = f"on conflict ({key}) do update set amount = {table}.amount + excluded.amount"
    await c.execute(f"insert into {schema}.{table} {rows} {more}")
    for index in indexes:
        await c.execute(index["def"])
    count = await c.fetchval(f"select count(*) from {schema}.{table}")  # noqa: S608
    say(f"  {table:20} {count:12,} rows")


def _copy_of(name: str, table: str, head: int) -> str:
    """Return what a column holds in a copy."""
    if name in PLACES:
        return f"pg_temp.moved({name}, county)"
    if name in IDS:
        return f"pg_temp.other({name}, n)"
    if name == "office":
        return f"case county when '{HERE}' then office else pg_temp.other(office, n) end"
    if name == "slice" and table in SUMMED:
        return "(slice + n) % 256"
    if name == "seq":
        return f"seq + n::bigint * {head}"
    return "md5(event_id::text || n)::uuid" if name == "event_id" else name


async def measure(postgres: EmbeddedPostgres, home: Path, copies: int) -> None:
    """Rebuild, copy, ask."""
    log = await PostgresLog.open(postgres.dsn("bangfu_log"), lanes=1, readers=4)
    nodes = {log.source: node_of(log, ALL)}
    reference = Reference(log, log.source, ALL, log.epoch)
    await reference.upto(await log.head())
    directory = reference.at(reference.known)
    counties = sorted(
        o.path for o in directory.offices.values() if len(o.path) == 6 and o.kind == "labour"
    )
    async with fresh(postgres) as dsn:
        await install(dsn)
        for model in read_models():
            await rebuild(dsn, model, nodes, ALL)
            runner = Runner(dsn, model, nodes, ALL)
            await runner.note_known()
            await runner.close()
        say(
            f"{len(counties)} counties, {copies} copies of a history of {await log.head():,} events"
        )
        await copied(dsn, counties, copies)
        private, public = token_keys(home / "keys")
        now = SystemClock().now
        asking = await login_of(dsn, READER)
        async with asyncpg.create_pool(asking, min_size=1, max_size=4) as pool:
            side = ReadSide(
                pool, log.source, TokenCheck(public, log.source, now), lambda: directory,
                lambda: TODAY, log, lambda: datetime.combine(TODAY, datetime.min.time(), UTC),
            )  # fmt: skip
            issuer = TokenIssuer(private, log.source, now)
            await ask(read_app(side), issuer, directory)
    await log.close()


async def ask(app: Any, issuer: TokenIssuer, directory: Directory) -> None:  # noqa: ANN401
    """Ask every question as every asker, in turn, and print the times."""
    logins = {a.login: i for i, a in directory.accounts.items()}
    offices = {o.path: o.id for o in directory.offices.values() if o.kind == "labour"}
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://node") as http:
        for what, address in QUESTIONS.items():
            say(what)
            for asker in ASKERS:
                token = issuer.issue(logins[asker.login])[0]
                headers = {"authorization": f"Bearer {token}"}
                url, took = address.format(office=offices[asker.path]), []
                for _ in range(ROUNDS):
                    begun = time.perf_counter()
                    answer = await http.get(url, headers=headers)
                    took.append((time.perf_counter() - begun) * 1000)
                    if answer.status_code != 200:
                        say(f"  {asker.who:10} {answer.status_code} {answer.text[:200]}")
                        break
                else:
                    took.sort()
                    p50, p95 = statistics.median(took), took[len(took) * 95 // 100]
                    say(f"  {asker.who:10} p50 {p50:7.1f}  p95 {p95:7.1f} ms")
    say(f"memory {memory_mb():,.0f} MB")


def main(copies: int) -> None:
    """Start the database of the demo's home and measure."""
    configure_logging("ERROR")
    home = Settings().home / "demo"
    if not (home / "postgres").is_dir():
        sys.exit(f"there is no demo in {home}: run `make demo ARGS='--no-serve'` first")
    with EmbeddedPostgres(home) as postgres:
        uvloop.run(measure(postgres, home, copies))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COPIES)
