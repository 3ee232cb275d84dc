"""What a node left behind, and what others saw of it: the evidence the invariants are judged by."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from events.log.exported import instant
from events.log.notes import VerifierKey
from events.log.verify import Entry


@dataclass(frozen=True, slots=True)
class Told:
    """An answer a client got: the command's id and the events it names."""

    command: str
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """An event's record on Kafka, as it stands in its partition."""

    slice: int
    seq: int
    prev_seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """A row's path and the area whose opening showed it; None: nobody in particular."""

    area: str | None
    path: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The evidence. What nobody looked at is None or empty where the text says so."""

    source: str
    events: tuple[Entry, ...]
    """Numbered events in order of seq."""
    keys: tuple[VerifierKey, ...] = ()
    notes: tuple[str, ...] = ()
    """Every checkpoint that anybody was ever given."""
    unnumbered: tuple[int, ...] = ()
    """Positions below the newest numbered one that have no number."""
    heads: Mapping[str, int] = field(default_factory=dict)
    told: tuple[Told, ...] = ()
    sent: tuple[Sent, ...] | None = None
    """Records of Kafka, each partition in its order."""
    progress: int = 0
    """How far the publisher says it got."""
    models: Mapping[str, str] | None = None
    """Digest of each read model, and of the same folded anew from the log."""
    folded: Mapping[str, str] = field(default_factory=dict)
    marks: tuple[Mapping[tuple[str, int], int], ...] = ()
    """Watermarks by (read model, slice), looked at again and again; the last after settling."""
    leaks: tuple[str, ...] | None = None
    seen: tuple[Seen, ...] | None = None
    replays: tuple[str, ...] | None = None
    """Digest of one history by each version of the code."""
    as_of: tuple[tuple[int, str, str], ...] | None = None
    """A point, what was answered as known there early, and later."""
    parked: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    healed: tuple[float, ...] | None = None
    """Seconds from each fault's end until the readers had everything."""
    patience: float = 120.0
    """Within how many seconds they must."""
    traces: tuple[Sequence[object], Sequence[object]] | None = None
    """What a seed says would happen, and what did."""


def line_of(entry: Entry) -> dict[str, Any]:
    """Return an event as a line of an export, for the independent checker."""
    return {
        "seq": entry.seq,
        "event_id": str(UUID(bytes=entry.event_id)),
        "command_id": str(UUID(bytes=entry.command_id)),
        "type": entry.type.decode(),
        "stream": entry.stream.decode(),
        "subject": entry.subject.decode(),
        "recorded_at": instant(entry.recorded),
        "hash": entry.hash.hex(),
        "meta": json.loads(entry.meta),
        "data": json.loads(entry.data or b"{}"),
    }
