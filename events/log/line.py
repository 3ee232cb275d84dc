"""The number line in the sequencer's memory: what the next events are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from events.log.hashing import leaf_hash
from events.log.merkle import Frontier, Tiles

Settled = tuple[int, int, bytes]
"""Position, slice and hash of a committed event below the fence."""
Row = tuple[int, int, int, int, bytes]
"""A row of `numbering`: seq, pos, slice, prev_seq, leaf (all with the same `sequenced_at`)."""
Tile = tuple[int, int, bytes]


@dataclass(slots=True)
class Line:
    """Numbers settled events 1, 2, 3 …, links each to its slice's last, and grows the tree."""

    frontier: Frontier
    tiles: Tiles
    last: dict[int, int]
    cursor: int
    sequenced_at: datetime

    @property
    def n(self) -> int:
        """The greatest seq given."""
        return self.frontier.size

    def number(self, events: Sequence[Settled], now: datetime) -> tuple[list[Row], list[Tile]]:
        """Return the rows and full tiles of the next events, in position order."""
        self.sequenced_at = max(self.sequenced_at, now)
        rows: list[Row] = []
        full: list[Tile] = []
        seq = self.n
        for pos, slice_, hash_ in events:
            seq += 1
            leaf = leaf_hash(hash_)
            rows.append((seq, pos, slice_, self.last.get(slice_, 0), leaf))
            self.last[slice_] = seq
            self.frontier.append(leaf)
            full.extend(self.tiles.append(leaf))
        return rows, full
