"""A console over a running node, an OpenID Connect provider, and a browser that visits them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from pydantic import SecretStr
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from events.runtime.tokens import TokenRefusedError
from projections.doors import Door
from services.console.app import console_app
from services.console.config import ConsoleConfig
from services.console.issuer import IssuerClient
from services.console.pages.vouched import PATH
from services.kit.oidc import PAUSE, Issuer
from tests.support.node import Node, running_node
from tests.support.provider import CLIENT, SECRET, Provider, running_provider
from tests.support.servers import Databases

CONSOLE = "http://console"


@dataclass
class Office:
    """A node with a community, a console and a provider that many tests share."""

    provider: Provider
    node: Node
    door: Door
    config: ConsoleConfig
    community: str
    clock: list[float]
    """Seconds by which the console takes the provider's documents for fresh."""
    people: int = 0

    @asynccontextmanager
    async def desk(self) -> AsyncIterator[Desk]:
        """Give a test an officer whom the provider knows, and a browser at an own address."""
        self.people += 1
        login, subject, place = (f"{kind}{self.people}" for kind in ("officer-", "s-", "10.9.0."))
        await self.node.staff(self.community, "community_officer", login=login)
        self.provider.people = {subject: {"preferred_username": login.upper()}}
        self.provider.twist, self.provider.broken = {}, False
        self.clock[0] += PAUSE
        async with browser_of(self.config, place) as browser:
            yield Desk(
                self.provider, self.node, browser, self.door, login, subject, place, self.clock
            )


@dataclass
class Desk:
    """What one test has: `browser` keeps cookies and follows nothing by itself."""

    provider: Provider
    node: Node
    browser: httpx.AsyncClient
    door: Door
    login: str
    subject: str
    place: str
    clock: list[float]

    async def to_the_provider(self, to: str = "/tasks", **inputs: str) -> httpx.Response:
        """Press the button of the sign-in page."""
        page = await self.browser.get(f"{CONSOLE}/login", params={"to": to})
        own = {name: hidden(page.text, name) for name in ("_csrf", "_to", "_typed")}
        return await self.browser.post(f"{CONSOLE}{PATH}", data=own | inputs)

    async def at_the_provider(self, leading: httpx.Response, who: str = "") -> str:
        """Say there who one is; return the address one is sent back to."""
        asked = await self.browser.get(onward(leading.text))
        assert asked.status_code == 200, asked.text
        action = re.search(r'action="([^"]*)"', asked.text)
        assert action is not None
        url = f"{self.provider.url}{unescape(action[1])}"
        return (await self.browser.post(url, data={"who": who or self.subject})).headers["location"]

    async def sign_in(self, to: str = "/tasks", who: str = "", **inputs: str) -> httpx.Response:
        """Go the whole way and return what the console answers in the end."""
        leading = await self.to_the_provider(to, **inputs)
        return await self.browser.get(await self.at_the_provider(leading, who))

    async def exchange(self, token: str, nonce: str | None = None) -> httpx.Response:
        """Ask the node for a token of its own, as a system does."""
        wish = {"token": token} | ({"nonce": nonce} if nonce else {})
        return await self.node.http.post("/api/token/exchange", json=wish)

    async def stands(self, token: str) -> tuple[bool, bool]:
        """Tell whether a token stands at the write role, and at the read role."""
        bearer = {"authorization": f"Bearer {token}"}
        answer = await self.node.http.get("/api/commands", headers=bearer)
        try:
            (await self.door.look()).account(token)
        except TokenRefusedError:
            return answer.status_code == 200, False
        return answer.status_code == 200, True


def hidden(html: str, name: str) -> str:
    """Return the value of one of a page's hidden inputs."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found is not None, html
    return unescape(found[1])


def onward(html: str) -> str:
    """Return where a page leads on to by itself."""
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]*)"', html)
    assert found is not None, html
    return unescape(found[1])


@asynccontextmanager
async def running_office(database: Databases, home: Path) -> AsyncIterator[Office]:
    """Run a node that knows a provider, with a console before it."""
    with running_provider(f"{CONSOLE}{PATH}") as provider:
        told = {"oidc_issuer": provider.url, "oidc_client_id": CLIENT}
        async with (
            running_node(database, home, told=told) as node,
            asyncpg.create_pool(node.log_dsn, min_size=1, max_size=1) as pool,
        ):
            community, door, clock = await node.office_tree(), Door("test", pool), [0.0]
            async with _apis(node, door) as apis:
                config = _config(provider, apis, clock)
                yield Office(provider, node, door, config, community, clock)


def _config(provider: Provider, apis: httpx.AsyncClient, clock: list[float]) -> ConsoleConfig:
    issuer = Issuer(provider.url, apis, lambda: clock[0])
    client = IssuerClient(
        issuer, apis, CLIENT, SecretStr(SECRET), "openid profile", f"{CONSOLE}{PATH}", "省统一认证"
    )
    secret = SecretStr("a secret of the test, long enough")
    return ConsoleConfig("http://node", "http://read", secret, issuer=client, client=apis)


def browser_of(config: ConsoleConfig, address: str) -> httpx.AsyncClient:
    """Open a browser at an address on a console of one's own."""
    console = httpx.ASGITransport(console_app(config), client=(address, 1))
    return httpx.AsyncClient(mounts={CONSOLE: console})


def _apis(node: Node, door: Door) -> httpx.AsyncClient:
    """Make the client by which the console reaches both APIs, and the provider over the network."""

    async def read(request: httpx.Request) -> httpx.Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        try:
            user = (await door.look()).account(token)
        except TokenRefusedError:
            return httpx.Response(401, json={"code": "unauthenticated"})
        found: dict[str, Any] = {"items": [], "counts": []}
        if request.url.path == "/api/me":
            found = {
                "user": user,
                "name": "测试员",
                "level": "community",
                "roles": ["community_officer"],
            }
        return httpx.Response(200, json=found)

    behind: Any = ProxyHeadersMiddleware(node.role.app(), "127.0.0.1")
    write = httpx.ASGITransport(behind, client=("127.0.0.1", 1))
    return httpx.AsyncClient(
        mounts={"http://node": write, "http://read": httpx.MockTransport(read)}
    )
