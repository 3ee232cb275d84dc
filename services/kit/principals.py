"""Who is asking: local accounts with argon2 passwords, and the principal a token stands for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from events.rules.access import Principal
from events.rules.directory import Directory
from events.rules.principals import acting_for, principal_by_id
from events.runtime.tokens import TokenCheck, TokenIssuer, TokenRefusedError
from services.kit.decider import DomainError
from services.kit.keyring import Keyring
from services.kit.problems import LOCKED, UNAUTHENTICATED, WRONG_PASSWORD

MAX_FAILURES = 5
LOCK = timedelta(minutes=15)
DECOY = (
    "$argon2id$v=19$m=65536,t=3,p=4$MIIRqgvgQbgj220jfp0MPA"
    "$YfwJSVjtjSU0zzV/P3S9nnQ/USre2wvJMjfCIjrTQbg"
)
"""A hash nobody has, so that an unknown login takes as long as a wrong password."""


class Doorkeeper:
    """Signs people in and turns tokens into principals."""

    def __init__(
        self,
        issuer: TokenIssuer,
        check: TokenCheck,
        keyring: Keyring,
        directory: Callable[[], Directory],
        today: Callable[[], date],
        real_now: Callable[[], datetime],
    ) -> None:
        self._issuer, self._check, self._keyring = issuer, check, keyring
        self._directory, self._today, self._real_now = directory, today, real_now
        self._hasher = PasswordHasher()
        self._of: tuple[int, date] | None = None
        self._known: dict[tuple[str, str | None], Principal | None] = {}

    async def set_password(self, login: str, account: str, password: str) -> None:
        """Set the password of a login (argon2id)."""
        hashed = await asyncio.to_thread(self._hasher.hash, password)
        await self._keyring.set_credential(login, account, hashed)

    async def sign_in(self, login: str, password: str) -> tuple[str, datetime]:
        """Return a token and its end. Raises DomainError: wrong password, locked account."""
        row = await self._keyring.credential(login)
        now = self._real_now()
        if row is not None and row.locked_until is not None and now < row.locked_until:
            raise DomainError(LOCKED)
        stored = row.password if row else DECOY
        if not await asyncio.to_thread(self._matches, stored, password) or row is None:
            if row is not None:
                locked = now + LOCK if row.failures + 1 >= MAX_FAILURES else None
                await self._keyring.record_failure(login, locked)
            raise DomainError(WRONG_PASSWORD)
        await self._keyring.record_success(login)
        return self._issuer.issue(row.account)

    def renew(self, token: str | None) -> tuple[str, datetime]:
        """Return a fresh token for one that still stands. Raises DomainError (401)."""
        return self._issuer.issue(self.principal(token).user)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerifyMismatchError, InvalidHashError):
            return False

    def principal(
        self, token: str | None, on_behalf_of: str | None = None, at: datetime | None = None
    ) -> Principal:
        """Return whom a token stands for, now or when a record came. Raises DomainError (401)."""
        try:
            check = self._check
            user = check.account_at(token or "", at) if at else check.account(token or "")
        except TokenRefusedError as error:
            raise DomainError(UNAUTHENTICATED) from error
        found = self._acting(user, on_behalf_of)
        if found is None:
            raise DomainError(UNAUTHENTICATED)
        return found

    def _acting(self, user: str, on_behalf_of: str | None) -> Principal | None:
        """Return whom a user acts as; remembered until directory or day change."""
        directory, day = self._directory(), self._today()
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
