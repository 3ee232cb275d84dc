"""Gathers the evidence after a drill: log, checkpoints, Kafka, read models, fences, leaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from events.bus.closing import close_quietly
from events.bus.topics import PARTITIONS
from events.bus.wire import Delivered, decode
from events.contracts.catalogue import ALL
from events.log.audit import ENTRIES, entry_of_row
from events.log.checkpoints import Signer
from events.log.postgres import PostgresLog
from projections.engine import builds
from projections.engine.database import connect, install
from projections.engine.fence import Opening
from projections.engine.node import node_of
from projections.engine.parked import parked
from projections.engine.runner import Runner
from projections.replay.answering import canonical
from projections.replay.asking import open_replay
from tests.faults.digest import digest
from tests.faults.facts import Facts, Seen, Sent, Told
from tests.faults.rig import Rig
from tests.support.canaries import Canary, Search
from tests.support.reading import models

UNNUMBERED = """select e.pos from log.events e left join log.numbering l using (pos)
where l.pos is null and e.pos < (select max(pos) from log.numbering)"""
WATERMARKS = """select w.projection, w.slice, w.seq from engine.watermarks w
join engine.active a using (projection, build)"""
COUNTY = """select substr(stream, 8) from log.events where type = 'registry.office_opened.v1'
and convert_from(data, 'UTF8')::jsonb ->> 'code' = '140105' order by pos limit 1"""
PAGE = 5_000


@dataclass
class Observed:
    """What is seen only while a drill runs."""

    told: tuple[Told, ...] = ()
    marks: list[dict[tuple[str, int], int]] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)
    known: tuple[int, str] | None = None
    """A point of the log, and the county's ledger as it was answered for it then."""
    healed: tuple[float, ...] = ()
    traces: tuple[Sequence[object], Sequence[object]] | None = None

    async def look(self, rig: Rig) -> None:
        """Note watermarks and checkpoints as they stand now."""
        self.marks.append(await watermarks(rig))
        self.notes |= set(await _column(rig, "log_url", "select note from log.checkpoints"))

    async def ask(self, rig: Rig) -> None:
        """Ask for the county's ledger as known now, to be asked again at the end."""
        known = await rig.node.projected()
        self.known = known, await ledger(rig, known)


async def watermarks(rig: Rig) -> dict[tuple[str, int], int]:
    """Return how far each slice of each read model got."""
    rows = await _rows(rig, "read_url", WATERMARKS)
    return {(r["projection"], r["slice"]): r["seq"] for r in rows}


async def ledger(rig: Rig, known: int) -> str:
    """Return the digest of the county's ledger as known at a seq, folded from the log."""
    (county,) = await _column(rig, "log_url", COUNTY)
    async with open_replay(rig.settings) as replay:
        answer = await replay.ledger(county, None, str(known))
    return sha256(canonical(answer)).hexdigest()


async def gathered(rig: Rig, observed: Observed, canaries: Sequence[Canary]) -> Facts:
    """Gather everything, of a node that has settled."""
    await observed.look(rig)
    settings = rig.settings
    key = Signer.open(settings.source, settings.home / "signer").verifier
    rows = await _rows(rig, "log_url", ENTRIES, 0, 2**60, 2**30)
    whole, _ = await digest(settings.secret("read_url"))
    known, early = observed.known or (0, "")
    return Facts(
        settings.source, tuple(map(entry_of_row, rows)), (key,), tuple(sorted(observed.notes)),
        unnumbered=tuple(await _column(rig, "log_url", UNNUMBERED)),
        heads=dict(map(tuple, await _rows(rig, "log_url", "select stream, version from log.streams"
                                               " where version > 0"))),
        told=observed.told, sent=await sent(rig), progress=await rig.node.published(),
        models={"read models": whole}, folded={"read models": await _folded(rig)},
        marks=tuple(observed.marks), leaks=await _leaks(rig, canaries), seen=await _seen(rig),
        as_of=((known, early, await ledger(rig, known)),) if known else None,
        parked=tuple(await _column(rig, "read_url", "select distinct subject from engine.parked")),
        listed=await _listed(rig), healed=observed.healed, traces=observed.traces,
    )  # fmt: skip


async def _rows(rig: Rig, which: Any, query: str, *args: object) -> list[asyncpg.Record]:  # noqa: ANN401
    connection = await asyncpg.connect(rig.settings.secret(which))
    try:
        found: list[asyncpg.Record] = await connection.fetch(query, *args)
        return found
    finally:
        await connection.close()


async def _column(rig: Rig, which: str, query: str) -> list[Any]:
    return [row[0] for row in await _rows(rig, which, query)]


async def sent(rig: Rig) -> tuple[Sent, ...]:
    """Return every record on Kafka; raises KafkaError while it is away."""
    consumer = AIOKafkaConsumer(**rig.bus.client("drill"), group_id=None)
    tps = [TopicPartition(rig.bus.events, p) for p in range(PARTITIONS)]
    found: list[Sent] = []
    try:
        await consumer.start()
        consumer.assign(tps)
        await consumer.seek_to_beginning(*tps)
        ends = await consumer.end_offsets(tps)
        while any([await consumer.position(tp) < end for tp, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                stored = [decode(r).stored for r in records]
                found += [Sent(e.slice, e.seq, e.prev_seq, bytes(e.hash)) for e in stored]
    finally:
        await close_quietly(consumer)
    return tuple(found)


async def _folded(rig: Rig) -> str:
    """Make every read model anew from the log alone, in a database of its own; its digest."""
    postgres = rig.servers.postgres
    name = "bangfu_folded"
    dsn = await postgres.create_database(name)
    log = await PostgresLog.open(rig.settings.secret("log_url"), lanes=1, readers=1)
    try:
        await install(dsn)
        runners = await _runners(dsn, log)
        after = 0
        while page := await log.after(after, PAGE):
            events = [Delivered(e, log.source, log.epoch) for e in page]
            for runner in runners:
                await runner.take(events, {})
            after = page[-1].seq
        for runner in runners:
            await runner.note_known()
            await runner.close()
        return (await digest(dsn))[0]
    finally:
        await log.close()
        await postgres.drop_database(name)


async def _runners(dsn: str, log: PostgresLog) -> list[Runner]:
    runners = []
    for model in models():
        connection = await connect(dsn)
        try:
            build = await builds.create(connection, model, {log.source: log.epoch})
            await builds.activate(connection, model, build)
        finally:
            await connection.close()
        runner = Runner(dsn, model, {log.source: node_of(log, ALL)}, ALL)
        await runner.hints()
        runners.append(runner)
    return runners


async def _leaks(rig: Rig, canaries: Sequence[Canary]) -> tuple[str, ...]:
    settings, search = rig.settings, Search(canaries)
    found = search.files((settings.home / "logs").glob("*.log"))
    for dsn in (settings.log_url, settings.read_url, settings.keys_url):
        if dsn is not None:
            found += await search.database(dsn.get_secret_value())
    found += await search.kafka(rig.bus)
    return tuple(f"{leak.place}: {leak.value} as {leak.spelling}" for leak in found)


async def _seen(rig: Rig) -> tuple[Seen, ...]:
    """Ask as the read role's own login: for each path of the ledger, and with nothing opened."""
    query = "select distinct path from rm_ledger_person"
    paths = await _column(rig, "read_url", query)
    own = rig.settings.logins["read"]["read_url"].get_secret_value()
    connection = await asyncpg.connect(own)
    found: list[Seen] = []
    try:
        for area in (None, *sorted({p[:9] for p in paths if p})):
            async with connection.transaction(readonly=True):
                await Opening((area,) if area else ()).open(connection)
                found += [Seen(area, r["path"]) for r in await connection.fetch(query)]
    finally:
        await connection.close()
    return tuple(found)


async def _listed(rig: Rig) -> tuple[str, ...]:
    connection = await connect(rig.settings.secret("read_url"))
    try:
        return tuple(p.subject for p in await parked(connection))
    finally:
        await connection.close()
