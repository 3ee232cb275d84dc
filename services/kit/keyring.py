"""The keys of `bangfu_keys`: one data key per subject, wrapped under the key-encryption key.

Only the write role has it. A subject's key is random, never derived, so that destroying the row
makes the person's data unreadable everywhere (audit.md 2.3).
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import aiosql
import asyncpg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap

from events.runtime.ids import IdSource
from services.kit.sealing import SubjectKey

QUERIES: Any = aiosql.from_path(Path(__file__).with_name("keyring.sql"), "asyncpg")
CACHE = 100_000
UNAVAILABLE = (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, TimeoutError)


class KeysUnavailableError(Exception):
    """The key database does not answer: personal data can be neither written nor opened now."""


class SubjectShreddedError(Exception):
    """The subject's key was destroyed; nothing personal can be written about them any more."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A local login: its account, argon2 hash, and lock."""

    account: str
    password: str
    failures: int
    locked_until: datetime | None


class Keyring:
    """Makes, keeps and opens keys. Key-encryption keys come in by id; the first one is current."""

    def __init__(
        self,
        pool: asyncpg.Pool[asyncpg.Record],
        keks: Mapping[str, bytes],
        ids: IdSource,
        random: Callable[[int], bytes],
    ) -> None:
        self._pool, self._keks, self._ids, self.random = pool, dict(keks), ids, random
        self._kek = next(iter(self._keks))
        self._by_subject: dict[str, SubjectKey] = {}
        self._by_id: dict[str, SubjectKey] = {}
        self._destroyed: set[str] = set()
        """Subjects whose key must not come back from a row that was read before its destruction."""
        self._purposes: dict[str, bytes] = {}
        self._wanted: dict[str, asyncio.Future[None]] = {}
        self._making: asyncio.Task[None] | None = None

    async def prepare(self, *purposes: str) -> None:
        """Create the tables and the named purpose keys, and load the latter."""
        await self._run(QUERIES.schema)
        for purpose in purposes:
            wrapped = aes_key_wrap(self._keks[self._kek], self.random(32))
            await self._run(QUERIES.add_purpose, purpose=purpose, kek=self._kek, wrapped=wrapped)
            row = await self._run(QUERIES.purpose, purpose=purpose)
            self._purposes[purpose] = aes_key_unwrap(self._keks[row["kek"]], row["wrapped"])

    def keyed(self, purpose: str, value: str) -> str:
        """Return the keyed hash of a value for one purpose, in hex."""
        return self.keyed_bytes(purpose, value.encode()).hex()

    def keyed_bytes(self, purpose: str, value: bytes) -> bytes:
        """Return HMAC-SHA-256 under a purpose's key (32 bytes)."""
        return hmac.digest(self._purposes[purpose], value, hashlib.sha256)

    async def of(self, subjects: Iterable[str]) -> dict[str, SubjectKey]:
        """Return the subjects' keys, making those that do not exist yet.

        Raises SubjectShreddedError, KeysUnavailableError.
        """
        wanted = set(subjects)
        if missing := [s for s in wanted if s not in self._by_subject]:
            await asyncio.gather(*map(self._made, missing))
        return {s: self._by_subject[s] for s in wanted}

    def _made(self, subject: str) -> asyncio.Future[None]:
        """Have a key made; whoever asks while a batch is under way goes with the next one."""
        if subject not in self._wanted:
            self._wanted[subject] = asyncio.get_running_loop().create_future()
        if self._making is None or self._making.done():
            self._making = asyncio.create_task(self._make_wanted())
        return self._wanted[subject]

    async def _make_wanted(self) -> None:
        while self._wanted:
            batch, self._wanted = self._wanted, {}
            try:
                gone = await self._make(sorted(batch))
            except Exception as error:  # noqa: BLE001  # every waiter learns of it
                for future in batch.values():
                    future.set_exception(error)
                continue
            for subject, future in batch.items():
                if subject in gone:
                    future.set_exception(SubjectShreddedError())
                else:
                    future.set_result(None)

    async def by_id(self, ids: Iterable[str]) -> dict[str, SubjectKey]:
        """Return the keys that still exist among the ids."""
        wanted = set(ids)
        missing = [i for i in wanted if i not in self._by_id]
        if missing:
            for row in await self._all(QUERIES.keys_by_id, ids=missing):
                self._keep(row)
        return {i: self._by_id[i] for i in wanted if i in self._by_id}

    async def _make(self, subjects: list[str]) -> set[str]:
        """Make or load keys; return the subjects whose key was destroyed."""
        rows = {r["subject"]: r for r in await self._all(QUERIES.keys_of, subjects=subjects)}
        new = [s for s in subjects if s not in rows]
        if new:
            wrapped = [aes_key_wrap(self._keks[self._kek], self.random(32)) for _ in new]
            await self._run(
                QUERIES.add_keys,
                ids=[self._ids.new() for _ in new],
                subjects=new,
                kek=self._kek,
                wrapped=wrapped,
            )
            rows |= {r["subject"]: r for r in await self._all(QUERIES.keys_of, subjects=new)}
        gone = {s for s in subjects if rows[s]["wrapped"] is None or s in self._destroyed}
        for subject in subjects:
            if subject not in gone:
                self._keep(rows[subject])
        return gone

    async def destroy(self, subjects: Iterable[str]) -> None:
        """Destroy keys and search hashes for good; again changes nothing (A14).

        Raises KeysUnavailableError.
        """
        listed = sorted(subjects)
        self._destroyed.update(listed)
        for subject in listed:
            if (key := self._by_subject.pop(subject, None)) is not None:
                self._by_id.pop(key.id, None)
        ids = [self._ids.new() for _ in listed]
        await self._run(QUERIES.destroy_keys, ids=ids, subjects=listed)
        await self._run(QUERIES.forget_search, subjects=listed)

    def _keep(self, row: asyncpg.Record) -> None:
        if row["subject"] in self._destroyed:
            return
        if len(self._by_subject) >= CACHE:
            self._by_subject.clear()
            self._by_id.clear()
        cipher = AESGCM(aes_key_unwrap(self._keks[row["kek"]], row["wrapped"]))
        key = SubjectKey(row["key_id"], row["subject"], cipher)
        self._by_subject[key.subject] = self._by_id[key.id] = key

    async def index(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """Add search hashes for (kind, normalised value, subject)."""
        listed = list(rows)
        await self._run(
            QUERIES.index_search,
            hashes=[self.keyed_bytes("search", f"{k}:{v}".encode()) for k, v, _ in listed],
            subjects=[s for *_, s in listed],
            kinds=[k for k, *_ in listed],
        )

    async def search(self, value: str, *kinds: str) -> list[str]:
        """Return up to 1,000 subjects whose value of one of the kinds is exactly this."""
        found: set[str] = set()
        for kind in kinds:
            hashed = self.keyed_bytes("search", f"{kind}:{value}".encode())
            found |= {
                r["subject"] for r in await self._all(QUERIES.search, hash=hashed, kinds=[kind])
            }
        return sorted(found)

    async def set_credential(self, login: str, account: str, password: str) -> None:
        """Keep a login's password hash."""
        await self._run(QUERIES.set_credential, login=login, account=account, password=password)

    async def credential(self, login: str) -> Credential | None:
        """Return a login's credential."""
        row = await self._run(QUERIES.credential, login=login)
        return Credential(**row) if row else None

    async def record_failure(self, login: str, locked_until: datetime | None) -> None:
        """Count a failed sign-in and perhaps lock the login."""
        await self._run(QUERIES.record_failure, login=login, locked_until=locked_until)

    async def record_success(self, login: str) -> None:
        """Clear the count of failed sign-ins."""
        await self._run(QUERIES.record_success, login=login)

    async def _all(self, query: Any, **values: Any) -> list[asyncpg.Record]:  # noqa: ANN401
        async def listed(connection: Any, **given: Any) -> list[asyncpg.Record]:  # noqa: ANN401
            return [row async for row in query(connection, **given)]

        found: list[asyncpg.Record] = await self._run(listed, **values)
        return found

    async def _run(self, query: Any, **values: Any) -> Any:  # noqa: ANN401
        try:
            async with self._pool.acquire(timeout=5) as connection:
                return await query(connection, **values)
        except UNAVAILABLE as error:
            raise KeysUnavailableError from error
