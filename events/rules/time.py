"""Days in Asia/Shanghai and instants in UTC; period arithmetic of Civil Code 201 to 203.

The clock is never read here: every day and instant comes in as an argument.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache

from dateutil.relativedelta import relativedelta

# A fixed offset: no instant of the log is older than the last summer time of 1991.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")

_PERIOD = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>0[1-9]|1[0-2])|-Q(?P<quarter>[1-4]))?", re.ASCII
)


def shanghai_day(instant: datetime) -> date:
    """Give the day in Asia/Shanghai of an aware instant; ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(SHANGHAI).date()


def in_text(instant: datetime) -> str:
    """Write an instant as the envelope does: UTC, microseconds, Z."""
    if instant.tzinfo is not UTC:
        instant = instant.astimezone(UTC)
    return instant.isoformat(timespec="microseconds")[:26] + "Z"


def day_start(day: date) -> datetime:
    """Give the UTC instant of 00:00 in Asia/Shanghai."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def day_end(day: date) -> datetime:
    """Give the UTC instant of 24:00 in Asia/Shanghai, just after the day (Civil Code 203)."""
    return day_start(day + timedelta(days=1))


def month_of(day: date) -> str:
    """Name the calendar month of a day, as in `2009-03`."""
    return day.isoformat()[:7]


def quarter_of(day: date) -> str:
    """Name the calendar quarter of a day, as in `2009-Q1`."""
    return f"{day.year:04d}-Q{(day.month + 2) // 3}"


@lru_cache(1 << 10)
def period_bounds(period: str) -> tuple[date, date]:
    """Give the first and last day of `2009`, `2009-Q1` or `2009-03`, else ValueError."""
    match = _PERIOD.fullmatch(period)
    if match is None:
        raise ValueError("a period is written 2009, 2009-Q1 or 2009-03")
    year = int(match["year"])
    if match["month"]:
        first, months = date(year, int(match["month"]), 1), 1
    elif match["quarter"]:
        first, months = date(year, 3 * int(match["quarter"]) - 2, 1), 3
    else:
        first, months = date(year, 1, 1), 12
    return first, add_months(first, months) - timedelta(days=1)


@lru_cache(1 << 14)
def add_months(day: date, n: int) -> date:
    """Give the corresponding day `n` months on, or that month's last day (Civil Code 202)."""
    return day + relativedelta(months=n)


@lru_cache(1 << 14)
def add_years(day: date, n: int) -> date:
    """Give the corresponding day `n` years on; 29 February becomes 28 in common years."""
    return day + relativedelta(years=n)


def months_between(start: date, end: date) -> int:
    """Count the full months from `start` to `end`; negative when `end` comes first."""
    months = 12 * (end.year - start.year) + end.month - start.month
    return months - (add_months(start, months) > end)


def full_years(birth: date, on: date) -> int:
    """Give the age in full years; born 29 February: 28 February in common years (AS 41)."""
    years = on.year - birth.year
    return years - (add_years(birth, years) > on)
