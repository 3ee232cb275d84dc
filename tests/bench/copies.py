"""A lived history many times over: the same lives under other ids, each under keys of its own.

Written straight into the tables: chains, hashes and the tree are not those of a log, so only what
reads bodies and numbers can be measured on it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

import asyncpg

from events.contracts.base import ident
from events.contracts.catalogue import ALL
from events.contracts.classes import steps
from events.log.hashing import slice_of
from events.log.port import Stored
from services.kit.recorded import keys_needed
from services.kit.sealing import Place, seal, unseal
from services.trials.opening import Sources

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SPACE = UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")
LIVES = ("person-", "household-")


@dataclass
class Copier:
    """Writes copies after the log's end."""

    sources: Sources
    events: list[Stored]
    seq: int
    position: int
    last: dict[int, int]
    own: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Name every id that belongs to a life: subjects, streams, events."""
        self.events = [e for e in self.events if e.subject.startswith(LIVES)]
        for e in self.events:
            self.own |= {ident(e.subject), ident(e.stream), str(e.event_id)}

    async def copy(self, number: int, connection: asyncpg.Connection) -> None:
        """Write the n-th copy."""
        made = {old: str(uuid5(SPACE, f"{number}/{old}")) for old in self.own}

        def renamed(text: str) -> str:
            return _ID.sub(lambda m: made.get(m[0], m[0]), text)

        sealed = [e for e in self.events if e.stream.startswith("person-")]
        keys = await self.sources.keyring.by_id(keys_needed(sealed, ALL))
        whom = {renamed(e.subject) for e in sealed}
        new = await self.sources.keyring.of(whom)
        rows = []
        for e in self.events:
            stream, subject = renamed(e.stream), renamed(e.subject)
            data = renamed(e.data.decode()).encode()
            cls = ALL.classes[e.type]
            if e.stream.startswith("person-") and steps(cls):
                body: dict[str, Any] = json.loads(e.data)
                unseal(cls, body, e.subject, Place(e.type, e.stream, e.version), keys)
                place = Place(e.type, stream, e.version)
                data = seal(cls, json.loads(renamed(json.dumps(body))), subject,
                            place, new, lambda: os.urandom(12))  # fmt: skip
            rows.append((e, stream, subject, renamed(e.meta.decode()).encode(), data,
                         UUID(made[str(e.event_id)])))  # fmt: skip
        await self._write(connection, rows)

    async def _write(self, connection: asyncpg.Connection, rows: list[Any]) -> None:
        events, numbers = list(self._events(rows)), list(self._numbers(rows))
        await connection.copy_records_to_table(
            "events", schema_name="log", records=events,
            columns=["pos", "stream", "version", "subject", "type", "event_id", "command_id",
                     "recorded_at", "meta", "data", "salt", "data_hash", "prev_hash", "hash"],
        )  # fmt: skip
        await connection.copy_records_to_table("numbering", schema_name="log", records=numbers)
        heads = {stream: (subject, e.version, e.recorded_at) for e, stream, subject, *_ in rows}
        await connection.copy_records_to_table(
            "streams", schema_name="log",
            records=[(s, of, v, bytes(32), at) for s, (of, v, at) in heads.items()],
        )  # fmt: skip
        self.seq += len(rows)
        self.position += len(rows)

    def _events(self, rows: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
        for n, (e, stream, subject, meta, data, own) in enumerate(rows, 1):
            hash_ = own.bytes * 2
            yield (self.position + n, stream, e.version, subject, e.type, own, e.command_id,
                   e.recorded_at, meta, data, e.salt, hash_, hash_, hash_)  # fmt: skip

    def _numbers(self, rows: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
        for n, (e, _, subject, *_rest) in enumerate(rows, 1):
            slice_ = slice_of(subject)
            before, self.last[slice_] = self.last.get(slice_, 0), self.seq + n
            yield (self.seq + n, self.position + n, slice_, before, bytes(32), e.recorded_at)


async def multiply(sources: Sources, dsn: str, times: int) -> None:
    """Copy every life so many times."""
    head = await sources.log.head()
    events = [e async for chunk in sources.log.export(0, head) for e in chunk]
    last = await sources.log.slice_heads()
    copier = Copier(sources, events, head, max(e.position for e in events), last)
    connection = await asyncpg.connect(dsn)
    try:
        for number in range(times):
            await copier.copy(number, connection)
        await connection.execute("analyze log.events, log.numbering, log.streams")
    finally:
        await connection.close()
