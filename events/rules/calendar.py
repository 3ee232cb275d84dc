"""Working days as data: the State Council's yearly holiday notices (X18, A11).

A year without a notice falls back to plain weekends, and `unknown_years` says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from importlib.resources import files

Pause = tuple[date, date | None]
"""A clock waits from a day to another, or still waits: the days (from, to] do not count."""

ONE_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class YearNotice:
    """One year's days off (weekends inside a holiday included) and make-up working days."""

    year: int
    holidays: frozenset[date]
    make_up_workdays: frozenset[date]


@dataclass(frozen=True)
class WorkCalendar:
    """The working days that the known notices make."""

    notices: tuple[YearNotice, ...] = ()

    @cached_property
    def holidays(self) -> frozenset[date]:
        """Days off by notice."""
        return frozenset().union(*(notice.holidays for notice in self.notices))

    @cached_property
    def make_up_workdays(self) -> frozenset[date]:
        """Weekend days worked by notice (调休)."""
        return frozenset().union(*(notice.make_up_workdays for notice in self.notices))

    @cached_property
    def years(self) -> frozenset[int]:
        """Years with a notice."""
        return frozenset(notice.year for notice in self.notices)

    def with_year(
        self, year: int, holidays: Iterable[date], make_up_workdays: Iterable[date]
    ) -> WorkCalendar:
        """Return the calendar with this year's notice; it supersedes an older one (X18)."""
        kept = tuple(notice for notice in self.notices if notice.year != year)
        new = YearNotice(year, frozenset(holidays), frozenset(make_up_workdays))
        return WorkCalendar((*kept, new))

    def unknown_years(self, start: date, end: date) -> tuple[int, ...]:
        """Name the years from `start` to `end` judged by weekends only, for want of a notice."""
        return tuple(y for y in range(start.year, end.year + 1) if y not in self.years)

    def is_workday(self, day: date) -> bool:
        """Tell whether offices work on that day."""
        if day in self.make_up_workdays:
            return True
        return day.weekday() < SATURDAY and day not in self.holidays

    def next_workday(self, day: date) -> date:
        """Give the day itself if it is a working day, else the next one (Civil Code 203)."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def add_workdays(self, start: date, n: int) -> date:
        """Give the n-th working day after `start`, which is not counted (Civil Code 201)."""
        if n < 0:
            raise ValueError("working days are counted forward")
        day = start
        for _ in range(n):
            day = self.next_workday(day + ONE_DAY)
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and with `end`; 0 when `end` is not later."""
        return self.workdays_used(start, end)

    def workdays_used(self, start: date, on: date, pauses: Sequence[Pause] = ()) -> int:
        """Count the working days a clock has used by the end of day `on`."""
        days = (start + timedelta(days=i) for i in range(1, (on - start).days + 1))
        return sum(self.is_workday(day) and not _waits(day, pauses) for day in days)

    def due_after(self, start: date, workdays: int, pauses: Sequence[Pause] = ()) -> date | None:
        """Give the last day of a clock that waits and keeps the days used (C4).

        None while an open pause holds it: there is no due day yet.
        """
        if workdays < 0:
            raise ValueError("working days are counted forward")
        stop = min((since for since, until in pauses if until is None), default=None)
        day, left = start, workdays
        while left:
            day += ONE_DAY
            if stop is not None and day > stop:
                return None
            left -= self.is_workday(day) and not _waits(day, pauses)
        return day


def _waits(day: date, pauses: Sequence[Pause]) -> bool:
    """Tell whether the clock stands still on that day."""
    return any(since < day and (until is None or day <= until) for since, until in pauses)


def seed_calendar() -> WorkCalendar:
    """Read the shipped notices of 2008 to 2011; data to be confirmed against the originals."""
    text = files("events.rules").joinpath("data/holidays.json").read_text("utf-8")
    calendar = WorkCalendar()
    for notice in json.loads(text)["notices"]:
        calendar = calendar.with_year(
            notice["year"],
            (day for first, last in notice["holidays"] for day in _span(first, last)),
            map(date.fromisoformat, notice["make_up_workdays"]),
        )
    return calendar


def _span(first: str, last: str) -> Iterable[date]:
    """List the days from first to last."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return (start + timedelta(days=i) for i in range((end - start).days + 1))
