"""The event log as its users see it; PostgreSQL and memory conform (one contract suite for both).

One append carries one command: its events over one or several streams, the streams it read
(guards), and the uniqueness claims it takes or gives back. All of it happens or none.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeAlias
from uuid import UUID

from events.contracts.base import StreamId


@dataclass(frozen=True, slots=True)
class Draft:
    """An event on its way into the log: exact bytes, as they will be hashed and published."""

    event_id: UUID
    type: str
    meta: bytes
    data: bytes
    salt: bytes


@dataclass(frozen=True, slots=True)
class Touch:
    """A stream the command writes, or only read (no events), and the version it saw (0 = none)."""

    stream: StreamId
    subject: str
    expected: int
    events: tuple[Draft, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A unique key taken for, or given back by, a stream that the command writes."""

    key: str
    stream: StreamId
    take: bool = True


@dataclass(frozen=True, slots=True)
class Append:
    """One command's whole effect. `fingerprint` is 32 bytes: the HMAC of the command as sent."""

    command_id: UUID
    fingerprint: bytes
    touches: tuple[Touch, ...]
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Appended:
    """Durable. Positions are None for a command without events (a wish already true)."""

    first: int | None
    last: int | None
    at: datetime
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """Nothing was written. `what` names the stream or the claim (and its holder's stream)."""

    why: Literal["version", "claim", "command_id", "subject"]
    what: str
    actual: int = 0


Answer: TypeAlias = Appended | Conflict


@dataclass(slots=True)
class Stored:
    """An event as the log keeps it. `seq` and `prev_seq` are 0 until the sequencer came by."""

    position: int
    stream: StreamId
    version: int
    subject: str
    slice: int
    type: str
    event_id: UUID
    command_id: UUID
    recorded_at: datetime
    meta: bytes
    data: bytes
    salt: bytes
    data_hash: bytes
    prev_hash: bytes
    hash: bytes
    seq: int = 0
    prev_seq: int = 0


class LogClosedError(Exception):
    """The log takes no appends now (not armed, server gone): answer 503 and try again later."""


class AppendLog(Protocol):
    """What the write side needs of the log."""

    @property
    def source(self) -> str:
        """Name the node whose log this is."""
        ...

    async def append(self, command: Append, at: datetime | None = None) -> Answer:
        """Append one command; concurrent callers share a transaction (group commit).

        `at` is the clock port's time, used by simulated nodes alone. Raises LogClosedError.
        """
        ...

    async def read(self, streams: Mapping[StreamId, int]) -> dict[StreamId, list[Stored]]:
        """Return each stream's events after the given version, in version order."""
        ...

    async def holders(self, claims: Sequence[str]) -> dict[str, StreamId]:
        """Return the stream that holds each claim, for those that are held."""
        ...

    async def claims_like(self, prefix: str) -> dict[str, StreamId]:
        """Return the held claims whose key begins with `prefix`, by key."""
        ...

    async def command(self, command_id: UUID) -> list[Stored] | None:
        """Return the events of an accepted command, or None when the id is unknown."""
        ...

    async def fingerprint(self, command_id: UUID) -> bytes | None:
        """Return what an accepted command was told by, or None when the id is unknown."""
        ...


class SequencedLog(Protocol):
    """What followers need of the log: the gapless line of `seq`."""

    async def head(self) -> int:
        """Return the greatest seq given so far, 0 when there is none."""
        ...

    async def after(self, seq: int, limit: int) -> list[Stored]:
        """Return numbered events with a greater seq, in order, at most `limit`."""
        ...

    async def slice_after(self, slice_: int, prev_seq: int, limit: int) -> list[Stored]:
        """Return a slice's events whose prev_seq is at least the given one, in order."""
        ...

    async def slice_heads(self) -> dict[int, int]:
        """Return the last seq of every slice that has one."""
        ...

    async def by_subject(self, prefix: str, after: int, limit: int) -> list[Stored]:
        """Return numbered events after a seq whose subject begins with `prefix`, in order."""
        ...

    def export(self, after: int, until: int) -> AsyncIterator[list[Stored]]:
        """Stream numbered events in chunks, in seq order, in bounded memory (rebuild, audit)."""
        ...


@dataclass(frozen=True, slots=True)
class Counted:
    """How many events a log holds at each step; `published` is the relay record's seq, if noted.

    `head` is the greatest seq: it equals `sequenced` where no number was left out.
    """

    appended: int
    sequenced: int
    head: int
    published: int | None
    noted: datetime | None


class CountingLog(Protocol):
    """What the completeness report asks of the log."""

    async def counted(self) -> Counted:
        """Count what was appended, numbered and published."""
        ...

    async def delivered(self, watermarks: Mapping[int, int]) -> int:
        """Count the numbered events within the watermarks of slices (slice → seq)."""
        ...
