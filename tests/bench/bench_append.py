"""How fast the log appends, beside pgbench's one-insert transaction on the same server.

Run: python -m tests.bench.bench_append [--fill 1000000] [--peer PYTHON_WITH_eventsourcing]
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeAlias
from uuid import UUID

import asyncpg
import typer
import uvloop
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from rich.console import Console
from rich.table import Table

from events.contracts.assistance import FollowUpDone
from events.contracts.base import StreamId
from events.log.checkpoints import Signer
from events.log.migrate import migrate, name_node
from events.log.port import Append, Appended, Draft, Touch
from events.log.postgres import PostgresLog
from events.log.sequencer import Sequencer
from events.runtime.clock import SystemClock
from events.runtime.postgres import EmbeddedPostgres, binaries
from services.kit.sealing import Place, SubjectKey, canonical, seal

DATA, META, SALT, PRINT = os.urandom(400), b'{"actor":"' + b"x" * 88 + b'"}', bytes(16), bytes(32)
INSERT = "insert into plain (data) values (decode(repeat('ab', 500), 'hex'));"
PEER = """
import os, sys, threading, time, uuid
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresDatastore, PostgresApplicationRecorder
clients, seconds = int(sys.argv[1]), float(sys.argv[2])
e = os.environ
store = PostgresDatastore(dbname=e["PGDATABASE"], host=e["PGHOST"], port=e["PGPORT"],
    user=e["PGUSER"], password=e["PGPASSWORD"], pool_size=clients, max_overflow=clients)
recorder = PostgresApplicationRecorder(store, events_table_name="peer_events")
recorder.create_table()
state, end = bytes(500), time.perf_counter() + seconds
counts = []
def work():
    n = 0
    while time.perf_counter() < end:
        recorder.insert_events([StoredEvent(uuid.uuid4(), 1, "topic", state)])
        n += 1
    counts.append(n)
threads = [threading.Thread(target=work) for _ in range(clients)]
[t.start() for t in threads]
[t.join() for t in threads]
sys.stdout.write(str(sum(counts) / seconds))
store.close()
"""


@dataclass(frozen=True)
class Figure:
    """One line of the answer: rate a second, latencies in ms."""

    name: str
    rate: float
    p50: float | None = None
    p99: float | None = None


def new_id() -> UUID:
    """Make a UUIDv7, as commands and events carry."""
    raw = bytearray((time.time_ns() // 1_000_000).to_bytes(6, "big") + os.urandom(10))
    raw[6], raw[8] = 0x70 | raw[6] & 15, 0x80 | raw[8] & 63
    return UUID(bytes=bytes(raw))


Body: TypeAlias = Callable[[str, int], bytes]
"""The body of a stream's next event."""


def opaque(_: str, __: int) -> bytes:
    """Return bytes that were ready before."""
    return DATA


def bodies(*, sealed: bool) -> Body:
    """Return what writes an event with one personal field, sealed or left in clear."""
    key = SubjectKey("01890a5d-ac96-774b-bcce-b302099a8057", "", AESGCM(os.urandom(32)))
    said = {
        "month": "2009-03", "mode": "visit", "place": "home", "status": "unemployed",
        "needs": ["training"], "next": "家中一切如常，本人正在参加家政培训，下月安排面试。" * 3,
    }  # fmt: skip

    def write(stream: str, version: int) -> bytes:
        body = dict(said)
        if not sealed:
            return canonical(body)
        place = Place(FollowUpDone.type, stream, version + 1)
        return seal(FollowUpDone, body, stream, place, {stream: key}, lambda: os.urandom(12))

    return write


def single(stream: str, version: int, body: Body) -> Append:
    """Make a command with one event of 500 bytes."""
    data = body(stream, version)
    event = Draft(new_id(), "registry.person_registered.v1", META, data, SALT)
    return Append(new_id(), PRINT, (Touch(StreamId(stream), stream, version, (event,)),))


async def client(log: PostgresLog, name: str, end: float, taken: list[float], body: Body) -> None:
    """Append one event after the other to 200 streams of its own until the end."""
    heads = [0] * 200
    k = 0
    while (begun := time.perf_counter()) < end:
        place = k % len(heads)
        answer = await log.append(single(f"person-{name}-{place}", heads[place], body))
        assert isinstance(answer, Appended)
        taken.append(time.perf_counter() - begun)
        heads[place] += 1
        k += 1


async def ours(
    log: PostgresLog, clients: int, seconds: float, label: str, body: Body = opaque
) -> Figure:
    """Measure so many concurrent clients in this process."""
    tag = new_id().hex[-8:]
    await asyncio.gather(
        *(client(log, f"{tag}w{k}", time.perf_counter() + 0.5, [], body) for k in range(clients))
    )
    taken: list[float] = []
    begun = time.perf_counter()
    await asyncio.gather(
        *(client(log, f"{tag}-{k}", begun + seconds, taken, body) for k in range(clients))
    )
    rate = len(taken) / (time.perf_counter() - begun)
    taken.sort()
    p50, p99 = taken[len(taken) // 2] * 1_000, taken[len(taken) * 99 // 100] * 1_000
    return Figure(f"bangfu append, {clients} clients{label}", rate, p50, p99)


async def fill(log: PostgresLog, events: int) -> None:
    """Append so many events, 20 a command, to streams of 20."""

    async def one() -> None:
        stream = StreamId(f"person-{new_id()}")
        drafts = tuple(
            Draft(new_id(), "registry.person_registered.v1", META, DATA, SALT) for _ in range(20)
        )
        await log.append(Append(new_id(), PRINT, (Touch(stream, stream, 0, drafts),)))

    for _ in range(events // 640):
        await asyncio.gather(*(one() for _ in range(32)))


def pgbench(server: EmbeddedPostgres, programs: Path, clients: int, seconds: float) -> Figure:
    """Measure pgbench's own loop of one insert per transaction."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(INSERT)
        script.flush()
        command = [
            str(programs / "pgbench"), "-n", "-M", "prepared", "-f", script.name,
            "-c", str(clients), "-j", str(min(clients, 2)), "-T", str(int(seconds)), "bench",
        ]  # fmt: skip
        done = subprocess.run(  # noqa: S603 - our own programs
            command, env=environment(server), capture_output=True, text=True, check=True
        )
    rate = re.search(r"tps = ([0-9.]+)", done.stdout)
    mean = re.search(r"latency average = ([0-9.]+)", done.stdout)
    assert rate is not None
    assert mean is not None
    return Figure(
        f"pgbench one insert, {clients} clients (p50: mean)", float(rate[1]), float(mean[1])
    )


def peer(server: EmbeddedPostgres, python: str, clients: int, seconds: float) -> Figure:
    """Measure pyeventsourcing's default PostgreSQL recorder, one event a transaction."""
    done = subprocess.run(  # noqa: S603 - the interpreter named on the command line
        [python, "-c", PEER, str(clients), str(seconds)],
        env=environment(server), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return Figure(f"pyeventsourcing recorder, {clients} threads", float(done.stdout))


def environment(server: EmbeddedPostgres) -> dict[str, str]:
    """Tell a program of PostgreSQL where the server is."""
    return {
        **os.environ,
        "PGHOST": "127.0.0.1", "PGPORT": str(server.port), "PGUSER": "postgres",
        "PGPASSWORD": server.password, "PGDATABASE": "bench",
    }  # fmt: skip


async def measure(
    dsn: str, seconds: float, events: int, lanes: int, folder: Path, show: Callable[[str], None]
) -> list[Figure]:
    """Measure appends without and with sequencer and checkpoints, then on a filled log."""
    sequencer = Sequencer(dsn, clock=SystemClock().now, signer=Signer.open("bench", folder))
    await sequencer.start()
    log = await PostgresLog.open(dsn, lanes=lanes)
    show("appends with sequencer and checkpoints in the same process")
    log.appended = sequencer.wake
    figures = [await ours(log, clients, seconds, ", numbered, signed") for clients in (1, 64)]
    await sequencer.stop()
    log.appended = None
    show("appends alone")
    figures.extend([await ours(log, clients, seconds, "") for clients in (1, 16, 64)])
    show("bodies with a personal field, in clear and sealed")
    for _ in range(3):
        for sealed, label in ((False, ", a field in clear"), (True, ", the field sealed")):
            figures.append(await ours(log, 64, seconds, label, bodies(sealed=sealed)))
    if events:
        show(f"filling the log with {events:,} events")
        await fill(log, events)
        label = f", {events:,} events in the log"
        figures.extend([await ours(log, clients, seconds, label) for clients in (1, 64)])
    await log.close()
    return figures


async def prepare(server: EmbeddedPostgres) -> str:
    """Make the log's database and the plain table beside it."""
    dsn = await server.create_database("bench")
    await migrate(dsn)
    await name_node(dsn, "bench")
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "create table plain (id bigint generated always as identity primary key, data bytea)"
    )
    await connection.close()
    return dsn


def main(
    seconds: Annotated[float, typer.Option(help="How long each figure is measured.")] = 5.0,
    fill: Annotated[int, typer.Option(help="Events to add before the last figures.")] = 0,
    peer_python: Annotated[str, typer.Option("--peer", help="A Python with eventsourcing.")] = "",
    lanes: Annotated[int, typer.Option(help="Connections that append.")] = 2,
) -> None:
    """Measure appends and print them beside the peers' figures of the same run."""
    console = Console()
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder)) as server:
        programs = binaries(server.folder)
        dsn = uvloop.run(prepare(server))
        figures = [pgbench(server, programs, clients, seconds) for clients in (1, 64)]
        figures += uvloop.run(
            measure(dsn, seconds, fill, lanes, Path(folder) / "signer", console.print)
        )
        figures += [pgbench(server, programs, clients, seconds) for clients in (1, 64)]
        if peer_python:
            figures += [peer(server, peer_python, clients, seconds) for clients in (1, 64)]
        server.remove()
    table = Table("what", "per second", "p50 ms", "p99 ms")
    for f in figures:
        latencies = ("" if x is None else f"{x:.2f}" for x in (f.p50, f.p99))
        table.add_row(f.name, f"{f.rate:,.0f}", *latencies)
    console.print(table)


if __name__ == "__main__":
    typer.run(main)
