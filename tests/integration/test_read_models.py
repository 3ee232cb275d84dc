"""A rebuilt ledger, trail and register equal the living ones, whatever the batches were (R36)."""

from __future__ import annotations

import asyncpg
import pytest

from projections.ledger.model import Ledger
from projections.models import read_models
from tests.support.reading import beginning
from tests.support.servers import Databases
from tests.support.telling import fill, numbered

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
