"""The unit of the cube: what one person or household adds to one part of a metric."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, TypeAlias

from projections.journal import Note


class Share(NamedTuple):
    """An amount on a valid day, at a path, with the seqs of the events that make it."""

    metric: str
    part: str
    path: str
    valid: date
    category: str
    channel: str
    amount: int
    seqs: tuple[int, ...]


Shares: TypeAlias = Iterable[Share]


def seqs(*notes: Note | None) -> tuple[int, ...]:
    """Return the seqs of notes in order, and of the corrections by which they say so (X2)."""
    found = {seq for n in notes if n is not None for seq in (n.seq, n.corrected_by)}
    return tuple(sorted(found - {0}))
