"""Reference facts (offices, accounts, parameters, calendar) as of any `seq`.

A fold reads the directory as it was when its event got its number, never a later one; so a replay
gives the same rows. The engine waits until the log has been read that far.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from typing import Any

from events.bus.wire import Delivered, to_recorded
from events.contracts.base import Catalogue, Recorded
from events.log.port import SequencedLog
from events.rules.directory import DIRECTORY_TYPES, PLANNING_TYPES, Directory, fold

PREFIX = "office-"
PAGE = 2_000
KEPT = 32
POLL_SECONDS = 0.02
PATIENCE = 30.0


class Reference:
    """One node's directory, as of each seq up to `known`."""

    def __init__(
        self, log: SequencedLog, source: str, catalogue: Catalogue[Any], epoch: int = 1
    ) -> None:
        self.known = 0
        self._log = log
        self._source = source
        self._epoch = epoch
        self._catalogue = catalogue
        self._facts: list[Recorded[Any]] = []
        self._seqs: list[int] = []
        self._plans: list[int] = []
        self._made: dict[int, Directory] = {0: Directory()}
        self._lock = asyncio.Lock()

    async def upto(self, seq: int) -> None:
        """Wait until the directory is known up to a seq; raises TimeoutError, LogClosedError."""
        async with asyncio.timeout(PATIENCE):
            while self.known < seq:
                async with self._lock:
                    if self.known < seq:
                        await self._pull()
                if self.known < seq:
                    await asyncio.sleep(POLL_SECONDS)

    def changed(self, upto: int) -> int:
        """Return the seq of the newest change of calendar or parameters up to a seq; 0 without."""
        count = bisect_right(self._plans, upto)
        return self._plans[count - 1] if count else 0

    def changes(self, after: int, upto: int) -> list[int]:
        """Return the seqs of the changes of calendar or parameters after a seq up to another."""
        return self._plans[bisect_right(self._plans, after) : bisect_right(self._plans, upto)]

    def at(self, seq: int) -> Directory:
        """Return the directory as of a seq; raises ValueError beyond what is known."""
        if seq > self.known:
            raise ValueError(f"the directory is known up to {self.known}, not {seq}")
        count = bisect_right(self._seqs, seq)
        found = self._made.get(count)
        return found if found is not None else self._make(count)

    async def history(self, last: Recorded[Any]) -> list[Delivered]:
        """Return every event about a fact's subject up to that fact, as recorded.

        Reads the slice from the log: for what is rare, such as a correction. Raises LogClosedError.
        """
        found: list[Delivered] = []
        after = 0
        while True:
            page = await self._log.slice_after(last.slice, after, PAGE)
            found += [
                Delivered(e, self._source, self._epoch)
                for e in page
                if e.subject == last.subject and e.seq <= last.seq
            ]
            if len(page) < PAGE or page[-1].seq >= last.seq:
                return found
            after = page[-1].seq

    def _make(self, count: int) -> Directory:
        base = max((n for n in self._made if n < count), default=0)
        start = self._made.get(base) or Directory()
        made = self._made[count] = fold(start, self._facts[base:count])
        if len(self._made) > KEPT:
            del self._made[next(iter(self._made))]
        return made

    async def _pull(self) -> None:
        head, after = await self._log.head(), self.known
        while True:
            page = await self._log.by_subject(PREFIX, after, PAGE)
            for event in page:
                if event.type in DIRECTORY_TYPES and event.seq <= head:
                    delivered = Delivered(event, self._source, self._epoch)
                    self._facts.append(to_recorded(delivered, self._catalogue))
                    self._seqs.append(event.seq)
                    if event.type in PLANNING_TYPES:
                        self._plans.append(event.seq)
            if len(page) < PAGE or page[-1].seq >= head:
                break
            after = page[-1].seq
        self.known = head
