"""Short ES256 tokens: issued by the write role, checked by every role with the public key alone.

A token names the account and nothing else; office, roles and areas are read from the directory at
each request. Tokens run on real time, also on a simulated node.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

LIFETIME = timedelta(minutes=15)
AUDIENCE = "bangfu"
REMEMBERED = 10_000
LEEWAY = 5
"""Seconds by which two clocks may differ."""


class TokenRefusedError(Exception):
    """The token is missing, ended, unsigned, or meant for somebody else."""


class TokenCheck:
    """Checks tokens with the public key; a checked one is remembered until it ends."""

    def __init__(self, public_pem: bytes, issuer: str, real_now: Callable[[], datetime]) -> None:
        self._public: Any = serialization.load_pem_public_key(public_pem)
        self._issuer, self._now = issuer, real_now
        self._checked: OrderedDict[bytes, tuple[str, float]] = OrderedDict()

    def account_at(self, token: str, at: datetime) -> str:
        """Return the account of a token that was valid at an instant (a record's append time)."""
        claims = self._claims(token, past=True)
        begun, ended = float(claims["iat"]) - LEEWAY, float(claims["exp"]) + LEEWAY
        if not begun <= at.timestamp() <= ended:
            raise TokenRefusedError
        return str(claims["sub"])

    def account(self, token: str) -> str:
        """Return the account that a token stands for. Raises TokenRefusedError."""
        digest = hashlib.sha256(token.encode()).digest()
        known = self._checked.get(digest)
        if known is not None and self._now().timestamp() < known[1]:
            return known[0]
        claims = self._claims(token)
        self._checked[digest] = (str(claims["sub"]), float(claims["exp"]))
        while len(self._checked) > REMEMBERED:
            self._checked.popitem(last=False)
        return str(claims["sub"])

    def _claims(self, token: str, *, past: bool = False) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._public,
                algorithms=["ES256"],
                audience=AUDIENCE,
                issuer=self._issuer,
                leeway=LEEWAY,
                options={
                    "require": ["exp", "iat", "sub", "aud", "iss"],
                    "verify_exp": not past,
                },
            )
        except jwt.PyJWTError as error:
            raise TokenRefusedError from error
        return claims


class TokenIssuer:
    """Signs tokens."""

    def __init__(self, private_pem: bytes, issuer: str, real_now: Callable[[], datetime]) -> None:
        key = serialization.load_pem_private_key(private_pem, None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("tokens are signed with an EC key")
        self._private, self._issuer, self._now = key, issuer, real_now

    def issue(self, account: str) -> tuple[str, datetime]:
        """Return a token for an account and when it ends (15 minutes)."""
        now = self._now()
        ends = now + LIFETIME
        claims = {"sub": account, "iss": self._issuer, "aud": AUDIENCE, "iat": now, "exp": ends}
        return jwt.encode(claims, self._private, algorithm="ES256"), ends


def token_keys(folder: Path) -> tuple[bytes, bytes]:
    """Return the node's (private, public) token key in PEM, made on first use (mode 0600)."""
    private_file, public_file = folder / "token.pem", folder / "token.pub"
    if not private_file.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = ec.generate_private_key(ec.SECP256R1())
        private_file.touch(mode=0o600)
        private_file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    private = private_file.read_bytes()
    loaded = serialization.load_pem_private_key(private, None)
    public = loaded.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    if not public_file.exists():
        public_file.write_bytes(public)
    return private, public
