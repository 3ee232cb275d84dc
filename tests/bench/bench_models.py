"""How fast the real read models are on a demo's history: rebuilt from its log, and from Kafka.

`python -m tests.bench models` after a `make demo`, whose home (`.bangfu/demo`, or BANGFU_HOME's)
it reads; the read models it makes go to databases of their own.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import uvloop
from rich.console import Console

from events.bus.topics import Bus
from events.contracts.catalogue import ALL
from events.log.postgres import PostgresLog
from events.runtime.collecting import spare_collections
from events.runtime.kafka import EmbeddedKafka
from events.runtime.logging import configure_logging
from events.runtime.postgres import EmbeddedPostgres
from events.runtime.settings import Settings
from projections.engine.database import connect
from projections.engine.node import Node, node_of
from projections.engine.projection import Projection
from projections.engine.rebuild import Rebuild
from projections.engine.run import Projector
from projections.models import read_models
from tests.bench.bench_bus import raw_read
from tests.bench.bench_engine import memory_mb
from tests.support.numbered import NumberedLog
from tests.support.until import until

say = Console(highlight=False).print
ROUNDS = 3


@asynccontextmanager
async def fresh(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    """Make a database for the block."""
    name = f"bench_{secrets.token_hex(4)}"
    admin = await connect(postgres.dsn("postgres"))
    await admin.execute(f"create database {name}")
    try:
        yield postgres.dsn(name)
    finally:
        await admin.execute(f"drop database {name} with (force)")
        await admin.close()


async def rebuilt(dsn: str, model: Projection[Any], nodes: dict[str, Node]) -> tuple[float, float]:
    """Return events/s, and µs of this process an event."""
    async with Rebuild(dsn, model, nodes, ALL) as working:
        begun, worked = time.perf_counter(), time.process_time()
        await working.catch_up()
        took, own = time.perf_counter() - begun, time.process_time() - worked
        return working.events / took, own / working.events * 1e6


async def projected(dsn: str, bus: Bus, models: Sequence[Projection[Any]], node: Node) -> float:
    """Return events/s of one process that keeps all these models, from nothing."""
    empty = node_of(NumberedLog(node.source, node.epoch), ALL)
    await Projector(dsn, bus, {node.source: empty}, models, ALL)._prepare()  # noqa: SLF001
    projector = Projector(dsn, bus, {node.source: node}, models, ALL)
    for runner in projector.runners:
        runner.check_tails = _nothing  # type: ignore[method-assign]  # the log would answer first
    head = await node.log.head()
    running = asyncio.ensure_future(projector.run())
    states = [runner.state for runner in projector.runners]
    await until(lambda: any(s.applied for s in states))
    begun, first = time.perf_counter(), max(s.applied for s in states)
    await until(lambda: all(s.applied >= head for s in states), 300)
    took = time.perf_counter() - begun
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return (head - first) / took


async def _nothing() -> None:
    """Leave the tails alone."""


async def measure(postgres: EmbeddedPostgres, kafka: EmbeddedKafka) -> None:
    """Print the figures, the best of three."""
    source = await PostgresLog.open(postgres.dsn("bangfu_log"), lanes=1, readers=4)
    spare_collections()
    node, head = node_of(source, ALL), await source.head()
    nodes, bus = {node.source: node}, Bus(kafka.bootstrap)
    say(f"{head:,} events of a demo; best of {ROUNDS}")
    for model in read_models():
        found = []
        for _ in range(ROUNDS):
            async with fresh(postgres) as dsn:
                found.append(await rebuilt(dsn, model, nodes))
        rate, own = max(r for r, _ in found), min(o for _, o in found)
        say(f"rebuild {model.name:12} {rate:10,.0f} events/s  {own:6.1f} µs of Python an event")
    say(f"getmany              {await raw_read(bus, head):10,.0f} events/s")
    for name, models in [*((m.name, [m]) for m in read_models()), ("all together", read_models())]:
        rates = []
        for _ in range(ROUNDS):
            async with fresh(postgres) as dsn:
                rates.append(await projected(dsn, bus, models, node))
        say(f"Kafka → {name:12} {max(rates):10,.0f} events/s")
    say(f"memory {memory_mb():,.0f} MB")
    await source.close()


def main() -> None:
    """Start the servers of the demo's home and measure."""
    configure_logging("ERROR")
    home = Settings().home / "demo"
    if not (home / "postgres").is_dir():
        sys.exit(f"there is no demo in {home}: run `make demo ARGS='--no-serve'` first")
    runtime = Settings().home / "kafka"
    with EmbeddedPostgres(home) as postgres, EmbeddedKafka(home, runtime=runtime) as kafka:
        uvloop.run(measure(postgres, kafka))


if __name__ == "__main__":
    main()
