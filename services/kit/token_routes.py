"""Signing in and out over HTTP: a password or the issuer's token for a token of this node."""

from __future__ import annotations

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.kit.http import bearer, guarded, json, read_body
from services.kit.principals import Doorkeeper
from services.kit.signing import Exchange, Renewal, SignIn

MOST = 4_096
MOST_EXCHANGED = 20_480


def token_routes(doorkeeper: Doorkeeper) -> tuple[Route, ...]:
    """Return the routes of sessions."""

    async def sign_in(request: Request) -> Response:
        wish = SignIn.model_validate_json(await read_body(request, MOST))
        address = request.client.host if request.client else ""
        return _token(await doorkeeper.sign_in(wish.login, wish.password, address))

    async def exchange(request: Request) -> Response:
        wish = Exchange.model_validate_json(await read_body(request, MOST_EXCHANGED))
        return _token(await doorkeeper.exchange(wish.token, wish.nonce))

    async def renew(request: Request) -> Response:
        wish = Renewal.model_validate_json(await read_body(request, MOST) or b"{}")
        return _token(await doorkeeper.renew(bearer(request), fresh=wish.fresh))

    async def sign_out(request: Request) -> Response:
        await doorkeeper.sign_out(bearer(request))
        return json({"ended": True})

    return (
        Route("/api/token", guarded(sign_in), methods=["POST"]),
        Route("/api/token/exchange", guarded(exchange), methods=["POST"]),
        Route("/api/token/renew", guarded(renew), methods=["POST"]),
        Route("/api/token/end", guarded(sign_out), methods=["POST"]),
    )


def _token(issued: tuple[str, datetime]) -> Response:
    token, ends = issued
    answer = json({"token": token, "token_type": "Bearer", "expires_at": ends.isoformat()})
    answer.headers["cache-control"] = "no-store"
    return answer
