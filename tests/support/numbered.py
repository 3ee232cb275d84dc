"""A numbered log held in a list: real chains of `prev_seq`, made-up bodies, switchable outage."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import orjson

from events.contracts.base import StreamId
from events.log.hashing import slice_of
from events.log.port import LogClosedError, Stored

DAY_ONE = datetime(2008, 6, 1, 1, 0, tzinfo=UTC)


def fixed_id(number: int) -> UUID:
    """Return a UUID made from a number, spread like a random one."""
    return UUID(bytes=sha256(b"id %d" % number).digest()[:16])


def meta_of(at: datetime, **more: str) -> bytes:
    """Return an envelope's rest as the log keeps it."""
    instant = at.isoformat(timespec="microseconds")[:26] + "Z"
    fixed = {
        "actor": str(fixed_id(7)),
        "area": "140105001",
        "auth": "R43/1",
        "correlation_id": str(fixed_id(8)),
        "directory": "12",
        "fingerprint": "ab" * 32,
        "occurred_at": instant,
        "office": "140105001001",
        "reported_at": instant,
        "role": "clerk",
        "rule_set": "2008",
    }
    return orjson.dumps(fixed | more, option=orjson.OPT_SORT_KEYS)


class NumberedLog:
    """A log whose events are numbered as soon as they are added; conforms to SequencedLog."""

    def __init__(self, source: str = "node-1", epoch: int = 1) -> None:
        self.source = source
        self.epoch = epoch
        self.events: list[Stored] = []
        self.heads: dict[int, int] = {}
        self.closed = False
        self.pulls = 0
        self._versions: dict[str, int] = {}
        self._tips: dict[str, bytes] = {}
        self._lines: dict[int, list[Stored]] = {}

    def add(self, subject: str, type_: str, data: bytes, at: datetime | None = None) -> Stored:
        """Add one event to the stream that is named like its subject."""
        seq = len(self.events) + 1
        slice_ = slice_of(subject)
        version = self._versions[subject] = self._versions.get(subject, 0) + 1
        at = at or DAY_ONE + timedelta(seconds=seq)
        salt = sha256(b"salt %d" % seq).digest()[:16]
        digest = sha256(salt + data).digest()
        before = self._tips.get(subject, bytes(32))
        tip = self._tips[subject] = sha256(before + digest + b"%d" % seq).digest()
        event = Stored(
            position=seq * 2,
            stream=StreamId(subject),
            version=version,
            subject=subject,
            slice=slice_,
            type=type_,
            event_id=fixed_id(seq),
            command_id=fixed_id(seq + 10**9),
            recorded_at=at,
            meta=meta_of(at),
            data=data,
            salt=salt,
            data_hash=digest,
            prev_hash=before,
            hash=tip,
            seq=seq,
            prev_seq=self.heads.get(slice_, 0),
        )
        self.keep(event)
        return event

    def keep(self, event: Stored) -> None:
        """Hold a numbered event."""
        self.events.append(event)
        self._lines.setdefault(event.slice, []).append(event)
        self.heads[event.slice] = event.seq

    def open(self) -> None:
        """Refuse when the log is shut."""
        if self.closed:
            raise LogClosedError

    async def head(self) -> int:
        """Return the greatest seq."""
        self.open()
        return len(self.events)

    async def after(self, seq: int, limit: int) -> list[Stored]:
        """Return events after a seq."""
        self.open()
        return self.events[seq : seq + limit]

    async def slice_after(self, slice_: int, prev_seq: int, limit: int) -> list[Stored]:
        """Return a slice's events from a prev_seq on."""
        self.open()
        self.pulls += 1
        line = self._lines.get(slice_, [])
        start = bisect_left(line, prev_seq, key=lambda e: e.prev_seq)
        return line[start : start + limit]

    async def slice_heads(self) -> dict[int, int]:
        """Return the last seq of every slice."""
        self.open()
        return dict(self.heads)

    async def by_subject(self, prefix: str, after: int, limit: int) -> list[Stored]:
        """Return events about subjects that begin with a prefix."""
        self.open()
        return _first((e for e in self.events[after:] if e.subject.startswith(prefix)), limit)

    async def export(self, after: int, until: int) -> AsyncIterator[list[Stored]]:
        """Stream events in chunks."""
        for start in range(after, until, 2_000):
            self.open()
            yield self.events[start : min(until, start + 2_000)]


def _first(events: Iterable[Stored], limit: int) -> list[Stored]:
    return [e for e, _ in zip(events, range(limit), strict=False)]
