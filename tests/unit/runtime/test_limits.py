"""A limit lets a burst through, then one at its pace, for each key apart."""

from __future__ import annotations

from events.runtime import limits
from events.runtime.limits import Limit


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.at


def test_a_burst_goes_through_and_then_one_at_a_time() -> None:
    now = Hand()
    limit = Limit(3, 0.5, now)
    assert [limit.take("a") for _ in range(4)] == [0, 0, 0, 2]
    now.at = 1.0
    assert limit.take("a") == 1
    now.at = 2.0
    assert [limit.take("a"), limit.take("a")] == [0, 2]


def test_a_long_silence_fills_no_more_than_the_burst() -> None:
    now = Hand()
    limit = Limit(2, 1, now)
    now.at = 1_000.0
    assert [limit.take("a") for _ in range(3)] == [0, 0, 1]


def test_one_key_takes_nothing_from_another() -> None:
    limit = Limit(1, 1, Hand())
    assert [limit.take("a"), limit.take("b"), limit.take("a")] == [0, 0, 1]


def test_to_look_takes_nothing() -> None:
    limit = Limit(1, 1, Hand())
    assert [limit.wait("a"), limit.wait("a"), limit.take("a"), limit.wait("a")] == [0, 0, 0, 1]


def test_the_key_that_was_silent_longest_is_forgotten_first() -> None:
    limit = Limit(1, 0.001, Hand())
    limit.take("first")
    for n in range(limits.KEYS):
        limit.take(str(n))
    assert limit.take("first") == 0
    assert limit.take(str(limits.KEYS - 1)) > 0
