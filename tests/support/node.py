"""A whole write role with its sequencer on real PostgreSQL, driven over HTTP in process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import asyncpg
import httpx
from pydantic import SecretStr

from events.contracts.catalogue import ALL
from events.log.sequencer import Sequencer
from events.runtime.clock import SimulatedClock
from events.runtime.settings import Settings
from services.assistance import CONTEXT as ASSISTANCE
from services.certification import CONTEXT as CERTIFICATION
from services.kit.bootstrap import Bootstrap, First
from services.kit.role import WriteRole, open_write_role, prepare
from services.posts import CONTEXT as POSTS
from services.registry import CONTEXT as REGISTRY
from tests.support.servers import Databases

CONTEXTS = (REGISTRY, CERTIFICATION, ASSISTANCE, POSTS)
NOTHING: Mapping[str, Any] = {}
SPACE = UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")
START = datetime(2008, 6, 1, 1, 0, tzinfo=UTC)
DAY_ONE = date(2008, 6, 1)
PASSWORD = "a long enough password"  # noqa: S105  # of accounts that live for one test
PROVINCE = "140000000000"
TREE = (("1401", "太原市", "city"), ("140105", "小店区", "county"),
        ("140105001", "坞城街道", "street"), ("140105001001", "学府社区", "community"))  # fmt: skip
SIBLING = (("140105002", "营盘街道", "street"), ("140105002001", "营盘社区", "community"))


@dataclass
class Node:
    """A running node and the tokens of its people."""

    role: WriteRole
    http: httpx.AsyncClient
    log_dsn: str
    tokens: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    sent: int = 0

    def as_(self, login: str) -> dict[str, str]:
        """Return the headers that act as a person."""
        return {"authorization": f"Bearer {self.tokens[login]}"}

    async def sign_in(self, login: str) -> dict[str, str]:
        """Sign a person in and return the headers."""
        wish = {"login": login, "password": PASSWORD}
        answer = await self.http.post("/api/token", json=wish)
        assert answer.status_code == 200, answer.text
        self.tokens[login] = answer.json()["token"]
        return self.as_(login)

    async def do(self, login: str, name: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send a command that must be accepted, and wait until all is quiet."""
        answer = await self.ask(login, name, body)
        assert answer.status_code == 200, f"{name}: {answer.text}"
        found: dict[str, Any] = answer.json()
        if found["after"]:
            await self.role.follower.settle(int(found["after"].split(":")[1]))
        return found

    async def ask(
        self, login: str, name: str, body: dict[str, Any], expected: int | None = None
    ) -> httpx.Response:
        """Send a command under a fresh id."""
        self.sent += 1
        headers = {"idempotency-key": str(uuid5(SPACE, f"{name}/{self.sent}")), **self.as_(login)}
        if expected is not None:
            headers["if-match"] = str(expected)
        return await self.http.post(f"/api/commands/{name}", json=body, headers=headers)

    async def office_tree(self, rows: tuple[tuple[str, str, str], ...] = TREE) -> str:
        """Open one line of offices down to a community and return the community's id."""
        for code, name, level in rows:
            body = {"name": name, "kind": "labour", "level": level, "code": code}
            await self.do("rules", "registry.open_office", body | {"from": DAY_ONE.isoformat()})
        return rows[-1][0].ljust(12, "0")

    async def staff(self, office: str, *roles: str, login: str = "") -> dict[str, str]:
        """Open an account with roles in an office; heads above it are made as needed."""
        login = login or f"{roles[0]}.{office}"
        account = await self._account(office, login)
        for role in roles:
            await self._give(account, office, role)
        await self.role.doorkeeper.set_password(login, account, PASSWORD)
        return await self.sign_in(login)

    async def _account(self, office: str, login: str) -> str:
        body = {"office": office, "name": "测试员", "login": login}
        opened = await self.do("operator", "registry.open_account", body)
        account = str(opened["events"][0]["stream"]).split("-", 1)[1]
        self.accounts[login] = account
        return account

    async def _give(self, account: str, office: str, role: str) -> None:
        day = self.role.clock.now() + timedelta(hours=8)
        wish = {"user": account, "role": role, "areas": [office], "from": day.date().isoformat()}
        proposed = await self.do("operator", "registry.propose_role", wish)
        body = {"user": account, "proposal": proposed["events"][0]["event_id"]}
        await self.do(await self.head_above(office), "registry.approve_role", body)

    async def head_above(self, office: str) -> str:
        """Return the login of the head who approves the roles of an office."""
        found = self.role.reference.directory.office(office)
        assert found is not None
        parent = found.parent or PROVINCE
        if parent == PROVINCE:
            return "head"
        level = self.role.reference.directory.offices[parent].level
        role = "street_signer" if level == "street" else f"{level}_head"
        login = f"{role}.{parent}"
        if login not in self.tokens:
            await self.staff(parent, role)
        return login

    async def at(self, day: str, hour: int = 2) -> None:
        """Move the simulated clock to an hour (UTC) of a day, and settle."""
        assert isinstance(self.role.clock, SimulatedClock)
        self.role.clock.set(datetime.fromisoformat(f"{day}T{hour:02}:00:00+00:00"))
        await self.role.follower.settle(0)

    async def everything(self) -> bytes:
        """Return every byte that the log keeps about events, for a search."""
        connection = await asyncpg.connect(self.log_dsn)
        try:
            rows = await connection.fetch("select meta, data, type, stream from log.events")
            more = await connection.fetch("select claim from log.claims")
        finally:
            await connection.close()
        return b"\n".join([*(bytes(r["meta"]) + bytes(r["data"]) for r in rows),
                           *(str(r["claim"]).encode() for r in more)])  # fmt: skip


@asynccontextmanager
async def running_node(
    database: Databases, home: Path, start: datetime = START, told: Mapping[str, Any] = NOTHING
) -> AsyncIterator[Node]:
    """Run a write role and its sequencer with a simulated clock and three first accounts.

    `told` are further settings.
    """
    log_dsn, keys_dsn = await database(), await database()
    own = {"log_url": SecretStr(log_dsn), "keys_url": SecretStr(keys_dsn)} | dict(told)
    settings = Settings(home=home, source="test", simulated=True, simulated_from=start, **own)
    await prepare(settings)
    sequencer = Sequencer(log_dsn, clock=lambda: start)
    await sequencer.start()
    try:
        async with open_write_role(settings, CONTEXTS, ALL) as role:
            role.log.appended = sequencer.wake
            sequencer.numbered = role.follower.wake
            transport = httpx.ASGITransport(app=role.app())
            async with httpx.AsyncClient(transport=transport, base_url="http://node") as http:
                node = Node(role, http, log_dsn)
                people = (
                    First("operator", "运维", PASSWORD, ("operator",)),
                    First("rules", "规则", PASSWORD, ("rule_admin", "province_officer")),
                    First("head", "厅长", PASSWORD, ("province_head",)),
                )
                boot = Bootstrap(role.side.commands, role.handler, role.follower, role.doorkeeper)
                node.accounts |= await boot.run("14", "山西省", people, DAY_ONE, start)
                await asyncio.gather(*(node.sign_in(p.login) for p in people))
                yield node
    finally:
        await sequencer.stop()
