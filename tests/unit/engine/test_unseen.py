"""Duplicates are dropped, holes are found, other histories are refused."""

from __future__ import annotations

import pytest

from events.bus.wire import Delivered
from projections.engine.errors import EpochChangedError, ForkedError
from projections.engine.unseen import Watermark, unseen
from tests.support.numbered import NumberedLog
from tests.support.tally import Counted, counted


def line(count: int) -> list[Delivered]:
    """Return events of one subject, and so of one slice."""
    log = NumberedLog()
    return [
        Delivered(log.add("person-1", Counted.type, counted(n)), "node-1", 1) for n in range(count)
    ]


def at(event: Delivered) -> dict[int, Watermark]:
    return {event.stored.slice: Watermark(event.stored.seq, event.stored.position, 1)}


def nothing(events: list[Delivered]) -> dict[int, Watermark]:
    return {events[0].stored.slice: Watermark(0, 0, 1)}


def test_a_record_at_or_below_the_watermark_is_a_duplicate() -> None:
    events = line(3)
    found = unseen(at(events[1]), events)
    assert (found.fresh, found.duplicates) == (events[2:], 2)


def test_a_record_twice_in_one_batch_counts_once() -> None:
    events = line(2)
    assert unseen(nothing(events), [*events, *events]).fresh == events


def test_the_slice_goes_as_far_as_it_joins_on() -> None:
    events = line(4)
    found = unseen(nothing(events), [events[0], events[2], events[3]])
    assert found.fresh == events[:1]
    assert [h.watermark for h in found.holes] == [1]


def test_the_watermark_follows_the_last_new_event() -> None:
    events = line(3)
    slice_ = events[0].stored.slice
    assert unseen(nothing(events), events).moved == {slice_: Watermark(3, 6, 1)}


def test_a_later_epoch_stops_the_projection() -> None:
    events = line(1)
    with pytest.raises(EpochChangedError):
        unseen(nothing(events), [Delivered(events[0].stored, "node-1", 2)])


def test_an_earlier_epoch_is_superseded() -> None:
    events = line(1)
    found = unseen(nothing(events), [Delivered(events[0].stored, "node-1", 0)])
    assert (found.fresh, found.superseded) == ([], 1)


def test_a_record_that_joins_below_the_watermark_is_of_another_history() -> None:
    events = line(3)
    forked = events[2].stored
    forked.prev_seq = 1
    with pytest.raises(ForkedError):
        unseen(at(events[1]), [events[2]])
