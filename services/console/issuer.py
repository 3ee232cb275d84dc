"""The console as a client of the OpenID Connect issuer: authorization code with PKCE.

The token that comes of it is checked by the write role, which gives one of its own for it.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote

import httpx
import orjson
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from pydantic import SecretStr

from services.kit.oidc import TIMEOUT, Issuer, IssuerAwayError

FORM = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}


class CodeRefusedError(Exception):
    """The issuer gives no token for the code."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that is under way at the issuer, and what comes after it."""

    state: str
    nonce: str
    verifier: str
    to: str = ""
    typed: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return it for a cookie."""
        return asdict(self)


def begun(to: str, typed: str) -> Begun:
    """Begin a sign-in: nobody else can know its state, nonce and verifier."""
    state, nonce, verifier = (secrets.token_urlsafe(n) for n in (24, 24, 48))
    return Begun(state, nonce, verifier, to, typed)


@dataclass(frozen=True, slots=True)
class IssuerClient:
    """Sends people to the issuer and fetches the token they come back for."""

    issuer: Issuer
    http: httpx.AsyncClient
    id: str
    secret: SecretStr | None
    scope: str
    redirect: str
    name: str

    async def address(self, start: Begun) -> str:
        """Return where a browser signs in. Raises IssuerAwayError."""
        uri: str = prepare_grant_uri(
            await self.issuer.endpoint("authorization_endpoint"), self.id, "code",
            redirect_uri=self.redirect, scope=self.scope, state=start.state, nonce=start.nonce,
            code_challenge=create_s256_code_challenge(start.verifier),
            code_challenge_method="S256",
        )  # fmt: skip
        return uri

    async def token(self, start: Begun, code: str) -> str:
        """Return the identity token for a code. Raises CodeRefusedError, IssuerAwayError."""
        own = {} if self.secret else {"client_id": self.id}
        body = prepare_token_request(
            "authorization_code", redirect_uri=self.redirect, code=code,
            code_verifier=start.verifier, **own,
        )  # fmt: skip
        endpoint = await self.issuer.endpoint("token_endpoint")
        try:
            answer = await self.http.post(
                endpoint, content=body, headers=FORM, auth=self._auth(), timeout=TIMEOUT
            )
            found = orjson.loads(answer.content)
        except (httpx.HTTPError, orjson.JSONDecodeError) as error:
            raise IssuerAwayError(type(error).__name__) from error
        if answer.status_code >= 500:
            raise IssuerAwayError(f"status {answer.status_code}")
        token = found.get("id_token") if isinstance(found, dict) else None
        if answer.status_code != 200 or not isinstance(token, str):
            raise CodeRefusedError
        return token

    def _auth(self) -> httpx.Auth:
        """Return how the console shows that it is itself; PKCE alone where it has no secret."""
        if self.secret is None:
            return httpx.Auth()
        return httpx.BasicAuth(quote(self.id, ""), quote(self.secret.get_secret_value(), ""))
