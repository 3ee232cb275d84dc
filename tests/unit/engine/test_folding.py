"""A bad event parks its subject; others flow; figures follow the rows."""

from __future__ import annotations

from collections.abc import Mapping

from events.bus.wire import Delivered
from events.rules.directory import Directory
from projections.engine.folding import Folded, fold, prepare
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
