"""Days and periods, computed here for themselves (Civil Code 201 to 203, 1259; A11).

The first day is not counted; months end on the corresponding day, or on the month's last day.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

Pause = tuple[date, date | None]
"""A clock waits after the first day and up to the second; None: it still waits."""

DAY = timedelta(days=1)
_NOTICES = {
    2008: "0101 0206-0212 0404-0406 0501-0503 0607-0609 0913-0915 0929-1005 "
    "+0202 +0203 +0504 +0927 +0928",
    2009: "0101-0103 0125-0131 0404-0406 0501-0503 0528-0530 1001-1008 "
    "+0104 +0124 +0201 +0531 +0927 +1010",
    2010: "0101-0103 0213-0219 0403-0405 0501-0503 0614-0616 0922-0924 1001-1007 "
    "+0220 +0221 +0612 +0613 +0919 +0925 +0926 +1009",
}
"""The State Council's notices: days off, and with + the weekend days worked instead."""


def months_after(day: date, months: int) -> date:
    """Give the corresponding day some months later, or the month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    """Give the last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


class Calendar:
    """Which days offices work; a year without a notice has plain weekends."""

    def __init__(self) -> None:
        self._off: dict[int, frozenset[date]] = {}
        self._on: dict[int, frozenset[date]] = {}
        self._holidays: frozenset[date] = frozenset()
        self._worked: frozenset[date] = frozenset()
        for year, text in _NOTICES.items():
            words = text.split()
            off = (day for word in words if word[0] != "+" for day in _span(year, word))
            self.set(year, off, (day for w in words if w[0] == "+" for day in _span(year, w[1:])))

    def set(self, year: int, off: Iterable[date], on: Iterable[date]) -> None:
        """Take a year's notice; it supersedes an earlier one (X18)."""
        self._off[year], self._on[year] = frozenset(off), frozenset(on)
        self._holidays = frozenset().union(*self._off.values())
        self._worked = frozenset().union(*self._on.values())

    def works(self, day: date) -> bool:
        """Tell whether offices work on a day."""
        return day in self._worked or (day.weekday() < 5 and day not in self._holidays)

    def next_workday(self, day: date) -> date:
        """Give the day itself where offices work, else the next such day."""
        while not self.works(day):
            day += DAY
        return day

    def after(self, start: date, workdays: int, pauses: Sequence[Pause] = ()) -> date | None:
        """Give the n-th working day after the start; None while a pause is open before it."""
        day = start
        while workdays:
            day += DAY
            waits = False
            for since, until in pauses:
                if since < day and until is None:
                    return None
                waits = waits or (since < day and until is not None and day <= until)
            workdays -= self.works(day) and not waits
        return day


def _span(year: int, word: str) -> list[date]:
    first, _, last = word.partition("-")
    begin = date(year, int(first[:2]), int(first[2:]))
    end = date(year, int(last[:2]), int(last[2:])) if last else begin
    return [begin + DAY * i for i in range((end - begin).days + 1)]
