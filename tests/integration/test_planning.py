"""A newer calendar moves open days in the read models; a rebuild comes to the same (X18)."""

from __future__ import annotations

from dataclasses import replace

import asyncpg
import pytest

from events.bus.wire import Delivered
from events.contracts import registry, streams
from events.contracts.catalogue import ALL
from projections.cube.model import CUBE
from projections.engine.node import node_of
from projections.engine.parked import replay
from projections.engine.readmodel import Kept
from projections.engine.rebuild import rebuild
from projections.engine.runner import Runner
from projections.ledger.model import Ledger
from projections.obligations.model import Obligations
from tests.support.servers import Databases
from tests.support.telling import extend, fill, numbered
from tests.unit.projections.lives import a_town
from tests.unit.projections.people import DAY
from tests.unit.projections.story import DOC, some_id
from tests.unit.projections.test_obligations import Case

pytestmark = pytest.mark.postgres


async def days(dsn: str) -> dict[str, object]:
    """Return the last days of the duty to annotate and of the next report, and of what was met."""
    connection = await asyncpg.connect(dsn)
    try:
        found = await connection.fetch("select kind, due from rm_obligations")
        report = await connection.fetchval("select report_due from rm_ledger_person")
        return {r["kind"]: r["due"] for r in found} | {"report": report}
    finally:
        await connection.close()


def certified() -> Case:
    case = Case()
    case.file("2008-06-02")
    case.check("2008-06-11")
    case.certify("anna", "2008-06-13")
    return case


def with_holidays(case: Case) -> Case:
    """Make the last days of open duties days off: of the annotation and of the report."""
    off = ("2008-06-09", "2008-06-16", "2008-09-15")
    holiday = registry.CalendarSet(
        year=2008, holidays=tuple(map(DAY, off)), make_up_workdays=(), notice=DOC
    )
    stream = streams.CALENDAR.of(some_id("2008"))
    case.log.add(stream, holiday, "2008-06-13", subject="office-140000000000")
    return case


@pytest.mark.requirement("X18")
async def test_a_newer_calendar_moves_open_days_without_another_event(database: Databases) -> None:
    dsn, case = await database(), certified()
    log = numbered(case.log.facts)
    models = (Ledger(), Kept(Obligations()))
    await fill(dsn, log, models)
    before = await days(dsn)
    known = len(log.events)
    extend(log, with_holidays(case).log.facts)
    nodes = {log.source: node_of(log, ALL)}
    for model in models:
        runner = Runner(dsn, model, nodes, ALL)
        await runner.take([Delivered(e, log.source, log.epoch) for e in log.events[known:]], {})
        await runner.note_known()
        await runner.close()
    after = await days(dsn)
    assert before["T2"] == after["T2"] == DAY("2008-06-11")
    assert (before["T22"], after["T22"]) == (DAY("2008-06-20"), DAY("2008-06-23"))
    assert (before["report"], after["report"]) == (DAY("2008-09-15"), DAY("2008-09-16"))
    for model in models:
        rebuilt = await rebuild(dsn, model, nodes, ALL)
        assert rebuilt.comparison is not None
        assert not rebuilt.comparison.differences, rebuilt.comparison
    assert await days(dsn) == after


@pytest.mark.requirement("X18")
async def test_it_makes_no_difference_whether_the_change_was_seen_live(database: Databases) -> None:
    lived, told = await database(), await database()
    models = (Ledger(), Kept(Obligations()))
    await fill(lived, numbered(certified().log.facts), models)
    log = numbered(with_holidays(certified()).log.facts)
    await fill(lived, log, models)
    await fill(told, log, models, batch=1)
    assert await days(lived) == await days(told)


@pytest.mark.requirement("X18", "X2")
async def test_a_corrected_row_keeps_the_days_of_the_newest_calendar(database: Databases) -> None:
    dsn, case = await database(), with_holidays(certified())
    log = numbered(case.log.facts)
    models = (Ledger(), Kept(Obligations()))
    await fill(dsn, log, models)
    planned, known = await days(dsn), len(log.events)
    filed = next(f for f in case.log.facts if f.type == "certification.application_filed.v1")
    case.correct("anna", filed, "2008-06-02", "2008-06-16")
    extend(log, case.log.facts)
    nodes = {log.source: node_of(log, ALL)}
    for model in models:
        runner = Runner(dsn, model, nodes, ALL)
        await runner.take([Delivered(e, log.source, log.epoch) for e in log.events[known:]], {})
        await runner.note_known()
        await runner.close()
    assert await days(dsn) == planned
    for model in models:
        rebuilt = await rebuild(dsn, model, nodes, ALL)
        assert rebuilt.comparison is not None
        assert not rebuilt.comparison.differences, rebuilt.comparison


@pytest.mark.requirement("X18", "X2")
async def test_a_broken_history_parks_its_subject_and_once_mended_comes_to_the_same(
    database: Databases,
) -> None:
    dsn, case, model = await database(), with_holidays(certified()), Ledger()
    filed = next(f for f in case.log.facts if f.type == "certification.application_filed.v1")
    case.correct("anna", filed, "2008-06-02", "2008-06-16")
    log = numbered(case.log.facts)
    await fill(dsn, numbered(()), (model,))
    whole = log.events[filed.seq - 1]
    log.events[filed.seq - 1] = replace(whole, data=b"{")
    nodes = {log.source: node_of(log, ALL)}
    runner = Runner(dsn, model, nodes, ALL)
    await runner.take([Delivered(e, log.source, log.epoch) for e in log.events], {})
    await runner.note_known()
    assert (runner.state.stopped, runner.state.parked > 1) == ("", True)
    await runner.close()

    log.events[filed.seq - 1] = whole
    assert (await replay(dsn, model, nodes[log.source], filed.subject, ALL)).left == 0
    rebuilt = await rebuild(dsn, model, nodes, ALL)
    assert rebuilt.comparison is not None
    assert not rebuilt.comparison.differences, rebuilt.comparison


@pytest.mark.requirement("X18", "X2")
async def test_figures_that_cancelled_out_are_no_difference_to_a_rebuild(
    database: Databases,
) -> None:
    dsn, log = await database(), numbered(a_town(7, 10).log.facts)
    await fill(dsn, log, (Kept(CUBE),), batch=20)
    connection = await asyncpg.connect(dsn)
    assert await connection.fetchval("select count(*) from cube_b1.rm_cube_now where amount = 0")
    await connection.close()
    rebuilt = await rebuild(dsn, Kept(CUBE), {log.source: node_of(log, ALL)}, ALL)
    assert rebuilt.comparison is not None
    assert not rebuilt.comparison.differences, rebuilt.comparison
