"""The event log in memory: same hashes, same verdicts in the same order as on PostgreSQL.

Appends are sequential and numbered at once (no sequencer), so it serves unit tests and simulations.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from events.contracts.base import StreamId
from events.log.hashing import ZERO, body_hash, event_hash, slice_of
from events.log.port import Answer, Append, Appended, Claim, Conflict, Draft, Stored, Touch

_START = datetime(2000, 1, 1, tzinfo=UTC)
CHUNK = 5_000


@dataclass(slots=True)
class _Head:
    subject: str
    version: int = 0
    hash: bytes = ZERO
    recorded_at: datetime = _START


@dataclass(slots=True)
class _Kept:
    fingerprint: bytes
    answer: Appended


class FootprintError(ValueError):
    """A command that names a stream or claim twice, or a claim on a stream it does not write."""


@dataclass
class MemoryLog:
    """Both ports of the log; `clock` gives the time of commands that bring none."""

    clock: Callable[[], datetime]
    source: str = "memory"
    epoch: int = 1
    simulated: bool = True
    events: list[Stored] = field(default_factory=list)
    _heads: dict[str, _Head] = field(default_factory=dict)
    _streams: dict[str, list[Stored]] = field(default_factory=dict)
    _claims: dict[str, StreamId] = field(default_factory=dict)
    _commands: dict[UUID, _Kept] = field(default_factory=dict)
    _slices: dict[int, list[int]] = field(default_factory=dict)

    async def append(self, command: Append, at: datetime | None = None) -> Answer:
        """Append one command; `at` counts on a simulated log alone. Raises FootprintError."""
        _check(command)
        known = self._commands.get(command.command_id)
        if known is None:
            return self._decide(command, at if at and self.simulated else self.clock())
        if known.fingerprint != command.fingerprint:
            return Conflict("command_id", "")
        kept = known.answer
        return Appended(kept.first, kept.last, kept.at, duplicate=True)

    def _decide(self, command: Append, at: datetime) -> Answer:
        for touch in command.touches:
            if touch.expected == 0:
                self._heads.setdefault(touch.stream, _Head(touch.subject))
        conflict = self._stale(command.touches) or self._claimed(command.claims)
        if conflict:
            return conflict
        for claim in command.claims:
            if claim.take:
                self._claims[claim.key] = claim.stream
            else:
                del self._claims[claim.key]
        written = [self._write(command, t, d, at) for t in command.touches for d in t.events]
        answer = Appended(None, None, at)
        if written:
            latest = max(event.recorded_at for event in written)
            answer = Appended(written[0].position, written[-1].position, latest)
        self._commands[command.command_id] = _Kept(command.fingerprint, answer)
        return answer

    def _stale(self, touches: Sequence[Touch]) -> Conflict | None:
        for touch in sorted(touches, key=lambda t: t.stream.encode()):
            head = self._heads.get(touch.stream)
            actual = head.version if head else 0
            if head and head.subject != touch.subject:
                return Conflict("subject", touch.stream, actual)
            if actual != touch.expected:
                return Conflict("version", touch.stream, actual)
        return None

    def _claimed(self, claims: Sequence[Claim]) -> Conflict | None:
        for claim in sorted(claims, key=lambda c: c.key.encode()):
            holder = self._claims.get(claim.key)
            if (holder is not None) if claim.take else (holder != claim.stream):
                return Conflict("claim", f"{claim.key} {holder or ''}")
        return None

    def _write(self, command: Append, touch: Touch, draft: Draft, at: datetime) -> Stored:
        head = self._heads[touch.stream]
        seq = len(self.events) + 1
        line = self._slices.setdefault(slice_of(touch.subject), [])
        body = body_hash(draft.salt, draft.data)
        event = Stored(
            seq, touch.stream, head.version + 1, touch.subject, slice_of(touch.subject), draft.type,
            draft.event_id, command.command_id, max(at, head.recorded_at), draft.meta, draft.data,
            draft.salt, body, head.hash, b"", seq, line[-1] if line else 0,
        )  # fmt: skip
        event.hash = event_hash(
            event_id=event.event_id,
            command_id=event.command_id,
            source=self.source,
            stream=event.stream,
            version=event.version,
            type_=event.type,
            subject=event.subject,
            recorded_at=event.recorded_at,
            meta=event.meta,
            data_hash=body,
            prev_hash=head.hash,
        )
        head.version, head.hash, head.recorded_at = event.version, event.hash, event.recorded_at
        line.append(seq)
        self.events.append(event)
        self._streams.setdefault(touch.stream, []).append(event)
        return event

    async def read(self, streams: Mapping[StreamId, int]) -> dict[StreamId, list[Stored]]:
        """Return each stream's events after the given version, in version order."""
        return {s: self._streams.get(s, [])[version:] for s, version in streams.items()}

    async def holders(self, claims: Sequence[str]) -> dict[str, StreamId]:
        """Return the stream that holds each claim, for those that are held."""
        return {key: self._claims[key] for key in claims if key in self._claims}

    async def claims_like(self, prefix: str) -> dict[str, StreamId]:
        """Return the held claims whose key begins with `prefix`, by key."""
        return {k: v for k, v in sorted(self._claims.items()) if k.startswith(prefix)}

    async def command(self, command_id: UUID) -> list[Stored] | None:
        """Return the events of an accepted command, or None when the id is unknown."""
        kept = self._commands.get(command_id)
        if kept is None:
            return None
        first, last = kept.answer.first, kept.answer.last
        return self.events[first - 1 : last] if first and last else []

    async def fingerprint(self, command_id: UUID) -> bytes | None:
        """Return what an accepted command was told by, or None when the id is unknown."""
        kept = self._commands.get(command_id)
        return None if kept is None else kept.fingerprint

    async def head(self) -> int:
        """Return the greatest seq given so far, 0 when there is none."""
        return len(self.events)

    async def after(self, seq: int, limit: int) -> list[Stored]:
        """Return numbered events with a greater seq, in order, at most `limit`."""
        return self.events[seq : seq + limit]

    async def slice_after(self, slice_: int, prev_seq: int, limit: int) -> list[Stored]:
        """Return a slice's events whose prev_seq is at least the given one, in order."""
        line = self._slices.get(slice_, [])
        start = 0 if prev_seq <= 0 else bisect_right(line, prev_seq - 1) + 1
        return [self.events[seq - 1] for seq in line[start : start + limit]]

    async def slice_heads(self) -> dict[int, int]:
        """Return the last seq of every slice that has one."""
        return {slice_: line[-1] for slice_, line in sorted(self._slices.items())}

    async def by_subject(self, prefix: str, after: int, limit: int) -> list[Stored]:
        """Return numbered events after a seq whose subject begins with `prefix`, in order."""
        return [e for e in self.events[after:] if e.subject.startswith(prefix)][:limit]

    async def export(self, after: int, until: int) -> AsyncIterator[list[Stored]]:
        """Stream numbered events in chunks, in seq order."""
        for start in range(after, min(until, len(self.events)), CHUNK):
            yield self.events[start : min(start + CHUNK, until)]


def _check(command: Append) -> None:
    streams = [touch.stream for touch in command.touches]
    keys = [claim.key for claim in command.claims]
    written = {touch.stream for touch in command.touches if touch.events}
    if (
        len(set(streams)) < len(streams)
        or len(set(keys)) < len(keys)
        or any(claim.stream not in written for claim in command.claims)
    ):
        raise FootprintError("footprints overlap or miss a stream")
