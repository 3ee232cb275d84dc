"""Staying signed in: the next token, another session id, and the way back to the sign-in page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import orjson
from starlette.responses import RedirectResponse, Response

from services.console.acting import refreshed
from services.console.apis import Refused
from services.console.site import Visit
from services.console.typed import read_form

RENEW_BEFORE = timedelta(minutes=14)
"""A token stands for 15 minutes; used after the first of them it is renewed, idle it ends."""


async def renew(visit: Visit) -> bool:
    """Take the next token while a session is in use, where the node gives one."""
    session = visit.me
    if session.ends - visit.site.config.now() > RENEW_BEFORE:
        return False
    token = await visit.site.apis.renew(session.token)
    if token is None:
        return False
    visit.session = session.renewed(token.text, token.ends)
    if me := await visit.maybe("/api/me"):
        visit.session = refreshed(visit.session, me)
    return True


async def rotate(visit: Visit) -> None:
    """Give the session another id, here and at the node; a copy of the old cookie is dead.

    Raises Refused (401).
    """
    old = visit.me
    token = await visit.site.apis.renew(old.token, fresh=True)
    if token is None:
        raise Refused(401, {"code": "unauthenticated"})
    visit.site.keeper.end(old)
    ident = str(visit.site.config.ids.new())
    visit.session = replace(old.renewed(token.text, token.ends), id=ident)


def sign_in_page(visit: Visit, status: int = 200, **values: Any) -> Response:  # noqa: ANN401
    """Answer the sign-in page; its form belongs to this visit."""
    visit.session = None
    keeper, issuer = visit.site.keeper, visit.site.config.issuer
    guest = keeper.guest(visit.request)
    shown = {"to": "", "typed": "", "login": "", "problem": None, "notice": ""} | values
    own = {"csrf": keeper.guest_csrf(guest), "issuer": issuer.name if issuer else ""}
    response = visit.page("login.html", status, **shown, **own)
    keeper.greet(response, guest)
    return response


async def ask_to_sign_in(visit: Visit) -> Response:
    """Send to the sign-in page; what was typed into a form goes along and comes back."""
    if visit.request.method == "GET":
        return RedirectResponse(f"/login?to={quote(visit.here)}", 303)
    login = visit.session.login if visit.session else ""
    typed, _ = await read_form(visit.request)
    return sign_in_page(
        visit, 401, to=visit.here, typed=orjson.dumps(typed).decode(), login=login,
        notice="login.again",
    )  # fmt: skip
