"""Sources of UUIDv7 ids (RFC 9562 5.7): sorted by the millisecond they were made in."""

import os
import random
from collections.abc import Callable
from typing import Protocol
from uuid import UUID

from asyncpg.pgproto.pgproto import UUID as FAST_UUID

from events.runtime.clock import Clock

_RANDOM_BYTES = 10
_LOW_62 = (1 << 62) - 1
_LOW_12 = (1 << 12) - 1


class IdSource(Protocol):
    """Makes ids nobody made before."""

    def new(self) -> UUID:
        """Make an id."""
        ...


class _OrderedIds:
    """UUIDv7 ids of one source rise strictly: within a millisecond the 74 random bits count up."""

    def __init__(self, clock: Clock, entropy: Callable[[int], bytes]) -> None:
        self._clock = clock
        self._entropy = entropy
        self._millisecond = -1
        self._tail = 0

    def new(self) -> UUID:
        """Make an id later than every id this source made before."""
        millisecond = int(self._clock.now().timestamp() * 1000)
        if millisecond > self._millisecond:
            self._millisecond = millisecond
            self._tail = int.from_bytes(self._entropy(_RANDOM_BYTES)) >> 7  # 73 bits: room to count
        else:
            self._tail += 1 + int.from_bytes(self._entropy(4))
        return _assembled(self._millisecond, self._tail)


class RandomIds(_OrderedIds):
    """Ids from a clock and the system's randomness."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock, os.urandom)


class SeededIds(_OrderedIds):
    """The same ids for the same seed and clock: for tests and simulations only."""

    def __init__(self, clock: Clock, seed: int) -> None:
        super().__init__(clock, random.Random(seed).randbytes)  # noqa: S311 - repeatable on purpose


def _assembled(millisecond: int, tail: int) -> UUID:
    high = (millisecond & ((1 << 48) - 1)) << 16 | 0x7000 | (tail >> 62) & _LOW_12
    whole = high << 64 | 0b10 << 62 | tail & _LOW_62
    return FAST_UUID(whole.to_bytes(16))
