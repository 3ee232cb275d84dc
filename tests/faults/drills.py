"""Drills: a small real node under load, harmed again and again, then judged by the invariants.

`python -m tests.faults.drills [NAME…] [--seed 7] [--rounds 2]` runs each drill on a node of its
own, after an undisturbed run of the same plan; without names, all of them. Exit 0 when every
invariant holds and every drill left the same content as the undisturbed run.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random

import asyncpg
import httpx
import uvloop
from aiokafka.errors import KafkaError

from events.runtime.logging import configure_logging
from services.demo.driver import Progress, simulate
from services.demo.plan import Plan
from services.demo.show import FIRST, PASSWORD
from tests.faults import harm
from tests.faults.canary import hatching
from tests.faults.facts import Facts
from tests.faults.harm import Harm
from tests.faults.invariants import NAMES, check
from tests.faults.left import Observed, gathered, sent
from tests.faults.load import Load
from tests.faults.rig import Rig, rigged
from tests.support.waiting import eventually

RATE = 40.0
LOOK_SECONDS = 0.5
AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)


@dataclass(frozen=True, slots=True)
class Drill:
    """A harm, and the node it needs."""

    name: str
    harm: Harm | None
    brokers: int = 1
    small_disk: bool = False
    skewed: bool = False


DRILLS = (
    Drill("kill", harm.kill_role),
    Drill("pause", harm.pause_role),
    Drill("postmaster", harm.kill_postmaster),
    Drill("backend", harm.kill_backend),
    Drill("leader", harm.kill_leader, brokers=3),
    Drill("mute", harm.stop_broker, brokers=3),
    Drill("wiped", harm.wipe_cluster),
    Drill("recreated", harm.recreate_topics),
    Drill("truncated", harm.truncate_partition),
    Drill("restored", harm.restore_old),
    Drill("clock", harm.jump_clock, skewed=True),
    Drill("disk", harm.fill_disk, small_disk=True),
)
CALM = Drill("undisturbed", None)


@dataclass
class Run:
    """One drill under way."""

    drill: Drill
    plan: Plan
    rounds: int
    load: Load = field(default_factory=Load)
    observed: Observed = field(default_factory=Observed)
    done: list[str] = field(default_factory=list)
    healed: list[float] = field(default_factory=list)
    happened: list[int] = field(default_factory=list)
    due: asyncio.Queue[int] = field(default_factory=asyncio.Queue)

    def days(self) -> list[int]:
        """Return the days on which a harm is done, by the seed."""
        return sorted(self._dice("days").sample(range(1, self.plan.days), self.rounds))

    async def __call__(self) -> Facts:
        """Run the drill and gather the evidence."""
        kind = self.drill
        async with rigged(
            self.plan, brokers=kind.brokers, small_disk=kind.small_disk, skewed=kind.skewed
        ) as rig:
            with hatching() as canaries:
                await self._together(rig)
            await self._settled(rig)
            self.observed.told = self.load.told
            self.observed.healed = tuple(self.healed)
            if kind.harm is not None:
                self.observed.traces = self.days(), self.happened
            return await gathered(rig, self.observed, canaries)

    async def _together(self, rig: Rig) -> None:
        """Live, be harmed and be watched, until the last harm is over. Raises what any raises."""
        beside = [asyncio.create_task(w) for w in (self._watch(rig), self._harm(rig))]

        async def through() -> None:
            await self._live(rig)
            await self.due.join()

        main = asyncio.create_task(through())
        done, _ = await asyncio.wait({main, *beside}, return_when=asyncio.FIRST_COMPLETED)
        for task in (main, *beside):
            task.cancel()
        await asyncio.gather(main, *beside, return_exceptions=True)
        for task in done:
            task.result()

    async def _live(self, rig: Rig) -> None:
        """Let the county live, at the pace of a few dozen commands a second."""
        days = iter(self.days())
        upcoming = next(days, None)

        def tell(at: Progress) -> None:
            nonlocal upcoming
            self.load.rate = RATE
            if at.done == upcoming:
                self.due.put_nowait(at.done)
                upcoming = next(days, None)

        address = f"http://127.0.0.1:{rig.settings.write_port}"
        async with httpx.AsyncClient(base_url=address, timeout=30, transport=self.load) as http:
            await simulate(http, self.plan, dict.fromkeys(FIRST, PASSWORD), PASSWORD, tell)

    async def _harm(self, rig: Rig) -> None:
        """Do the harms, one after the other, each when its day has come."""
        while True:
            day = await self.due.get()
            try:
                await self._round(rig, day)
            finally:
                self.due.task_done()

    async def _round(self, rig: Rig, day: int) -> None:
        if self.observed.known is None:
            await self.observed.ask(rig)
        if self.drill.harm is None:
            return
        what = await self.drill.harm(rig, self._dice(day))
        began = asyncio.get_running_loop().time()
        await eventually(lambda: _caught_up(rig), bool, 240)
        self.healed.append(asyncio.get_running_loop().time() - began)
        self.done.append(what)
        self.happened.append(day)
        sys.stdout.write(f"  day {day}: {what}; readers whole after {self.healed[-1]:.1f} s\n")
        sys.stdout.flush()

    async def _watch(self, rig: Rig) -> None:
        """Look at watermarks and checkpoints now and then."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if rig.watched:
                with contextlib.suppress(*AWAY):
                    await self.observed.look(rig)

    async def _settled(self, rig: Rig) -> None:
        await rig.node.roles.ready()
        await rig.node.caught_up()
        events, _ = await rig.node.head()
        await eventually(lambda: _published(rig), lambda seq: seq >= events, 120)
        with contextlib.suppress(TimeoutError, AssertionError):  # then I6 says what is missing
            await eventually(lambda: _on_bus(rig), lambda seqs: len(seqs) >= events, 60)

    def _dice(self, of: object) -> Random:
        return Random(f"{self.plan.seed}/{self.drill.name}/{of}")  # noqa: S311 - no secret


async def _published(rig: Rig) -> int:
    """Return how far the publisher says it is; 0 while Kafka is away."""
    try:
        return await rig.node.published()
    except (*AWAY, KafkaError):
        return 0


async def _on_bus(rig: Rig) -> set[int]:
    """Return the seqs that stand on Kafka; none while it is away."""
    try:
        return {record.seq for record in await sent(rig)}
    except (*AWAY, KafkaError):
        return set()


async def _caught_up(rig: Rig) -> bool:
    """Tell whether the readers have all that is in the log at this moment."""
    try:
        events, _ = await rig.node.head()
        return await rig.node.projected() >= events
    except AWAY:
        return False


def told(
    run: Run, facts: Facts, found: dict[str, list[str]], calm: Mapping[str, int], *, same: bool
) -> bool:
    """Print a drill's figures and what was found; tell whether it passed.

    `calm` are the refusals of the undisturbed run by code.
    """
    held = [str_id for e in facts.events if (str_id := e.event_id.hex())]
    answered = {event.replace("-", "") for t in facts.told for event in t.events}
    lost, twice = len(answered - set(held)), len(held) - len(set(held))
    bad = {name: texts for name, texts in found.items() if texts}
    load = run.load
    sys.stdout.write(
        f"{run.drill.name}: seed {run.plan.seed}, {len(run.done)} of {run.rounds} rounds; "
        f"{len(load.sent)} commands sent ({sum(load.sent.values()) - len(load.sent)} again), "
        f"{len(load.answered)} accepted, {lost} events lost, {twice} twice; {len(held)} events, "
        f"{len(facts.sent or ())} records; away {load.outage:.1f} s, readers whole after at most "
        f"{max(run.healed, default=0):.1f} s; {len(found) - len(bad)} of {len(found)} invariants "
        f"hold (not looked at: {', '.join(sorted(NAMES - set(found))) or 'none'}); "
        f"{'same content' if same else 'DIFFERENT content'}\n"
    )
    for code, count in (load.refused - Counter(calm)).items():
        sys.stdout.write(f"  refused as undisturbed it is not: {count} times {code}\n")
    for name, texts in bad.items():
        sys.stdout.write("".join(f"  {name}: {text}\n" for text in texts[:5]))
    sys.stdout.flush()
    return same and not bad and (run.drill.harm is None or len(run.done) == run.rounds)


async def drills(names: list[str], plan: Plan, rounds: int) -> bool:
    """Run an undisturbed run and then each drill; tell whether all passed."""
    wanted = [d for d in DRILLS if not names or d.name in names]
    passed, calm, refused = True, "", Counter[str]()
    for drill in (CALM, *wanted):
        run = Run(drill, plan, rounds)
        try:
            facts = await run()
        except Exception as error:  # noqa: BLE001 - one drill's end is no other's
            sys.stdout.write(f"{drill.name}: FAILED: {type(error).__name__} {error}\n")
            passed = False
            continue
        content = (facts.models or {})["read models"]
        if drill is CALM:
            calm, refused = content, run.load.refused
        passed &= told(run, facts, check(facts), refused, same=content == calm)
    return passed


def main() -> None:
    """Read the arguments and run the drills."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *(d.name for d in DRILLS)])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--persons", type=int, default=20)
    parser.add_argument("--to", type=date.fromisoformat, default=date(2008, 8, 31))
    given = parser.parse_args()
    configure_logging("CRITICAL")  # what cannot be reached is what a drill takes away
    plan = Plan(persons=given.persons, last=given.to, seed=given.seed, whole_tree=False)
    raise SystemExit(0 if uvloop.run(drills(given.names, plan, given.rounds)) else 1)


if __name__ == "__main__":
    main()
