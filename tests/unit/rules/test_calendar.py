"""Working days by the notices, and clocks that wait (X18, C4)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.rules.calendar import WorkCalendar, seed_calendar

SHIPPED = seed_calendar()
PLAIN = WorkCalendar()
days = st.dates(date(2007, 12, 1), date(2012, 1, 31))


@pytest.mark.requirement("X18")
@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2008, 9, 27), True),  # a Saturday made up for
        (date(2008, 9, 29), False),  # a Monday off
        (date(2008, 10, 6), True),
        (date(2008, 6, 9), False),  # the Monday after a Sunday festival
        (date(2009, 10, 8), False),
        (date(2009, 10, 10), True),
        (date(2010, 2, 19), False),
        (date(2010, 2, 21), True),
        (date(2010, 6, 5), False),  # an ordinary Saturday
    ],
)
def test_a_notice_moves_working_days(day: date, works: bool) -> None:
    assert SHIPPED.is_workday(day) is works


@pytest.mark.parametrize(("year", "off"), [(2008, 11), (2009, 11), (2010, 11), (2011, 11)])
def test_a_shipped_year_has_the_legal_days_off_beyond_weekends(year: int, off: int) -> None:
    first, last = date(year, 1, 1), date(year, 12, 31)
    span = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    plain = sum(PLAIN.is_workday(day) for day in span)
    assert plain - sum(SHIPPED.is_workday(day) for day in span) == off


@pytest.mark.requirement("R20")
def test_a_notice_posted_on_the_friday_before_national_day_ends_on_the_right_day() -> None:
    # 27 and 28 September are worked, 29 September to 5 October are off
    assert SHIPPED.add_workdays(date(2008, 9, 26), 7) == date(2008, 10, 10)
    assert PLAIN.add_workdays(date(2008, 9, 26), 7) == date(2008, 10, 7)


@pytest.mark.requirement("X18")
def test_a_year_without_a_notice_goes_by_weekends_and_says_so() -> None:
    assert SHIPPED.unknown_years(date(2010, 12, 1), date(2012, 2, 1)) == (2012,)
    assert not PLAIN.is_workday(date(2012, 1, 1))
    assert PLAIN.is_workday(date(2012, 1, 2))


@pytest.mark.requirement("X18")
def test_a_newer_notice_supersedes_the_older_one_of_its_year() -> None:
    first = PLAIN.with_year(2009, [date(2009, 5, 1)], [date(2009, 5, 2)])
    newer = first.with_year(2009, [date(2009, 5, 4)], [])
    assert newer.is_workday(date(2009, 5, 1))
    assert not newer.is_workday(date(2009, 5, 2))
    assert not newer.is_workday(date(2009, 5, 4))
    assert newer.years == {2009}


@given(days, st.integers(0, 60))
def test_counting_working_days_undoes_adding_them(start: date, n: int) -> None:
    assert SHIPPED.workdays_between(start, SHIPPED.add_workdays(start, n)) == n


@given(days, st.integers(1, 60))
def test_a_deadline_in_working_days_is_a_working_day(start: date, n: int) -> None:
    assert SHIPPED.is_workday(SHIPPED.add_workdays(start, n))


@given(days)
def test_the_next_working_day_has_none_before_it(day: date) -> None:
    found = SHIPPED.next_workday(day)
    assert SHIPPED.is_workday(found)
    assert SHIPPED.workdays_between(day - timedelta(days=1), found) == 1


@given(days, st.integers(0, 30))
def test_a_clock_without_pauses_is_plain_counting(start: date, n: int) -> None:
    assert SHIPPED.due_after(start, n) == SHIPPED.add_workdays(start, n)


@pytest.mark.requirement("R19")
def test_a_clock_that_waits_keeps_the_days_used() -> None:
    # Monday start, two days used when it stops on Wednesday evening, five left from the next Monday
    start, stop, go = date(2009, 6, 1), date(2009, 6, 3), date(2009, 6, 15)
    assert PLAIN.due_after(start, 7, [(stop, go)]) == PLAIN.add_workdays(go, 5)
    assert PLAIN.workdays_used(start, date(2009, 6, 10), [(stop, None)]) == 2


@pytest.mark.requirement("R19")
def test_a_clock_that_still_waits_has_no_due_day() -> None:
    assert PLAIN.due_after(date(2009, 6, 1), 7, [(date(2009, 6, 3), None)]) is None


def test_a_pause_after_the_due_day_changes_nothing() -> None:
    assert PLAIN.due_after(date(2009, 6, 1), 3, [(date(2009, 6, 4), None)]) == date(2009, 6, 4)


@given(days, st.integers(1, 15), st.integers(0, 20), st.integers(0, 20))
def test_a_pause_moves_the_due_day_by_its_working_days(
    start: date, n: int, before: int, length: int
) -> None:
    pause = (start + timedelta(days=before), start + timedelta(days=before + length))
    due = SHIPPED.due_after(start, n, [pause])
    assert due is not None
    assert SHIPPED.workdays_used(start, due, [pause]) == n
    assert SHIPPED.due_after(start, n, [pause, pause]) == due


def test_working_days_are_not_counted_backward() -> None:
    with pytest.raises(ValueError, match="forward"):
        PLAIN.add_workdays(date(2009, 6, 1), -1)
    with pytest.raises(ValueError, match="forward"):
        PLAIN.due_after(date(2009, 6, 1), -1)
