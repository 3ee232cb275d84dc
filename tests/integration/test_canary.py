"""No personal datum stands in the clear anywhere a run leaves bytes, before and after shredding."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer

from events.bus.closing import close_quietly
from events.bus.publisher import Publisher
from events.bus.topics import Bus
from events.contracts.catalogue import ALL
from events.log.audit import audit
from events.runtime.kafka import EmbeddedKafka
from events.runtime.postgres import EmbeddedPostgres
from projections.engine.node import node_of
from projections.engine.run import Projector
from projections.models import read_models
from tests.integration.test_shredding import CITY_HEAD, CLERK, COUNTY_HEAD, household, shred
from tests.support.canaries import Canary, Leak, Search, spellings
from tests.support.node import Node, running_node
from tests.support.servers import Databases
from tests.support.until import until

pytestmark = [pytest.mark.postgres, pytest.mark.kafka, pytest.mark.timeout(240)]
CUBE = """select metric, part, path, valid, sum(amount)::bigint from rm_cube
group by 1, 2, 3, 4 having sum(amount) <> 0 order by 1, 2, 3, 4"""


@dataclass
class Run:
    """A line at work, and everything it leaves behind."""

    node: Node
    bus: Bus
    read_dsn: str
    postgres: EmbeddedPostgres
    kafka: EmbeddedKafka
    began: float = field(default_factory=time.time)
    answers: list[bytes] = field(default_factory=list)
    logs: list[str] = field(default_factory=list)

    @property
    def databases(self) -> tuple[str, ...]:
        keys = self.node.role.settings.secret("keys_url")
        return self.node.log_dsn, self.read_dsn, keys

    async def projected(self) -> bool:
        """Tell whether every read model has the whole log."""
        query = (
            "select min(k.seq) from engine.active a join engine.known k using (projection, build)"
        )
        with contextlib.suppress(asyncpg.UndefinedTableError):
            known = await self.value(self.read_dsn, query)
            head = await self.value(self.node.log_dsn, "select count(*) from log.events")
            return bool(known == head)
        return False

    async def value(self, dsn: str, query: str) -> Any:  # noqa: ANN401
        connection = await asyncpg.connect(dsn)
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    async def figures(self) -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(self.read_dsn)
        try:
            return [tuple(row) for row in await connection.fetch(CUBE)]
        finally:
            await connection.close()

    async def search(self, *canaries: Canary) -> list[Leak]:
        """Look for canaries in everything the run left behind."""
        search = Search(canaries)
        for dsn in self.databases:
            await self.value(dsn, "checkpoint")
        found = search.files(await self._files())
        for dsn in self.databases:
            found += await search.database(dsn)
        found += await search.kafka(self.bus)
        found += search.through("answers", b"\n".join(self.answers))
        found += search.through("logs", "\n".join(self.logs).encode())
        assert search.read > 10_000_000, "the search saw the files"
        return found

    async def _files(self) -> list[Path]:
        names = [dsn.rpartition("/")[2] for dsn in self.databases]
        folder = Path(await self.value(self.read_dsn, "show data_directory"))
        files: list[Path] = []
        for name in names:
            oid = await self.value(
                self.read_dsn,
                f"select oid from pg_database where datname = '{name}'",  # noqa: S608
            )
            files += (folder / "base" / str(oid)).iterdir()
        wal = [f for f in (folder / "pg_wal").iterdir() if f.is_file()]
        files += [f for f in wal if f.stat().st_mtime >= self.began]
        for broker in self.kafka.brokers:
            files += broker.data.glob(f"{self.bus.prefix}.*/*.log")
        return files


@pytest.fixture
async def run(
    database: Databases,
    postgres: EmbeddedPostgres,
    kafka: EmbeddedKafka,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> AsyncIterator[Run]:
    read_dsn, bus = await database(), Bus(kafka.bootstrap, prefix=f"c{secrets.token_hex(4)}")
    async with running_node(database, tmp_path) as node:
        run = Run(node, bus, read_dsn, postgres, kafka)
        community = await node.office_tree()
        await node.staff(community, "community_officer")
        for login in (COUNTY_HEAD, CITY_HEAD):
            if login not in node.tokens:
                role, _, office = login.partition(".")
                await node.staff(office, role)
        async with at_work(run):
            yield run
        run.logs += capfd.readouterr()


@asynccontextmanager
async def at_work(run: Run) -> AsyncIterator[None]:
    """Publish and project until the block ends."""
    log = run.node.role.log
    publisher = Publisher(log, run.bus, poll=0.05)
    nodes = {log.source: node_of(log, ALL)}
    projector = Projector(run.read_dsn, run.bus, nodes, read_models(), ALL)
    tasks = [asyncio.ensure_future(publisher.run()), asyncio.ensure_future(projector.run())]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def person(canary: Canary) -> dict[str, Any]:
    return {
        "name": canary.name, "sex": "female", "birth_date": "1966-03-04",
        "national_id": canary.national_id, "phone": canary.phone, "address": canary.address,
        "residence": "140105001001", "hukou": {"division": "140105", "type": "urban"},
        "worker_type": "worker", "special_work": False,
    }  # fmt: skip


async def registered(run: Run, canary: Canary) -> str:
    done = await run.node.do(CLERK, "registry.register_person", person(canary))
    return str(done["events"][0]["stream"]).split("-", 1)[1]


async def mistaken(run: Run, canary: Canary) -> None:
    """Send what must be refused, with personal values in every place, and keep the answers."""
    whole = person(canary)
    bad: list[dict[str, Any]] = [
        whole | {"sex": "male"},
        whole | {"name": {"text": canary.name}},
        whole | {canary.name: canary.phone},
        whole | {"birth_date": canary.national_id, "residence": canary.address},
        {"name": [canary.name], "phone": canary.national_id},
        whole,
    ]
    for body in bad:
        answer = await run.node.ask(CLERK, "registry.register_person", body)
        assert answer.status_code >= 400, answer.text
        run.answers.append(answer.content + repr(answer.headers).encode())
    http, headers = run.node.http, run.node.as_(CLERK)
    for sent in (
        http.post("/api/token", json={"login": canary.name, "password": canary.national_id}),
        http.post("/api/commands", content=json.dumps(whole).encode(), headers=headers),
        http.post(f"/api/commands/{quote(canary.name)}", json=whole, headers=headers),
        http.post("/api/search", json={"text": canary.name}, headers=headers),
        http.get("/readyz"),
    ):
        run.answers.append((await sent).content)


SEALED = ("name", "national_id", "phone", "address")


async def opened(run: Run, person_id: str) -> list[Any]:
    """Ask for a person's own values, as a page does."""
    stream, kind = f"person-{person_id}", "registry.person_registered.v1"
    query = f"select data from log.events where stream = '{stream}' and version = 1"  # noqa: S608
    body = json.loads(await run.value(run.node.log_dsn, query))
    place = {"type": kind, "stream": stream, "version": 1, "subject": stream}
    values = [body[name] | place | {"field": name} for name in SEALED]
    await run.node.sign_in(CLERK)
    wish = {"values": values, "page": "person"}
    answer = await run.node.http.post("/api/open", json=wish, headers=run.node.as_(CLERK))
    found: list[Any] = answer.json()["values"]
    return found


@pytest.mark.requirement("X15")
async def test_no_canary_is_found_anywhere_and_a_destroyed_key_takes_nothing_else_along(
    run: Run, capfd: pytest.CaptureFixture[str]
) -> None:
    anna, berta, moved = (Canary.hatched() for _ in range(3))
    ann, bert = await registered(run, anna), await registered(run, berta)
    await household(run.node, ann, bert)
    change = {"person": bert, "fact": "address", "value": moved.address}
    await run.node.do(CLERK, "registry.record_person_change", change)
    await mistaken(run, anna)
    await until(run.projected, 60)
    figures = await run.figures()
    assert (await opened(run, ann))[0] == anna.name

    await shred(run.node, ann)
    await until(run.projected, 60)
    assert await opened(run, ann) == [None] * 4
    name, number, _, address = await opened(run, bert)
    assert (name, number[:4], address) == (berta.name, "1499", berta.address)
    assert (await audit(run.node.log_dsn, [])).clean
    assert await run.figures() == figures

    run.logs += capfd.readouterr()
    assert await run.search(anna, berta, moved) == []
    await spill(run, moved)
    places = {leak.place for leak in await run.search(moved)}
    assert places >= {"public.leaks bytes", run.bus.outcomes, "answers", "logs"}


async def spill(run: Run, canary: Canary) -> None:
    """Leak a value into a table, a topic, an answer and a log, each spelled in another way."""
    connection = await asyncpg.connect(run.read_dsn)
    try:
        await connection.execute("create table leaks (body bytea)")
        await connection.execute("insert into leaks values ($1)", canary.address.encode("gbk"))
    finally:
        await connection.close()
    producer = AIOKafkaProducer(**run.bus.client("leak"), compression_type="zstd")
    try:
        await producer.start()
        value = json.dumps({"note": canary.address}).encode()
        await producer.send_and_wait(run.bus.outcomes, value)
    finally:
        await close_quietly(producer)
    run.answers.append(quote(canary.address).encode())
    run.logs.append(base64.b64encode(f"INFO {canary.address} ok".encode()).decode())


CANARY = Canary("钕齬钌岿噁糳櫜", "149999196603044182", "13970456071", "毩錰舧遖梿磎街九号")
NOISE = "办事员记录：".encode()


@pytest.mark.parametrize("field", SEALED)
def test_every_spelling_of_a_value_is_recognised(field: str) -> None:
    value = CANARY.values()[field]
    for spelling, pattern in spellings(value).items():
        found = Search([CANARY]).through("here", NOISE + pattern + NOISE)
        assert field in {leak.value.split()[0] for leak in found}, spelling


@pytest.mark.parametrize("before", range(4))
def test_a_value_inside_a_longer_encoded_text_is_recognised(before: int) -> None:
    text = "x" * before + CANARY.name + "登记"
    for written in (
        base64.b64encode(text.encode()),
        base64.urlsafe_b64encode(text.encode("gbk")),
        json.dumps(text).encode(),
        quote(text).encode(),
        text.encode("utf-16").hex().encode()[4:],
        text.encode("gb18030"),
    ):
        assert Search([CANARY]).through("here", written), written
    assert Search([CANARY]).through("here", text.encode("big5", "ignore")) == []
