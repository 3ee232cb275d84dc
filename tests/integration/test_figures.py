"""Figures and duties asked from PostgreSQL equal those worked out in plain Python."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import asyncpg
import pytest

from events.contracts.base import Recorded
from events.rules.directory import Directory
from events.rules.time import shanghai_day
from projections.cube.figures import (
    Period,
    breakdown,
    cases,
    child_width,
    children,
    figure,
    figures,
)
from projections.cube.metrics import METRICS
from projections.cube.model import CUBE
from projections.engine.projection import Change
from projections.engine.readmodel import Kept, ReadModel
from projections.obligations.lists import Scope, counts, obligations, steps
from projections.obligations.model import OBLIGATION_MODEL
from tests.support.servers import Databases
from tests.unit.projections.lives import a_town
from tests.unit.projections.people import DAY, People, Told, read, step
from tests.unit.projections.story import COMMUNITY

pytestmark = pytest.mark.postgres
BATCH = 150


async def saved(
    dsn: str, model: ReadModel[Any], facts: list[Recorded[Any]], directory: Directory
) -> asyncpg.Connection:
    """Keep a read model batch by batch, as the engine does, and return the connection."""
    kept, connection = Kept(model), await asyncpg.connect(dsn)
    await connection.execute(kept.ddl)
    rows: dict[str, Any] = {}
    for start in range(0, len(facts), BATCH):
        await _batch(connection, kept, facts[: start + BATCH], start, rows, directory)
    return connection


async def _batch(
    connection: asyncpg.Connection,
    kept: Kept[Any],
    facts: list[Recorded[Any]],
    start: int,
    rows: dict[str, Any],
    directory: Directory,
) -> None:
    changes: dict[str, Change[Any]] = {}
    deltas: Counter[Any] = Counter()
    for at, fact in enumerate(facts[start:], start):
        moved = step(kept, rows, facts, at, directory)
        if moved is None:
            continue
        key, old, rows[key] = moved
        first = changes.setdefault(
            key, Change(key, old, None, fact.source, fact.subject, fact.slice)
        )
        first.new = rows[key]
        for row, sign in ((old, -1), (rows[key], 1)):
            for cell, amount in kept.contributions(row) if row is not None else ():
                deltas[cell, shanghai_day(fact.recorded_at), fact.slice] += sign * amount
    async with connection.transaction():
        await kept.save(connection, list(changes.values()))
        await kept.save_deltas(connection, {c: n for c, n in deltas.items() if n})
    rows |= await kept.load(connection, list(changes))


PERIODS = (
    Period(DAY("2008-07-01"), DAY("2008-07-31")),
    Period(DAY("2008-06-15"), DAY("2009-02-10")),
    Period(DAY("2008-08-01"), DAY("2008-12-31"), DAY("2008-10-15")),
)


@pytest.mark.requirement("R40", "R41", "R54")
async def test_every_figure_from_the_database_equals_the_plain_sum(database: Databases) -> None:
    people = a_town(7, 30)
    connection = await saved(await database(), CUBE, people.log.facts, people.directory)
    cells = Told(people).cells
    for period in PERIODS:
        for path in ("14", "140105", "140105001", COMMUNITY):
            found = await figures(connection, path, period)
            assert found == {m: read(cells, m, path, period) for m in METRICS}
    await connection.close()


async def test_offices_add_up_to_the_one_above_and_cases_to_their_figure(
    database: Databases,
) -> None:
    people = a_town(11, 30)
    connection = await saved(await database(), CUBE, people.log.facts, people.directory)
    for period in PERIODS:
        for code, metric in METRICS.items():
            own = await figure(connection, code, "140105", period)
            below = await children(connection, code, "140105", period)
            assert {len(path) for path in below} <= {child_width("140105")}
            for part in metric.parts:
                total = own.parts[part.name]
                assert sum(f.parts[part.name] for f in below.values()) == total
                found = await cases(connection, code, part.name, "140105", period, limit=200)
                assert found.sum == sum(c.amount for c in found.items) == total
                assert found.total == len(found.items)
                assert all(c.seqs for c in found.items)
    await connection.close()


@pytest.mark.requirement("R41")
async def test_the_sums_kept_for_wide_areas_are_those_of_their_cells(database: Databases) -> None:
    people = a_town(13, 30)
    connection = await saved(await database(), CUBE, people.log.facts, people.directory)
    for period in PERIODS[:2]:
        counted = replace(period, known=date.max)
        for path in ("14", "1401", "140105"):
            assert await figures(connection, path, period) == await figures(
                connection, path, counted
            )
            for code in METRICS:
                kept = await children(connection, code, path, period)
                assert kept == await children(connection, code, path, counted)
    await connection.close()


async def test_cases_come_in_pages_with_their_events(database: Databases) -> None:
    people = People()
    for who in ("anna", "bert", "cora"):
        people.register(who)
        people.certify(who, "2008-06-10")
    people.work("anna", "2008-06-20")
    connection = await saved(await database(), CUBE, people.log.facts, people.directory)
    period = Period(DAY("2008-06-01"), DAY("2008-06-30"))
    first = await cases(connection, "M1", "unemployed", "14", period, limit=1)
    rest = await cases(
        connection, "M1", "unemployed", "14", period, after=first.items[0].subject, limit=5
    )
    certified = {
        f.subject: f.seq for f in people.log.facts if f.type == "certification.person_certified.v1"
    }
    assert (first.total, first.sum, len(rest.items)) == (2, 2, 1)
    for found in (*first.items, *rest.items):
        assert found.seqs == (certified[found.subject],)
    await connection.close()


async def test_figures_split_by_dimension_add_up(database: Databases) -> None:
    people = a_town(3, 20)
    connection = await saved(await database(), CUBE, people.log.facts, people.directory)
    period = PERIODS[1]
    for by in ("category", "sex", "age_band", "channel"):
        split = await breakdown(connection, "M3", "14", period, by)
        own = await figure(connection, "M3", "14", period)
        assert sum(f.value for f in split.values()) == own.value
    await connection.close()


@pytest.mark.requirement("R38", "R88", "R89")
async def test_queues_of_duties_and_their_counts_agree(database: Databases) -> None:
    people = a_town(5, 25)
    facts, directory = people.log.facts, people.directory
    connection = await saved(await database(), OBLIGATION_MODEL, facts, directory)
    scope = Scope("140105")
    for today in map(date.fromisoformat, ("2008-07-31", "2008-09-10", "2009-01-05")):
        tally = await counts(connection, scope, today)
        for state in ("open", "overdue", "today", "week", "waiting"):
            rows = await obligations(connection, scope, state, today, limit=1000)
            assert len(rows) == tally[state], state
    await connection.close()


@pytest.mark.requirement("R89")
async def test_months_of_follow_up_begin_are_met_and_are_missed_without_any_event(
    database: Databases,
) -> None:
    people = People()
    people.register("anna")
    people.certify("anna", "2008-06-10")
    people.visit("anna", "2008-07-10")
    people.visit("anna", "2008-07-20")
    people.end_follow_up("anna", "2008-10-20")
    facts, directory = people.log.facts, people.directory
    connection = await saved(await database(), OBLIGATION_MODEL, facts, directory)
    scope = Scope("14", kinds=("T10",))
    rows = await obligations(connection, scope, "all", DAY("2008-09-15"))
    assert [(r.id[-7:], r.state) for r in rows] == [
        ("2008-07", "met"),
        ("2008-08", "missed"),
        ("2008-09", "open"),
    ]
    later = await obligations(connection, scope, "all", DAY("2008-12-15"))
    assert [(r.id[-7:], r.state) for r in later][-1] == ("2008-09", "missed")
    assert await obligations(connection, scope, "open", DAY("2008-10-25")) == []
    await connection.close()


@pytest.mark.requirement("R38")
async def test_pages_of_a_queue_follow_each_other_without_gap(database: Databases) -> None:
    people = a_town(9, 20)
    facts, directory = people.log.facts, people.directory
    connection = await saved(await database(), OBLIGATION_MODEL, facts, directory)
    today = DAY("2008-09-10")
    whole = await obligations(connection, Scope("14"), "open", today, limit=1000)
    pages: list[str] = []
    after = None
    while rows := await obligations(connection, Scope("14"), "open", today, after=after, limit=7):
        pages += [r.id for r in rows]
        after = (rows[-1].row["due"], rows[-1].id)
    assert pages == [r.id for r in whole]
    await connection.close()


async def test_steps_are_counted_with_the_days_they_took(database: Databases) -> None:
    people = People()
    people.register("anna")
    people.certify("anna", "2008-06-10")
    people.sign("anna", "2008-06-12")
    facts, directory = people.log.facts, people.directory
    connection = await saved(await database(), OBLIGATION_MODEL, facts, directory)
    kept = await steps(connection, "14", DAY("2008-06-01"), DAY("2008-06-30"))
    assert kept["", "T23"].finished == kept["", "T23"].in_time == 1
    assert kept["", "T23"].days == {2: 1}
    await connection.close()
