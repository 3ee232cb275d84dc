"""Signing in and out; a form that was being filled in comes back whole after a new sign-in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.console.apis import Apis, Refused, Token
from services.console.forms import Typed
from services.console.menu import menu
from services.console.pages.command import show_again
from services.console.session import Session
from services.console.site import Site, Visit
from services.console.staying import sign_in_page
from services.console.typed import first, read_form

HOME = {"community": "/tasks", "street": "/tasks"}
"""Where an officer of a level begins; leaders and auditors have pages of their own."""
FOREIGN_FORM = {
    "code": "foreign_form",
    "zh": "此表单不是由本页面打开的，或已过期。",
    "en": "The form does not come from this page, or has expired.",
    "next_zh": "请重新登录。",
    "next_en": "Sign in again.",
}
log = structlog.get_logger()


class Login:
    """GET shows the sign-in page, POST signs in."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def answer(self, request: Request) -> Response:
        """Answer a request."""
        visit = self._site.visit(request)
        if request.method == "GET":
            to = visit.query("to")
            return sign_in_page(visit, to=to, notice="login.first" if to else "")
        _, own = await read_form(request)
        typed = {"to": first(own, "_to"), "typed": first(own, "_typed")}
        login, password = first(own, "_login"), first(own, "_password")
        if not self._site.keeper.is_guests(request, first(own, "_csrf")):
            return sign_in_page(visit, 403, **typed, login=login, problem=FOREIGN_FORM)
        try:
            address = request.client.host if request.client else ""
            token = await self._site.apis.sign_in(login, password, address)
        except Refused as refused:
            return _refused(visit, refused, **typed, login=login)
        return await enter(visit, token, login, **typed)


def _refused(visit: Visit, refused: Refused, **values: str) -> Response:
    response = sign_in_page(visit, refused.status, **values, problem=refused.problem)
    if refused.status == 429:
        seconds = (refused.problem.get("data") or {}).get("seconds", 2)
        response.headers["retry-after"] = str(seconds)
    return response


async def enter(visit: Visit, token: Token, login: str, to: str, typed: str) -> Response:
    """Begin a session with a token and go on to where one wanted to; the one before it ends."""
    site = visit.site
    if visit.session is not None:
        await end(site, visit.session)
    session = Session(token.text, token.ends, str(site.config.ids.new()), site.config.now(), login)
    visit.session = replace(session, me=await _me(site.apis, token.text))
    response = await _onward(visit, to, typed)
    site.keeper.write(response, visit.session)
    return response


async def _onward(visit: Visit, to: str, typed: str) -> Response:
    target = to if _is_own(to) else home(visit.me)
    if typed and target.startswith("/do/"):
        try:
            kept: Typed = orjson.loads(typed)
            return await show_again(visit, target, kept)
        except (orjson.JSONDecodeError, Refused):
            pass
    if visit.request.method == "GET":
        # Come from the issuer, a browser sends the new cookie only where this page leads it.
        return visit.page("onward.html", address=target)
    return RedirectResponse(target, 303)


def _is_own(address: str) -> bool:
    """Tell whether an address is one of this console's; browsers take a backslash for a slash."""
    plain = address.isprintable() and "\\" not in address
    return plain and address.startswith("/") and not address.startswith("//")


async def _me(apis: Apis, token: str) -> dict[str, Any]:
    try:
        found = await apis.get(token, "/api/me")
    except Refused:
        return {}
    names = ("user", "name", "office", "office_name", "level", "path", "roles")
    return {n: found[n] for n in names if found.get(n)}


def home(session: Session) -> str:
    """Return the page an officer begins with (ui.md 5): one that the menu has, else the own one."""
    wanted, sections = _beginning(session), [address for address, _ in menu(session)]
    return wanted if wanted in sections else next(iter(sections), "/me")


def _beginning(session: Session) -> str:
    level = str(session.me.get("level", ""))
    if "auditor" in session.roles:
        return "/audit"
    if (
        level in HOME
        or not session.office
        or session.roles & {"county_reviewer", "county_certifier"}
    ):
        return "/tasks"
    return f"/o/{session.office}"


async def end(site: Site, session: Session) -> None:
    """End a session, here at once and at the node for every role."""
    site.keeper.end(session)
    try:
        await site.apis.sign_out(session.token)
    except Refused as refused:
        log.warning("sign_out_refused", code=refused.code)


class Logout:
    """Ends the session."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def answer(self, request: Request) -> Response:
        """Answer a request."""
        visit = self._site.visit(request)
        _, own = await read_form(request)
        if visit.session is None:
            return RedirectResponse("/login", 303)
        if not self._site.keeper.is_ours(visit.session, first(own, "_csrf")):
            return visit.page("error.html", 403, problem=FOREIGN_FORM)
        await end(self._site, visit.session)
        response = RedirectResponse("/login", 303)
        self._site.keeper.clear(response)
        return response
