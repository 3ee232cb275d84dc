"""A read role over a fixed story, with an account per role, asked over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from starlette.applications import Starlette

from events.contracts import registry, streams
from events.rules.directory import Directory, fold
from events.runtime.clock import SystemClock
from events.runtime.tokens import TokenCheck, TokenIssuer, token_keys
from projections.api import ReadSide, read_app
from projections.cube.model import Cube
from projections.engine.fence import READER
from projections.engine.projection import Projection
from projections.engine.readmodel import Kept
from projections.models import read_models
from projections.obligations.model import Obligations
from tests.support.numbered import NumberedLog
from tests.support.servers import login_of
from tests.support.telling import extend, fill, numbered
from tests.unit.projections import story

TODAY = date(2008, 7, 15)


def models() -> tuple[Projection[Any], ...]:
    """Return every read model that the queries answer from."""
    listed = {m.name: m for m in read_models()}
    more: tuple[Projection[Any], ...] = (Kept(Cube()), Kept(Obligations()))
    return (*listed.values(), *(m for m in more if m.name not in listed))


@dataclass
class Reader:
    """A read side over a story, with an account per role."""

    log: story.Log
    node: NumberedLog
    dsn: str
    http: httpx.AsyncClient
    issuer: TokenIssuer
    app: Starlette
    users: dict[str, str] = field(default_factory=dict)

    def token(self, who: str) -> str:
        """Return a token of somebody's."""
        return self.issuer.issue(self.users[who])[0]

    async def get(self, who: str, path: str, **params: str | int) -> httpx.Response:
        """Ask as somebody; an empty name asks without a token."""
        headers = {"authorization": f"Bearer {self.token(who)}"} if who else {}
        return await self.http.get(path, params=params or None, headers=headers)

    async def ok(self, who: str, path: str, **params: str | int) -> dict[str, Any]:
        """Ask and expect an answer."""
        response = await self.get(who, path, **params)
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found

    async def catch_up(self) -> None:
        """Let the engine apply what was added to the story."""
        extend(self.node, self.log.facts)
        await fill(self.dsn, self.node, models())


PEOPLE = {
    "anna's community": (story.COMMUNITY, "community_officer"),
    "next door": (story.NEXT_DOOR, "community_officer"),
    "elsewhere": (story.ELSEWHERE, "community_officer"),
    "street": (story.STREET, "street_officer"),
    "other street": (story.OTHER_STREET, "street_officer"),
    "county": (story.COUNTY, "county_head"),
    "city": (story.CITY, "city_head"),
    "auditor": (story.COUNTY, "auditor"),
    "operator": (story.PROVINCE, "operator"),
    "tax": (story.COUNTY, "tax"),
    "trainer": (story.TRAINER, "trainer"),
}


def told() -> story.Log:
    """Return a certified person, another in another street, and a household."""
    log = story.certified_person()
    bert = streams.PERSON.of(story.BERT)
    log.add(
        bert,
        story.registered(residence=story.ELSEWHERE),
        "2008-06-09",
        subject=f"person-{story.BERT}",
        office=story.ELSEWHERE,
        area="140105002001",
    )
    members = (registry.Member(person=story.ANNA, relation=story.BOX, counts_as="normal"),)
    formed = registry.HouseholdFormed(
        community=story.COMMUNITY, address=story.BOX, members=members, book=story.DOC
    )
    log.add(story.ON_HOME, formed, subject=f"household-{story.HOME}")
    return log


def beginning() -> tuple[story.Log, dict[str, str]]:
    """Return the story with its accounts, and their ids."""
    log = told()
    users = {who: story.account(log, who, at, role) for who, (at, role) in PEOPLE.items()}
    return log, users


async def filled(dsn: str) -> None:
    """Fill a template with the story up to where every test begins."""
    await fill(dsn, numbered(beginning()[0].facts), models())


@asynccontextmanager
async def reader(dsn: str, keys: Path) -> AsyncIterator[Reader]:
    """Serve queries over a database that `filled` has filled."""
    log, users = beginning()
    node = numbered(log.facts)
    private, public = token_keys(keys)
    now = SystemClock().now

    def directory() -> Directory:
        return fold(Directory(), log.facts)

    asking = await login_of(dsn, READER)
    async with asyncpg.create_pool(asking, min_size=1, max_size=4) as pool:
        side = ReadSide(
            pool, "test", TokenCheck(public, "test", now), directory, lambda: TODAY, node,
            patience=0.3, stream_pause=0.02,
            directory_at=lambda seq: fold(Directory(), [f for f in log.facts if f.seq <= seq]),
        )  # fmt: skip
        app = read_app(side)
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://node") as http:
            yield Reader(log, node, dsn, http, TokenIssuer(private, "test", now), app, users)
