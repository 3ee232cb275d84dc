"""The two public HTTP APIs as the console calls them; a refusal becomes a Refused."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx
import orjson

from services.console.config import ConsoleConfig

TIMEOUT = httpx.Timeout(20, connect=3)
FILE_TIMEOUT = httpx.Timeout(120, connect=3)
"""A file comes page by page, each opened and recorded first."""
MOST_OPENED = 500


class Refused(Exception):  # noqa: N818  # an answer of the API, not a fault
    """A problem document, or the lack of an answer, ready for a page."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(str(problem.get("code", status)))
        self.status, self.problem = status, dict(problem)

    @property
    def code(self) -> str:
        """Return the stable code of the refusal."""
        return str(self.problem.get("code", ""))


AWAY = {
    "code": "unavailable",
    "zh": "服务暂时没有应答。",
    "en": "The service does not answer at the moment.",
    "next_zh": "请稍后重试；已填内容不会丢失。",
    "next_en": "Try again shortly; what was typed is kept.",
}
ODD = {
    "code": "unexpected",
    "zh": "服务返回了无法识别的应答。",
    "en": "The service gave an answer that cannot be read.",
    "next_zh": "请稍后重试，或联系系统管理员。",
    "next_en": "Try again shortly, or tell the operator.",
}


@dataclass(frozen=True, slots=True)
class Token:
    """A token and when it ends."""

    text: str
    ends: datetime


class Apis:
    """Calls both APIs with one client."""

    def __init__(self, config: ConsoleConfig, client: httpx.AsyncClient) -> None:
        self._write, self._read = config.write_api.rstrip("/"), config.read_api.rstrip("/")
        self._client = client

    async def sign_in(self, login: str, password: str, address: str = "") -> Token:
        """Return a token; guesses count for the browser's address. Raises Refused (401, 429)."""
        headers = {"x-forwarded-for": address} if address else {}
        body = {"login": login, "password": password}
        url = f"{self._write}/api/token"
        return _token(await self._send("POST", url, json=body, headers=headers))

    async def exchange(self, token: str, nonce: str) -> Token:
        """Return a token for one of the issuer's. Raises Refused (401, 403, 503)."""
        body = {"token": token, "nonce": nonce}
        return _token(await self._send("POST", f"{self._write}/api/token/exchange", json=body))

    async def renew(self, token: str, *, fresh: bool = False) -> Token | None:
        """Return the next token of a session that stands; None where it is refused."""
        url = f"{self._write}/api/token/renew"
        try:
            return _token(await self._send("POST", url, token, json={"fresh": fresh}))
        except Refused:
            return None

    async def sign_out(self, token: str) -> None:
        """End the session of a token, for every role. Raises Refused."""
        await self._send("POST", f"{self._write}/api/token/end", token)

    async def command(
        self, token: str, name: str, command_id: str, body: Mapping[str, Any],
        version: str = "", role: str = "",
    ) -> dict[str, Any]:  # fmt: skip
        """Send one command, in one role where it is named. Raises Refused (problem document)."""
        said = {"idempotency-key": command_id, "if-match": version, "x-acting-role": role}
        headers = {name: text for name, text in said.items() if text}
        url = f"{self._write}/api/commands/{name}"
        return await self._send("POST", url, token, json=body, headers=headers)

    async def open(
        self, token: str, values: list[dict[str, Any]], page: str = "open", ticket: str = "",
        mode: str = "",
    ) -> list[Any]:  # fmt: skip
        """Open sealed values, up to 500 a call; None where one cannot be opened.

        A ticket shows one person's number in full, once. In mode `print` the page is the document,
        and no value at all asks whether one may print it. Raises Refused.
        """
        told = {"page": page, "ticket": ticket, "mode": mode}
        more = {name: text for name, text in told.items() if text}
        out: list[Any] = []
        for start in range(0, len(values) or 1, MOST_OPENED):
            part = values[start : start + MOST_OPENED]
            answer = await self._send(
                "POST", f"{self._write}/api/open", token, json={"values": part, **more}
            )
            out += answer["values"]
        return out

    async def set_password(self, token: str, login: str, password: str) -> None:
        """Set a login's password, as the operator. Raises Refused."""
        wish = {"login": login, "password": password}
        await self._send("POST", f"{self._write}/api/accounts/password", token, json=wish)

    async def download(self, token: str, path: str) -> httpx.Response:
        """Begin to fetch a file; the caller reads and closes the answer. Raises Refused."""
        headers = {"authorization": f"Bearer {token}", "accept-encoding": "identity"}
        url = f"{self._write}{_quoted(path)}"
        request = self._client.build_request("GET", url, headers=headers, timeout=FILE_TIMEOUT)
        try:
            answer = await self._client.send(request, stream=True)
        except httpx.HTTPError as error:
            raise Refused(503, AWAY) from error
        if answer.status_code == 200:
            return answer
        await answer.aread()
        _read(answer)
        raise Refused(502, ODD)

    async def progress(self, token: str, path: str) -> dict[str, Any]:
        """Ask the write role how far a job is. Raises Refused (404 where it has ended)."""
        return await self._send("GET", f"{self._write}{_quoted(path)}/progress", token)

    async def search(self, token: str, text: str) -> dict[str, Any]:
        """Find persons by name, initials or id tail."""
        return await self._send("POST", f"{self._write}/api/search", token, json={"text": text})

    async def get(self, token: str, path: str, **query: Any) -> dict[str, Any]:  # noqa: ANN401
        """Ask the read API. Raises Refused."""
        params = {k.rstrip("_"): v for k, v in query.items() if v not in (None, "")}
        return await self._send("GET", f"{self._read}{_quoted(path)}", token, params=params)

    async def _send(self, method: str, url: str, token: str = "", **more: Any) -> dict[str, Any]:  # noqa: ANN401
        headers = dict(more.pop("headers", {}))
        if token:
            headers["authorization"] = f"Bearer {token}"
        try:
            answer = await self._client.request(
                method, url, headers=headers, timeout=TIMEOUT, **more
            )
        except httpx.HTTPError as error:
            raise Refused(503, AWAY) from error
        return _read(answer)

    @asynccontextmanager
    async def stream(
        self, token: str, office: str, last_id: str
    ) -> AsyncIterator[AsyncIterator[str]]:
        """Follow the read API's stream of changes; lines as they come."""
        headers = {"authorization": f"Bearer {token}", "accept": "text/event-stream"}
        if last_id:
            headers["last-event-id"] = last_id
        timeout = httpx.Timeout(None, connect=3)
        params = {"office": office} if office else {}
        url = f"{self._read}/api/stream"
        try:
            async with self._client.stream(
                "GET", url, params=params, headers=headers, timeout=timeout
            ) as answer:
                if answer.status_code != 200:
                    await answer.aread()
                    _read(answer)
                yield answer.aiter_lines()
        except httpx.HTTPError as error:
            raise Refused(503, AWAY) from error


def _quoted(path: str) -> str:
    """Return a path whose ids, typed by anybody, are neither a query nor a fault."""
    return quote(path, safe="/:")


def _token(found: Mapping[str, Any]) -> Token:
    return Token(found["token"], datetime.fromisoformat(found["expires_at"]))


def _read(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = orjson.loads(answer.content or b"{}")
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise Refused(502 if answer.is_success else answer.status_code, ODD)
    if answer.is_success:
        return found
    raise Refused(answer.status_code, found if "code" in found else ODD | found)
