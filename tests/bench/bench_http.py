"""Commands over HTTP, durable: 32 connections to one worker, and NDJSON bulk.

`python -m tests.bench.bench_http [--seconds 5]`; prints commands/s, p50 and p99 in ms.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import uvloop

from tests.bench.node import BenchNode, bench_node, person, wishes

CLIENTS = 32


def ids() -> Iterator[str]:
    """Yield command ids of this run."""
    base = time.time_ns() << 40
    return (str(UUID(int=(base + n) % (1 << 128))) for n in count())


class Connection:
    """A keep-alive HTTP/1.1 connection that costs the machine as little as possible."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> Connection:
        """Connect to a port of this computer."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def post(self, path: str, headers: str, body: bytes) -> tuple[int, bytes]:
        """Send one request and return status and body."""
        head = f"POST {path} HTTP/1.1\r\nhost: node\r\n{headers}content-length: {len(body)}\r\n\r\n"
        return await self._ask(head.encode() + body)

    async def get(self, path: str, headers: str) -> tuple[int, bytes]:
        """Ask once and return status and body."""
        return await self._ask(f"GET {path} HTTP/1.1\r\nhost: node\r\n{headers}\r\n".encode())

    async def _ask(self, request: bytes) -> tuple[int, bytes]:
        self._writer.write(request)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        length = int(answer.lower().split(b"content-length: ", 1)[1].split(b"\r\n", 1)[0])
        return int(answer[9:12]), await self._reader.readexactly(length)


async def register(node: BenchNode, people: int) -> list[str]:
    """Register persons in one bulk and return their ids."""
    numbers = ids()
    lines = [
        {"id": next(numbers), "type": "registry.register_person", "data": person(n)}
        for n in range(people)
    ]
    answers = await bulk(node, lines)
    return [a["events"][0]["stream"].split("-", 1)[1] for a in answers if a["status"] == 200]


async def bulk(node: BenchNode, lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Send lines as NDJSON and return the answers."""
    import httpx  # noqa: PLC0415  # only here; the load itself has its own client

    body = b"\n".join(map(orjson.dumps, lines))
    async with httpx.AsyncClient(timeout=300) as http:
        answer = await http.post(
            f"http://127.0.0.1:{node.port}/api/commands",
            content=body,
            headers={"authorization": f"Bearer {node.token}"},
        )
    return [orjson.loads(line) for line in answer.content.splitlines()]


async def singles(node: BenchNode, people: list[str], seconds: float) -> list[float]:
    """Load the node with single commands; return the latencies in ms."""
    numbers, latencies, sent = ids(), list[float](), count()
    until = time.perf_counter() + seconds

    async def client(lane: int) -> None:
        connection = await Connection.open(node.port)
        mine = people[lane::CLIENTS]
        while time.perf_counter() < until:
            n = next(sent)
            body = orjson.dumps(wishes(mine[n % len(mine)], n))
            headers = f"authorization: Bearer {node.token}\r\nidempotency-key: {next(numbers)}\r\n"
            began = time.perf_counter()
            status, text = await connection.post(
                "/api/commands/registry.record_wishes", headers, body
            )
            latencies.append((time.perf_counter() - began) * 1000)
            if status != 200:
                raise RuntimeError(text.decode())

    await asyncio.gather(*(client(lane) for lane in range(CLIENTS)))
    return latencies


def say(line: str) -> None:
    """Print a figure."""
    sys.stdout.write(line + "\n")


async def run(seconds: float) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        async with bench_node(Path(folder)) as node:
            began = time.perf_counter()
            people = await register(node, 4_000)
            spent = time.perf_counter() - began
            say(f"bulk register_person (sealed)  {len(people) / spent:8.0f} commands/s")
            numbers = ids()
            lines = [
                {
                    "id": next(numbers),
                    "type": "registry.record_wishes",
                    "data": wishes(people[n % len(people)], n),
                }
                for n in range(20_000)
            ]
            began = time.perf_counter()
            answers = await bulk(node, lines)
            spent = time.perf_counter() - began
            good = sum(a["status"] == 200 for a in answers)
            say(f"bulk record_wishes             {good / spent:8.0f} commands/s ({good} of 20000)")
            latencies = await singles(node, people, seconds)
            cuts = statistics.quantiles(latencies, n=100)
            say(
                f"HTTP, {CLIENTS} clients, one worker  {len(latencies) / seconds:8.0f} commands/s"
                f"  p50 {cuts[49]:.1f} ms  p99 {cuts[98]:.1f} ms"
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=5)
    uvloop.run(run(parser.parse_args().seconds))
