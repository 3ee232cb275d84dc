"""The public command API as a script's driver uses it: tokens, NDJSON, the clock, patience."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import httpx

from events.runtime.clock import Clock, SystemClock
from services.demo.wishes import Answer, Caused, Wish

CHUNK = 500
"""Lines of one request."""
PATIENCE = timedelta(seconds=90)
"""How long an unreachable node is asked again."""
TOKEN_AGE = timedelta(minutes=10)
AWAY = frozenset({429, 502, 503, 504})
"""Statuses of a node that is away or busy."""
TRY_AGAIN = AWAY | {401}
TRIES = 5
"""How often a lost race or an internal fault is tried again before it counts as an answer."""
AT_ONCE = 4


class UnreachableError(Exception):
    """The node did not answer for a long while."""


@dataclass(slots=True)
class Client:
    """Sends wishes under their ids until each one is answered; no answer is asked for twice.

    The same id with the same body is safe to repeat: a lost connection, a restart or a 503 only
    cost time. `passwords` maps the logins that can sign in.
    """

    http: httpx.AsyncClient
    passwords: dict[str, str]
    clock: Clock = field(default_factory=SystemClock)
    position: int = 0
    tokens: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    async def send(self, wishes: Sequence[tuple[str, Wish, str]]) -> list[Answer]:
        """Send (id, wish, lane), and return the answers in order."""
        found: list[Answer] = []
        for at in range(0, len(wishes), CHUNK):
            found += await self._chunk(wishes[at : at + CHUNK])
        self.position = max([self.position, *(a.after for a in found)])
        return found

    async def _chunk(self, wishes: Sequence[tuple[str, Wish, str]]) -> list[Answer]:
        answers: dict[str, Answer] = {}
        until, tries = self.clock.now() + PATIENCE, 0
        while left := [w for w in wishes if w[0] not in answers]:
            await self.sign_in(w.by for _, w, _ in left)
            got = await self._post(left)
            tries += 1
            for ident, answer in got.items():
                if not (answer.status in TRY_AGAIN or (_passing(answer) and tries < TRIES)):
                    answers[ident] = answer
                elif answer.status == 401:
                    self.tokens.clear()
            if len(answers) < len(wishes):
                await self._wait(until)
        return [answers[ident] for ident, _, _ in wishes]

    async def _wait(self, until: datetime) -> None:
        if self.clock.now() > until:
            raise UnreachableError("the node does not answer")
        await asyncio.sleep(0.2)

    async def _post(self, wishes: Sequence[tuple[str, Wish, str]]) -> dict[str, Answer]:
        """Post lines; whatever was not answered is missing in the result."""
        body = b"".join(self._line(*wish) for wish in wishes)
        try:
            response = await self.http.post(
                "/api/commands", content=body, headers=self._as("operator")
            )
        except httpx.TransportError:
            return {}
        if response.status_code != 200:
            if response.status_code == 401:
                self.tokens.clear()
            return {}
        rows = map(_row, response.content.splitlines())
        return {str(row["id"]): _answer(row) for row in rows if row is not None}

    def _line(self, ident: str, wish: Wish, lane: str) -> bytes:
        line: dict[str, Any] = {
            "id": ident,
            "type": wish.name,
            "data": wish.data,
            "token": self.tokens[wish.by][0],
        }
        if lane:
            line["lane"] = lane
        if wish.expected is not None:
            line["expected"] = wish.expected
        return json.dumps(line, ensure_ascii=False, default=_text).encode() + b"\n"

    def _as(self, login: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self.tokens[login][0]}"}

    async def sign_in(self, logins: Iterable[str]) -> None:
        """Sign everybody in whose token is missing or old; new logins get their password first."""
        fresh = self.clock.now() - TOKEN_AGE
        wanted = {"operator", *logins}
        stale = [n for n in sorted(wanted) if n not in self.tokens or self.tokens[n][1] < fresh]
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(login: str) -> None:
            async with gate:
                await self._token(login)

        await asyncio.gather(*(one(login) for login in stale))

    async def _token(self, login: str) -> None:
        wish = {"login": login, "password": self.passwords[login]}
        answer = await self._call("/api/token", wish)
        self.tokens[login] = (str(answer["token"]), self.clock.now())

    async def set_password(self, login: str, password: str) -> None:
        """Give a new account its password (operator)."""
        await self._by_operator("/api/accounts/password", {"login": login, "password": password})
        self.passwords[login] = password

    async def move(self, now: datetime) -> None:
        """Move the node's clock; the answer comes when all that follows is done (operator)."""
        wish = {"now": now.isoformat(), "position": self.position}
        await self._by_operator("/api/clock", wish)

    async def now(self) -> datetime:
        """Tell the node's time (operator). Raises UnreachableError for a node of real time."""
        await self.sign_in(())
        response = await self.http.get("/api/clock", headers=self._as("operator"))
        if response.status_code != 200:
            raise UnreachableError(f"/api/clock: {response.status_code} {response.text[:200]}")
        return datetime.fromisoformat(response.json()["now"])

    async def _by_operator(self, path: str, body: Mapping[str, Any]) -> None:
        await self.sign_in(())
        await self._call(path, body, "operator")

    async def _call(self, path: str, body: Mapping[str, Any], by: str = "") -> dict[str, Any]:
        """Post one body until it is answered with success; UnreachableError when it never is."""
        until = self.clock.now() + PATIENCE
        while True:
            try:
                response = await self.http.post(path, json=body, headers=self._as(by) if by else {})
            except httpx.TransportError:
                response = httpx.Response(503)
            if response.status_code == 200:
                answer: dict[str, Any] = response.json()
                return answer
            if response.status_code == 401 and by:
                self.tokens.pop(by, None)
                await self.sign_in(())
            elif response.status_code not in AWAY:
                raise UnreachableError(f"{path}: {response.status_code} {response.text[:200]}")
            await self._wait(until)


def _passing(answer: Answer) -> bool:
    """Tell an internal fault, or a lost race from a stale form, which names what is newer."""
    lost = answer.code == "version_conflict" and not answer.newer
    return lost or answer.status == 500


def _row(line: bytes) -> dict[str, Any] | None:
    """Read a line of the answer; one cut off is none."""
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) and "status" in row and row.get("id") else None


def _answer(row: Mapping[str, Any]) -> Answer:
    data = row.get("data")
    more = data if isinstance(data, dict) else {}
    after = str(row.get("after") or "").split(":")
    return Answer(
        status=int(row["status"]),
        code=str(row.get("code", "")),
        text=str(row.get("detail", "")),
        events=tuple(_caused(e) for e in row.get("events", ())),
        newer=tuple(_caused(e) for e in more.get("newer", ())),
        after=int(after[1]) if len(after) > 1 else 0,
    )


def _caused(event: Mapping[str, Any]) -> Caused:
    return Caused(
        str(event["type"]),
        str(event.get("event_id", "")),
        str(event.get("stream", "")),
        int(event.get("version", 0)),
    )


def _text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")
