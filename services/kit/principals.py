"""Who is asking: signing in and out, and the principal a token stands for.

Whoever signs in, with a local password or with a token of the configured issuer, gets a token of
this node; so every role, and the records of Kafka, are checked in one way alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from events.rules.access import Principal
from events.rules.directory import Directory
from events.rules.principals import acting_for, principal_by_id
from events.runtime.tokens import Badge, TokenCheck, TokenIssuer, TokenRefusedError
from services.kit.decider import DomainError
from services.kit.identities import NO_ISSUER, Identities
from services.kit.passwords import Passwords
from services.kit.problems import UNAUTHENTICATED
from services.kit.sessions import Sessions


@dataclass(slots=True)
class Doorkeeper:
    """Signs people in and out, and turns tokens into principals."""

    issuer: TokenIssuer
    check: TokenCheck
    passwords: Passwords
    sessions: Sessions
    identities: Identities | None
    directory: Callable[[], Directory]
    today: Callable[[], date]
    _of: tuple[int, date] | None = field(default=None, init=False)
    _known: dict[tuple[str, str | None], Principal | None] = field(default_factory=dict, init=False)

    async def set_password(self, login: str, account: str, password: str) -> None:
        """Set the password of a login; sessions that began before it end."""
        await self.passwords.set(login, account, password)
        await self.sessions.end(account)

    async def sign_in(self, login: str, password: str, address: str = "") -> tuple[str, datetime]:
        """Return a token and its end. Raises DomainError: wrong password, locked, too many."""
        return self.issuer.issue(await self.passwords.account(login, password, address))

    async def exchange(self, token: str, nonce: str | None) -> tuple[str, datetime]:
        """Return a token of this node for one of the issuer's. Raises DomainError."""
        directory, day = self.directory(), self.today()
        account = await self.known_identities.account(
            token, nonce, directory.logins,
            lambda user: principal_by_id(user, directory, day) is not None,
        )  # fmt: skip
        return self.issuer.issue(account)

    @property
    def known_identities(self) -> Identities:
        """Return the identities of the issuer. Raises DomainError (404) without one."""
        if self.identities is None:
            raise DomainError(NO_ISSUER)
        return self.identities

    async def renew(self, token: str | None, *, fresh: bool = False) -> tuple[str, datetime]:
        """Return the next token of a session that still stands. Raises DomainError (401).

        A fresh one begins a session id of its own, and the old one ends.
        """
        badge = self._badge(token)
        try:
            renewed = self.issuer.issue_again(badge, fresh=fresh)
        except TokenRefusedError as error:
            raise DomainError(UNAUTHENTICATED) from error
        if fresh:
            await self.sessions.end(badge.session)
        return renewed

    async def sign_out(self, token: str | None) -> None:
        """End the session of a token, for whoever holds it. Raises DomainError (401)."""
        await self.sessions.end(self._badge(token).session)

    def _badge(self, token: str | None) -> Badge:
        self.principal(token)
        return self.check.badge(token or "")

    def principal(
        self, token: str | None, on_behalf_of: str | None = None, at: datetime | None = None
    ) -> Principal:
        """Return whom a token stands for, now or when a record came. Raises DomainError (401)."""
        try:
            check = self.check
            user = check.account_at(token or "", at) if at else check.account(token or "")
        except TokenRefusedError as error:
            raise DomainError(UNAUTHENTICATED) from error
        found = self._acting(user, on_behalf_of)
        if found is None:
            raise DomainError(UNAUTHENTICATED)
        return found

    def _acting(self, user: str, on_behalf_of: str | None) -> Principal | None:
        """Return whom a user acts as; remembered until directory or day change."""
        directory, day = self.directory(), self.today()
        if self._of != (directory.seq, day):
            self._of = (directory.seq, day)
            self._known.clear()
        asked = (user, on_behalf_of)
        if asked not in self._known:
            found = principal_by_id(user, directory, day)
            if found is not None and on_behalf_of is not None:
                found = acting_for(found, on_behalf_of, directory, day)
            self._known[asked] = found
        return self._known[asked]
