"""Short ES256 tokens: issued by the write role, checked by every role with the public key alone.

A token names the account, its session and when that began, and nothing else; office, roles and
areas are read from the directory at each request. Tokens run on real time, also on a simulated
node.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

LIFETIME = timedelta(minutes=15)
SESSION = timedelta(hours=12)
"""Longest working day: no token of a session outlives it."""
AUDIENCE = "bangfu"
REMEMBERED = 10_000
LEEWAY = 5
"""Seconds by which two clocks may differ."""


class TokenRefusedError(Exception):
    """The token is missing, ended, unsigned, or meant for somebody else."""


@dataclass(frozen=True, slots=True)
class Badge:
    """Whom a token stands for, in which session; instants are seconds since 1970."""

    account: str
    session: str
    began: float
    ends: float


class Ended:
    """Sessions ended before their time, by session id; by account all that began before."""

    def __init__(self) -> None:
        self._at: dict[str, float] = {}

    def note(self, who: Mapping[str, datetime]) -> None:
        """Learn of ended sessions and accounts, and since when."""
        for key, at in who.items():
            self._at[key] = max(at.timestamp(), self._at.get(key, 0.0))

    def forget(self, before: datetime) -> None:
        """Forget what ended so long ago that no token of it can stand."""
        self._at = {k: at for k, at in self._at.items() if at >= before.timestamp()}

    def covers(self, badge: Badge, at: float) -> bool:
        """Tell whether a badge stood no more at an instant."""
        session = self._at.get(badge.session)
        account = self._at.get(badge.account)
        return (session is not None and at >= session) or (
            account is not None and badge.began <= account <= at
        )


class TokenCheck:
    """Checks tokens with the public key; a checked one is remembered until it ends."""

    def __init__(
        self,
        public_pem: bytes,
        issuer: str,
        real_now: Callable[[], datetime],
        ended: Ended | None = None,
    ) -> None:
        self._public: Any = serialization.load_pem_public_key(public_pem)
        self._issuer, self._now, self.ended = issuer, real_now, ended or Ended()
        self._checked: OrderedDict[bytes, Badge] = OrderedDict()

    def account_at(self, token: str, at: datetime) -> str:
        """Return the account of a token that was valid at an instant (a record's append time)."""
        claims = self._claims(token, past=True)
        badge, when = _badge(claims), at.timestamp()
        begun, ends = float(claims["iat"]) - LEEWAY, badge.ends + LEEWAY
        if not begun <= when <= ends or self.ended.covers(badge, when):
            raise TokenRefusedError
        return badge.account

    def account(self, token: str) -> str:
        """Return the account that a token stands for. Raises TokenRefusedError."""
        return self.badge(token).account

    def badge(self, token: str) -> Badge:
        """Return what a token says. Raises TokenRefusedError."""
        digest, now = hashlib.sha256(token.encode()).digest(), self._now().timestamp()
        badge = self._checked.get(digest)
        if badge is None or now >= badge.ends:
            badge = self._checked[digest] = _badge(self._claims(token))
            while len(self._checked) > REMEMBERED:
                self._checked.popitem(last=False)
        if self.ended.covers(badge, now):
            raise TokenRefusedError
        return badge

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
                    "require": ["exp", "iat", "sub", "aud", "iss", "sid", "began"],
                    "verify_exp": not past,
                },
            )
        except jwt.PyJWTError as error:
            raise TokenRefusedError from error
        return claims


def _badge(claims: Mapping[str, Any]) -> Badge:
    return Badge(claims["sub"], claims["sid"], float(claims["began"]), float(claims["exp"]))


class TokenIssuer:
    """Signs tokens."""

    def __init__(self, private_pem: bytes, issuer: str, real_now: Callable[[], datetime]) -> None:
        key = serialization.load_pem_private_key(private_pem, None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("tokens are signed with an EC key")
        self._private, self._issuer, self._now = key, issuer, real_now

    def issue(self, account: str) -> tuple[str, datetime]:
        """Begin a session: return its first token and when that ends (15 minutes)."""
        return self._signed(account, secrets.token_hex(16), self._now())

    def issue_again(self, badge: Badge, *, fresh: bool = False) -> tuple[str, datetime]:
        """Return the next token of a session, under a fresh session id where wanted.

        Raises TokenRefusedError at the end of the working day.
        """
        began = datetime.fromtimestamp(badge.began, UTC)
        if self._now() >= began + SESSION:
            raise TokenRefusedError
        return self._signed(badge.account, secrets.token_hex(16) if fresh else badge.session, began)

    def _signed(self, account: str, session: str, began: datetime) -> tuple[str, datetime]:
        now = self._now()
        ends = min(now + LIFETIME, began + SESSION)
        claims = {
            "sub": account, "sid": session, "began": began.timestamp(), "iss": self._issuer,
            "aud": AUDIENCE, "iat": now, "exp": ends,
        }  # fmt: skip
        return jwt.encode(claims, self._private, algorithm="ES256"), ends


def token_keys(folder: Path) -> tuple[bytes, bytes]:
    """Return the node's (private, public) token key in PEM, made on first use (mode 0600)."""
    file = folder / "token.pem"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = ec.generate_private_key(ec.SECP256R1())
        file.touch(mode=0o600)
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    private = file.read_bytes()
    public = serialization.load_pem_private_key(private, None).public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return private, public.public_bytes(serialization.Encoding.PEM, form)
