"""How fast the past is answered: a person, an office, a figure, and the history under other rules.

Run as `python -m tests.bench.bench_replay [PERSONS] [LAST DAY] [COPIES]`. A county lives through
its months on a real node first; that is not timed. Then its lives are copied under other ids, so
that slices are as full as a city's. The time for 100,000 cases is extrapolated: what a case costs
beyond an empty run, 100,000 times, and the empty run once. CPU is this process's own.
"""

from __future__ import annotations

import asyncio
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from pathlib import Path

import uvloop
from rich.console import Console

from events.contracts.registry import PersonRegistered
from events.rules.supposing import Supposition
from events.runtime.postgres import EmbeddedPostgres
from events.runtime.settings import Settings
from projections.replay.asking import Figured, Replay, open_replay
from services.demo.plan import Plan
from services.trials.opening import open_sources
from services.trials.running import Runner, open_runner
from services.trials.working import Task
from tests.bench.copies import multiply
from tests.support.county import COUNTY, lived
from tests.support.node import CONTEXTS

say = Console().print
MANY = 100_000
ASKED = 200
TRIALS = {
    "rule set 2024": Supposition("2024"),
    "more than 5 refusals": Supposition(values={"text.refusals": 5}),
    "9 months without a report": Supposition(values={"text.report_exit_months": 9}),
}


async def timed(ask: Callable[[], Awaitable[object]]) -> float:
    """Return the seconds that an answer took."""
    begun = time.perf_counter()
    await ask()
    return time.perf_counter() - begun


async def persons(replay: Replay, head: int) -> None:
    """Ask for persons as known at random seqs."""
    chance = random.Random(1)  # noqa: S311 - a bench's own chance
    ledger = (await replay.ledger(COUNTY, None, ""))["answer"]["persons"]
    known = [str(chance.randrange(head * 3 // 4, head)) for _ in range(ASKED)]
    whom = [str(chance.choice(ledger)["person"]) for _ in range(ASKED)]
    await replay.person(whom[0], None, "")
    alone = Replay(replay.history, replay.reference)
    for name, asked in (("by the index", replay), ("by slice", alone)):
        took = []
        for person, seq in zip(whom, known, strict=True):
            took.append(await timed(partial(_quiet, asked, person, seq)) * 1000)
        took.sort()
        p50, p99 = statistics.median(took), took[len(took) * 99 // 100]
        say(f"person as of a seq, {name}: p50 {p50:.1f} ms, p99 {p99:.1f} ms")
    day = await timed(lambda: replay.history.point("2008-10-01"))
    say(f"a day's seq: {day * 1000:.1f} ms")


async def _quiet(replay: Replay, person: str, known: str) -> None:
    try:
        await replay.person(person, None, known)
    except LookupError:
        return


async def offices(replay: Replay, head: int) -> None:
    """Ask for a county's ledger and a figure as known in the middle of the history."""
    middle = str(head * 3 // 4)
    found = await replay.ledger(COUNTY, None, middle)
    lines = len(found["answer"]["persons"])
    took = await timed(lambda: replay.ledger(COUNTY, None, middle))
    say(f"ledger of {lines} persons as of a seq: {took:.2f} s, {lines / took:,.0f} persons/s")
    asked = Figured.of("M1", COUNTY, date(2008, 6, 1), date(2009, 5, 31))
    took = await timed(lambda: replay.figure(asked, str(head)))
    say(f"figure folded from {head} events: {took:.2f} s, {head / took:,.0f} events/s")


async def trials(settings: Settings, processes: int) -> None:
    """Judge the whole history under other rules; an empty run tells what the slices cost."""
    async with open_runner(settings, CONTEXTS, processes) as runner:
        head, day = await runner.sources.history.head(), date(2010, 5, 31)
        empty, *_ = await _judged(runner, Task(settings, TRIALS["rule set 2024"], "14", 0, day))
        for name, supposition in TRIALS.items():
            task = Task(settings, supposition, "14", head, day)
            took, cases, differing = await _judged(runner, task)
            each = max(took - empty, 0.0) / cases
            say(
                f"{name}, {processes} process(es): {cases} cases in {took:.2f} s (empty run "
                f"{empty:.2f} s), {differing} differ; {each * 1000:.2f} ms a case; "
                f"{MANY:,} cases: {empty + each * MANY:,.0f} s extrapolated"
            )


async def _judged(runner: Runner, task: Task) -> tuple[float, int, int]:
    begun, cases, differing = time.perf_counter(), 0, 0
    cpu = time.process_time()
    async for _, part in runner.parts(task):
        cases += part.counts["cases"]
        differing += len(part.lines)
    if runner.processes == 1 and cases:
        spent = (time.process_time() - cpu) * 1000 / cases
        say(f"CPU: {spent:.2f} ms a case; {MANY:,} cases: {spent * MANY / 1000:,.0f} s of one core")
    return time.perf_counter() - begun, cases, differing


async def many(settings: Settings, copies: int) -> None:
    """Copy the lives, and ask a person and a day of the long log."""
    async with open_sources(settings) as sources:
        begun = time.perf_counter()
        await multiply(sources, settings.secret("log_url"), copies)
        took = time.perf_counter() - begun
        say(f"{copies} copies: {await sources.log.head()} events ({took:.0f} s)")
    async with open_replay(settings.model_copy(update={"read_url": None})) as replay:
        [page] = [p async for p in replay.history.line(7, 10**9, {PersonRegistered.type})]
        whom = [e.subject.partition("-")[2] for e in page][:ASKED]
        await replay.person(whom[0], None, "")
        each = sorted([await timed(partial(_quiet, replay, person, "")) for person in whom])
        p50, p99 = each[len(each) // 2] * 1000, each[len(each) * 99 // 100] * 1000
        say(f"person by slice of the long log: p50 {p50:.1f} ms, p99 {p99:.1f} ms")
        day = min([await timed(lambda: replay.history.point("2008-10-01")) for _ in range(5)])
        say(f"a day's seq in the long log: {day * 1000:.1f} ms")


async def measured(settings: Settings, copies: int) -> None:
    """Print every figure."""
    async with open_replay(settings) as replay:
        head = await replay.history.head()
        say(f"{head} events")
        await persons(replay, head)
        await offices(replay, head)
    if copies:
        await many(settings, copies)
    for processes in (1, 2):
        await trials(settings, processes)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(f"memory at most {peak:,.0f} MB, the simulation included")


def main(count: int, last: date, copies: int) -> None:
    """Let a county live, then measure."""
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder)) as postgres:
        begun = time.perf_counter()
        plan = Plan(persons=count, last=last, whole_tree=False)
        county = lived(postgres, Path(folder) / "node", plan)
        say(f"{count} persons to {last}: lived and built in {time.perf_counter() - begun:.0f} s")
        uvloop.run(measured(county.settings, copies))
        asyncio.run(county.databases.drop())
        postgres.remove()


if __name__ == "__main__":
    words = sys.argv[1:]
    main(
        int(words[0]) if words else 200,
        date.fromisoformat(words[1]) if len(words) > 1 else date(2009, 5, 31),
        int(words[2]) if len(words) > 2 else 20,
    )
