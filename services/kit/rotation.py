"""Gives the key database a new key-encryption key: rows are wrapped anew, keys stay as they are.

No event is touched, since events are sealed under the data keys. It runs beside a write role, may
be broken off anywhere, and is finished by being begun again (audit.md 2.3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import aiosql
import asyncpg
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap

from services.kit.keks import KeyFolder
from services.kit.keyring import QUERIES as KEYS

QUERIES: Any = aiosql.from_path(Path(__file__).with_name("rotation.sql"), "asyncpg")
BATCH = 500
Tell: TypeAlias = Callable[[int, int], None]
Connection: TypeAlias = Any
"""A connection of asyncpg or of its pool."""


class RotationUnderWayError(Exception):
    """Another process is rotating the keys of this database."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation came to: the key now in force, those put aside, rows wrapped anew."""

    kek: str
    retired: tuple[str, ...]
    rows: int


async def rotate(
    dsn: str, keks: KeyFolder, tell: Tell = lambda *_: None, batch: int = BATCH
) -> Rotated:
    """Begin a rotation, or go on with one that was broken off; `tell` hears (done, of).

    Raises RotationUnderWayError, KeyFileMissingError, and asyncpg's errors.
    """
    connection = await asyncpg.connect(dsn)
    try:
        if not await QUERIES.alone(connection):
            raise RotationUnderWayError
        new = await _begun(connection, keks)
        rows = await _all_moved(connection, keks, new, tell, batch)
        aside = tuple(name for name in keks.names if name != new)
        for name in aside:
            keks.retire(name)
        return Rotated(new, aside, rows)
    finally:
        await connection.close()


async def _begun(connection: Connection, keks: KeyFolder) -> str:
    """Return the key to wrap under: that of an unfinished rotation, else a new one.

    The row comes before the file: whoever finds the file may use it at once.
    """
    for name in keks.names:
        await KEYS.know_kek(connection, kek=name)
    live = {row["kek"] async for row in QUERIES.live(connection)}
    begun = live - set(keks.names)
    unfinished = len(live | set(keks.names)) > 1
    new = begun.pop() if begun else keks.newest if unfinished else keks.next()
    await KEYS.know_kek(connection, kek=new)
    keks.make(new)
    return new


async def _all_moved(
    connection: Connection, keks: KeyFolder, new: str, tell: Tell, batch: int
) -> int:
    done, total = 0, int(await QUERIES.remaining(connection, kek=new))
    tell(done, total)
    while True:
        moved = await _moved(connection, keks, new, batch)
        done, total = done + moved, max(total, done + moved)
        tell(done, total)
        if not moved and await _retired(connection, new):
            return done


async def _moved(connection: Connection, keks: KeyFolder, new: str, batch: int) -> int:
    """Wrap some rows anew; one that was destroyed meanwhile stays destroyed."""
    moved = 0
    for old, write in (
        (QUERIES.old_purposes, QUERIES.wrap_purposes),
        (QUERIES.old_subjects, QUERIES.wrap_subjects),
    ):
        rows = [row async for row in old(connection, kek=new, most=batch)]
        if rows:
            keys = [aes_key_unwrap(keks[row["kek"]], row["wrapped"]) for row in rows]
            await write(
                connection,
                kek=new,
                names=[row["name"] for row in rows],
                before=[row["wrapped"] for row in rows],
                wrapped=[aes_key_wrap(keks[new], key) for key in keys],
            )
        moved += len(rows)
    return moved


async def _retired(connection: Connection, new: str) -> bool:
    """Close every other key for new rows; false when one came in just before."""
    transaction = connection.transaction()
    await transaction.start()
    await QUERIES.retire(connection, kek=new)
    if await QUERIES.remaining(connection, kek=new):
        await transaction.rollback()
        return False
    await transaction.commit()
    return True
