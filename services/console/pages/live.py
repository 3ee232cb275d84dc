"""One stream per page: each change of the log draws the page's live part again (≤ 2 s).

The console follows the read API's stream and sends htmx partials; the stream's id is the event's
number, so a browser that comes back goes on from where it was.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import structlog
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Match, Route

from events.contracts.registry import PersonRead
from services.console.apis import Refused
from services.console.endpoints import Endpoint, Load
from services.console.site import Site, Visit

log = structlog.get_logger()
GATHER = 0.3
"""Seconds in which further changes join the same drawing."""
PULSE = 15.0
"""Seconds after which a silent stream says that it lives."""


class Live:
    """GET /live?at=<address of a page>."""

    def __init__(self, site: Site, routes: list[Route]) -> None:
        self._site, self._routes = site, routes

    async def answer(self, request: Request) -> Response:
        """Answer a stream of partials; 204 tells the browser to stop asking."""
        visit = self._site.visit(request)
        if visit.session is None or not visit.session.live(self._site.config.now()):
            return Response(status_code=204)
        found = self._page(request, visit.query("at"))
        if found is None:
            return Response(status_code=404)
        template, load, page = found
        last = request.headers.get("last-event-id", "")
        return StreamingResponse(
            self._partials(page, template, load, last), media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )  # fmt: skip

    def _page(self, request: Request, at: str) -> tuple[str, Load, Visit] | None:
        """Find the page at an address of this console."""
        parts = urlsplit(at)
        scope: dict[str, Any] = dict(request.scope) | {
            "path": parts.path,
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
        }  # fmt: skip
        for route in self._routes:
            match, child = route.matches(scope)
            endpoint = getattr(route.endpoint, "__self__", None)
            if match is Match.FULL and isinstance(endpoint, Endpoint) and endpoint.view:
                return (*endpoint.view, self._site.visit(Request({**scope, **child})))
        return None

    async def _partials(
        self, page: Visit, template: str, load: Load, last: str
    ) -> AsyncIterator[str]:
        yield ": live\n\n"
        changes: asyncio.Queue[str | None] = asyncio.Queue()
        following = asyncio.create_task(self._follow(page, last, changes))
        try:
            while True:
                seq = await _newest(changes)
                if seq is None:
                    return
                if not seq:
                    yield ": pulse\n\n"
                    continue
                html = page.block(template, "live", **await load(page))
                yield _message(seq, html)
        except Refused as refused:
            log.info("live_ended", code=refused.code)
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following

    async def _follow(self, page: Visit, last: str, changes: asyncio.Queue[str | None]) -> None:
        """Put the number of each change into the queue; None when the stream ends.

        A read changes no page, and drawing one again would be read after read.
        """
        seq, office = "", page.query("office") or page.me.office
        try:
            async with self._site.apis.stream(page.me.token, office, last) as lines:
                async for line in lines:
                    if line.startswith("id:"):
                        seq = line[3:].strip()
                    elif line.startswith("data:") and seq and PersonRead.type not in line:
                        changes.put_nowait(seq)
        except Refused as refused:
            log.info("live_refused", code=refused.code)
        finally:
            changes.put_nowait(None)


async def _newest(changes: asyncio.Queue[str | None]) -> str | None:
    """Wait for a change and gather those that follow at once; "" for a pulse."""
    try:
        seq = await asyncio.wait_for(changes.get(), PULSE)
    except TimeoutError:
        return ""
    if seq is None:
        return None
    await asyncio.sleep(GATHER)
    while not changes.empty():
        more = changes.get_nowait()
        if more is None:
            changes.put_nowait(None)
            break
        seq = more
    return seq


def _message(seq: str, html: str) -> str:
    body = f'<hx-partial hx-target="#live" hx-swap="innerMorph">{html}</hx-partial>'
    data = "".join(f"data: {line}\n" for line in body.splitlines())
    return f"id: {seq}\n{data}\n"
