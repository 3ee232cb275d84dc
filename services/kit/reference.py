"""Offices, accounts, parameters and calendar as the write role knows them, folded from the log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from events.contracts.base import Catalogue, Event
from events.log.port import SequencedLog, Stored
from events.rules.directory import Directory, fold
from services.kit.recorded import recorded

REFERENCE = "office-"


class ReferenceFacts:
    """The directory as the write role knows it, moved forward by the follower."""

    def __init__(self, log_: SequencedLog, catalogue: Catalogue[Event], source: str) -> None:
        self._log, self._catalogue, self._source = log_, catalogue, source
        self.directory = Directory()
        self._page = 5_000

    async def load(self) -> None:
        """Fold every reference fact that is numbered by now."""
        head, after = await self._log.head(), 0
        while stored := await self._log.by_subject(REFERENCE, after, self._page):
            self.apply(stored)
            after = stored[-1].seq
        self.directory = replace(self.directory, seq=max(head, self.directory.seq))

    def path(self, office: str) -> str:
        """Return an office's division path as known now."""
        return self.directory.path(office)

    def apply(self, stored: Iterable[Stored]) -> None:
        """Fold the reference facts among some events."""
        fresh = [
            recorded(e, self._catalogue, self._source)
            for e in stored
            if e.seq > self.directory.seq and e.subject.startswith(REFERENCE)
        ]
        if fresh:
            self.directory = replace(fold(self.directory, fresh), seq=fresh[-1].seq)
