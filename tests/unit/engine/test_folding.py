"""A bad event parks its subject; others flow; figures follow the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from events.bus.wire import Delivered
from events.rules.directory import Directory
from events.rules.time import shanghai_day
from projections.engine.folding import Folded, fold, prepare
from projections.engine.projection import Cell
from tests.support.numbered import DAY_ONE, NumberedLog
from tests.support.tally import BAD, CATALOGUE, Counted, Ignored, Row, Tally, counted


def folded(*amounts: tuple[str, int], poisoned: Mapping[str, str] | None = None) -> Folded[Row]:
    log = NumberedLog()
    for subject, amount in amounts:
        log.add(subject, Counted.type, counted(amount), DAY_ONE)
    events = [Delivered(e, "node-1", 1) for e in log.events]
    items = prepare(Tally(), CATALOGUE, events)
    return fold(Tally(), items, {}, set(), poisoned or {}, lambda _: Directory())


def test_events_of_a_subject_add_up_in_one_change() -> None:
    change = folded(("person-1", 2), ("person-1", 3)).changes["person-1"]
    assert (change.old, change.new and change.new.total) == (None, 5)


def test_a_bad_event_parks_its_subject_and_those_behind_it() -> None:
    result = folded(("person-1", 1), ("person-1", BAD), ("person-1", 2), ("person-2", 4))
    assert [(p.seq, p.reason) for p in result.parked] == [
        (2, "failed:ZeroDivisionError"),
        (3, "behind"),
    ]
    totals = {k: c.new.total for k, c in result.changes.items() if c.new}
    assert totals == {"person-1": 1, "person-2": 4}


def test_an_event_that_nobody_here_knows_parks_its_subject() -> None:
    log = NumberedLog()
    log.add("person-1", "test.new.v9", b"{}")
    (item,) = prepare(Tally(), CATALOGUE, [Delivered(log.events[0], "node-1", 1)])
    assert item.fault == "unknown_type"


def test_a_body_of_another_shape_parks_its_subject() -> None:
    log = NumberedLog()
    log.add("person-1", Counted.type, b'{"amount":"many"}')
    (item,) = prepare(Tally(), CATALOGUE, [Delivered(log.events[0], "node-1", 1)])
    assert item.fault == "unreadable"


def test_events_of_other_types_are_left_alone() -> None:
    log = NumberedLog()
    log.add("person-1", Ignored.type, b"{}")
    assert prepare(Tally(), CATALOGUE, [Delivered(log.events[0], "node-1", 1)]) == []


def test_a_refused_subject_is_parked_from_its_first_event() -> None:
    result = folded(("person-1", 1), ("person-1", 2), poisoned={"person-1": "refused:CheckError"})
    assert [p.reason for p in result.parked] == ["refused:CheckError", "behind"]
    assert result.changes == {}


def test_figures_hold_what_the_rows_add_up_to() -> None:
    result = folded(("person-1", 2), ("person-1", 3), ("person-2", 4))
    totals: dict[object, int] = {}
    for (cell, _, _), amount in result.deltas.items():
        totals[cell] = totals.get(cell, 0) + amount
    assert totals == {"count": 3, "total": 9}


class Choosy(Tally):
    """A tally whose rows cannot be shared out once their total is 13."""

    def contributions(self, row: Row) -> Iterable[tuple[Cell, int]]:
        """Add a row to the figures."""
        if row.total == 13:
            raise ZeroDivisionError
        return super().contributions(row)


def test_the_event_after_which_a_row_cannot_be_shared_out_is_the_one_that_is_parked() -> None:
    log = NumberedLog()
    for subject, amount in (("person-1", 4), ("person-2", 1), ("person-1", 9), ("person-2", 1)):
        log.add(subject, Counted.type, counted(amount), DAY_ONE)
    items = prepare(Choosy(), CATALOGUE, [Delivered(e, "node-1", 1) for e in log.events])
    result = fold(Choosy(), items, {}, set(), {}, lambda _: Directory())
    assert [(p.seq, p.reason) for p in result.parked] == [(3, "failed:ZeroDivisionError")]
    assert sum(n for (cell, _, _), n in result.deltas.items() if cell == "total") == 4 + 2


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 3), st.integers(0, 9))))
def test_figures_are_the_same_as_if_every_event_were_moved_alone(
    told: list[tuple[str, int, int]],
) -> None:
    log, alone = NumberedLog(), Counter[tuple[Any, Any, int]]()
    rows = dict[str, Row]()
    for subject, days, amount in told:
        at = DAY_ONE + timedelta(days=days)
        log.add(f"person-{subject}", Counted.type, counted(amount), at)
        slice_ = log.events[-1].slice
        old = rows.get(subject, Row(subject, 0, 0, 0, ()))
        rows[subject] = Row(subject, old.count + 1, old.total + amount, 0, ())
        alone["count", shanghai_day(at), slice_] += 1
        alone["total", shanghai_day(at), slice_] += amount
    items = prepare(Tally(), CATALOGUE, [Delivered(e, "node-1", 1) for e in log.events])
    result = fold(Tally(), items, {}, set(), {}, lambda _: Directory())
    assert result.deltas == Counter({cell: n for cell, n in alone.items() if n})
