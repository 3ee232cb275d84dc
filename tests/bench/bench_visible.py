"""From a durable answer to the ledger through Kafka: latency at a steady rate, whole node.

`python -m tests.bench.bench_visible [--rate 500] [--seconds 20]`; every tenth command is
followed by a query that waits for its `after` token; the time from answer to answer is printed.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import orjson
import uvloop

from events.runtime.logging import configure_logging
from events.runtime.process import free_port
from events.runtime.settings import Settings
from services.__main__ import first_accounts, first_people
from services.demo.node import demo_node, demo_settings
from services.demo.show import FIRST, PASSWORD
from services.kit.role import prepare
from tests.bench.bench_http import Connection, ids, register
from tests.bench.node import BenchNode, staffed, wishes

CONNECTIONS = 16
SAMPLE = 10


async def load(node: BenchNode, read_port: int, rate: int, seconds: float) -> list[float]:
    """Send at a steady rate; return the sampled latencies in ms."""
    people = await register(node, 2_000)
    numbers, latencies = ids(), list[float]()
    began, lanes = time.perf_counter(), CONNECTIONS

    async def client(lane: int) -> None:
        write, read = await Connection.open(node.port), await Connection.open(read_port)
        for n in range(lane, int(rate * seconds), lanes):
            await asyncio.sleep(max(0.0, began + n / rate - time.perf_counter()))
            person = people[n % len(people)]
            headers = f"authorization: Bearer {node.token}\r\nidempotency-key: {next(numbers)}\r\n"
            status, body = await write.post(
                "/api/commands/registry.record_wishes", headers, orjson.dumps(wishes(person, n))
            )
            answered = time.perf_counter()
            if status != 200:
                raise RuntimeError(body.decode())
            if n % SAMPLE == 0:
                after = orjson.loads(body)["after"]
                path = f"/api/ledger?limit=1&after={after}"
                found, text = await read.get(path, f"authorization: Bearer {node.token}\r\n")
                if found != 200 or orjson.loads(text).get("stale"):
                    raise RuntimeError(text.decode())
                latencies.append((time.perf_counter() - answered) * 1000)

    await asyncio.gather(*(client(lane) for lane in range(lanes)))
    return latencies


async def run(rate: int, seconds: float) -> None:
    """Start a whole node, measure, print."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        settings = demo_settings(Path(folder) / "home", free_port(), date(2008, 6, 1))

        async def first(whole: Settings) -> object:
            return await first_accounts(whole, first_people(*FIRST, PASSWORD))

        async with demo_node(settings, prepare, first) as node:
            token = await staffed(settings.write_port, PASSWORD)
            bench = BenchNode(settings.write_port, token, "", "", settings.home)
            found = await load(bench, settings.read_port, rate, seconds)
            await node.caught_up()
    cuts = statistics.quantiles(found, n=100)
    sys.stdout.write(
        f"answer → visible in the ledger at {rate} commands/s ({len(found)} samples):"
        f" p50 {cuts[49]:.0f} ms, p90 {cuts[89]:.0f} ms, p99 {cuts[98]:.0f} ms\n"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rate", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=20)
    given = parser.parse_args()
    configure_logging("ERROR")
    uvloop.run(run(given.rate, given.seconds))
