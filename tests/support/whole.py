"""A whole node in one process: the write role, read models filled from its own log, both APIs.

The engine applies what the log numbered whenever a test asks; Kafka is not needed for that.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from starlette.applications import Starlette

from events.bus.wire import Delivered
from events.contracts.catalogue import ALL
from events.rules.time import shanghai_day
from events.runtime.clock import SystemClock
from events.runtime.tokens import TokenCheck, TokenIssuer, token_keys
from projections.api import ReadSide, read_app
from projections.engine import builds
from projections.engine.database import connect, install
from projections.engine.fence import READER
from projections.engine.node import node_of
from projections.engine.runner import Runner
from services.kit.exporting import ReadApi
from tests.support.node import NOTHING, START, Node, running_node
from tests.support.reading import models
from tests.support.servers import Databases, login_of

PAGE = 5_000


@dataclass
class Whole:
    """A node with both sides, and a way to let the read side catch up."""

    node: Node
    side: ReadSide
    read_app: Starlette
    read: httpx.AsyncClient
    issuer: TokenIssuer
    runners: tuple[Runner, ...]
    dsn: str = ""
    """The database of the read models, as its keeper."""
    applied: int = field(default=0)

    def sign_in(self, login: str) -> None:
        """Take a token for an account without its password: the node's own key signs it."""
        self.node.tokens[login] = self.issuer.issue(self.node.accounts[login])[0]

    async def get(self, login: str, path: str, **params: str | int) -> httpx.Response:
        """Ask the read API as somebody."""
        return await self.read.get(path, params=params or None, headers=self.node.as_(login))

    async def catch_up(self) -> None:
        """Apply all that the log holds, as the engine would from Kafka."""
        log = self.node.role.log
        await self.node.role.follower.settle(0)
        while page := await log.after(self.applied, PAGE):
            events = [Delivered(e, log.source, log.epoch) for e in page]
            for runner in self.runners:
                await runner.take(events, {})
            self.applied = page[-1].seq or self.applied
        for runner in self.runners:
            await runner.note_known()
            assert not runner.state.stopped, runner.state.stopped
            assert not runner.state.parked, runner.projection.name


@asynccontextmanager
async def whole_node(
    database: Databases, home: Path, start: datetime = START, told: Mapping[str, Any] = NOTHING
) -> AsyncIterator[Whole]:
    """Run both sides of a node on real PostgreSQL until the block ends; `told` are settings."""
    async with running_node(database, home, start, told) as node:
        dsn = await database()
        await install(dsn)
        runners = await _runners(dsn, node)
        private, public = token_keys(home / "keys")
        clock, now = node.role.clock, SystemClock().now

        def today() -> date:
            return shanghai_day(clock.now())

        def directory() -> Any:  # noqa: ANN401
            return node.role.reference.directory

        asking = await login_of(dsn, READER)
        async with asyncpg.create_pool(asking, min_size=1, max_size=4) as pool:
            check = TokenCheck(public, "test", now)
            side = ReadSide(
                pool, "test", check, directory, today, node.role.log,
                now=clock.now, patience=0.3, stream_pause=0.02, counting=node.role.log,
            )  # fmt: skip
            app = read_app(side)
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://read") as http:
                node.role.exports.rows = ReadApi(http, "http://read")
                yield Whole(node, side, app, http, TokenIssuer(private, "test", now), runners, dsn)
        for runner in runners:
            await runner.close()


async def _runners(dsn: str, node: Node) -> tuple[Runner, ...]:
    """Make every read model's build and the runner that fills it."""
    log = node.role.log
    nodes = {log.source: node_of(log, ALL)}
    runners = []
    for model in models():
        connection = await connect(dsn)
        try:
            build = await builds.create(connection, model, {log.source: log.epoch})
            await builds.activate(connection, model, build)
        finally:
            await connection.close()
        runner = Runner(dsn, model, nodes, ALL)
        await runner.hints()
        runners.append(runner)
    return tuple(runners)
