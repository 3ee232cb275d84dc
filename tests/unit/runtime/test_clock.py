"""One clock reads the time; a simulated one moves only forward."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from events.runtime.clock import SimulatedClock, SystemClock

START = datetime(2008, 6, 1, tzinfo=UTC)


def test_the_system_clock_tells_aware_instants_in_utc_in_order() -> None:
    clock = SystemClock()
    first, second = clock.now(), clock.now()
    assert first.utcoffset() == timedelta(0)
    assert first <= second


def test_a_simulated_clock_stands_still_until_told() -> None:
    clock = SimulatedClock(START)
    assert clock.now() == clock.now() == START


def test_a_simulated_clock_moves_on() -> None:
    clock = SimulatedClock(START)
    clock.advance(timedelta(days=1))
    clock.set(START + timedelta(days=2))
    assert clock.now() == datetime(2008, 6, 3, tzinfo=UTC)


def test_a_simulated_clock_never_goes_back() -> None:
    clock = SimulatedClock(START)
    with pytest.raises(ValueError, match="never goes back"):
        clock.set(START - timedelta(microseconds=1))
    with pytest.raises(ValueError, match="never goes back"):
        clock.advance(timedelta(microseconds=-1))
    assert clock.now() == START


def test_a_simulated_clock_answers_utc_and_refuses_naive_instants() -> None:
    shanghai = timezone(timedelta(hours=8))
    clock = SimulatedClock(datetime(2008, 6, 1, 8, tzinfo=shanghai))
    assert (clock.now(), clock.now().utcoffset()) == (START, timedelta(0))
    with pytest.raises(ValueError, match="offset"):
        clock.set(datetime(2009, 1, 1))  # noqa: DTZ001 - naive on purpose
