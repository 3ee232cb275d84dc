"""What stands around every page: headers on each answer, and a bound on what is sent."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.console.session import LANG_COOKIE

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
    "cross-origin-opener-policy": "same-origin",
}
KEPT = {"strict-transport-security": "max-age=31536000"}
MOST_SENT = 1 << 20
MOST_SENT_WITH_FILES = 50 << 20
"""Bytes of a form of an act, which may carry papers; they are hashed and not kept."""


class Bounded:
    """Refuses a request whose body is too long (413), before or while it is read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what is received."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = MOST_SENT_WITH_FILES if scope["path"].startswith("/do/") else MOST_SENT
        told = dict(scope["headers"]).get(b"content-length", b"0")
        size = int(told) if told.isdigit() else 0
        got = 0

        async def counted() -> Message:
            nonlocal got
            if max(size, got) > limit:
                raise HTTPException(413)
            message = await receive()
            got += len(message.get("body", b""))
            if got > limit:
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)


class Guarded:
    """Adds the security headers to every answer and keeps a language once chosen."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app, self._secure = app, secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)

        async def sender(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._decorate(MutableHeaders(scope=message), request)
            await send(message)

        await self._app(scope, receive, sender)

    def _decorate(self, headers: MutableHeaders, request: Request) -> None:
        for name, value in (HEADERS | (KEPT if self._secure else {})).items():
            headers.setdefault(name, value)
        if request.url.path.startswith("/static/"):
            headers.setdefault("cache-control", "max-age=3600")
            return
        headers.setdefault("cache-control", "no-store")
        headers.add_vary_header("HX-Request")
        if (lang := request.query_params.get("lang")) in {"zh", "en"}:
            cookie = f"{LANG_COOKIE}={lang}; Path=/; Max-Age=31536000; SameSite=Strict; HttpOnly"
            headers.append("set-cookie", cookie + ("; Secure" if self._secure else ""))
