"""An OpenID Connect issuer as it describes itself, and the check of the tokens it signs.

Its documents are fetched when needed, with bounded time, size and rate; an issuer that does not
answer holds up nobody but those who sign in with it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import jwt
import orjson
import structlog

from events.runtime.doors import is_safe

ALGORITHMS = {"RSA": "RS256", "EC": "ES256", "OKP": "EdDSA"}
"""By type of key; never `none`, never a shared secret."""
LEEWAY = 30
"""Seconds by which the issuer's clock may differ."""
FRESH = 600.0
"""Seconds after which a document is fetched again."""
PAUSE = 10.0
"""Least seconds between two fetches of one document, whatever tokens say."""
TIMEOUT = httpx.Timeout(5, connect=3)
MOST_BYTES = 1 << 18
LONGEST_TOKEN = 1 << 14
LEAST_RSA_BITS = 2048
log = structlog.get_logger()


class IssuerAwayError(Exception):
    """The issuer does not answer, or not as the standard says."""


class IdentityRefusedError(Exception):
    """A token that the issuer did not sign for this node, now; says why."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the issuer vouches for: its stable subject, and all its claims."""

    issuer: str
    subject: str
    claims: Mapping[str, Any]


class _Document:
    """One JSON document of the issuer, kept for ten minutes."""

    def __init__(self, http: httpx.AsyncClient, seconds: Callable[[], float]) -> None:
        self._http, self._seconds = http, seconds
        self._found: dict[str, Any] | None = None
        self._at, self._tried = -FRESH, -PAUSE
        self._turn = asyncio.Lock()

    async def read(self, url: str, *, newer: bool = False) -> dict[str, Any]:
        """Return the document; `newer` wants one from now, as far as the pause allows.

        Raises IssuerAwayError.
        """
        async with self._turn:
            now = self._seconds()
            stale = newer or now >= self._at + FRESH
            if stale and now >= self._tried + PAUSE:
                self._tried = now
                self._found, self._at = await self._fetch(url), now
            if self._found is None or now >= self._at + FRESH:
                raise IssuerAwayError("tried a moment ago")
            return self._found

    async def _fetch(self, url: str) -> dict[str, Any]:
        if not is_safe(url):
            raise IssuerAwayError("not an https address")
        try:
            async with (
                asyncio.timeout(TIMEOUT.read),
                self._http.stream("GET", url, timeout=TIMEOUT, follow_redirects=False) as answer,
            ):
                content = b""
                async for part in answer.aiter_bytes():
                    content += part
                    if len(content) > MOST_BYTES:
                        raise IssuerAwayError("the document is too long")
                found = orjson.loads(content)
        except (httpx.HTTPError, TimeoutError, orjson.JSONDecodeError) as error:
            raise IssuerAwayError(type(error).__name__) from error
        if answer.status_code != 200 or not isinstance(found, dict):
            raise IssuerAwayError(f"status {answer.status_code}")
        return found


class Issuer:
    """A configured issuer: where its endpoints are and which keys it signs with."""

    def __init__(
        self,
        url: str,
        http: httpx.AsyncClient,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.url = url
        self._described = _Document(http, seconds)
        self._published = _Document(http, seconds)

    async def endpoint(self, name: str) -> str:
        """Return the address of an endpoint. Raises IssuerAwayError."""
        where = f"{self.url.rstrip('/')}/.well-known/openid-configuration"
        found = await self._described.read(where)
        address = found.get(name)
        if found.get("issuer") != self.url or not isinstance(address, str) or not is_safe(address):
            raise IssuerAwayError(f"discovery: issuer or {name}")
        return address

    async def key(self, kid: str | None) -> jwt.PyJWK:
        """Return a key by id, or the only one; an unknown id fetches the keys again.

        Raises IssuerAwayError, IdentityRefusedError.
        """
        address = await self.endpoint("jwks_uri")
        found = _pick(await self._published.read(address), kid)
        found = found or _pick(await self._published.read(address, newer=True), kid)
        if found is None:
            raise IdentityRefusedError("unknown key")
        return found


def _pick(document: Mapping[str, Any], kid: str | None) -> jwt.PyJWK | None:
    listed = document.get("keys")
    keys = [k for k in listed if isinstance(k, dict)] if isinstance(listed, list) else []
    usable = [key for k in keys if kid in (None, k.get("kid")) and (key := _key(k)) is not None]
    return usable[0] if len(usable) == 1 else None


def _key(described: dict[str, Any]) -> jwt.PyJWK | None:
    """Read a public key that may sign; None for any other."""
    algorithm = ALGORITHMS.get(str(described.get("kty")))
    told = described.get("alg", algorithm)
    if algorithm is None or told != algorithm or described.get("use", "sig") != "sig":
        return None
    try:
        key = jwt.PyJWK({n: v for n, v in described.items() if n != "d"}, algorithm)
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    bits = getattr(key.key, "key_size", LEAST_RSA_BITS)
    return None if algorithm == "RS256" and bits < LEAST_RSA_BITS else key


@dataclass(frozen=True, slots=True)
class IdentityCheck:
    """Checks that a token is the issuer's, for this node, and stands now.

    Where the audience is the console itself, no other client's token will do; an audience of the
    node's own also admits systems that the issuer knows.
    """

    issuer: Issuer
    audience: str
    client: str

    async def identity(self, token: str, nonce: str | None) -> Identity:
        """Return whom a token is for; `nonce` as the sign-in began with, where it did.

        Raises IdentityRefusedError, IssuerAwayError.
        """
        try:
            claims = await self._claims(token)
        except jwt.PyJWTError as error:
            raise IdentityRefusedError(type(error).__name__) from error
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        party = claims.get("azp", None if several else self.client)
        if self.audience == self.client != party:
            raise IdentityRefusedError("meant for another client")
        if claims.get("nonce") != nonce:
            raise IdentityRefusedError("nonce")
        return Identity(self.issuer.url, str(claims["sub"]), claims)

    async def _claims(self, token: str) -> dict[str, Any]:
        if len(token) > LONGEST_TOKEN:
            raise IdentityRefusedError("too long")
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS.values():
            raise IdentityRefusedError("algorithm")
        kid = header.get("kid")
        key = await self.issuer.key(kid if isinstance(kid, str) else None)
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[key.algorithm_name],
            audience=self.audience,
            issuer=self.issuer.url,
            leeway=LEEWAY,
            options={"require": ["exp", "iat", "sub", "aud", "iss"]},
        )
        return claims
