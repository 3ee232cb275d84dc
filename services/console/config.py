"""What the console is told from outside."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import httpx
from pydantic import SecretStr

from events.runtime.clock import Clock, SystemClock
from events.runtime.ids import IdSource, RandomIds
from services.console.issuer import IssuerClient

HERE = Path(__file__).parent
SESSION_HOURS = 12
"""Longest working day; then the cookie ends whatever the token says."""


@dataclass(frozen=True, slots=True)
class ConsoleConfig:
    """Addresses of the two APIs, the secret that seals the session cookie, clock and ids.

    `now` is the node's day for new forms; it differs from `clock` on a simulated node only.
    `secure` says that browsers come over https; `issuer` is who else vouches for people.
    """

    write_api: str
    read_api: str
    secret: SecretStr
    secure: bool = False
    issuer: IssuerClient | None = None
    clock: Clock = field(default_factory=SystemClock)
    ids: IdSource = field(default_factory=lambda: RandomIds(SystemClock()))
    client: httpx.AsyncClient | None = None
    """A client to use instead of an own one, for both APIs."""

    def now(self) -> datetime:
        """Return the present instant."""
        return self.clock.now()
