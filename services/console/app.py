"""The console as an ASGI application: routes, headers, languages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.console.apis import Apis, Refused
from services.console.config import HERE, ConsoleConfig
from services.console.pages import audit, command, done, figures, login, persons, tasks
from services.console.pages.live import Live
from services.console.session import LANG_COOKIE, Keeper
from services.console.site import Act, Endpoint, Load, Site, Visit, page

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "object-src 'none'"
)
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
}
VIEWS: tuple[tuple[str, str, Load], ...] = (
    ("/tasks", "tasks.html", tasks.load),
    ("/persons", "persons.html", persons.load_list),
    ("/persons/{id}", "person.html", persons.load_one),
    ("/households", "households.html", persons.load_households),
    ("/households/{id}", "household.html", persons.load_household),
    ("/apply", "apply.html", persons.load_apply),
    ("/done/{command}", "done.html", done.load),
    ("/acts", "acts.html", audit.load_acts),
    ("/o/{office}", "figures.html", figures.load),
    ("/o/{office}/figures/{metric}", "figure.html", figures.load_figure),
    ("/o/{office}/figures/{metric}/cases/{case}", "case.html", figures.load_case),
    ("/audit", "audit.html", audit.load_trail),
    ("/events/{seq:int}", "event.html", audit.load_event),
    ("/rules/{no}", "rule.html", audit.load_rule),
    ("/status", "status.html", audit.load_status),
)
ACTS: tuple[tuple[str, str, Act], ...] = (
    ("/do/{command}", "GET", command.show),
    ("/do/{command}", "POST", command.send),
)
NO_PAGE = {"code": "not_found", "zh": "页面不存在。", "en": "There is no such page."}


def console_app(config: ConsoleConfig) -> Starlette:
    """Build the console of a node; it holds no state but its HTTP client."""
    client = config.client or httpx.AsyncClient(follow_redirects=False)
    site = Site(config, Apis(config, client), Keeper(config))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        if config.client is None:
            await client.aclose()

    views = [Route(path, page(site, template, load).answer) for path, template, load in VIEWS]
    acts = [Route(path, Endpoint(site, act).answer, methods=[method]) for path, method, act in ACTS]
    routes = [
        Route("/", Endpoint(site, _home).answer),
        Route("/login", login.Login(site).answer, methods=["GET", "POST"]),
        Route("/logout", login.Logout(site).answer, methods=["POST"]),
        Route("/live", Live(site, views).answer),
        Mount("/static", StaticFiles(directory=HERE / "static")),
        *views,
        *acts,
    ]
    return Starlette(
        routes=routes, lifespan=lifespan, middleware=[Middleware(_Headers)],
        exception_handlers={HTTPException: _Missing(site)},
    )  # fmt: skip


async def _home(visit: Visit) -> Response:
    return RedirectResponse(login.home(visit.me), 303)


class _Missing:
    def __init__(self, site: Site) -> None:
        self._site = site

    async def __call__(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        visit = self._site.visit(request)
        words = {"next_zh": visit.t("errors.page_next"), "next_en": visit.t("errors.page_next")}
        return visit.page("error.html", status, problem=NO_PAGE | words)


class _Headers:
    """Adds the security headers to every answer and keeps a language once chosen."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)

        async def sender(message: Message) -> None:
            if message["type"] == "http.response.start":
                _decorate(MutableHeaders(scope=message), request)
            await send(message)

        await self._app(scope, receive, sender)


def _decorate(headers: MutableHeaders, request: Request) -> None:
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if request.url.path.startswith("/static/"):
        headers.setdefault("cache-control", "max-age=3600")
        return
    headers.setdefault("cache-control", "no-store")
    headers.add_vary_header("HX-Request")
    if (lang := request.query_params.get("lang")) in {"zh", "en"}:
        cookie = f"{LANG_COOKIE}={lang}; Path=/; Max-Age=31536000; SameSite=Strict; HttpOnly"
        headers.append("set-cookie", cookie)


__all__ = ["ConsoleConfig", "Refused", "console_app"]
