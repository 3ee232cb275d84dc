"""Stand-ins of the two public APIs for the console's unit tests: they keep what they were asked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import httpx
from pydantic import SecretStr

from events.runtime.clock import SimulatedClock
from events.runtime.ids import SeededIds
from services.console.app import console_app
from services.console.config import ConsoleConfig
from tests.unit.services.console.canned import CASE, KNOWN, PERSON, answers

NOW = datetime(2009, 3, 2, 2, 0, tzinfo=UTC)


@dataclass
class Apis:
    """Both APIs; `refusals` holds the next answers of a command, else it is accepted."""

    answers: dict[str, Any] = field(default_factory=answers)
    refusals: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    sent: list[tuple[str, str, str, dict[str, Any]]] = field(default_factory=list)
    """Commands as they came: name, command id, version, body."""
    opened: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    """Pages that sealed values were opened for."""
    printed: list[str] = field(default_factory=list)
    """Fields that were opened for print."""
    opening: tuple[int, dict[str, Any]] | None = None
    """How every opening is refused, if it is."""
    shown: list[str] = field(default_factory=list)
    """Tickets that have shown their number."""
    roles_sent: list[str] = field(default_factory=list)
    """The role that each command was to be done in."""
    asked: list[httpx.URL] = field(default_factory=list)
    token_life: timedelta = timedelta(minutes=15)
    stream: str = ""
    renewals: int = 0
    sign_outs: int = 0
    fresh: int = 0
    """Sessions that were given another id."""
    clock: Callable[[], datetime] = lambda: NOW

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        path = request.url.path
        if path == "/api/token":
            return self._token(json.loads(request.content))
        if request.headers.get("authorization") != "Bearer good":
            return _problem(401, "unauthenticated")
        if path == "/api/token/renew":
            self.renewals += 1
            self.fresh += bool(json.loads(request.content or b"{}").get("fresh"))
            ends = self.clock() + self.token_life
            return _json({"token": "good", "expires_at": ends.isoformat()})
        if path == "/api/token/end":
            self.sign_outs += 1
            return _json({"ended": True})
        if path.startswith("/api/commands/"):
            return self._command(request, path.rsplit("/", 1)[-1])
        if path == "/api/open":
            return self._open(json.loads(request.content))
        if path == "/api/search":
            return httpx.Response(200, json={"subjects": [f"person-{PERSON}"], "outside": 2})
        if path == "/api/stream":
            return httpx.Response(200, text=self.stream)
        self.asked.append(request.url)
        found = self.answers.get(path)
        missing = "not_yet" if "after" in request.url.params else "not_found"
        return _problem(404, missing) if found is None else _json(found | {"known": KNOWN})

    def _open(self, wish: dict[str, Any]) -> httpx.Response:
        ticket, values = wish.get("ticket", ""), wish["values"]
        if self.opening:
            return httpx.Response(self.opening[0], json=self.opening[1])
        if ticket in self.shown:
            return _problem(409, "ticket_used", zh="该显示申请已经使用过。")
        self.shown += [ticket] if ticket else []
        self.opened += [v["field"] for v in values]
        self.pages.append(wish.get("page", ""))
        self.printed += [v["field"] for v in values if wish.get("mode") == "print"]
        clear = [FULL.get(v["field"]) if ticket else _clear(v["field"]) for v in values]
        return httpx.Response(200, json={"values": clear})

    def _token(self, wish: dict[str, Any]) -> httpx.Response:
        if wish["password"] != "secret-1":  # noqa: S105  # the stand-in's only password
            return _problem(401, "wrong_password", zh="账号或密码不正确。")
        ends = (NOW + self.token_life).isoformat()
        return _json({"token": "good", "token_type": "Bearer", "expires_at": ends})

    def _command(self, request: httpx.Request, name: str) -> httpx.Response:
        headers = request.headers
        row = (name, headers["idempotency-key"], headers.get("if-match", ""))
        self.sent.append((*row, json.loads(request.content)))
        self.roles_sent.append(headers.get("x-acting-role", ""))
        if self.refusals:
            status, body = self.refusals.pop(0)
            return httpx.Response(status, json=body)
        event = {
            "type": "certification.community_registered.v1", "event_id": CASE,
            "stream": f"certification-{CASE}", "version": 4,
        }  # fmt: skip
        return _json({"command_id": row[1], "events": [event], "after": "bangfu:9:1"})


FULL = {"phone": "13800000001", "national_id": "140105196601010021"}
"""What a ticket shows."""


def _clear(name: str) -> str | None:
    return {
        "name": "陈玉梅", "phone": "138****0001", "national_id": "140105********0021",
        "birth_date": "1966-03-04",
    }.get(name)  # fmt: skip


def _json(body: dict[str, Any]) -> httpx.Response:
    return httpx.Response(200, json=body)


def _problem(status: int, code: str, **more: str) -> httpx.Response:
    return httpx.Response(status, json={"code": code, "status": status, "zh": code} | more)


@dataclass
class Browser:
    """A visitor without JavaScript: keeps cookies, follows nothing by itself."""

    apis: Apis
    http: httpx.AsyncClient
    clock: SimulatedClock

    async def sign_in(self) -> None:
        """Sign in as the community's officer."""
        answer = await self.post_login()
        assert answer.status_code == 303, answer.text

    async def post_login(self, **inputs: str) -> httpx.Response:
        """Open the sign-in page and send its form, with some inputs as told."""
        page = await self.http.get("/login")
        form = {
            "_login": "liu", "_password": "secret-1", "_to": "", "_typed": "",
            "_csrf": token_of(page.text, "_csrf"),
        }  # fmt: skip
        return await self.http.post("/login", data=form | inputs)


def token_of(html: str, name: str) -> str:
    """Return the value of one of a page's hidden inputs."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found is not None
    return unescape(found[1])


def browser(apis: Apis | None = None, *, secure: bool = False) -> Browser:
    """Open a browser on a console over the stand-ins."""
    apis = apis or Apis()
    clock = SimulatedClock(NOW)
    apis.clock = clock.now
    config = ConsoleConfig(
        "http://write", "http://read", SecretStr("a secret of the test, long enough"),
        secure=secure, clock=clock, ids=SeededIds(clock, 1),
        client=httpx.AsyncClient(transport=httpx.MockTransport(apis)),
    )  # fmt: skip
    transport = httpx.ASGITransport(console_app(config))
    url = "https://console" if secure else "http://console"
    return Browser(apis, httpx.AsyncClient(transport=transport, base_url=url), clock)
