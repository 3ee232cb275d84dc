"""A small county that lived through some months on a real node, with its read models built."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import SecretStr

from events.contracts.catalogue import ALL
from events.log.postgres import PostgresLog
from events.runtime.postgres import EmbeddedPostgres
from events.runtime.settings import Settings
from projections.engine.node import node_of
from projections.engine.rebuild import rebuild
from projections.engine.runner import Runner
from projections.models import read_models
from projections.replay.asking import Replay, open_replay
from services.demo.driver import simulate
from services.demo.plan import Plan
from tests.support.node import PASSWORD, running_node
from tests.support.servers import Databases

PLAN = Plan(persons=12, last=date(2008, 11, 30), whole_tree=False)
COUNTY = "140105000000"


@dataclass
class County:
    """Where a county's history lies."""

    settings: Settings
    databases: Databases

    @asynccontextmanager
    async def replay(self, **without: None) -> AsyncIterator[Replay]:
        """Open the replay; `read_url=None` leaves the read models out."""
        async with open_replay(self.settings.model_copy(update=without)) as opened:
            yield opened

    async def build(self) -> None:
        """Bring every read model up to the log's head."""
        await build(self.settings)


async def build(settings: Settings) -> None:
    """Build the read models of a node from its log."""
    log = await PostgresLog.open(settings.secret("log_url"), lanes=1, readers=2)
    try:
        nodes = {log.source: node_of(log, ALL)}
        for model in read_models():
            await rebuild(settings.secret("read_url"), model, nodes, ALL)
            runner = Runner(settings.secret("read_url"), model, nodes, ALL)
            await runner.hints()
            await runner.note_known()
            await runner.close()
    finally:
        await log.close()


def lived(server: EmbeddedPostgres, home: Path, plan: Plan = PLAN) -> County:
    """Simulate a county on databases of its own."""
    return asyncio.run(_lived(server, home, plan))


async def _lived(server: EmbeddedPostgres, home: Path, plan: Plan) -> County:
    databases = Databases(server, {})
    async with running_node(databases, home) as node:
        first = dict.fromkeys(("operator", "rules", "head"), PASSWORD)
        result = await simulate(node.http, plan, first, PASSWORD)
        assert not result.unexpected
        settings = node.role.settings.model_copy(
            update={"read_url": SecretStr(await databases(name="read"))}
        )
    await build(settings)
    return County(settings, databases)
