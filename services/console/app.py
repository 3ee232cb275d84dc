"""The console as an ASGI application: routes, headers, languages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from services.console.apis import Apis, Refused
from services.console.config import HERE, ConsoleConfig
from services.console.endpoints import Act, Endpoint, Load, page
from services.console.guarding import Bounded, Guarded
from services.console.pages import (
    accounts,
    audit,
    checks,
    command,
    correct,
    done,
    exports,
    figures,
    login,
    looking,
    looks,
    mine,
    persons,
    prints,
    reads,
    reveal,
    roster,
    tasks,
    vouched,
)
from services.console.pages.live import Live
from services.console.session import Keeper
from services.console.site import Site, Visit

VIEWS: tuple[tuple[str, str, Load], ...] = (
    ("/tasks", "tasks.html", tasks.load),
    ("/persons", "persons.html", persons.load_list),
    ("/persons/{id}", "person.html", persons.load_one),
    ("/persons/{id}/reads", "reads.html", reads.load),
    ("/households", "households.html", persons.load_households),
    ("/households/{id}", "household.html", persons.load_household),
    ("/apply", "apply.html", persons.load_apply),
    ("/done/{command}", "done.html", done.load),
    ("/acts", "acts.html", audit.load_acts),
    ("/me", "me.html", mine.load),
    ("/accounts", "accounts.html", accounts.load_list),
    ("/accounts/{id}", "account.html", accounts.load_one),
    ("/exports", "exports.html", exports.load_list),
    ("/exports/{id}", "export.html", exports.load_one),
    ("/o/{office}", "figures.html", figures.load),
    ("/o/{office}/figures/{metric}", "figure.html", figures.load_figure),
    ("/o/{office}/figures/{metric}/cases/{case}", "case.html", figures.load_case),
    ("/audit", "audit.html", audit.load_trail),
    ("/events/{seq:int}", "event.html", audit.load_event),
    ("/rules/{no}", "rule.html", audit.load_rule),
    ("/status", "status.html", audit.load_status),
    ("/audit/completeness", "completeness.html", looking.load_completeness),
    ("/audit/reads", "looks.html", looks.load),
    ("/audit/verify", "checks.html", checks.load_list),
    ("/audit/verify/{id}", "check.html", checks.load_one),
    ("/definitions", "definitions.html", looking.load_definitions),
    ("/definitions/{metric}", "definition.html", looking.load_definition),
)
ACTS: tuple[tuple[str, str, Act], ...] = (
    ("/do/{command}", "GET", command.show),
    ("/do/{command}", "POST", command.send),
    ("/events/{seq}/correct", "GET", correct.show),
    ("/events/{seq}/correct", "POST", correct.send),
    ("/persons/{id}/reveal", "GET", reveal.show),
    ("/persons/{id}/reveal", "POST", reveal.send),
    ("/acting", "POST", mine.switch),
    ("/accounts/{id}/password", "POST", accounts.set_password),
    ("/exports/new", "GET", exports.new),
    ("/exports/new", "POST", exports.send),
    ("/exports/{id}/file", "GET", exports.file),
    ("/audit/verify", "POST", checks.start),
    ("/audit/verify/{id}/cancel", "POST", checks.cancel),
    ("/audit/verify/{id}/report", "GET", checks.report),
)
PRINTS: tuple[tuple[str, str, Load], ...] = (
    ("/print/notice/{id}", "print_notice.html", prints.load_notice),
    ("/print/agreement/{id}", "print_agreement.html", prints.load_agreement),
    ("/print/decision/{id}", "print_decision.html", prints.load_decision),
    ("/print/roster", "print_roster.html", roster.load),
)
"""Papers: drawn once, never kept up to date."""
NO_PAGE = {
    "code": "not_found", "zh": "页面不存在。", "en": "There is no such page.",
    "next_zh": "请从菜单进入。", "next_en": "Choose a page from the menu.",
}  # fmt: skip
PROBLEMS = {
    413: {
        "code": "too_large", "zh": "提交的内容过大。", "en": "What was sent is too large.",
        "next_zh": "全部附件合计不超过 50 MB；请压缩或分次提交。",
        "next_en": "Keep all files together below 50 MB; compress them or send them in parts.",
    },
    500: {
        "code": "internal", "zh": "系统内部错误。", "en": "An internal fault.",
        "next_zh": "请重试；如仍失败，请告诉系统管理员。",
        "next_en": "Try again; if it fails again, tell the operator.",
    },
}  # fmt: skip


def console_app(config: ConsoleConfig) -> ASGIApp:
    """Build the console of a node; it holds no state but its HTTP client."""
    client = config.client or httpx.AsyncClient(follow_redirects=False)
    site = Site(config, Apis(config, client), Keeper(config))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        if config.client is None:
            await client.aclose()

    views = [Route(path, page(site, template, load).answer) for path, template, load in VIEWS]
    papers = [Route(path, page(site, template, load).answer) for path, template, load in PRINTS]
    acts = [Route(path, Endpoint(site, act).answer, methods=[method]) for path, method, act in ACTS]
    routes = [
        Route("/", Endpoint(site, _home).answer),
        Route("/login", login.Login(site).answer, methods=["GET", "POST"]),
        Route("/logout", login.Logout(site).answer, methods=["POST"]),
        Route("/live", Live(site, views).answer),
        Mount("/static", StaticFiles(directory=HERE / "static")),
        *acts,
        *papers,
        *views,
    ]
    if config.issuer is not None:
        vouched_for = vouched.Vouched(site, config.issuer)
        routes.append(Route(vouched.PATH, vouched_for.answer, methods=["GET", "POST"]))
    refusals = {HTTPException: _Refusal(site), Exception: _Refusal(site)}
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers=refusals)
    return Guarded(Bounded(app), secure=config.secure)


async def _home(visit: Visit) -> Response:
    return RedirectResponse(login.home(visit.me), 303)


class _Refusal:
    """The page for what no endpoint answers."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def __call__(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        visit = self._site.visit(request)
        return visit.page("error.html", status, problem=PROBLEMS.get(status, NO_PAGE))


__all__ = ["ConsoleConfig", "Refused", "console_app"]
