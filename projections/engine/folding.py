"""Folding a batch in memory: rows, contributions, and what has to be parked. Pure.

A bad event parks its subject: the row stays as it was before it, and every later event of that
subject waits behind it, in order. Other subjects flow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeAlias

from events.bus.wire import Delivered, to_recorded
from events.contracts.base import Catalogue, Recorded
from events.rules.directory import Directory
from events.rules.time import shanghai_day
from projections.engine.projection import Cell, Change, Contributing, Projection, R

BEHIND = "behind"
UNKNOWN_TYPE = "unknown_type"
UNREADABLE = "unreadable"

AsOf: TypeAlias = Callable[[int], Directory]


@dataclass(frozen=True, slots=True)
class Parking:
    """An event put aside; `reason` is a class of reasons, never a text that could quote it."""

    subject: str
    seq: int
    slice: int
    type: str
    reason: str


@dataclass(slots=True)
class Item:
    """A new event of a batch with the row it changes, or the reason why it cannot be applied."""

    event: Delivered
    fact: Recorded[Any] | None = None
    key: str | None = None
    fault: str = ""


@dataclass(slots=True)
class Folded(Generic[R]):
    """What a batch comes to."""

    changes: dict[str, Change[R]] = field(default_factory=dict)
    parked: list[Parking] = field(default_factory=list)
    deltas: Counter[tuple[Cell, date, int]] = field(default_factory=Counter)


def prepare(
    projection: Projection[R], catalogue: Catalogue[Any], fresh: Sequence[Delivered]
) -> list[Item]:
    """Decode the events that the projection folds and name their rows.

    Events of other types are left out; a type that this code does not know at all is not: it may
    matter, so it parks its subject.
    """
    types, known = projection.types, catalogue.classes
    items: list[Item] = []
    for event in fresh:
        type_ = event.stored.type
        if type_ not in known:
            items.append(Item(event, fault=UNKNOWN_TYPE))
        elif types is None or type_ in types:
            items.append(_item(projection, catalogue, event))
    return items


def _item(projection: Projection[R], catalogue: Catalogue[Any], event: Delivered) -> Item:
    fact = event.recorded
    if fact is None:
        try:
            fact = event.recorded = to_recorded(event, catalogue)
        except (KeyError, ValueError):
            return Item(event, fault=UNREADABLE)
    try:
        return Item(event, fact, projection.key(fact))
    except Exception as bad:  # noqa: BLE001 - whatever its code raises parks the subject
        return Item(event, fact, fault=_reason(bad))


def fold(
    projection: Projection[R],
    items: Sequence[Item],
    rows: Mapping[str, R],
    waiting: Set[str],
    poisoned: Mapping[str, str],
    as_of: AsOf,
) -> Folded[R]:
    """Fold items in order over loaded rows.

    `waiting` are subjects parked before; `poisoned` those whose rows the database refused, with
    the reason: their events of this batch are parked from the first on.
    """
    folding = _Folding(projection, rows, set(waiting), poisoned, as_of)
    for item in items:
        folding.take(item)
    return folding.done()


class _Folding(Generic[R]):
    def __init__(
        self,
        projection: Projection[R],
        rows: Mapping[str, R],
        waiting: set[str],
        poisoned: Mapping[str, str],
        as_of: AsOf,
    ) -> None:
        self._project = projection.project
        self._rows = rows
        self._waiting = waiting
        self._poisoned = poisoned
        self._as_of = as_of
        self._result = Folded[R]()
        self._shares = _Shares(projection) if isinstance(projection, Contributing) else None

    def take(self, item: Item) -> None:
        """Apply one item, or park it."""
        subject = item.event.stored.subject
        if subject in self._waiting:
            self._park(item, BEHIND)
        elif item.fault:
            self._park(item, item.fault)
        elif subject in self._poisoned:
            self._park(item, self._poisoned[subject])
        elif item.key is not None and item.fact is not None:
            self._apply(item.key, item.fact, item)

    def _apply(self, key: str, fact: Recorded[Any], item: Item) -> None:
        change = self._result.changes.get(key)
        old = self._rows.get(key) if change is None else change.new
        try:
            new = self._project(old, fact, self._as_of(fact.seq))
            if self._shares is not None and new is not old:
                self._shares.move(self._result.deltas, old, new, fact)
        except Exception as bad:  # noqa: BLE001 - whatever its code raises parks the subject
            self._park(item, _reason(bad))
            return
        if change is not None:
            change.new = new
        elif new is not old:
            self._result.changes[key] = Change(key, old, new, fact.source, fact.subject, fact.slice)

    def _park(self, item: Item, reason: str) -> None:
        e = item.event.stored
        self._waiting.add(e.subject)
        self._result.parked.append(Parking(e.subject, e.seq, e.slice, e.type, reason))

    def done(self) -> Folded[R]:
        """Return the result without what cancels out."""
        result = self._result
        result.deltas = Counter({cell: n for cell, n in result.deltas.items() if n})
        return result


class _Shares:
    """Takes an old row's contributions back and adds the new one's, on the day it became known."""

    def __init__(self, projection: Contributing) -> None:
        self._of = projection.contributions

    def move(
        self,
        deltas: Counter[tuple[Cell, date, int]],
        old: object,
        new: object,
        fact: Recorded[Any],
    ) -> None:
        before = list(self._of(old)) if old is not None else []
        after = list(self._of(new)) if new is not None else []
        if before == after:
            return
        day, slice_ = shanghai_day(fact.recorded_at), fact.slice
        for cell, amount in before:
            deltas[cell, day, slice_] -= amount
        for cell, amount in after:
            deltas[cell, day, slice_] += amount


def _reason(bad: Exception) -> str:
    return f"failed:{type(bad).__name__}"
