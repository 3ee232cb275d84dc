"""How often somebody may ask: a bucket per key that fills with time."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable

KEYS = 20_000
"""Keys remembered; the one that was longest silent is forgotten first."""


class Limit:
    """At most `burst` at once and `per_second` on average, for each key apart."""

    def __init__(self, burst: float, per_second: float, seconds: Callable[[], float]) -> None:
        self._burst, self._rate, self._seconds = float(burst), per_second, seconds
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> int:
        """Take one; return 0, or the whole seconds after which one will be free again."""
        seconds = self.wait(key)
        if not seconds:
            self._left[key] = (self._now_left(key) - 1, self._seconds())
            self._left.move_to_end(key)
            while len(self._left) > KEYS:
                self._left.popitem(last=False)
        return seconds

    def wait(self, key: str) -> int:
        """Return 0 where one is free, or the whole seconds after which it will be."""
        left = self._now_left(key)
        return 0 if left >= 1 else max(1, math.ceil((1 - left) / self._rate))

    def _now_left(self, key: str) -> float:
        left, at = self._left.get(key, (self._burst, self._seconds()))
        return min(self._burst, left + (self._seconds() - at) * self._rate)
