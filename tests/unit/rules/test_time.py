"""Days and periods: Civil Code 201 to 203 and AS 41."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.rules.time import (
    add_months,
    add_years,
    day_end,
    day_start,
    full_years,
    month_of,
    months_between,
    period_bounds,
    quarter_of,
    shanghai_day,
)

days = st.dates(date(1900, 1, 1), date(2099, 12, 31))


def test_a_day_begins_in_shanghai_eight_hours_before_utc() -> None:
    assert day_start(date(2008, 6, 1)) == datetime(2008, 5, 31, 16, tzinfo=UTC)
    assert shanghai_day(datetime(2008, 5, 31, 15, 59, tzinfo=UTC)) == date(2008, 5, 31)
    assert shanghai_day(datetime(2008, 5, 31, 16, tzinfo=UTC)) == date(2008, 6, 1)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        shanghai_day(datetime(2008, 6, 1))  # noqa: DTZ001  the naive instant is the point


@given(days)
def test_a_day_ends_where_the_next_begins(day: date) -> None:
    assert day_end(day) == day_start(day + timedelta(days=1))
    assert shanghai_day(day_start(day)) == day
    assert shanghai_day(day_end(day) - timedelta(microseconds=1)) == day


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2008, 8, 31), 1, date(2008, 9, 30)),
        (date(2010, 8, 31), 6, date(2011, 2, 28)),
        (date(2011, 8, 31), 6, date(2012, 2, 29)),
        (date(2012, 2, 29), 12, date(2013, 2, 28)),
        (date(2008, 3, 31), -1, date(2008, 2, 29)),
    ],
)
def test_a_month_without_the_day_ends_on_its_last(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


@given(days, st.integers(0, 600))
def test_a_period_of_months_ends_on_its_day_or_the_last_of_the_month(day: date, n: int) -> None:
    end = add_months(day, n)
    assert 12 * end.year + end.month == 12 * day.year + day.month + n
    assert end.day == day.day or (end.day < day.day and (end + timedelta(days=1)).day == 1)


@given(days, st.integers(0, 600))
def test_full_months_are_the_most_that_fit(day: date, n: int) -> None:
    end = add_months(day, n)
    assert months_between(day, end) == n
    assert months_between(day, end - timedelta(days=1)) == n - 1


@given(days, days)
def test_full_years_are_reached_on_the_corresponding_day(birth: date, on: date) -> None:
    years = full_years(birth, on)
    assert add_years(birth, years) <= on < add_years(birth, years + 1)


@pytest.mark.requirement("R12")
def test_every_birthday_over_two_leap_years_brings_one_year_and_the_eve_none() -> None:
    birth = date(1956, 1, 1)
    while birth < date(1965, 1, 1):
        for age in (16, 40, 50):
            birthday = add_years(birth, age)
            assert full_years(birth, birthday) == age
            assert full_years(birth, birthday - timedelta(days=1)) == age - 1
        birth += timedelta(days=1)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2008", date(2008, 1, 1), date(2008, 12, 31)),
        ("2009-Q1", date(2009, 1, 1), date(2009, 3, 31)),
        ("2008-Q4", date(2008, 10, 1), date(2008, 12, 31)),
        ("2008-02", date(2008, 2, 1), date(2008, 2, 29)),
        ("2009-12", date(2009, 12, 1), date(2009, 12, 31)),
    ],
)
def test_a_period_has_a_first_and_a_last_day(period: str, first: date, last: date) -> None:
    assert period_bounds(period) == (first, last)


@pytest.mark.parametrize(
    "period", ["", "2009-13", "2009-Q5", "2009-1", "09", "2009-Q1 ", "２００９"]
)
def test_anything_else_is_no_period(period: str) -> None:
    with pytest.raises(ValueError, match="2009-Q1"):
        period_bounds(period)


@given(days)
def test_a_day_lies_in_its_month_and_quarter(day: date) -> None:
    for period in (month_of(day), quarter_of(day)):
        first, last = period_bounds(period)
        assert first <= day <= last
