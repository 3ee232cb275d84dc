"""The keys of `bangfu_keys`: one data key per subject, wrapped under the key-encryption key.

Only the write role has it. A subject's key is random, never derived, so that destroying the row
makes the person's data unreadable everywhere (audit.md 2.3).
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import aiosql
import asyncpg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap

from events.log.outage import OUTAGE
from events.runtime.ids import IdSource
from services.kit.keks import KeyFileMissingError, KeyFolder
from services.kit.sealing import SubjectKey

QUERIES: Any = aiosql.from_path(Path(__file__).with_name("keyring.sql"), "asyncpg")
RETIRED = "the newest key-encryption key at hand was retired: is its successor in the folder?"
CACHE = 100_000
LOOK_SECONDS = 0.5
ANSWER_SECONDS = 5
UNAVAILABLE: tuple[type[Exception], ...] = (
    *OUTAGE,
    asyncpg.InsufficientResourcesError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.UndefinedTableError,
)
"""What tells that the key database is away, full, or lost; it says nothing about any key."""


class KeysUnavailableError(Exception):
    """The key database does not answer: personal data can be neither written nor opened now."""


@asynccontextmanager
async def keys_pool(dsn: str, most: int) -> AsyncIterator[asyncpg.Pool[asyncpg.Record]]:
    """Connect to the key database, `most` times at once. Raises KeysUnavailableError."""
    try:
        pool = await asyncpg.create_pool(
            dsn, min_size=1, max_size=most, command_timeout=ANSWER_SECONDS
        )
    except UNAVAILABLE as error:
        raise KeysUnavailableError from error
    try:
        yield pool
    finally:
        await pool.close()


@asynccontextmanager
async def connected(pool: asyncpg.Pool[asyncpg.Record]) -> AsyncIterator[Any]:
    """Take a connection to the key database. Raises KeysUnavailableError, while it is used too."""
    try:
        async with pool.acquire(timeout=5) as connection:
            yield connection
    except UNAVAILABLE as error:
        raise KeysUnavailableError from error


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
    """Makes, keeps and opens keys, wrapped under the newest key-encryption key of a folder."""

    def __init__(
        self,
        pool: asyncpg.Pool[asyncpg.Record],
        keks: KeyFolder,
        ids: IdSource,
        random: Callable[[int], bytes],
    ) -> None:
        self._pool, self._keks, self._ids, self.random = pool, keks, ids, random
        self.up = True
        """Whether the key database answered when it was last asked."""
        self._by_subject: dict[str, SubjectKey] = {}
        self._by_id: dict[str, SubjectKey] = {}
        self._destroyed: set[str] = set()
        """Subjects whose key must not come back from a row that was read before its destruction."""
        self._purposes: dict[str, bytes] = {}
        self._wanted: dict[str, asyncio.Future[SubjectKey]] = {}
        self._making: asyncio.Task[None] | None = None

    async def prepare(self, *purposes: str) -> None:
        """Create the tables and the named purpose keys, and load the latter."""
        await self._run(QUERIES.schema)
        await self._run(QUERIES.know_kek, kek=self._keks.newest)
        for purpose in purposes:
            self._purposes[purpose] = await self._purpose(purpose)

    async def _purpose(self, purpose: str) -> bytes:
        """Return a purpose's key, made on first use."""
        kek, fresh = self._keks.newest, self.random(32)
        wrapped = aes_key_wrap(self._keks[kek], fresh)
        await self._run(QUERIES.add_purpose, purpose=purpose, kek=kek, wrapped=wrapped)
        row = await self._run(QUERIES.purpose, purpose=purpose)
        if row is None:
            raise KeysUnavailableError(RETIRED)
        return self._unwrapped(row)

    def _unwrapped(self, row: asyncpg.Record) -> bytes:
        try:
            return aes_key_unwrap(self._keks[row["kek"]], row["wrapped"])
        except KeyFileMissingError as error:
            raise KeysUnavailableError(str(error)) from error

    async def watch(self) -> None:
        """Look again and again whether the key database answers."""
        while True:
            with contextlib.suppress(KeysUnavailableError):
                await self._run(QUERIES.answers)
            await asyncio.sleep(LOOK_SECONDS)

    def keyed(self, purpose: str, value: str) -> str:
        """Return the keyed hash of a value for one purpose, in hex."""
        return self.keyed_bytes(purpose, value.encode()).hex()

    def keyed_bytes(self, purpose: str, value: bytes) -> bytes:
        """Return HMAC-SHA-256 under a purpose's key (32 bytes)."""
        return hmac.digest(self._purposes[purpose], value, hashlib.sha256)

    async def of(self, subjects: Iterable[str]) -> dict[str, SubjectKey]:
        """Return the subjects' keys, making those that do not exist yet.

        While the key database is away a key at hand is not used either: what is sealed under a
        key that was lost opens never again. Raises SubjectShreddedError, KeysUnavailableError.
        """
        wanted = set(subjects)
        if wanted and not self.up:
            raise KeysUnavailableError
        found = {s: key for s in wanted if (key := self._by_subject.get(s)) is not None}
        if missing := sorted(wanted - found.keys()):
            made = await asyncio.gather(*map(self._made, missing))
            found |= zip(missing, made, strict=True)
        return found

    def _made(self, subject: str) -> asyncio.Future[SubjectKey]:
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
                made = await self._make(sorted(batch))
            except Exception as error:  # noqa: BLE001  # every waiter learns of it
                for future in batch.values():
                    future.set_exception(error)
                continue
            for subject, future in batch.items():
                if (key := made.get(subject)) is None:
                    future.set_exception(SubjectShreddedError())
                else:
                    future.set_result(key)

    async def by_id(self, ids: Iterable[str]) -> dict[str, SubjectKey]:
        """Return the keys that still exist among the ids."""
        wanted = set(ids)
        found = {i: key for i in wanted if (key := self._by_id.get(i)) is not None}
        if missing := sorted(wanted - found.keys()):
            for row in await self._all(QUERIES.keys_by_id, ids=missing):
                if (key := self._keep(row)) is not None:
                    found[key.id] = key
        return found

    async def _make(self, subjects: list[str]) -> dict[str, SubjectKey]:
        """Make or load keys; a destroyed one is left out."""
        rows = {r["subject"]: r for r in await self._all(QUERIES.keys_of, subjects=subjects)}
        if new := [s for s in subjects if s not in rows]:
            rows |= await self._added(new)
        return {s: key for s in subjects if (key := self._keep(rows[s])) is not None}

    async def _added(self, subjects: list[str]) -> dict[str, asyncpg.Record]:
        """Make keys; where the key-encryption key was retired meanwhile, under its successor."""
        for _ in range(2):
            kek = self._keks.newest
            await self._run(
                QUERIES.add_keys,
                ids=[self._ids.new() for _ in subjects],
                subjects=subjects,
                kek=kek,
                wrapped=[aes_key_wrap(self._keks[kek], self.random(32)) for _ in subjects],
            )
            made = {r["subject"]: r for r in await self._all(QUERIES.keys_of, subjects=subjects)}
            if len(made) == len(subjects):
                return made
            self._keks.read()
        raise KeysUnavailableError(RETIRED)

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

    def _keep(self, row: asyncpg.Record) -> SubjectKey | None:
        """Keep a key at hand; nothing where it was destroyed."""
        if row["wrapped"] is None or row["subject"] in self._destroyed:
            return None
        if len(self._by_subject) >= CACHE:
            self._by_subject.clear()
            self._by_id.clear()
        key = SubjectKey(row["key_id"], row["subject"], AESGCM(self._unwrapped(row)))
        self._by_subject[key.subject] = self._by_id[key.id] = key
        return key

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
            async with connected(self._pool) as connection:
                found = await query(connection, **values)
        except KeysUnavailableError:
            self.up = False
            raise
        self.up = True
        return found
