"""How fast the engine is: a read model from Kafka in one process, and its rebuild from the log.

Run as `python -m tests.bench.bench_engine DSN BOOTSTRAP [EVENTS]`; the database is made anew.
"""

from __future__ import annotations

import asyncio
import resource
import secrets
import sys
import time

import uvloop
from rich.console import Console

from events.bus.publisher import Publisher
from events.bus.topics import Bus
from events.runtime.collecting import spare_collections
from projections.engine.database import connect
from projections.engine.node import node_of
from projections.engine.rebuild import Progress, Rebuild
from projections.engine.run import Projector
from tests.bench.bench_bus import raw_read
from tests.support.numbered import NumberedLog
from tests.support.tally import CATALOGUE, Counted, Tally, counted
from tests.support.until import until

say = Console().print


def filled(count: int) -> NumberedLog:
    """Make a log of `count` events over a tenth as many persons, each person's close together."""
    log = NumberedLog()
    for n in range(count):
        subject = f"person-{n // 50 * 5 + n % 5:012d}"
        log.add(subject, Counted.type, counted(n % 7))
    return log


def memory_mb() -> float:
    """Return the greatest resident size so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def project(dsn: str, bus: Bus, log: NumberedLog) -> float:
    """Project the whole topic from nothing."""
    node = node_of(log, CATALOGUE)
    empty = node_of(NumberedLog(), CATALOGUE)
    projector = Projector(dsn, bus, {"node-1": empty}, [Tally()], CATALOGUE)
    await projector._prepare()  # noqa: SLF001 - the empty build, untimed
    projector = Projector(dsn, bus, {"node-1": node}, [Tally()], CATALOGUE)
    runner = projector.runners[0]
    runner.check_tails = _nothing  # type: ignore[method-assign] # the log would answer first
    running = asyncio.ensure_future(projector.run())
    await until(lambda: runner.state.applied > 0)
    begun, first = time.perf_counter(), runner.state.applied
    await until(lambda: runner.state.applied >= len(log.events), 300)
    rate = (len(log.events) - first) / (time.perf_counter() - begun)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return rate


async def _nothing() -> None:
    """Leave the tails alone."""


async def rebuilt(dsn: str, log: NumberedLog) -> float:
    """Build anew from the log."""
    spare_collections()
    told: list[Progress] = []
    nodes = {"node-1": node_of(log, CATALOGUE)}
    async with Rebuild(dsn, Tally(), nodes, CATALOGUE, tell=told.append) as working:
        begun = time.perf_counter()
        await working.catch_up()
        return working.events / (time.perf_counter() - begun)


async def main(dsn: str, bootstrap: str, count: int) -> None:
    """Print the figures."""
    admin = await connect(dsn)
    name = f"bench_{secrets.token_hex(4)}"
    await admin.execute(f"create database {name}")
    fresh = dsn.rsplit("/", 1)[0] + f"/{name}"
    log = filled(count)
    say(f"memory with the log in it: {memory_mb():,.0f} MB")
    say(f"rebuild: {await rebuilt(fresh, log):,.0f} events/s, memory {memory_mb():,.0f} MB")
    bus = Bus(bootstrap, prefix=name)
    publisher = Publisher(log, bus)
    running = asyncio.ensure_future(publisher.run())
    await until(lambda: publisher.state.published >= count, 300)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    say(f"getmany: {await raw_read(bus, count):,.0f} events/s")
    await admin.execute(f"drop database {name} with (force)")
    await admin.execute(f"create database {name}")
    say(f"projection from Kafka: {await project(fresh, bus, log):,.0f} events/s")
    await admin.execute(f"drop database {name} with (force)")
    await admin.close()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 200_000))
