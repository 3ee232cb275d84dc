"""What stands between a drill's client and the node: paces, notes every answer, times outages."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.faults.facts import Told

AWAY = frozenset({502, 503, 504})
COMMANDS = "/api/commands"


@dataclass
class Load(httpx.AsyncBaseTransport):
    """A transport; `rate` commands a second at most once it is set."""

    rate: float = 0.0
    sent: Counter[str] = field(default_factory=Counter)
    answered: dict[str, Told] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    """Commands and codes of their refusals, an outage left out."""
    outage: float = 0.0
    _since: float | None = None
    _inner: httpx.AsyncHTTPTransport = field(default_factory=httpx.AsyncHTTPTransport)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request on; a lost connection counts as an outage until the next answer."""
        commands = request.url.path == COMMANDS
        if commands:
            await self._pace(request.content)
        try:
            response = await self._inner.handle_async_request(request)
            if commands:
                await response.aread()
        except httpx.TransportError:
            self._away()
            raise
        if response.status_code in AWAY or (commands and self._note(response)):
            self._away()
        else:
            self._back()
        return response

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()

    @property
    def told(self) -> tuple[Told, ...]:
        """Every command that was answered with success, once."""
        return tuple(self.answered.values())

    async def _pace(self, body: bytes) -> None:
        lines = [json.loads(line)["id"] for line in body.splitlines()]
        self.sent.update(lines)
        if self.rate:
            await asyncio.sleep(len(lines) / self.rate)

    def _note(self, response: httpx.Response) -> bool:
        """Note the answers of a batch; tell whether the node was away for one of them."""
        away = False
        for line in response.content.splitlines():
            row = _row(line)
            away |= row.get("status") in AWAY
            if row.get("status") not in {*AWAY, 200}:
                self.refused[f"{row.get('status')} {row.get('code')} {row.get('detail')}"] += 1
            if row.get("status") == 200:
                events = tuple(str(e["event_id"]) for e in row.get("events", ()))
                self.answered[str(row["id"])] = Told(str(row["id"]), events)
        return away

    def _away(self) -> None:
        if self._since is None:
            self._since = asyncio.get_running_loop().time()

    def _back(self) -> None:
        if self._since is not None:
            self.outage += asyncio.get_running_loop().time() - self._since
            self._since = None


def _row(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError:
        return {}
    return row if isinstance(row, dict) else {}
