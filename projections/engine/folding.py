"""Folding a batch in memory: rows, contributions, and what has to be parked. Pure.

A bad event parks its subject: the row stays as it was before it, and every later event of that
subject waits behind it, in order. Other subjects flow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, Generic, TypeVar

from events.bus.wire import Delivered, in_envelope, to_recorded
from events.contracts.base import Catalogue, Recorded
from events.contracts.corrections import RESTATING
from events.rules.directory import Directory
from events.rules.time import shanghai_day
from projections.engine.projection import (
    AsOf,
    Cell,
    Change,
    Contributing,
    Foldable,
    Planned,
    Projection,
    R,
    Verbatim,
)

BEHIND = "behind"
UNKNOWN_TYPE = "unknown_type"
UNREADABLE = "unreadable"

T = TypeVar("T")


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
    """A new event of a batch with the row it changes, or the reason why it cannot be applied.

    `again` holds everything that the row is made of where a correction has it folded anew.
    """

    event: Delivered
    fact: Recorded[Any] | None = None
    key: str | None = None
    fault: str = ""
    again: Sequence[Recorded[Any]] | None = None


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

    Events of other types are left out, but for corrections of facts; a type that this code does not
    know at all is not: it may matter, so it parks its subject.
    """
    types, known = projection.types, catalogue.classes
    read = _as_it_stands if isinstance(projection, Verbatim) else partial(_read, catalogue)
    items: list[Item] = []
    for event in fresh:
        type_ = event.stored.type
        if type_ not in known:
            items.append(Item(event, fault=UNKNOWN_TYPE))
        elif types is None or type_ in types:
            items.append(_item(projection, read, event))
        elif type_ in RESTATING:
            items.append(replace(_item(projection, read, event), key=None))
    return items


def _read(catalogue: Catalogue[Any], event: Delivered) -> Recorded[Any]:
    event.recorded = fact = to_recorded(event, catalogue)
    return fact


def _as_it_stands(event: Delivered) -> Recorded[Any]:
    return in_envelope(event, None)


def _item(
    projection: Projection[R], read: Callable[[Delivered], Recorded[Any]], event: Delivered
) -> Item:
    try:
        fact = event.recorded or read(event)
    except (KeyError, ValueError):
        return Item(event, fault=UNREADABLE)
    try:
        return Item(event, fact, projection.key(fact))
    except Exception as bad:  # noqa: BLE001 - whatever its code raises parks the subject
        return Item(event, fact, fault=reason_of(bad))


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
    known = _nowhere if isinstance(projection, Verbatim) else as_of
    try:
        return _Folding(projection, rows, set(waiting), poisoned, known).all(items)
    except _ShareFailedError:
        # Whose event it was is only seen one by one.
        return _Folding(projection, rows, set(waiting), poisoned, known, each=True).all(items)


def refold(model: Foldable[R], facts: Iterable[Recorded[Any]], as_of: AsOf, until: int) -> R | None:
    """Fold a row from all its facts, its open days by the directory as of a later seq (X18)."""
    row: R | None = None
    for fact in facts:
        row = model.project(row, fact, as_of(fact.seq))
    if row is None or not isinstance(model, Planned):
        return row
    planned: R = model.replan(row, until, as_of)
    return planned


def _nowhere(_: int) -> Directory:
    return _NOWHERE


_NOWHERE = Directory()


class _ShareFailedError(Exception):
    """The share of a row that several events made cannot be told."""


class _Folding(Generic[R]):
    def __init__(
        self,
        projection: Projection[R],
        rows: Mapping[str, R],
        waiting: set[str],
        poisoned: Mapping[str, str],
        as_of: AsOf,
        *,
        each: bool = False,
    ) -> None:
        self._projection = projection
        self._rows = rows
        self._waiting = waiting
        self._poisoned = poisoned
        self._as_of = as_of
        self._result = Folded[R]()
        self._shares: _Shares | None = None
        if isinstance(projection, Contributing):
            self._shares = _Shares(projection, self._result.deltas, each=each)

    def all(self, items: Iterable[Item]) -> Folded[R]:
        """Apply items in order and return what they come to, without what cancels out."""
        for item in items:
            self._take(item)
        if self._shares is not None:
            self._shares.settle()
        result = self._result
        result.deltas = Counter({cell: n for cell, n in result.deltas.items() if n})
        return result

    def _take(self, item: Item) -> None:
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
            if item.again is None:
                new = self._projection.project(old, fact, self._as_of(fact.seq))
            else:
                new = refold(self._projection, item.again, self._as_of, fact.seq)
            if self._shares is not None and new is not old:
                self._shares.move(key, old, new, fact)
        except _ShareFailedError:
            raise
        except Exception as bad:  # noqa: BLE001 - whatever its code raises parks the subject
            self._park(item, reason_of(bad))
            return
        if change is not None:
            change.new = new
        elif new is not old:
            self._result.changes[key] = Change(key, old, new, fact.source, fact.subject, fact.slice)

    def _park(self, item: Item, reason: str) -> None:
        e = item.event.stored
        self._waiting.add(e.subject)
        self._result.parked.append(Parking(e.subject, e.seq, e.slice, e.type, reason))


@dataclass(slots=True)
class _Move:
    """A row as it was before a day and after what became known of it on that day."""

    old: object
    new: object
    day: date
    slice: int


class _Shares:
    """Takes an old row's contributions back and adds the new one's, on the day it became known.

    What becomes known of a row on one day is moved once, unless `each` event is asked for.
    """

    def __init__(
        self, projection: Contributing, deltas: Counter[tuple[Cell, date, int]], *, each: bool
    ) -> None:
        self._of = projection.contributions
        self._deltas = deltas
        self._each = each
        self._open: dict[str, _Move] = {}

    def move(self, key: str, old: object, new: object, fact: Recorded[Any]) -> None:
        """Note that a fact changed a row. Raises _ShareFailedError, or what the model raises."""
        day = shanghai_day(fact.recorded_at)
        if self._each:
            self._settle(_Move(old, new, day, fact.slice))
            return
        last = self._open.get(key)
        if last is not None and last.day == day:
            last.new = new
            return
        self._open[key] = _Move(old, new, day, fact.slice)
        if last is not None:
            self._settle_late(last)

    def settle(self) -> None:
        """Move what is still open. Raises _ShareFailedError."""
        for last in self._open.values():
            self._settle_late(last)

    def _settle_late(self, move: _Move) -> None:
        try:
            self._settle(move)
        except Exception as bad:
            raise _ShareFailedError from bad

    def _settle(self, move: _Move) -> None:
        before = list(self._of(move.old)) if move.old is not None else []
        after = list(self._of(move.new)) if move.new is not None else []
        before, after = _differing(before, after)
        deltas, day, slice_ = self._deltas, move.day, move.slice
        for cell, amount in before:
            deltas[cell, day, slice_] -= amount
        for cell, amount in after:
            deltas[cell, day, slice_] += amount


def _differing(before: list[T], after: list[T]) -> tuple[list[T], list[T]]:
    """Leave out what both begin and end with: comparing is cheaper than adding up."""
    start, b, a = 0, len(before), len(after)
    while start < b and start < a and before[start] == after[start]:
        start += 1
    while b > start and a > start and before[b - 1] == after[a - 1]:
        b, a = b - 1, a - 1
    return before[start:b], after[start:a]


def reason_of(bad: Exception) -> str:
    """Name the class of an error, never its text."""
    return f"failed:{type(bad).__name__}"
