"""The session: one cookie, sealed, that holds the API token and who it stands for.

The console keeps nothing on its side. A cookie that does not open is no session; the CSRF token
of every form is bound to it.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from cryptography.fernet import Fernet, InvalidToken
from starlette.requests import Request
from starlette.responses import Response

from services.console.config import SESSION_HOURS, ConsoleConfig

COOKIE = "bangfu_session"
LANG_COOKIE = "bangfu_lang"
RENEW_BEFORE = timedelta(minutes=5)
INSTANTS = ("ends", "began")


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
        key = hashlib.sha256(b"session\0" + config.secret.get_secret_value().encode()).digest()
        self._box = Fernet(urlsafe_b64encode(key))
        self._csrf_key = hashlib.sha256(b"csrf\0" + key).digest()

    def read(self, request: Request) -> Session | None:
        """Open the session of a request; None without one, or after the working day."""
        raw = request.cookies.get(COOKIE, "").encode()
        try:
            clear = self._box.decrypt_at_time(
                raw, SESSION_HOURS * 3600, int(self._config.now().timestamp())
            )
        except (InvalidToken, ValueError):
            return None
        found: dict[str, Any] = orjson.loads(clear)
        instants = {n: datetime.fromisoformat(found[n]) for n in INSTANTS}
        return Session(**(found | instants))

    def write(self, response: Response, session: Session) -> None:
        """Put a session into the answer."""
        now = int(self._config.now().timestamp())
        body = orjson.dumps(
            asdict(session) | {n: getattr(session, n).isoformat() for n in INSTANTS}
        )
        response.set_cookie(
            COOKIE,
            self._box.encrypt_at_time(body, now).decode(),
            max_age=SESSION_HOURS * 3600,
            secure=self._config.secure_cookie,
            httponly=True,
            samesite="strict",
        )

    def clear(self, response: Response) -> None:
        """Take the session away."""
        response.delete_cookie(COOKIE, httponly=True, samesite="strict")

    def csrf(self, session: Session | None) -> str:
        """Return the token that a form of this session carries."""
        text = session.id if session else "nobody"
        return hmac.new(self._csrf_key, text.encode(), hashlib.sha256).hexdigest()

    def is_ours(self, session: Session | None, sent: str) -> bool:
        """Tell whether a form was made for this session."""
        return hmac.compare_digest(self.csrf(session), sent)
