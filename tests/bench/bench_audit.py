"""How fast a log is exported, verified offline and proved, beside what is asked.

Run: python -m tests.bench.bench_audit [--events 200000] [--long 0]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from base64 import b64decode
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Annotated
from uuid import UUID

import asyncpg
import httpx
import typer
import uvloop
from rich.console import Console
from rich.table import Table

from events.contracts.base import StreamId
from events.log.book import database_book
from events.log.checkpoints import Signer
from events.log.export import Wanted, export
from events.log.exported import instant
from events.log.hashing import body_hash, chained, leaf_hash, slice_of
from events.log.http import log_app
from events.log.manifest import Manifest
from events.log.merkle import Tiles, verify_inclusion
from events.log.migrate import migrate
from events.log.notes import Checkpoint, VerifierKey, sign, verify
from events.log.port import Append, Draft, Touch
from events.log.single import single_file
from events.log.verify import Entry
from events.runtime.postgres import EmbeddedPostgres
from tests.support.histories import KEY, MINUTE, PUBLIC, SOURCE
from tests.support.logs import PRINT, START, World, running

META = (
    b'{"actor":"0197f3a2-7c1e-7d40-9d54-2f6a5f3f8c11","area":"140105001","auth":"allow.area",'
    b'"correlation_id":"0197f3a2-7c1e-7d40-9d54-2f6a5f3f8c12","directory":"120",'
    b'"fingerprint":"%b","occurred_at":"2008-06-01T01:00:00.000000Z","office":"140105001001",'
    b'"role":"community_officer","rule_set":"2008"}' % (b"ab" * 32)
)
DATA = b'{"able_to_work":true,"min_wage":%d,"note":"' + b"x" * 150 + b'"}'
TYPE = "registry.wishes_recorded.v1"
PER_STREAM, BATCH, EVERY = 8, 250, 1_000
EXPORT, VERIFY, PROOF, MEMORY = 40_000, 70_000, 5.0, 400
CHILD = """import resource, runpy, sys, time
begun, sys.argv = time.perf_counter(), sys.argv[1:]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except SystemExit as end:
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds, cpu = time.perf_counter() - begun, used.ru_utime + used.ru_stime
    print(end.code, seconds, cpu, used.ru_maxrss // 1024)
"""


def person(number: int) -> str:
    """Name the stream of an event."""
    block = number // (PER_STREAM * BATCH)
    return f"person-0197f3a2-7c1e-7d40-9d54-{block * BATCH + number % BATCH:012}"


async def fill(world: World, events: int) -> None:
    """Append events in commands of many streams."""
    for start in range(0, events, BATCH):
        touches = tuple(
            Touch(
                StreamId(person(n)), person(n), start // BATCH % PER_STREAM,
                (Draft(UUID(bytes=os.urandom(16)), TYPE, META, DATA % n, os.urandom(16)),),
            )
            for n in range(start, start + BATCH)
        )  # fmt: skip
        await world.log.append(Append(UUID(bytes=os.urandom(16)), PRINT, touches), START)
    await world.settle(events)
    assert world.sequencer is not None
    await world.sequencer.checkpoint()


@dataclass
class LongBook:
    """A history made as it is exported: memory holds its tiles and heads alone."""

    last: int
    source: str = SOURCE
    signed: list[tuple[int, str]] = field(default_factory=list)
    full: list[tuple[int, int, bytes]] = field(default_factory=list)
    tree: Tiles = field(default_factory=Tiles)

    async def entries(self, after: int, until: int) -> AsyncIterator[Sequence[Entry]]:
        """Make events page by page; only a whole export is asked for."""
        heads: dict[str, bytes] = {}
        line: dict[int, int] = {}
        for start in range(after, until, BATCH):
            page = []
            for n in range(start, start + BATCH):
                page.append(self._entry(n, heads, line))
                self.full += self.tree.append(leaf_hash(page[-1].hash))
            if not (start + BATCH) % EVERY:
                point = Checkpoint(f"{SOURCE}/events/1", start + BATCH, self.tree.root())
                self.signed.append((start + BATCH, sign(point, SOURCE, KEY)))
            yield page

    def _entry(self, n: int, heads: dict[str, bytes], line: dict[int, int]) -> Entry:
        name, version, seq = person(n), n // BATCH % PER_STREAM + 1, n + 1
        stream, slice_, salt, data = name.encode(), slice_of(name), b"s" * 16, DATA % n
        ident, body = sha256(b"%d" % n).digest(), body_hash(salt, data)
        prev = heads.get(name, bytes(32))
        digest = heads[name] = chained(
            ident[:16], ident[16:], SOURCE.encode(), stream, version, TYPE.encode(), stream,
            n * MINUTE, META, body, prev,
        )  # fmt: skip
        if version == PER_STREAM:
            del heads[name]
        before, line[slice_] = line.get(slice_, 0), seq
        return Entry(
            seq, before, seq, slice_, version, stream, TYPE.encode(), stream, ident[:16],
            ident[16:], n * MINUTE, instant(seq * MINUTE).encode(), body, prev, digest, META, salt,
            data,
        )  # fmt: skip

    async def notes(self) -> list[tuple[int, str]]:
        """Return the checkpoints."""
        return self.signed

    async def tiles(self, _: int) -> AsyncIterator[tuple[int, int, bytes]]:
        """Stream the tiles."""
        for tile in self.full:
            yield tile
        for level, nodes in enumerate(self.tree.open):
            if nodes:
                yield level, self.tree.first[level], b"".join(nodes)


def verified(folder: Path, key: VerifierKey, home: Path) -> tuple[float, float, int]:
    """Verify with the one-file verifier in a process of its own: seconds, CPU seconds, MB."""
    (home / "verify.py").write_text(single_file())
    (home / "K.pub").write_text(str(key))
    command = [sys.executable, "-c", CHILD, str(home / "verify.py"), str(folder)]
    told = subprocess.run(  # noqa: S603 - our own file
        [*command, "--key", str(home / "K.pub"), "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    code, seconds, cpu, size = told[-1].split()
    if code != "0":
        raise RuntimeError(told[0])
    return float(seconds), float(cpu), int(size)


async def proofs(dsn: str, key: VerifierKey, events: int) -> tuple[list[float], float]:
    """Ask for proofs over HTTP and check them; milliseconds each, and CPU milliseconds of one."""
    spent: list[float] = []
    async with (
        asyncpg.create_pool(dsn, min_size=1, max_size=2) as pool,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=log_app(pool, key)), base_url="http://log/api/log"
        ) as http,
    ):
        point = verify((await http.get("/checkpoint")).text, key)
        await http.get("/proof/inclusion", params={"seq": 1})
        cpu = time.process_time()
        for k in range(200):
            seq = k * 7_919 % events + 1
            begun = time.perf_counter()
            found = (await http.get("/proof/inclusion", params={"seq": seq})).json()
            spent.append((time.perf_counter() - begun) * 1_000)
            proof = [b64decode(p) for p in found["proof"]]
            verify_inclusion(b64decode(found["leaf"]), seq - 1, point.size, point.root, proof)
            begun = time.perf_counter()
            (await http.get("/proof/consistency", params={"old": seq})).raise_for_status()
            spent.append((time.perf_counter() - begun) * 1_000)
        cpu = (time.process_time() - cpu) * 1_000 / len(spent)
    return sorted(spent), cpu


async def measure(home: Path, events: int, long: int) -> list[tuple[str, str, str]]:
    """Measure all; return rows of what, figure, asked."""
    rows: list[tuple[str, str, str]] = []
    signer = Signer.open("test", home / "signer")
    with EmbeddedPostgres(home / "servers") as server:
        dsn = await server.create_database("bangfu_log")
        await migrate(dsn)
        async with running(dsn, signer=signer) as world:
            await fill(world, events)
        cpu, begun = time.process_time(), time.perf_counter()
        async with database_book(dsn) as book:
            manifest = await export(book, home / "export", Wanted(), [signer.verifier])
        rows.append(_rate("export", events, begun, cpu, EXPORT, manifest))
        spent, used = await proofs(dsn, signer.verifier, events)
        worst = spent[len(spent) * 99 // 100]
        figure = f"p50 {median(spent):.2f} ms, p99 {worst:.2f} ms ({used:.2f} ms of CPU)"
        rows.append(("proofs over HTTP", figure, f"≤ {PROOF} ms"))
        server.remove()
    rows += _verdict("verify", home / "export", signer.verifier, home, events)
    if long:
        await export(LongBook(long), home / "long", Wanted(), [PUBLIC])
        rows += _verdict("verify, long", home / "long", PUBLIC, home, long)
    return rows


def _rate(
    what: str, events: int, begun: float, cpu: float, asked: int, manifest: Manifest
) -> tuple[str, str, str]:
    seconds, used = time.perf_counter() - begun, time.process_time() - cpu
    figure = f"{events / seconds:,.0f}/s ({events / used:,.0f} per CPU second)"
    return f"{what}, {manifest.bytes // events} bytes each", figure, f"≥ {asked:,}/s"


def _verdict(
    what: str, folder: Path, key: VerifierKey, home: Path, events: int
) -> list[tuple[str, str, str]]:
    seconds, cpu, size = verified(folder, key, home)
    figure = f"{events / seconds:,.0f}/s ({events / cpu:,.0f} per CPU second)"
    return [
        (f"{what}: {events:,} events", figure, f"≥ {VERIFY:,}/s"),
        (f"{what}: memory", f"{size} MB", f"≤ {MEMORY} MB at 5,000,000"),
    ]


def main(
    events: Annotated[int, typer.Option(help="events in the database")] = 200_000,
    long: Annotated[int, typer.Option(help="events of a made-up export, e.g. 5000000")] = 0,
) -> None:
    """Measure export, offline verification and proofs."""
    with tempfile.TemporaryDirectory() as folder:
        rows = uvloop.run(measure(Path(folder), events, long))
    load = " ".join(f"{x:.1f}" for x in os.getloadavg())
    table = Table("what", "figure", "asked", title=f"audit (load average {load})")
    for row in rows:
        table.add_row(*row)
    Console(width=110).print(table)


if __name__ == "__main__":
    typer.run(main)
