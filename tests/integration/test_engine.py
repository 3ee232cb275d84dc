"""The engine on PostgreSQL: exactly once, nothing skipped, parked subjects, leases, rebuild."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.bus.wire import Delivered
from events.runtime.postgres import EmbeddedPostgres
from projections.engine import builds
from projections.engine.database import connect, install
from projections.engine.known import Waiting, known
from projections.engine.node import Node, node_of
from projections.engine.parked import parked, replay
from projections.engine.rebuild import Rebuild, go_back, rebuild
from projections.engine.runner import Runner
from tests.support.numbered import NumberedLog
from tests.support.servers import Databases
from tests.support.tally import BAD, CATALOGUE, REFUSED, Counted, Ignored, Tally, counted, digest

pytestmark = pytest.mark.postgres


@dataclass
class Bench:
    """A log, a database, and one projection over them."""

    dsn: str
    log: NumberedLog = field(default_factory=NumberedLog)
    projection: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        self.node = node_of(self.log, CATALOGUE)
        self.nodes: dict[str, Node] = {self.node.source: self.node}

    def add(self, *amounts: tuple[str, int]) -> None:
        """Append events."""
        for subject, amount in amounts:
            self.log.add(subject, Counted.type, counted(amount))

    def events(self, start: int = 0) -> list[Delivered]:
        """Return the log as Kafka would deliver it."""
        return [Delivered(e, "node-1", self.log.epoch) for e in self.log.events[start:]]

    async def runner(self, projection: Tally | None = None) -> Runner:
        """Build the projection empty and return what feeds it."""
        await install(self.dsn)
        connection = await connect(self.dsn)
        if await builds.active(connection, self.projection.name) is None:
            build = await builds.create(connection, self.projection, {"node-1": self.log.epoch})
            await builds.activate(connection, self.projection, build)
        await connection.close()
        return Runner(self.dsn, projection or self.projection, self.nodes, CATALOGUE)

    async def sql(self, query: str) -> list[tuple[Any, ...]]:
        """Run a query."""
        connection = await asyncpg.connect(self.dsn)
        try:
            return [tuple(r) for r in await connection.fetch(query)]
        finally:
            await connection.close()


@pytest.fixture
async def bench(database: Databases) -> Bench:
    return Bench(await database())


def expected(log: NumberedLog, skipped: Sequence[str] = ()) -> list[tuple[Any, ...]]:
    """Fold the log the slow way."""
    rows: dict[str, tuple[int, int, int]] = {}
    for e in log.events:
        if e.type == Counted.type and e.subject not in skipped:
            count, total, _ = rows.get(e.subject, (0, 0, 0))
            amount = CATALOGUE.read(e.type, e.data).amount
            rows[e.subject] = (count + 1, total + amount, e.seq)
    return sorted((k, *v) for k, v in rows.items())


def some(count: int) -> list[tuple[str, int]]:
    return [(f"person-{n % 37}", n % 5) for n in range(count)]


async def test_events_are_applied_once_however_often_they_come(bench: Bench) -> None:
    bench.add(*some(300))
    runner = await bench.runner()
    for start in (0, 0, 150, 0):
        await runner.take(bench.events(start), {0: 9})
    assert await digest(bench.dsn) == expected(bench.log)
    assert runner.state.applied == 300
    assert await runner.hints() == {0: 9}
    await runner.close()


async def test_figures_are_the_sums_of_the_rows(bench: Bench) -> None:
    bench.add(*some(300))
    runner = await bench.runner()
    for start in range(0, 300, 50):
        await runner.take(bench.events(start)[:50], {})
    await runner.close()
    figures = dict(
        await bench.sql("select cell, sum(amount) from tally_b1.rm_tally_figures group by cell")
    )
    rows = await digest(bench.dsn)
    assert figures == {"count": sum(r[1] for r in rows), "total": sum(r[2] for r in rows)}


async def test_a_hole_is_pulled_from_the_log(bench: Bench) -> None:
    bench.add(*some(200))
    runner = await bench.runner()
    await runner.take([e for e in bench.events() if e.stored.seq % 3], {})
    await runner.check_tails()
    assert await digest(bench.dsn) == expected(bench.log)
    assert runner.state.holes > 0
    await runner.close()


async def test_a_missing_tail_is_found_without_kafka(bench: Bench) -> None:
    bench.add(*some(100))
    runner = await bench.runner()
    await runner.check_tails()
    assert await digest(bench.dsn) == expected(bench.log)
    await runner.close()


async def test_a_bad_event_parks_its_subject_and_others_flow(bench: Bench) -> None:
    bench.add(*some(50), ("person-3", BAD), ("person-3", 1), ("person-4", 1))
    runner = await bench.runner()
    await runner.take(bench.events(), {})
    rows = {r[0]: r for r in await digest(bench.dsn)}
    assert rows["person-4"][3] == 53
    assert rows["person-3"][3] < 51
    connection = await asyncpg.connect(bench.dsn)
    (found,) = await parked(connection)
    await connection.close()
    assert (found.subject, found.events, found.reason) == (
        "person-3",
        2,
        "failed:ZeroDivisionError",
    )
    await runner.close()


async def test_what_the_database_refuses_parks_its_subject_alone(bench: Bench) -> None:
    bench.add(*((f"person-{n}", 1) for n in range(40)), ("person-x", REFUSED), ("person-y", 2))
    runner = await bench.runner()
    await runner.take(bench.events(), {})
    assert await digest(bench.dsn) == expected(bench.log, skipped=["person-x"])
    assert runner.state.parked == 1
    await runner.close()


async def test_a_parked_subject_is_replayed_in_order_once_mended(bench: Bench) -> None:
    bench.add(("person-1", 1), ("person-1", BAD), ("person-1", 3))
    runner = await bench.runner()
    await runner.take(bench.events(), {})
    failed = await replay(bench.dsn, Tally(), bench.node, "person-1", CATALOGUE)
    mended = Tally(lenient=True)
    done = await replay(bench.dsn, mended, bench.node, "person-1", CATALOGUE)
    assert (failed.applied, failed.left, done.applied, done.left) == (0, 2, 2, 0)
    bench.add(("person-1", 5))
    await runner.take(bench.events(), {})
    assert await digest(bench.dsn) == expected(bench.log)
    assert await bench.sql("select * from engine.parked") == []
    await runner.close()


async def test_a_stale_lease_is_refused(bench: Bench) -> None:
    bench.add(*some(10))
    old, new = await bench.runner(), await bench.runner()
    await old.take(bench.events(), {})
    await new.take(bench.events(), {})
    bench.add(("person-1", 9))
    await old.take(bench.events(), {})
    assert old.state.stopped == "projection_displaced"
    assert await digest(bench.dsn) != expected(bench.log)
    await new.take(bench.events(), {})
    assert await digest(bench.dsn) == expected(bench.log)
    await asyncio.gather(old.close(), new.close())


async def test_another_epoch_stops_the_projection_until_its_rebuild(bench: Bench) -> None:
    bench.add(*some(10))
    runner = await bench.runner()
    await runner.take(bench.events(), {})
    bench.log.epoch = 2
    bench.add(("person-1", 9))
    await runner.take(bench.events(), {})
    assert runner.state.stopped == "projection_epoch_changed"
    node = node_of(bench.log, CATALOGUE)
    await rebuild(bench.dsn, bench.projection, {"node-1": node}, CATALOGUE)
    assert await digest(bench.dsn) == expected(bench.log)
    await runner.close()


@pytest.mark.requirement("X13")
@pytest.mark.parametrize(("epoch", "seq", "prev_seq"), [(9, 3, 2), (9, 99, 2), (1, 99, 0)])
async def test_a_record_that_the_log_does_not_hold_stops_nothing(
    bench: Bench, epoch: int, seq: int, prev_seq: int
) -> None:
    bench.add(*[("person-1", 1)] * 5)
    runner = await bench.runner()
    events = bench.events()
    await runner.take(events[:2], {})
    forged = replace(bench.log.events[2], seq=seq, prev_seq=prev_seq, hash=bytes(32))
    await runner.take([Delivered(forged, "node-1", epoch)], {})
    assert (runner.state.applied, runner.state.foreign) == (2, 1)
    await runner.take([Delivered(forged, "node-1", epoch), *events[2:]], {})
    assert (runner.state.stopped, runner.state.foreign) == ("", 2)
    assert await digest(bench.dsn) == expected(bench.log)
    await runner.close()


async def test_a_lost_connection_is_replaced(bench: Bench) -> None:
    bench.add(*some(100))
    runner = await bench.runner()
    await runner.take(bench.events()[:50], {})
    await bench.sql(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name = 'bangfu-project' and datname = current_database()"
    )
    await runner.take(bench.events(), {})
    assert await digest(bench.dsn) == expected(bench.log)
    assert runner.state.stopped == ""
    await runner.close()


async def test_what_a_killed_server_forgot_is_noted_again(bench: Bench) -> None:
    bench.add(*some(40))
    runner = await bench.runner()
    await runner.take(bench.events(), {})
    await runner.note_known()
    noted = await bench.sql("select seq from engine.known")
    await bench.sql("update engine.known set seq = 3")
    await bench.sql(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name = 'bangfu-project' and datname = current_database()"
    )
    opened = runner.opened
    await runner.note_known()
    assert await bench.sql("select seq from engine.known") == noted == [(40,)]
    assert runner.opened == opened + 1
    await runner.close()


async def test_readers_wait_for_their_own_event(bench: Bench) -> None:
    bench.add(*some(20))
    last = bench.log.events[-1]
    token = f"node-1:{last.position}:{last.slice}"
    runner = await bench.runner()
    pool = await asyncpg.create_pool(bench.dsn, min_size=1, max_size=2)
    assert not await Waiting(pool).until("tally", token, 0.05)
    waiting = asyncio.ensure_future(Waiting(pool).until("tally", token, 10))
    await runner.take(bench.events(), {})
    assert await waiting
    await pool.close()
    await runner.close()


async def test_several_slices_of_one_command_are_covered_by_the_known_point(bench: Bench) -> None:
    bench.add(("person-1", 1), ("person-2", 1))
    first, last = bench.log.events
    runner = await bench.runner()
    await runner.take(bench.events(), {})
    await runner.note_known()
    pool = await asyncpg.create_pool(bench.dsn, min_size=1, max_size=2)
    assert await Waiting(pool).until(
        "tally", f"node-1:{last.position}:{first.slice},{last.slice}", 1
    )
    connection = await connect(bench.dsn)
    noted = await known(connection, "tally", "node-1")
    assert noted is not None
    assert (noted.seq, noted.position) == (2, last.position)
    await connection.close()
    await pool.close()
    await runner.close()


async def test_a_rebuild_equals_what_ran_live(bench: Bench) -> None:
    bench.add(*some(500))
    runner = await bench.runner()
    for start in range(0, 500, 70):
        await runner.take(bench.events(start)[:70], {})
    told: list[int] = []
    made = await rebuild(
        bench.dsn, bench.projection, bench.nodes, CATALOGUE, tell=lambda p: told.append(p.done)
    )
    assert made.comparison is not None
    assert made.comparison.equal
    assert (made.comparison.rows, made.events, told[-1]) == (37, 500, 500)
    await runner.close()


async def test_a_damaged_row_is_named_and_mended_by_a_rebuild(bench: Bench) -> None:
    bench.add(*some(100))
    runner = await bench.runner()
    await runner.take(bench.events(), {})
    await bench.sql("update tally_b1.rm_tally set total = total + 1 where key = 'person-5'")
    made = await rebuild(bench.dsn, bench.projection, bench.nodes, CATALOGUE)
    assert made.comparison is not None
    assert made.comparison.samples == ["rm_tally (person-5)"]
    assert await digest(bench.dsn) == expected(bench.log)
    await runner.close()


async def test_the_running_projection_moves_to_the_new_build_and_back(bench: Bench) -> None:
    bench.add(*some(100))
    runner = await bench.runner()
    await runner.take(bench.events(), {})
    await rebuild(bench.dsn, bench.projection, bench.nodes, CATALOGUE)
    bench.add(*some(50))
    await runner.take(bench.events(100), {})
    assert (runner.state.build, await digest(bench.dsn)) == (2, expected(bench.log))
    assert await go_back(bench.dsn, bench.projection) == 1
    bench.add(*some(10))
    await runner.take(bench.events(150), {})
    await runner.check_tails()
    assert (runner.state.build, await digest(bench.dsn)) == (1, expected(bench.log))
    await runner.close()


async def test_a_rebuild_under_load_misses_nothing(bench: Bench) -> None:
    bench.add(*some(400))
    runner = await bench.runner()
    await runner.take(bench.events(), {})
    async with Rebuild(bench.dsn, bench.projection, bench.nodes, CATALOGUE) as working:
        await working.catch_up()
        bench.add(*some(60))
        await runner.take(bench.events(400), {})
        compared = await working.compare(1)
        bench.add(*some(60))
        await runner.take(bench.events(460), {})
        await working.swap()
    assert compared is not None
    assert compared.equal
    assert await digest(bench.dsn) == expected(bench.log)
    await runner.close()


async def test_events_of_other_types_move_the_watermark(bench: Bench) -> None:
    bench.add(("person-1", 1))
    bench.log.add("person-1", Ignored.type, b"{}")
    bench.add(("person-1", 2))
    runner = await bench.runner()
    await runner.take(bench.events(), {})
    assert (runner.state.applied, runner.state.holes) == (3, 0)
    await runner.close()


@pytest.fixture
def one_database(postgres: EmbeddedPostgres) -> Iterator[str]:
    databases = Databases(postgres, {})
    yield asyncio.run(databases())
    asyncio.run(databases.drop())


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    amounts=st.lists(st.tuples(st.integers(1, 6), st.sampled_from([1, 2, 3, BAD])), max_size=40),
    borders=st.lists(st.integers(0, 40), max_size=6),
)
def test_batch_borders_change_nothing(
    one_database: str, amounts: list[tuple[int, int]], borders: list[int]
) -> None:
    whole, cut = asyncio.run(_at_borders(one_database, amounts, ([], sorted(borders))))
    assert cut == whole


async def _at_borders(
    dsn: str, amounts: list[tuple[int, int]], borders: tuple[list[int], ...]
) -> list[Any]:
    digests: list[Any] = []
    for cuts in borders:
        bench = Bench(dsn)
        await bench.sql("drop schema if exists engine, tally_b1 cascade")
        bench.add(*((f"person-{who}", amount) for who, amount in amounts))
        runner = await bench.runner()
        for start, end in pairwise([0, *cuts, len(amounts)]):
            await runner.take(bench.events()[start:end], {})
        await runner.close()
        where = "select subject, seq, reason from engine.parked order by seq"
        digests.append((await digest(dsn), await bench.sql(where)))
    return digests
