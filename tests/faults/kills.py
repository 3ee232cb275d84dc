"""Kills roles at random during a demo and compares its business content with an undisturbed run.

`python -m tests.faults.kills [--kills 20] [--persons 30] [--to 2008-12-31] [--seed 7]` prints each
kill, the verdict of the audit, and both digests; exit 0 when they are equal and nothing is missing.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import httpx
import uvloop

from events.log.audit import audit
from events.log.checkpoints import Signer
from events.runtime.logging import configure_logging
from events.runtime.process import free_port
from events.runtime.settings import Settings
from services.__main__ import first_accounts, first_people
from services.demo.driver import Progress, simulate
from services.demo.node import DemoNode, demo_node, demo_settings
from services.demo.plan import Plan
from services.demo.show import FIRST, PASSWORD
from services.kit.role import prepare
from tests.faults.digest import digest
from tests.support.waiting import eventually

VICTIMS = ("write", "publish", "project", "read")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run came to."""

    digest: str
    rows: dict[str, int]
    events: int
    published: int
    projected: int
    parked: int
    clean: bool
    killed: Counter[str]


async def run(plan: Plan, kills: int, seed: int) -> Outcome:
    """Run a plan on a fresh node, killing roles as often as asked for, spread over its days."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        settings = demo_settings(Path(folder) / "home", free_port(), plan.first)

        async def first(whole: Settings) -> object:
            return await first_accounts(whole, first_people(*FIRST, PASSWORD))

        async with demo_node(settings, prepare, first) as node:
            killed = await _simulated(node, plan, kills, random.Random(seed))  # noqa: S311
            await node.roles.ready(*VICTIMS)
            await node.caught_up()
            return await _outcome(node, killed)


async def _simulated(node: DemoNode, plan: Plan, kills: int, dice: random.Random) -> Counter[str]:
    days = sorted(dice.sample(range(1, plan.days + 1), min(kills, plan.days)))
    due, killed = iter(days), Counter[str]()
    upcoming = next(due, None)

    def tell(at: Progress) -> None:
        nonlocal upcoming
        while upcoming is not None and at.done >= upcoming:
            name = dice.choice(VICTIMS)
            node.roles.by_name[name].send(signal.SIGKILL)
            killed[name] += 1
            sys.stdout.write(f"{at.day} kill -9 {name}\n")
            upcoming = next(due, None)

    address = f"http://127.0.0.1:{node.settings.write_port}"
    async with httpx.AsyncClient(base_url=address, timeout=300) as http:
        await simulate(http, plan, dict.fromkeys(FIRST, PASSWORD), PASSWORD, tell)
    return killed


async def _outcome(node: DemoNode, killed: Counter[str]) -> Outcome:
    settings = node.settings
    key = Signer.open(settings.source, settings.home / "signer").verifier
    report = await audit(settings.secret("log_url"), [key])
    found, rows = await digest(settings.secret("read_url"))
    events, _ = await node.head()
    await eventually(node.published, lambda seq: seq >= events)
    return Outcome(
        found, rows, events, await node.published(), await node.projected(), await node.parked(),
        report.clean, killed,
    )  # fmt: skip


async def compare(plan: Plan, kills: int, seed: int) -> bool:
    """Run undisturbed, run with kills, print both, and tell whether they agree."""
    calm = await run(plan, 0, seed)
    sys.stdout.write(f"undisturbed: {calm}\n")
    rough = await run(plan, kills, seed)
    sys.stdout.write(f"with kills:  {rough}\n")
    whole = rough.events == rough.published == rough.projected
    good = calm.digest == rough.digest and whole and rough.clean and rough.parked == 0
    sys.stdout.write(
        f"{sum(rough.killed.values())} kills: {'same content' if good else 'DIFFERENT'}\n"
    )
    return good


def main() -> None:
    """Read the arguments and compare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--persons", type=int, default=30)
    parser.add_argument("--to", type=date.fromisoformat, default=date(2008, 12, 31))
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    configure_logging("ERROR")
    plan = Plan(persons=given.persons, last=given.to, seed=given.seed, whole_tree=False)
    raise SystemExit(0 if uvloop.run(compare(plan, given.kills, given.seed)) else 1)


if __name__ == "__main__":
    main()
