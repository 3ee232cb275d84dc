"""The application of the read role: routes from the declared queries; no work at import."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any, TypeAlias

import asyncpg
import orjson
import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from events.log.outage import OUTAGE
from projections.api import (
    accounts,
    audit,
    checks,
    completeness,
    exports,
    figures,
    ledger,
    me,
    obligations,
    offices,
    persons,
    reads,
    registers,
    status,
)
from projections.api.catalogue import catalogue
from projections.api.openapi import document
from projections.api.problems import (
    INTERNAL,
    NO_METHOD,
    NOT_FOUND,
    NOT_READY,
    QueryError,
    body,
)
from projections.api.query import Call, Query, answer, principal_of, read_args
from projections.api.side import Gauges, ReadSide
from projections.api.stream import STREAM, stream

log = structlog.get_logger()
Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]

QUERIES: tuple[Query, ...] = (
    *ledger.QUERIES,
    *persons.QUERIES,
    *audit.QUERIES,
    *reads.QUERIES,
    *obligations.QUERIES,
    *figures.QUERIES,
    *offices.QUERIES,
    *registers.QUERIES,
    *accounts.QUERIES,
    *exports.QUERIES,
    *checks.QUERIES,
    *status.QUERIES,
    *completeness.QUERIES,
    *me.QUERIES,
)


def read_app(side: ReadSide, more: tuple[Query, ...] = ()) -> Starlette:
    """Build the application of the read role; `more` are queries of further read models."""
    listed, gauges = (*QUERIES, *more), Gauges.of(side.metrics)
    queries = (*listed, catalogue(listed))
    described = document((*queries, STREAM))
    routes = [Route(q.path, _endpoint(side, q, gauges), methods=["GET"]) for q in queries]
    routes += [
        Route(STREAM.path, _guarded(_Stream(side)), methods=["GET"]),
        Route("/openapi.json", _guarded(_Fixed(described)), methods=["GET"]),
        Route("/healthz", _guarded(_Fixed({"status": "ok"})), methods=["GET"]),
        Route("/readyz", _guarded(_Ready(side)), methods=["GET"]),
        Route("/metrics", _guarded(_Metrics(side, gauges)), methods=["GET"]),
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: _http_error})


def json(found: Any, code: int = 200) -> Response:  # noqa: ANN401
    """Answer JSON that no cache keeps."""
    headers = {"cache-control": "no-store"}
    return Response(orjson.dumps(found), code, headers, "application/json")


def refuse(error: QueryError) -> Response:
    """Answer a problem document."""
    reason = error.reason
    headers = {"cache-control": "no-store"}
    if reason.status in {429, 503}:
        headers["retry-after"] = error.data.get("seconds", "2")
    if reason.status == 401:
        headers["www-authenticate"] = "Bearer"
    content = orjson.dumps(body(reason, error.data))
    return Response(content, reason.status, headers, "application/problem+json")


async def _http_error(_: Request, error: Exception) -> Response:
    code = error.status_code if isinstance(error, HTTPException) else 404
    return refuse(QueryError(NO_METHOD if code == 405 else NOT_FOUND, what="/openapi.json"))


def _guarded(endpoint: Endpoint) -> Endpoint:
    """Turn whatever an endpoint raises into a problem document."""

    async def guard(request: Request) -> Response:
        try:
            return await endpoint(request)
        except QueryError as error:
            return refuse(error)
        except asyncpg.UndefinedTableError:
            return refuse(QueryError(NOT_READY, what="读模型尚未建立 / not built yet"))
        except OUTAGE as error:
            log.warning("query_unavailable", error=type(error).__name__)
            return refuse(QueryError(NOT_READY, what="读库不可用 / read database away"))
        except Exception as error:
            log.exception("query_failed", error=type(error).__name__)
            return refuse(QueryError(INTERNAL))

    return guard


def _endpoint(side: ReadSide, query: Query, gauges: Gauges) -> Endpoint:
    endpoint = _guarded(_One(side, query))

    async def measured(request: Request) -> Response:
        begun = perf_counter()
        response = await endpoint(request)
        gauges.seconds.labels(query.name).observe(perf_counter() - begun)
        gauges.answered.labels(query.name, str(response.status_code)).inc()
        return response

    return measured


def _call(side: ReadSide, query: Query, request: Request) -> Call:
    today = side.today()
    principal = principal_of(side, request, today)
    return Call(side, query, principal, read_args(query.all_params(), request), today)


class _One:
    def __init__(self, side: ReadSide, query: Query) -> None:
        self.side, self.query = side, query

    async def __call__(self, request: Request) -> Response:
        return json(await answer(_call(self.side, self.query, request)))


class _Stream:
    def __init__(self, side: ReadSide) -> None:
        self.side = side

    async def __call__(self, request: Request) -> Response:
        return await stream(_call(self.side, STREAM, request), request)


class _Fixed:
    def __init__(self, found: Any) -> None:  # noqa: ANN401
        self.found = found

    async def __call__(self, _: Request) -> Response:
        return json(self.found)


class _Ready:
    def __init__(self, side: ReadSide) -> None:
        self.side = side

    async def __call__(self, _: Request) -> Response:
        async with self.side.reading() as c:
            built = await c.fetchval("select count(*) from engine.active")
        reason = await self.side.ready() or ("" if built else "no read model is built yet")
        if not self.side.directory().offices:
            reason = reason or "the directory is empty"
        return json({"status": "not ready" if reason else "ready", "reason": reason},
                    503 if reason else 200)  # fmt: skip


class _Metrics:
    def __init__(self, side: ReadSide, gauges: Gauges) -> None:
        self.side, self.gauges = side, gauges

    async def __call__(self, _: Request) -> Response:
        for found in await status.projections(self.side):
            name = found["projection"]
            self.gauges.known.labels(name).set(found["known"])
            self.gauges.lag.labels(name).set(found["lag"] or 0)
            self.gauges.parked.labels(name).set(found["parked"])
        content, media = self.side.metrics.exposed()
        return Response(content, media_type=media)
