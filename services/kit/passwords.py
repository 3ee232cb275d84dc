"""Local accounts: argon2 passwords, and how often they may be guessed."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from math import ceil

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from events.runtime.limits import Limit
from services.kit.decider import DomainError
from services.kit.keyring import Keyring
from services.kit.problems import LOCKED, TOO_MANY, WRONG_PASSWORD

MAX_FAILURES = 5
LOCK = timedelta(minutes=15)
FAILURES_PER_ADDRESS = 20
"""Wrong passwords in a row from one address; one more is free each 15 seconds."""
AT_ONCE = 8
"""Passwords checked side by side: each takes 64 MB, and so many guesses may slip past a limit."""
DECOY = (
    "$argon2id$v=19$m=65536,t=3,p=4$MIIRqgvgQbgj220jfp0MPA"
    "$YfwJSVjtjSU0zzV/P3S9nnQ/USre2wvJMjfCIjrTQbg"
)
"""A hash nobody has, so that an unknown login takes as long as a wrong password."""


class Passwords:
    """Checks passwords. Guesses count per login, known or not, and per address."""

    def __init__(self, keyring: Keyring, real_now: Callable[[], datetime]) -> None:
        self._keyring, self._real_now = keyring, real_now
        self._hasher = PasswordHasher()
        self._addresses = Limit(FAILURES_PER_ADDRESS, 1 / 15, self._seconds)
        self._strangers = Limit(MAX_FAILURES, 1 / LOCK.total_seconds(), self._seconds)
        self._hashing = asyncio.Semaphore(AT_ONCE)
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def set(self, login: str, account: str, password: str) -> None:
        """Set the password of a login (argon2id)."""
        hashed = await asyncio.to_thread(self._hasher.hash, password)
        await self._keyring.set_credential(login, account, hashed)

    async def account(self, login: str, password: str, address: str) -> str:
        """Return whose password it is. Raises DomainError: wrong, locked (429), too many (429)."""
        place, turn = _network(address), self._turns[login]
        try:
            async with turn, self._hashing:
                if seconds := self._addresses.wait(place):
                    raise DomainError(TOO_MANY, seconds=seconds)
                return await self._checked(login, password, place)
        finally:
            if not turn.locked():
                self._turns.pop(login, None)

    async def _checked(self, login: str, password: str, place: str) -> str:
        row = await self._keyring.credential(login)
        now = self._real_now()
        if row is not None and row.locked_until is not None and now < row.locked_until:
            raise DomainError(LOCKED, seconds=ceil((row.locked_until - now).total_seconds()))
        if row is None and (seconds := self._strangers.take(login)):
            raise DomainError(LOCKED, seconds=seconds)
        stored = row.password if row else DECOY
        if not await asyncio.to_thread(self._matches, stored, password) or row is None:
            if row is not None:
                locked = now + LOCK if row.failures + 1 >= MAX_FAILURES else None
                await self._keyring.record_failure(login, locked)
            self._addresses.take(place)
            raise DomainError(WRONG_PASSWORD)
        await self._keyring.record_success(login)
        return row.account

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerifyMismatchError, InvalidHashError):
            return False

    def _seconds(self) -> float:
        return self._real_now().timestamp()


def _network(address: str) -> str:
    """Return what counts as one place: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return found.exploded[:19] if isinstance(found, IPv6Address) else str(found)
