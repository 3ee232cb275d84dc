"""What row-level security costs: the same questions without the fence and through it.

Run as `python -m tests.bench.bench_fence [CELLS]`; persons and duties are a tenth as many.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
from rich.console import Console
from rich.table import Table

from events.runtime.postgres import EmbeddedPostgres
from projections.api.reading import LEDGER, every
from projections.cube.figures import Period, children, figures
from projections.cube.metrics import METRICS
from projections.engine import builds
from projections.engine.database import connect, install
from projections.engine.fence import READER, Opening
from projections.models import read_models
from projections.obligations.lists import Scope, counts, obligations
from tests.support.servers import login_of

PERIOD = Period(date(2009, 1, 1), date(2009, 12, 31))
PATHS = ("14", "1405", "140503", "140503003003")
ROUNDS = 7
METRIC = next(iter(METRICS))
_PATH = """'14' || lpad((1 + g % 11)::text, 2, '0') || lpad((1 + g / 11 % 11)::text, 2, '0')
 || lpad((g / 121 % 10)::text, 3, '0') || lpad((g / 1210 % 9)::text, 3, '0')"""
_WORDS = dict.fromkeys(("state", "category", "work", "tracking", "ids"))
Ask = Callable[[asyncpg.Connection, str], Awaitable[Any]]


async def fill(dsn: str, cells: int) -> None:
    """Make the read models and fill what is asked with rows spread over every community."""
    await install(dsn)
    admin = await connect(dsn)
    for model in read_models():
        async with admin.transaction():
            await builds.activate(admin, model, await builds.create(admin, model, {"bench": 1}))
    pairs = sorted(
        {pair for m in METRICS.values() for p in m.parts for pair in p.of if pair[1] != "*"}
    )
    await admin.execute(
        f"""insert into rm_cube select p.metric, p.part, {_PATH}, date '2008-01-01' + g % 1000,
         'aged_4050', 'f', '40', '', date '2008-01-02' + g % 1000, g % 256, 1
        from generate_series(1, $3::int) g join unnest($1::text[], $2::text[]) with ordinality
         p(metric, part, n) on p.n = 1 + g / 7 % cardinality($1) on conflict do nothing""",  # noqa: S608
        [m for m, _ in pairs],
        [p for _, p in pairs],
        cells,
    )
    await admin.execute(
        f"""insert into rm_ledger_person (key, slice, person, path, past_paths, listed, work, tally,
         body) select 'person-' || g, g % 256, g, {_PATH}, '{{}}', true, 'unemployed', 0,
         decode(repeat('00', 1500), 'hex') from generate_series(1, $1::int) g""",  # noqa: S608
        cells // 10,
    )
    await admin.execute(
        f"""insert into rm_ledger_household (key, slice, household, path, state, members, persons,
         certified, body) select 'household-' || g, g % 256, g, {_PATH}, 'formed', 1,
         array[(10 * g)::text], true, decode(repeat('00', 600), 'hex')
        from generate_series(1, $1::int) g""",  # noqa: S608
        cells // 100,
    )
    await admin.execute(
        f"""insert into rm_obligations (id, kind, subject, home, path, started, due, bound, waiting,
         outcome) select g, 'T5', 'person-' || g, {_PATH}, {_PATH}, date '2009-01-01',
         date '2009-01-01' + g % 400, 'at_most', false,
         case when g % 5 = 0 then 'open' else 'met' end
        from generate_series(1, $1::int) g""",  # noqa: S608
        cells // 10,
    )
    await admin.execute("vacuum analyze")
    await admin.close()


async def ledger(connection: asyncpg.Connection, path: str) -> None:
    """Ask a page of the ledger with its total."""
    words = {**_WORDS, "low": path, "high": path + ":"}
    await LEDGER.count_persons(connection, **words)
    await every(LEDGER.persons(connection, **words, after_path=None, after_key=None, limit=51))


async def tasks(connection: asyncpg.Connection, path: str) -> None:
    """Ask a page of duties with the counts of all queues."""
    await obligations(connection, Scope(path), "open", PERIOD.finish, limit=51)
    await counts(connection, Scope(path), PERIOD.finish)


async def family(connection: asyncpg.Connection, _: str) -> None:
    """Ask the households of one person."""
    await every(LEDGER.households_of(connection, person="5000"))


QUESTIONS: dict[str, Ask] = {
    "every figure": lambda c, path: figures(c, path, PERIOD),
    "one figure by offices": lambda c, path: children(c, METRIC, path, PERIOD),
    "ledger page and total": ledger,
    "duties and queues": tasks,
    "households of a person": family,
}


async def timed(connection: asyncpg.Connection, ask: Ask, path: str) -> float:
    """Return the best time of a question in ms, its transaction and settings included."""
    best = float("inf")
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            await Opening((path,), (path,)).open(connection)
            await ask(connection, path)
        best = min(best, time.perf_counter() - begun)
    return best * 1000


async def measure(server: EmbeddedPostgres, cells: int) -> Table:
    """Ask everything as the superuser, whom no policy binds, and as the login of queries."""
    dsn = await server.create_database("fenced")
    await fill(dsn, cells)
    free, bound = await asyncpg.connect(dsn), await asyncpg.connect(await login_of(dsn, READER))
    table = Table("question", "area", "without ms", "fenced ms", "ratio")
    for name, ask in QUESTIONS.items():
        for path in PATHS:
            without, fenced = await timed(free, ask, path), await timed(bound, ask, path)
            table.add_row(name, path, f"{without:.1f}", f"{fenced:.1f}", f"{fenced / without:.2f}")
    await free.close()
    await bound.close()
    return table


def main(cells: int = 2_000_000) -> None:
    """Measure on a server of its own."""
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder)) as server:
        Console(width=100).print(asyncio.run(measure(server, cells)))
        server.remove()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
