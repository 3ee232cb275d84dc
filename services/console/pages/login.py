"""Signing in and out; a form that was being filled in comes back whole after a new sign-in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.console.apis import Apis, Refused, Token
from services.console.forms import Typed
from services.console.pages.command import show_again
from services.console.session import Session
from services.console.site import Site, Visit
from services.console.typed import first, read_form

HOME = {"community": "/tasks", "street": "/tasks"}
"""Where an officer of a level begins; leaders and auditors have pages of their own."""


class Login:
    """GET shows the sign-in page, POST signs in."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def answer(self, request: Request) -> Response:
        """Answer a request."""
        visit = self._site.visit(request)
        if request.method == "GET":
            to = visit.query("to")
            return ask(visit, to=to, notice="login.first" if to else "")
        _, own = await read_form(request)
        return await self._sign_in(visit, own)

    async def _sign_in(self, visit: Visit, own: Typed) -> Response:
        login, password = first(own, "_login"), first(own, "_password")
        to, typed = first(own, "_to"), first(own, "_typed")
        try:
            token = await self._site.apis.sign_in(login, password)
        except Refused as refused:
            return ask(visit, to, typed, login, refused)
        session = await _session(self._site, token, login)
        visit.session = session
        response = await self._onward(visit, to, typed)
        self._site.keeper.write(response, session)
        return response

    async def _onward(self, visit: Visit, to: str, typed: str) -> Response:
        if typed and to.startswith("/do/"):
            kept: Typed = orjson.loads(typed)
            return await show_again(visit, to, kept)
        target = to if to.startswith("/") and not to.startswith("//") else home(visit.me)
        return RedirectResponse(target, 303)


def ask(
    visit: Visit, to: str = "", typed: str = "", login: str = "",
    refused: Refused | None = None, notice: str = "",
) -> Response:  # fmt: skip
    """Answer the sign-in page."""
    return visit.page(
        "login.html", refused.status if refused else 200, to=to, typed=typed, login=login,
        problem=refused.problem if refused else None, notice=notice,
    )  # fmt: skip


async def _session(site: Site, token: Token, login: str) -> Session:
    """Make the session of a token: who it stands for is asked once."""
    session = Session(token.text, token.ends, str(site.config.ids.new()), site.config.now(), login)
    return replace(session, me=await _me(site.apis, token.text))


async def _me(apis: Apis, token: str) -> dict[str, Any]:
    try:
        found = await apis.get(token, "/api/me")
    except Refused:
        return {}
    names = ("user", "name", "office", "office_name", "level", "path", "roles")
    return {n: found[n] for n in names if found.get(n)}


def home(session: Session) -> str:
    """Return the page an officer begins with (ui.md 5)."""
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


class Logout:
    """Ends the session."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def answer(self, request: Request) -> Response:
        """Answer a request."""
        session = self._site.keeper.read(request)
        _, own = await read_form(request)
        if not self._site.keeper.is_ours(session, first(own, "_csrf")):
            return RedirectResponse("/", 303)
        response = RedirectResponse("/login", 303)
        self._site.keeper.clear(response)
        return response
