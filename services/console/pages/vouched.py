"""Signing in with the OpenID Connect issuer: the way there, and the way back."""

from __future__ import annotations

import hmac
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.console.apis import Refused
from services.console.issuer import Begun, CodeRefusedError, IssuerClient, begun
from services.console.pages.login import FOREIGN_FORM, enter
from services.console.session import BEGUN_COOKIE
from services.console.site import Site, Visit
from services.console.staying import sign_in_page
from services.console.typed import first, read_form
from services.kit.oidc import IssuerAwayError

PATH = "/login/issuer"
AWAY = {
    "code": "issuer_away",
    "zh": "统一身份认证暂时没有应答。",
    "en": "The identity provider does not answer.",
    "next_zh": "请稍后重试，或用本地账号登录。",
    "next_en": "Try again later, or sign in with a local account.",
}
NOT_BEGUN = {
    "code": "sign_in_not_begun",
    "zh": "此次登录不是从本页面开始的，或已超过 10 分钟，或已经完成。",
    "en": "This sign-in did not begin here, is over ten minutes old, or was completed before.",
    "next_zh": "请重新登录。",
    "next_en": "Sign in again.",
}
REFUSED = {
    "code": "identity_refused",
    "zh": "统一身份认证没有同意此次登录。",
    "en": "The identity provider did not grant this sign-in.",
    "next_zh": "请重新登录，或用本地账号登录。",
    "next_en": "Sign in again, or with a local account.",
}
TOO_LONG = {
    "code": "too_large",
    "zh": "已填内容过长，不能随统一身份认证带回。",
    "en": "What was typed is too long to come back through the identity provider.",
    "next_zh": "请用本地账号登录；或在新标签页登录，再回到表单重新提交。",
    "next_en": "Sign in with a local account; or in another tab, then go back and send it again.",
}


class Vouched:
    """POST begins a sign-in at the issuer; GET is where the browser comes back."""

    def __init__(self, site: Site, issuer: IssuerClient) -> None:
        self._site, self._issuer = site, issuer

    async def answer(self, request: Request) -> Response:
        """Answer a request."""
        visit = self._site.visit(request)
        if request.method == "POST":
            return await self._there(visit)
        start = self._site.keeper.begun(request)
        response = await self._back(visit, start)
        self._site.keeper.clear(response, BEGUN_COOKIE)
        return response

    async def _there(self, visit: Visit) -> Response:
        _, own = await read_form(visit.request)
        kept = {"to": first(own, "_to"), "typed": first(own, "_typed")}
        if not self._site.keeper.is_guests(visit.request, first(own, "_csrf")):
            return sign_in_page(visit, 403, **kept, problem=FOREIGN_FORM)
        start = begun(**kept)
        try:
            address = await self._issuer.address(start)
        except IssuerAwayError:
            return sign_in_page(visit, 503, **kept, problem=AWAY)
        # A page that leads on: a form may be redirected to no other host (form-action).
        response = visit.page("onward.html", address=address)
        if not self._site.keeper.begin(response, start):
            return sign_in_page(visit, 413, **kept, problem=TOO_LONG)
        return response

    async def _back(self, visit: Visit, start: Begun | None) -> Response:
        said = visit.request.query_params
        if start is None or not _same(said.get("state", ""), start.state):
            return sign_in_page(visit, 403, problem=NOT_BEGUN)
        kept = {"to": start.to, "typed": start.typed}
        if said.get("iss", self._issuer.issuer.url) != self._issuer.issuer.url:
            return sign_in_page(visit, 403, **kept, problem=NOT_BEGUN)
        problem: dict[str, Any]
        try:
            token = await self._issuer.token(start, _code(said.get("code")))
            ours = await self._site.apis.exchange(token, start.nonce)
        except IssuerAwayError:
            status, problem = 503, AWAY
        except CodeRefusedError:
            status, problem = 403, REFUSED
        except Refused as refused:
            status, problem = refused.status, refused.problem
        else:
            return await enter(visit, ours, "", **kept)
        return sign_in_page(visit, status, **kept, problem=problem)


def _code(said: str | None) -> str:
    """Return the code that the issuer sent. Raises CodeRefusedError: it sent an error instead."""
    if not said:
        raise CodeRefusedError
    return said


def _same(said: str, state: str) -> bool:
    return hmac.compare_digest(said.encode(), state.encode())
