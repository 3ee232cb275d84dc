"""Ids are UUIDv7, rise within a source, and repeat only where a seed asks for it."""

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

from events.runtime.clock import SimulatedClock
from events.runtime.ids import IdSource, RandomIds, SeededIds

START = datetime(2008, 6, 1, 0, 0, 0, 123000, tzinfo=UTC)


def _many(source: IdSource, count: int = 2000) -> list[UUID]:
    return [source.new() for _ in range(count)]


def _millisecond(made: UUID) -> int:
    return made.int >> 80


def test_an_id_is_a_version_7_uuid_of_its_millisecond() -> None:
    made = RandomIds(SimulatedClock(START)).new()
    assert (made.version, made.variant) == (7, RFC_4122)
    assert _millisecond(made) == int(START.timestamp() * 1000)


def test_ids_of_one_millisecond_differ_and_rise() -> None:
    made = _many(RandomIds(SimulatedClock(START)))
    assert made == sorted(set(made))
    assert {_millisecond(each) for each in made} == {int(START.timestamp() * 1000)}


def test_a_later_id_sorts_after_an_earlier_one() -> None:
    clock = SimulatedClock(START)
    source = RandomIds(clock)
    earlier = source.new()
    clock.advance(timedelta(milliseconds=1))
    assert str(earlier) < str(source.new())


def test_two_random_sources_never_agree() -> None:
    clock = SimulatedClock(START)
    assert not set(_many(RandomIds(clock))) & set(_many(RandomIds(clock)))


def test_the_same_seed_and_clock_give_the_same_ids() -> None:
    first, second, other = (SeededIds(SimulatedClock(START), seed) for seed in (1, 1, 2))
    made = _many(first)
    assert made == _many(second)
    assert not set(made) & set(_many(other))
    assert made == sorted(set(made))
