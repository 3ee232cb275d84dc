"""What the access decision costs, and a page of names opened with every read on record.

Run as `python -m tests.bench.bench_access`.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg
import orjson
from rich.console import Console
from rich.table import Table

from events.rules.access import Action, Principal, Resource, decide
from events.rules.idnumber import with_check_digit
from events.runtime.postgres import EmbeddedPostgres
from tests.integration.test_main_line import PERSON, made
from tests.support.node import Node, running_node
from tests.support.servers import Databases

DECISIONS = 200_000
NAMES, ROUNDS = 50, 30
DECIDE_US, OPEN_MS = 5.0, 10.0
"""Budgets: one decision, and fifty names opened through the API with their reads recorded."""
KIND = "registry.person_registered.v1"
CLERK = "clerk"


def decisions() -> dict[str, Callable[[], Any]]:
    """Return the decisions that are timed: allowed, refused by area, with two roles."""
    path = "140105001001"
    clerk = Principal("u", path, "community", path, frozenset({"community_officer"}), (path,))
    both = Principal(
        "u", "140105000000", "county", "140105",
        frozenset({"county_reviewer", "county_certifier"}), ("140105",),
    )  # fmt: skip
    file, read = Action("file", frozenset({"community_officer"})), Action(
        "ledger", frozenset({"community", "street", "county", "pes_clerk"}), "query"
    )  # fmt: skip
    own, beside = Resource((path,)), Resource(("140105001002",))
    return {
        "a command in one's own area": lambda: decide(clerk, file, own),
        "a command refused next door": lambda: decide(clerk, file, beside),
        "a query with two roles": lambda: decide(both, read, own),
    }


def timed(work: Callable[[], Any]) -> float:
    """Return the microseconds of processor time of one run, the best of twenty series."""
    best = float("inf")
    for _ in range(20):
        begun = time.process_time()
        for _ in range(DECISIONS // 20):
            work()
        best = min(best, time.process_time() - begun)
    return best / (DECISIONS // 20) * 1e6


async def names(node: Node) -> list[dict[str, Any]]:
    """Register persons and return their sealed names with the places where they open."""
    persons = []
    for i in range(NAMES):
        number = with_check_digit(f"14999919660304{2 * i + 2:03}")
        body = PERSON | {"national_id": number}
        persons.append(made(await node.do(CLERK, "registry.register_person", body), "person"))
    connection = await asyncpg.connect(node.log_dsn)
    try:
        query = "select stream, data from log.events where stream = any($1) and version = 1"
        rows = await connection.fetch(query, [f"person-{p}" for p in persons])
    finally:
        await connection.close()
    return [
        {**orjson.loads(r["data"])["name"], "type": KIND, "stream": r["stream"], "version": 1,
         "subject": r["stream"], "field": "name"}
        for r in rows
    ]  # fmt: skip


async def opened(node: Node) -> tuple[float, float, float]:
    """Return the median and least milliseconds of opening a page, and of its processor time."""
    wish, headers = {"values": await names(node), "page": "bench"}, node.as_(CLERK)
    walls, cpus = [], []
    for _ in range(ROUNDS):
        wall, cpu = time.perf_counter(), time.process_time()
        answer = await node.http.post("/api/open", json=wish, headers=headers)
        walls.append((time.perf_counter() - wall) * 1e3)
        cpus.append((time.process_time() - cpu) * 1e3)
        assert answer.status_code == 200, answer.text
        assert None not in answer.json()["values"]
    await recorded(node)
    return median(walls), min(walls), median(cpus)


async def recorded(node: Node) -> None:
    """Check that every opening of every name is on record."""
    connection = await asyncpg.connect(node.log_dsn)
    try:
        query = "select count(*) from log.events where type = 'registry.person_read.v1'"
        found = await connection.fetchval(query)
    finally:
        await connection.close()
    assert found == NAMES * ROUNDS, found


async def measure(server: EmbeddedPostgres, home: Path) -> Table:
    """Time decisions and openings."""
    table = Table("what", "measured", "budget", "kept")
    for name, work in decisions().items():
        found = timed(work)
        kept = "yes" if found <= DECIDE_US else "no"
        table.add_row(f"authorise: {name}", f"{found:.2f} µs", f"≤ {DECIDE_US} µs", kept)
    databases = Databases(server, {})
    async with running_node(databases, home) as node:
        await node.staff(await node.office_tree(), "community_officer", login=CLERK)
        middle, least, cpu = await opened(node)
    kept = "yes" if middle <= OPEN_MS else "no"
    words = f"{middle:.1f} ms (least {least:.1f}, cpu {cpu:.1f})"
    table.add_row(f"POST /api/open, {NAMES} names, recorded", words, f"≤ {OPEN_MS} ms", kept)
    return table


def main() -> None:
    """Measure on a server of its own."""
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder)) as server:
        Console(width=110).print(asyncio.run(measure(server, Path(folder) / "node")))
        server.remove()


if __name__ == "__main__":
    main(*sys.argv[1:])
