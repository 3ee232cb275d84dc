"""A history held in memory, as the log's own reader would give it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from typing import Any

from events.contracts.base import Recorded
from events.contracts.catalogue import ALL
from events.log.history import History
from events.log.port import Stored
from projections.engine.reference import Reference
from projections.replay.asking import Replay
from tests.support.telling import numbered


class KeptHistory(History):
    """Numbered facts in a list."""

    def __init__(self, facts: Sequence[Recorded[Any]]) -> None:
        self.log = numbered(facts)
        self.source, self.epoch = self.log.source, self.log.epoch

    async def head(self) -> int:
        return len(self.log.events)

    async def recorded_at(self, seq: int) -> datetime | None:
        return self.log.events[seq - 1].recorded_at if seq else None

    async def line(
        self, slice_: int, until: int, types: Collection[str] | None = None
    ) -> AsyncIterator[list[Stored]]:
        yield [
            e
            for e in self.log.events[:until]
            if e.slice == slice_ and (types is None or e.type in types)
        ]

    async def about(self, subject: str, until: int) -> list[Stored]:
        return [e for e in self.log.events[:until] if e.subject == subject]

    async def streams(self, streams: Collection[str], until: int) -> list[Stored]:
        return [e for e in self.log.events[:until] if e.stream in streams]


def replay_of(facts: Sequence[Recorded[Any]]) -> Replay:
    """Return a replay over facts in memory."""
    history = KeptHistory(facts)
    return Replay(history, Reference(history.log, history.source, ALL, history.epoch))
