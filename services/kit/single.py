"""One command over HTTP on the shortest way: plain ASGI; a framework cost as much as the log.

Everything else is passed on to the application around it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import structlog
from starlette.types import ASGIApp, Receive, Scope, Send

from events.rules.access import Principal
from services.kit import problems
from services.kit.answers import Sent
from services.kit.decider import DomainError
from services.kit.faces import MAX_BODY, Commands, answer, command_id, version
from services.kit.handling import Handler
from services.kit.principals import Doorkeeper
from services.kit.problems import NO_COMMAND_ID, NO_METHOD, TOO_LARGE, UNKNOWN_COMMAND, echoed

PREFIX = "/api/commands/"
NOTHING: tuple[tuple[bytes, bytes], ...] = ()
log = structlog.get_logger()


class Single:
    """`POST /api/commands/<name>`: authenticate, read, handle, answer."""

    def __init__(
        self, commands: Commands, handler: Handler, doorkeeper: Doorkeeper, rest: ASGIApp
    ) -> None:
        self._commands, self._handler, self._doorkeeper = commands, handler, doorkeeper
        self.rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a single command, pass everything else on."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self.rest(scope, receive, send)
            return
        try:
            body, status = await self._answer(scope, receive), 200
            kind, extra = b"application/json", NOTHING
        except Exception as error:  # the edge: nothing may pass unanswered
            found = problems.of(error)
            if found.status == 500:
                log.exception("request_failed", error=type(error).__name__)
            body, status = found.body, found.status
            kind, extra = b"application/problem+json", problems.headers(found)
        content = orjson.dumps(body)
        headers = [
            (b"content-type", kind), (b"content-length", str(len(content)).encode()), *extra,
        ]  # fmt: skip
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _answer(self, scope: Scope, receive: Receive) -> dict[str, Any]:
        headers = dict(scope["headers"])
        token = _bearer(headers)
        self._doorkeeper.principal(token)
        name = scope["path"][len(PREFIX) :]
        if scope["method"] != "POST":
            raise DomainError(NO_METHOD)
        if name not in self._commands.classes:
            raise DomainError(UNKNOWN_COMMAND, name=echoed(name))
        ident = command_id(headers.get(b"idempotency-key", b"").decode("latin-1"))
        if ident is None:
            raise DomainError(NO_COMMAND_ID)
        raw = await _body(headers, receive)
        command = self._commands.read(name, raw)
        principal = self._doorkeeper.principal(token, command.on_behalf_of)
        principal = in_role(principal, headers.get(b"x-acting-role", b"").decode("latin-1"))
        print_of = name.encode() + b"\n" + raw
        sent = Sent(command, ident, principal, print_of, _version(headers), str(ident))
        return answer(await self._handler.handle(sent))


def in_role(principal: Principal, role: str) -> Principal:
    """Return the principal with the one role it says it acts in; it never gains one (R23)."""
    return replace(principal, roles=principal.roles & {role}) if role else principal


def _bearer(headers: dict[bytes, bytes]) -> str | None:
    scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    return token if scheme.lower() == "bearer" else None


def _version(headers: dict[bytes, bytes]) -> int | None:
    text = headers.get(b"if-match", b"").decode("latin-1").strip('W/" ')
    return version(text)


async def _body(headers: dict[bytes, bytes], receive: Receive) -> bytes:
    """Read a body of at most 1 MB. Raises DomainError (413)."""
    length = headers.get(b"content-length", b"0")
    if length.isdigit() and int(length) > MAX_BODY:
        raise DomainError(TOO_LARGE)
    parts, size, more = list[bytes](), 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        part = message.get("body", b"")
        size += len(part)
        if size > MAX_BODY:
            raise DomainError(TOO_LARGE)
        parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)
