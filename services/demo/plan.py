"""What is simulated: county, persons, days, seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from events.rules.time import SHANGHAI

OPENING = time(9, 0)
"""When offices open, in Asia/Shanghai."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One run; the same plan always wishes the same.

    `persons_per_community` says how densely the county's communities are used. Without the
    `whole_tree` only the county's offices are opened, and only those with persons are staffed.
    """

    county: str = "140105"
    persons: int = 500
    first: date = date(2008, 6, 1)
    last: date = date(2010, 5, 31)
    seed: int = 1
    persons_per_community: int = 10
    whole_tree: bool = True

    @property
    def days(self) -> int:
        """Return how many days are simulated."""
        return (self.last - self.first).days + 1

    @property
    def city(self) -> str:
        """Return the code of the county's city."""
        return self.county[:4]

    @property
    def name(self) -> str:
        """Name the run; ids of its commands are made from it."""
        return f"{self.county}/{self.first}/{self.last}/{self.persons}/{self.seed}"

    def dice(self, *of: object) -> Random:
        """Return the dice of one unit of the run."""
        return Random(f"{self.name}/{'/'.join(map(str, of))}")  # noqa: S311  # a story, no secret


def morning(day: date) -> datetime:
    """Return the instant at which offices open on a day."""
    return datetime.combine(day, OPENING, SHANGHAI)


def after(day: date, days: int) -> date:
    """Return the day some days later, or earlier."""
    return day + timedelta(days=days)
