"""A figure as it was known at any seq: the cube's own entries, folded slice by slice.

One slice's entries are in memory at a time; what is kept are sums, so memory does not grow with
history. At the end of a day the cube has the same numbers ready.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from events.contracts.base import Recorded
from events.contracts.corrections import RESTATING, restated
from events.log.history import SLICES, History
from projections.api import figures
from projections.cube.figures import HISTOGRAM, Figure, Period
from projections.cube.metric import Metric, Part
from projections.cube.model import CUBE, Entry
from projections.cube.parts import Share
from projections.engine.projection import AsOf
from projections.replay.answering import Answer
from projections.replay.rows import decoded

Tell: TypeAlias = Callable[[int, int, int], None]
"""Is told slices done, of how many, and events read so far."""
TYPES = CUBE.types | RESTATING
Cases: TypeAlias = dict[str, dict[tuple[int, ...], int]]
"""By subject: the seqs behind an amount, and the amount."""


@dataclass(slots=True)
class Replayed:
    """A figure; the cases of its numerator (subject → events → amount) where they were wanted."""

    figure: Figure
    cases: Cases
    events: int


@dataclass(slots=True)
class _Sums:
    """What the slices add up to."""

    metric: Metric
    path: str
    period: Period
    keeps: bool
    parts: Counter[str] = field(default_factory=Counter)
    days: Counter[int] = field(default_factory=Counter)
    cases: Cases = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        """Add one person's or household's shares."""
        for share in entry.shares:
            if share.path.startswith(self.path) and share.valid <= self.period.finish:
                for part in self._parts(share):
                    self._count(entry.key, part, share)

    def _parts(self, share: Share) -> Iterator[Part]:
        stored = {(share.metric, share.part), (share.metric, "*")}
        return (part for part in self.metric.parts if stored.intersection(part.of))

    def _count(self, subject: str, part: Part, share: Share) -> None:
        amount = share.amount * weight(part, share.valid, self.period)
        if self.metric.code == HISTOGRAM and share.valid >= self.period.start:
            self.days[int(share.part[1:])] += share.amount
        self.parts[part.name] += amount
        if self.keeps and amount and part.name in self.metric.numerator:
            own = self.cases.setdefault(subject, {})
            own[share.seqs] = own.get(share.seqs, 0) + amount

    def done(self) -> Figure:
        """Return the figure."""
        parts = {p.name: self.parts[p.name] for p in self.metric.parts}
        days = {d: n for d, n in sorted(self.days.items()) if n}
        return Figure(self.metric, parts, days)


def weight(part: Part, valid: date, period: Period) -> int:
    """Return how often a share counts: once, not at all, or once per month end it stands at."""
    if part.how == "closing":
        return 1
    if part.how == "opening":
        return int(valid < period.start)
    if part.how == "flow":
        return int(valid >= period.start)
    since = max(valid, period.start)
    return int(period.words["ends"]) - (since.year * 12 + since.month)


def entries_of(facts: Iterable[Recorded[Any]], as_of: AsOf) -> Iterable[Entry]:
    """Fold facts, as they are corrected among themselves, into the cube's entries."""
    entries: dict[str, Entry | None] = {}
    for fact in restated(facts):
        if (key := CUBE.key(fact)) is not None:
            entries[key] = CUBE.project(entries.get(key), fact, as_of(fact.seq))
    return [entry for entry in entries.values() if entry is not None]


async def replay_figure(
    history: History,
    as_of: AsOf,
    metric: Metric,
    path: str,
    period: Period,
    until: int,
    *,
    cases: bool = False,
    tell: Tell | None = None,
) -> Replayed:
    """Fold the log up to a seq into one figure of an area; with its cases where wanted."""
    sums, read = _Sums(metric, path, period, cases), 0
    for slice_ in SLICES:
        facts: list[Recorded[Any]] = []
        async for page in history.line(slice_, until, TYPES):
            facts += decoded(history, page)
        for entry in entries_of(facts, as_of):
            sums.add(entry)
        read += len(facts)
        if tell:
            tell(slice_ + 1, len(SLICES), read)
    kept = {s: {q: n for q, n in own.items() if n} for s, own in sorted(sums.cases.items())}
    return Replayed(sums.done(), {s: own for s, own in kept.items() if own}, read)


def numbers(found: Figure) -> Answer:
    """Return a figure's numbers as the figure query answers them."""
    return {
        **figures.numbers(found),
        "version": found.metric.version,
        "parts": [{"part": p.name, "value": found.parts[p.name]} for p in found.metric.parts],
        "days": figures.days(found),
    }
