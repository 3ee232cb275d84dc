"""The session: one cookie, sealed, that holds the API token and who it stands for.

The console keeps nothing on its side but the sessions that were just signed out. A cookie that does
not open is no session; the CSRF token of every form is bound to the session, or to the visit of
somebody who is not signed in yet.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

import orjson
from cryptography.fernet import Fernet, InvalidToken
from starlette.requests import Request
from starlette.responses import Response

from services.console.config import SESSION_HOURS, ConsoleConfig
from services.console.issuer import Begun

COOKIE, GUEST_COOKIE, BEGUN_COOKIE = "bangfu_session", "bangfu_guest", "bangfu_begun"
LANG_COOKIE = "bangfu_lang"
INSTANTS = ("ends", "began")
BEGUN_SECONDS = 600
LONGEST_COOKIE = 3_900
"""Characters; browsers drop a cookie beyond 4,096 bytes."""


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in, with the token that the APIs ask for."""

    token: str
    ends: datetime
    id: str
    began: datetime
    login: str = ""
    me: dict[str, Any] = field(default_factory=dict)

    @property
    def office(self) -> str:
        """Return the office the person works in."""
        return str(self.me.get("office") or "")

    @property
    def roles(self) -> frozenset[str]:
        """Return the roles held today."""
        return frozenset(self.me.get("roles") or ())

    def live(self, now: datetime) -> bool:
        """Tell whether the token still stands and the working day is not over."""
        return now < min(self.ends, self.began + timedelta(hours=SESSION_HOURS))

    def renewed(self, token: str, ends: datetime) -> Session:
        """Return the session with a newer token."""
        return replace(self, token=token, ends=ends)


class Keeper:
    """Seals sessions into cookies and opens them."""

    def __init__(self, config: ConsoleConfig) -> None:
        self._config = config
        secret = config.secret.get_secret_value().encode()
        key = hashlib.sha256(b"session\0" + secret).digest()
        self._box = Fernet(urlsafe_b64encode(key))
        self._begun_box = Fernet(urlsafe_b64encode(hashlib.sha256(b"begun\0" + secret).digest()))
        self._csrf_key = hashlib.sha256(b"csrf\0" + key).digest()
        self._ended: dict[str, datetime] = {}

    def name(self, cookie: str) -> str:
        """Return a cookie's full name: over https no other host of the domain can set it."""
        return f"__Host-{cookie}" if self._config.secure else cookie

    def read(self, request: Request) -> Session | None:
        """Open the session of a request; None without one, signed out, or after the day."""
        raw = request.cookies.get(self.name(COOKIE), "").encode()
        try:
            clear = self._box.decrypt_at_time(raw, SESSION_HOURS * 3600, self._now())
        except (InvalidToken, ValueError):
            return None
        found: dict[str, Any] = orjson.loads(clear)
        instants = {n: datetime.fromisoformat(found[n]) for n in INSTANTS}
        session = Session(**(found | instants))
        return None if session.id in self._ended else session

    def write(self, response: Response, session: Session) -> None:
        """Put a session into the answer."""
        body = asdict(session) | {n: getattr(session, n).isoformat() for n in INSTANTS}
        sealed = self._box.encrypt_at_time(orjson.dumps(body), self._now()).decode()
        self._set(response, COOKIE, sealed, SESSION_HOURS * 3600)

    def clear(self, response: Response, cookie: str = COOKIE) -> None:
        """Take a cookie away."""
        self._set(response, cookie, "", 0)

    def end(self, session: Session) -> None:
        """Let nobody come in with this session's cookie again.

        It is remembered until its token ends: the write role renews none of an ended session.
        """
        now = self._config.now()
        self._ended = {i: ends for i, ends in self._ended.items() if ends > now}
        self._ended[session.id] = session.ends

    def guest(self, request: Request) -> str:
        """Return the visit of somebody who is not signed in; a new one where there is none."""
        known = request.cookies.get(self.name(GUEST_COOKIE), "")
        return known if re.fullmatch(r"[0-9a-f]{32}", known) else secrets.token_hex(16)

    def greet(self, response: Response, guest: str) -> None:
        """Put a visit into the answer."""
        self._set(response, GUEST_COOKIE, guest, SESSION_HOURS * 3600)

    def begin(self, response: Response, begun: Begun) -> bool:
        """Keep a sign-in at the issuer for its way back; False where it is too long for that.

        Browsers send it along from another site, unlike a session.
        """
        clear = orjson.dumps(begun.as_dict())
        sealed = self._begun_box.encrypt_at_time(clear, self._now()).decode()
        if len(sealed) <= LONGEST_COOKIE:
            self._set(response, BEGUN_COOKIE, sealed, BEGUN_SECONDS, "lax")
            return True
        return False

    def begun(self, request: Request) -> Begun | None:
        """Return the sign-in that is under way; None without one, or after ten minutes."""
        raw = request.cookies.get(self.name(BEGUN_COOKIE), "").encode()
        try:
            clear = self._begun_box.decrypt_at_time(raw, BEGUN_SECONDS, self._now())
        except (InvalidToken, ValueError):
            return None
        return Begun(**orjson.loads(clear))

    def csrf(self, session: Session | None) -> str:
        """Return the token that a form of this session carries."""
        return self._bound(f"session {session.id}") if session else ""

    def guest_csrf(self, guest: str) -> str:
        """Return the token that a form of this visit carries."""
        return self._bound(f"guest {guest}")

    def is_ours(self, session: Session | None, sent: str) -> bool:
        """Tell whether a form was made for this session."""
        return session is not None and _same(self.csrf(session), sent)

    def is_guests(self, request: Request, sent: str) -> bool:
        """Tell whether a form was made for this visit."""
        return _same(self.guest_csrf(self.guest(request)), sent)

    def _bound(self, text: str) -> str:
        return hmac.new(self._csrf_key, text.encode(), hashlib.sha256).hexdigest()

    def _now(self) -> int:
        return int(self._config.now().timestamp())

    def _set(
        self, response: Response, cookie: str, value: str, seconds: int,
        same: Literal["strict", "lax"] = "strict",
    ) -> None:  # fmt: skip
        response.set_cookie(
            self.name(cookie), value, max_age=seconds, secure=self._config.secure,
            httponly=True, samesite=same, path="/",
        )  # fmt: skip


def _same(known: str, sent: str) -> bool:
    return hmac.compare_digest(known.encode(), sent.encode())
