"""A small OpenID Connect provider on loopback: discovery, code flow with PKCE, keys that rotate.

It signs with another library than the one that checks, and it does on request what a careless or
hostile provider would do.
"""

from __future__ import annotations

import base64
import secrets
import socket
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlencode

import uvicorn
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, OKPKey, RSAKey
from markupsafe import escape
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "bangfu-console", "a secret: of the % client"
Key = RSAKey | ECKey | OKPKey
LIFETIME = 300


def new_key(algorithm: str = "ES256") -> Key:
    """Make a signing key with an id of its own."""
    told: Any = {"kid": secrets.token_hex(4), "alg": algorithm, "use": "sig"}
    if algorithm == "RS256":
        return RSAKey.generate_key(2048, told)
    if algorithm == "EdDSA":
        return OKPKey.generate_key("Ed25519", told)
    return ECKey.generate_key("P-256", told)


@dataclass
class Provider:
    """The provider; `people` gives the claims of each subject, `twist` changes the next tokens'."""

    url: str
    redirect: str
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=lambda: [new_key()])
    twist: dict[str, Any] = field(default_factory=dict)
    broken: bool = False
    key_fetches: int = 0
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def claims(self, subject: str, nonce: str | None = None) -> dict[str, Any]:
        """Return the claims of an identity token of now."""
        now = int(time.time())
        own = {"iss": self.url, "sub": subject, "aud": CLIENT, "iat": now, "exp": now + LIFETIME}
        told = {"jti": secrets.token_hex(8)} | ({"nonce": nonce} if nonce else {})
        return own | told | self.people.get(subject, {}) | self.twist

    def token(self, subject: str, nonce: str | None = None, key: Key | None = None) -> str:
        """Sign an identity token."""
        return self.signed(self.claims(subject, nonce), key or self.keys[-1])

    def signed(self, claims: dict[str, Any], key: Key) -> str:
        """Sign some claims with a key."""
        public = key.as_dict(private=False)
        algorithm = str(public["alg"])
        header: dict[str, Any] = {
            name: str(public[name]) for name in ("alg", "kid") if name in public
        }
        with warnings.catch_warnings(category=SecurityWarning, action="ignore"):
            return jwt.encode(header, claims, key, algorithms=[algorithm])

    def app(self) -> Starlette:
        """Return the provider as an application."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._described),
                Route("/keys", self._keys),
                Route("/authorize", self._authorize, methods=["GET", "POST"]),
                Route("/token", self._token, methods=["POST"]),
            ]
        )

    async def _described(self, _: Request) -> Response:
        if self.broken:
            return Response("<html>down</html>", 502)
        return JSONResponse(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["ES256", "RS256", "EdDSA"],
            }
        )

    async def _keys(self, _: Request) -> Response:
        self.key_fetches += 1
        return JSONResponse({"keys": [key.as_dict(private=False) for key in self.keys]})

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        sound = (
            asked.get("client_id") == CLIENT
            and asked.get("redirect_uri") == self.redirect
            and asked.get("response_type") == "code"
            and asked.get("code_challenge_method") == "S256"
            and "openid" in asked.get("scope", "").split()
            and asked.get("state")
            and asked.get("nonce")
        )
        if not sound:
            return Response("not a request of the client", 400)
        if request.method == "GET":
            where = escape(f"/authorize?{request.url.query}")
            form = f'<form method="post" action="{where}"><label>Who <input name="who"></label>'
            return HTMLResponse(f"<!doctype html><title>OP</title>{form}<button>OK</button></form>")
        who = str((await request.form())["who"])
        back = {"state": asked["state"], "iss": self.url}
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked | {"who": who}
        said = {"code": code} if who in self.people else {"error": "access_denied"}
        return RedirectResponse(f"{self.redirect}?{urlencode(back | said)}", 302)

    async def _token(self, request: Request) -> Response:
        form = {k: str(v) for k, v in (await request.form()).items()}
        asked = self._codes.pop(form.get("code", ""), None)
        proof = create_s256_code_challenge(form.get("code_verifier", ""))
        if not _is_client(request):
            return JSONResponse({"error": "invalid_client"}, 401)
        same = form.get("redirect_uri") == self.redirect
        if asked is None or proof != asked["code_challenge"] or not same:
            return JSONResponse({"error": "invalid_grant"}, 400)
        token = self.token(asked["who"], asked["nonce"])
        return JSONResponse({"access_token": "-", "token_type": "Bearer", "id_token": token})


def _is_client(request: Request) -> bool:
    """Tell whether the client showed its secret, each part encoded as RFC 6749 2.3.1 says."""
    _, _, sent = request.headers.get("authorization", "").partition(" ")
    shown = base64.b64decode(sent).decode().split(":")
    return [unquote(part) for part in shown] == [CLIENT, SECRET]


@contextmanager
def running_provider(redirect: str, port: int = 0, host: str = "127.0.0.1") -> Iterator[Provider]:
    """Serve a provider in a thread until the block ends; `host` is how others call it."""
    listening = socket.create_server(("127.0.0.1", port))
    url = f"http://{host}:{listening.getsockname()[1]}"
    provider = Provider(url, redirect)
    config = uvicorn.Config(provider.app(), log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join(5)
        listening.close()
