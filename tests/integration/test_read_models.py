"""A rebuilt ledger, trail and register equal the living ones, whatever the batches were (R36)."""

from __future__ import annotations

from collections import Counter

import asyncpg
import pytest

from events.contracts.restating import RestatedFact
from projections.ledger.model import Ledger
from projections.models import read_models
from tests.support.reading import beginning
from tests.support.servers import Databases
from tests.support.telling import fill, numbered
from tests.unit.projections.lives import a_town
from tests.unit.projections.people import Told

pytestmark = pytest.mark.postgres


async def rows(dsn: str, tables: dict[str, str]) -> dict[str, list[tuple[object, ...]]]:
    connection = await asyncpg.connect(dsn)
    try:
        return {
            table: [
                tuple(r)
                for r in await connection.fetch(f"select * from {table} order by {key}")  # noqa: S608
            ]
            for table, key in tables.items()
        }
    finally:
        await connection.close()


@pytest.mark.requirement("R36")
async def test_a_ledger_built_anew_is_byte_for_byte_the_living_one(database: Databases) -> None:
    log = numbered(beginning()[0].facts)
    whole, piecemeal = await database(), await database()
    models = read_models()
    tables = {table: key for model in models for table, key in model.tables.items()}
    await fill(whole, log, models)
    for end in range(1, len(log.events), 7):
        part = numbered(beginning()[0].facts[:end])
        await fill(piecemeal, part, [Ledger()], batch=2)
    await fill(piecemeal, log, models, batch=3)
    assert await rows(piecemeal, tables) == await rows(whole, tables)
    assert len((await rows(whole, tables))["rm_ledger_person"]) == 2


@pytest.mark.requirement("X2", "X12", "R41")
async def test_corrections_leave_the_same_rows_and_figures_whatever_the_batches_were(
    database: Databases,
) -> None:
    people = a_town(7, 12)
    assert any(isinstance(f.event, RestatedFact) for f in people.log.facts)
    log, models = numbered(people.log.facts), read_models()
    tables = {table: key for model in models for table, key in model.tables.items()}
    whole, piecemeal = await database(), await database()
    await fill(whole, log, models)
    await fill(piecemeal, log, models, batch=5)
    found = _told(await rows(whole, tables))
    assert _told(await rows(piecemeal, tables)) == found
    cells = Told(people).cells.items()
    told = {(*cell, known): n for (table, cell, known), n in cells if table == "rm_cube"}
    kept: Counter[tuple[object, ...]] = Counter()
    for *cell, known, _, amount in found["rm_cube"]:
        kept[*cell, known] += int(str(amount))
    assert {cell: n for cell, n in kept.items() if n} == told


def _told(found: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
    """Leave out cells whose amounts cancel out; where a batch ends decides whether one is kept."""
    return {
        table: [row for row in kept if row[-1] != 0] if table.startswith("rm_cube") else kept
        for table, kept in found.items()
    }
