"""The HTTP face of commands: one, many (NDJSON), opening of sealed values, search.

Starlette, not a framework on top of it: the model's own `validate_json` reads the body, and the
OpenAPI document is made from the same classes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import orjson
import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from events.runtime.limits import Limit
from services.kit import problems
from services.kit.answers import Sent
from services.kit.decider import Command, DomainError, Reason
from services.kit.faces import MAX_BODY, MAX_BULK, Commands, answer, command_id, dumps
from services.kit.handling import Handler
from services.kit.openapi import document
from services.kit.opening import Opener, OpenRequest, SearchRequest
from services.kit.principals import Doorkeeper
from services.kit.problems import MALFORMED, NO_COMMAND_ID, NO_METHOD, TOO_LARGE, TOO_MANY
from services.kit.single import Single

log = structlog.get_logger()
Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]
WINDOW = 512
"""Lines of a bulk that may be under way at once."""
NO_ROUTE = Reason(
    "not_found", "", "没有这个地址。", "There is no such address.",
    "请查看 /openapi.json。", "See /openapi.json.", 404,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WriteSide:
    """What the routes stand on."""

    commands: Commands
    handler: Handler
    doorkeeper: Doorkeeper
    opener: Opener
    searches: Limit
    extra_routes: tuple[Route, ...] = ()


def json(body: Any, status: int = 200, **headers: str) -> Response:  # noqa: ANN401
    """Answer JSON."""
    return Response(orjson.dumps(body), status, headers, "application/json")


def refuse(error: Exception) -> Response:
    """Answer a problem document; an unknown fault is logged without its text."""
    found = problems.of(error)
    if found.status == 500:
        log.error("request_failed", error=type(error).__name__, exc_info=error)
    extra = {name.decode(): value.decode() for name, value in problems.headers(found)}
    headers = {"content-type": "application/problem+json"} | extra
    return Response(orjson.dumps(found.body), found.status, headers)


def guarded(endpoint: Endpoint) -> Endpoint:
    """Turn whatever an endpoint raises into a problem document."""

    async def guard(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ClientDisconnect:
            return Response(status_code=499)
        except Exception as error:  # noqa: BLE001  # the edge: nothing may pass unanswered
            return refuse(error)

    return guard


async def read_body(request: Request, limit: int = MAX_BODY) -> bytes:
    """Read a body up to a limit. Raises DomainError (413)."""
    if int(request.headers.get("content-length") or 0) > limit:
        raise DomainError(TOO_LARGE)
    parts, size = list[bytes](), 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise DomainError(TOO_LARGE)
        parts.append(part)
    return b"".join(parts)


def bearer(request: Request) -> str | None:
    """Return the bearer token of a request."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else None


def write_app(side: WriteSide) -> Single:
    """Build the application of the write role."""
    routes = [
        Route("/api/commands", guarded(_Bulk(side)), methods=["POST"]),
        Route("/api/commands", guarded(_Catalogue(side)), methods=["GET"]),
        Route("/api/open", guarded(_Open(side)), methods=["POST"]),
        Route("/api/search", guarded(_Search(side)), methods=["POST"]),
        Route("/openapi.json", guarded(_OpenApi(side)), methods=["GET"]),
        *side.extra_routes,
    ]
    rest = Starlette(routes=routes, exception_handlers={HTTPException: _http_error})
    return Single(side.commands, side.handler, side.doorkeeper, rest)


async def _http_error(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return refuse(DomainError(NO_METHOD if status == 405 else NO_ROUTE))


class _Endpoint:
    def __init__(self, side: WriteSide) -> None:
        self.side = side


class _Catalogue(_Endpoint):
    async def __call__(self, request: Request) -> Response:
        self.side.doorkeeper.principal(bearer(request))
        rows = [
            {"type": c.type, "zh": c.zh, "en": c.en, "actors": c.actors, "rules": c.requirements}
            for c in self.side.commands.classes.values()
        ]
        return json({"commands": rows})


class _Open(_Endpoint):
    async def __call__(self, request: Request) -> Response:
        principal = self.side.doorkeeper.principal(bearer(request))
        wish = OpenRequest.model_validate_json(await read_body(request))
        return json(await self.side.opener.open(principal, wish))


class _Search(_Endpoint):
    async def __call__(self, request: Request) -> Response:
        principal = self.side.doorkeeper.principal(bearer(request))
        if seconds := self.side.searches.take(principal.user):
            raise DomainError(TOO_MANY, seconds=seconds)
        wish = SearchRequest.model_validate_json(await read_body(request, 4_096))
        return json(await self.side.opener.search(principal, wish))


class _OpenApi(_Endpoint):
    async def __call__(self, _: Request) -> Response:
        return json(document(self.side.commands))


class _BothWays(StreamingResponse):
    """Answers while the request is still read, so it must not wait for a disconnect itself."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        await self.stream_response(send)


class _Bulk(_Endpoint):
    """NDJSON in, NDJSON out, in order. Lines of one `lane` run one after the other."""

    async def __call__(self, request: Request) -> Response:
        token = bearer(request)
        self.side.doorkeeper.principal(token)
        if int(request.headers.get("content-length") or 0) > MAX_BULK:
            raise DomainError(TOO_LARGE)
        return _BothWays(self._answers(request, token), media_type="application/x-ndjson")

    async def _answers(self, request: Request, token: str | None) -> AsyncIterator[bytes]:
        tasks: asyncio.Queue[asyncio.Task[bytes] | None] = asyncio.Queue(WINDOW)
        feeding = asyncio.create_task(self._feed(request, token, tasks))
        try:
            while (task := await tasks.get()) is not None:
                out = [await task]
                while not tasks.empty() and (more := _ready(tasks)) is not None:
                    out.append(more.result())
                yield b"".join(out)
        finally:
            feeding.cancel()

    async def _feed(
        self, request: Request, token: str | None, tasks: asyncio.Queue[asyncio.Task[bytes] | None]
    ) -> None:
        lanes: dict[str, asyncio.Task[bytes]] = {}
        try:
            async for line in _lines(request):
                head = _head(line)
                lane = str(head.get("lane") or "")
                task = asyncio.create_task(self._line(head, token, lanes.get(lane)))
                if lane:
                    lanes[lane] = task
                    task.add_done_callback(partial(_leave, lanes, lane))
                await tasks.put(task)
        except Exception as error:  # noqa: BLE001  # the answers before it are sent all the same
            await tasks.put(asyncio.create_task(_failed("", error)))
        finally:
            await tasks.put(None)

    async def _line(
        self, head: dict[str, Any], token: str | None, before: asyncio.Task[bytes] | None
    ) -> bytes:
        if before is not None:
            await asyncio.wait([before])
        ident = str(head.get("id", ""))[:80]
        try:
            return (
                dumps({"id": ident, "status": 200, **answer(await self._handle(head, token))})
                + b"\n"
            )
        except Exception as error:  # noqa: BLE001  # one line's fault never ends the others
            return await _failed(ident, error)

    async def _handle(self, head: dict[str, Any], token: str | None) -> Any:  # noqa: ANN401
        side, ident = self.side, command_id(str(head.get("id", "")))
        if ident is None:
            raise DomainError(NO_COMMAND_ID)
        if not isinstance(head.get("data"), dict) or set(head) - _LINE:
            raise DomainError(MALFORMED, fields=sorted(set(head) - _LINE) or ["data"])
        name, raw = str(head.get("type", "")), dumps(head["data"])
        command: Command = side.commands.read(name, raw)
        expected = head.get("expected")
        if expected is not None and not (type(expected) is int and 0 <= expected < 10**9):
            raise DomainError(MALFORMED, fields=["expected"])
        principal = side.doorkeeper.principal(head.get("token") or token, command.on_behalf_of)
        return await side.handler.handle(
            Sent(command, ident, principal, name.encode() + b"\n" + raw, expected, str(ident))
        )


def _leave(lanes: dict[str, asyncio.Task[bytes]], lane: str, task: asyncio.Task[bytes]) -> None:
    """Forget a lane whose last line is done."""
    if lanes.get(lane) is task:
        del lanes[lane]


_LINE = {"id", "type", "data", "expected", "lane", "token"}


def _ready(tasks: asyncio.Queue[asyncio.Task[bytes] | None]) -> asyncio.Task[bytes] | None:
    """Take the next answer off the queue if it is there already."""
    first = tasks._queue[0]  # type: ignore[attr-defined]  # noqa: SLF001
    if first is None or not first.done():
        return None
    return tasks.get_nowait()


async def _failed(ident: str, error: Exception) -> bytes:
    found = problems.of(error)
    if found.status == 500:
        log.error("line_failed", error=type(error).__name__, exc_info=error)
    return dumps({"id": ident, **found.body}) + b"\n"


def _head(line: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


async def _lines(request: Request) -> AsyncIterator[bytes]:
    rest, size = b"", 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BULK:
            raise DomainError(TOO_LARGE)
        *lines, rest = (rest + part).split(b"\n")
        for line in lines:
            if line.strip():
                yield line
        if len(rest) > MAX_BODY:
            raise DomainError(TOO_LARGE)
    if rest.strip():
        yield rest
