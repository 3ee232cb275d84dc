"""Stocks and flows of certified persons: M1, and the stocks of M4 and M5. Pure.

A stock is kept as +1 and -1 on valid days, so that the stock on a day is the sum up to it. What
changes hands inside (work, home, category) is one membership that ends and another that begins.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TypeAlias

from projections.cube.life import Case, Life, Stretch
from projections.cube.parts import Share, Shares, seqs
from projections.journal import Note
from projections.spans import Span

Place: TypeAlias = tuple[str, str]
"""Path and category."""
Member: TypeAlias = tuple[str, str, str, str]
"""Metric, part, path and category of a stock that the person is in."""


def stocks(life: Life) -> Shares:
    """Return the flows and stocks of every case."""
    for case in life.cases.values():
        for span in case.spans:
            yield from _span(life, case, span)


def _span(life: Life, case: Case, span: Span) -> Shares:
    began = seqs(span.began)
    where = (life.path(span.start), case.category(span.start))
    yield _flow(span.began.kind, where, span.start, began)
    members = _members(life, case, span.start) if span.holds(span.start) else frozenset()
    yield from _enter(members, span.start, began)
    for day, causes in _changes(life, case, span):
        now = (life.path(day), case.category(day))
        yield from _inner(where, now, day, causes)
        new = _members(life, case, day)
        yield from _leave(members - new, day, causes)
        yield from _enter(new - members, day, causes)
        where, members = now, new
    if span.end is not None and span.ended is not None:
        ended = seqs(span.ended)
        yield _flow(span.ended.kind, where, span.end, ended)
        yield from _leave(members, span.end, ended)


def _flow(part: str, where: Place, day: date, causes: tuple[int, ...]) -> Share:
    return Share("M1", part, where[0], day, where[1], "", 1, causes)


def _inner(old: Place, new: Place, day: date, causes: tuple[int, ...]) -> Shares:
    """Return what changes hands: first the move, then the change of category."""
    between = (new[0], old[1])
    if old != between:
        yield _flow("moved_out", old, day, causes)
        yield _flow("moved_in", between, day, causes)
    if between != new:
        yield _flow("category_left", between, day, causes)
        yield _flow("category_joined", new, day, causes)


def _enter(members: frozenset[Member], day: date, causes: tuple[int, ...]) -> Shares:
    return _stock(members, day, 1, causes)


def _leave(members: frozenset[Member], day: date, causes: tuple[int, ...]) -> Shares:
    return _stock(members, day, -1, causes)


def _stock(members: frozenset[Member], day: date, amount: int, causes: tuple[int, ...]) -> Shares:
    for metric, part, path, category in sorted(members):
        yield Share(metric, part, path, day, category, "", amount, causes)


def _members(life: Life, case: Case, day: date) -> frozenset[Member]:
    """Return the stocks that a certified person is in on a day."""
    work = "unemployed"
    if life.employed(day):
        work = "employed_tracked" if case.tracked(day) else "employed_untracked"
    parts = [("M1", work)]
    if any(a.holds(day) for a in case.agreements):
        parts.append(("M4", "active"))
        if work == "unemployed":
            parts.append(("M4", "active_unemployed"))
    if is_due(case, day):
        parts.append(("M5", "due"))
    place = (life.path(day), case.category(day))
    return frozenset((metric, part, *place) for metric, part in parts)


def is_due(case: Case, day: date) -> bool:
    """Tell whether a month that ends on this day asks for a visit (R89, AS 36)."""
    since = case.due_from
    return since is not None and since <= day and case.holds(day) and case.tracked(day)


def _changes(life: Life, case: Case, span: Span) -> Iterator[tuple[date, tuple[int, ...]]]:
    """Return the days inside a span on which something changes, with the causing events."""
    causes: dict[date, set[int]] = {}
    for day, seq in _points(life, case, span):
        if span.start < day and span.holds(day):
            causes.setdefault(day, set()).add(seq)
    for day in sorted(causes):
        yield day, tuple(sorted(causes[day]))


def _points(life: Life, case: Case, span: Span) -> Iterator[tuple[date, int]]:
    yield from ((day, seq) for day, _, seq in life.homes)
    for note in case.categories:
        yield from _known(note.day, note)
    yield from _edges(life.work)
    yield from _edges(case.agreements)
    if case.untracked is not None:
        yield from _known(case.untracked.day, case.untracked)
    if case.due_from is not None:
        yield from _known(case.due_from, span.began)


def _known(day: date, note: Note) -> Iterator[tuple[date, int]]:
    return ((day, seq) for seq in seqs(note))


def _edges(stretches: list[Stretch]) -> Iterator[tuple[date, int]]:
    for stretch in stretches:
        yield from _known(stretch.start, stretch.began)
        if stretch.until is not None and stretch.ended is not None:
            yield from _known(stretch.until, stretch.ended)
