"""The one place that reads the time of day; everything else is told it."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the present instant, aware and in UTC."""

    def now(self) -> datetime:
        """Answer the present instant."""
        ...


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """Answer the computer's present instant."""
        return datetime.now(UTC)  # noqa: TID251 - this is the one clock


class SimulatedClock:
    """A clock that moves only when told, and never backwards (design.md 6)."""

    def __init__(self, start: datetime) -> None:
        self._now = _utc(start)

    def now(self) -> datetime:
        """Answer the instant the clock was last set to."""
        return self._now

    def set(self, instant: datetime) -> None:
        """Move to an instant; ValueError when it is earlier than now or naive."""
        target = _utc(instant)
        if target < self._now:
            raise ValueError(f"a clock never goes back: {target} is before {self._now}")
        self._now = target

    def advance(self, by: timedelta) -> None:
        """Move on by a span; ValueError when it is negative."""
        self.set(self._now + by)


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"an instant names its offset: {instant}")
    return instant.astimezone(UTC)
