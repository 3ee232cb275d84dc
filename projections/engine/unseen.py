"""What of a batch is new to a slice: duplicates dropped, holes found, histories told apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from events.bus.wire import Delivered
from events.log.port import Stored
from projections.engine.errors import EpochChangedError, ForkedError, HoleError


@dataclass(frozen=True, slots=True)
class Watermark:
    """How far a slice got: seq and position of its last applied event, and the epoch."""

    seq: int
    position: int
    epoch: int


@dataclass(slots=True)
class Unseen:
    """The new events of a batch in order, the watermarks after them, and the holes met."""

    fresh: list[Delivered] = field(default_factory=list)
    moved: dict[int, Watermark] = field(default_factory=dict)
    holes: list[HoleError] = field(default_factory=list)
    duplicates: int = 0
    superseded: int = 0


def unseen(watermarks: Mapping[int, Watermark], batch: Iterable[Delivered]) -> Unseen:
    """Sort a batch of one node by what its slices have seen.

    A slice with a hole goes as far as it can. Records of an earlier epoch are superseded. Raises
    EpochChangedError for a later epoch, ForkedError for a record of another history.
    """
    found = Unseen()
    seqs = {slice_: at.seq for slice_, at in watermarks.items()}
    last: dict[int, Stored] = {}
    stuck: set[int] = set()
    for event in batch:
        e = event.stored
        at, epoch = seqs[e.slice], watermarks[e.slice].epoch
        if event.epoch != epoch:
            if event.epoch > epoch:
                raise EpochChangedError(event.source, epoch, event.epoch)
            found.superseded += 1
        elif e.seq <= at:
            found.duplicates += 1
        elif e.slice in stuck:
            continue
        elif e.prev_seq > at:
            stuck.add(e.slice)
            found.holes.append(HoleError(event.source, e.slice, at))
        elif e.prev_seq < at:
            raise ForkedError(event.source, e.slice, e.seq)
        else:
            found.fresh.append(event)
            seqs[e.slice], last[e.slice] = e.seq, e
    found.moved = {s: Watermark(e.seq, e.position, watermarks[s].epoch) for s, e in last.items()}
    return found


def by_source(batch: Sequence[Delivered]) -> dict[str, list[Delivered]]:
    """Split a batch by node, order kept."""
    parts: dict[str, list[Delivered]] = {}
    for event in batch:
        parts.setdefault(event.source, []).append(event)
    return parts
