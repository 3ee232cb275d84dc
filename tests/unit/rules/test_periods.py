"""Boundary vectors 7 to 26 and 32 to 36: 以内 and 以上 include, 超过 and 不足 exclude."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.rules.calendar import WorkCalendar, seed_calendar
from events.rules.idnumber import Sex
from events.rules.periods import (
    Spell,
    first_day_at_least,
    first_day_exceeding,
    last_day_within_days,
    last_day_within_months,
    unbroken_since,
)
from events.rules.person import extension_eligible, retirement_date

CALENDAR = seed_calendar()
ONE_DAY = timedelta(days=1)
day = date.fromisoformat


@pytest.mark.requirement("R32")
@pytest.mark.parametrize(
    ("start", "last"),
    [
        pytest.param("2008-05-28", "2008-11-28", id="7"),
        pytest.param("2010-08-31", "2011-02-28", id="8"),
        pytest.param("2011-08-29", "2012-02-29", id="9a"),
        pytest.param("2011-08-30", "2012-02-29", id="9b"),
        pytest.param("2011-08-31", "2012-02-29", id="9c"),
        pytest.param("2012-02-29", "2012-08-29", id="10"),
        pytest.param("2008-05-31", "2008-12-01", id="11"),
        pytest.param("2011-03-09", "2011-09-09", id="exit rejected"),
    ],
)
def test_half_a_year_without_a_report_is_exceeded_the_day_after_the_last(
    start: str, last: str
) -> None:
    of = (day(start), 6)
    found = last_day_within_months(*of, moves_weekend=True, calendar=CALENDAR)
    assert found == day(last)
    assert first_day_exceeding(*of, moves_weekend=True, calendar=CALENDAR) == found + ONE_DAY


@pytest.mark.requirement("R32")
def test_11_under_the_alternative_of_as_25_a_sunday_does_not_move() -> None:
    of = (day("2008-05-31"), 6)
    last = last_day_within_months(*of, moves_weekend=False, calendar=CALENDAR)
    assert last == day("2008-11-30")
    assert first_day_exceeding(*of, moves_weekend=False, calendar=CALENDAR) == day("2008-12-01")


@pytest.mark.requirement("R32")
def test_12_a_report_on_the_last_day_was_in_time_however_late_it_is_recorded() -> None:
    happened, recorded = day("2011-02-28"), day("2011-03-03")
    last = last_day_within_months(day("2010-08-31"), 6, moves_weekend=True, calendar=CALENDAR)
    assert happened <= last < recorded


@pytest.mark.requirement("R87")
@pytest.mark.parametrize(
    ("start", "last"),
    [
        pytest.param("2008-06-15", "2008-07-15", id="13"),
        pytest.param("2008-08-31", "2008-09-30", id="14"),
        pytest.param("2009-12-31", "2010-01-31", id="15"),
        pytest.param("2010-01-31", "2010-02-28", id="16"),
        pytest.param("2012-01-30", "2012-02-29", id="17a"),
        pytest.param("2012-01-31", "2012-02-29", id="17b"),
        pytest.param("2012-02-29", "2012-03-29", id="18"),
    ],
)
def test_one_month_for_a_household_ends_on_the_corresponding_day_unmoved(
    start: str, last: str
) -> None:
    of = (day(start), 1)
    assert last_day_within_months(*of, moves_weekend=False, calendar=CALENDAR) == day(last)
    breached = first_day_exceeding(*of, moves_weekend=False, calendar=CALENDAR)
    assert breached == day(last) + ONE_DAY


@pytest.mark.requirement("R92")
@pytest.mark.parametrize(
    ("spells", "allowed"),
    [
        pytest.param([("2008-06-01", None)], "2008-12-01", id="19"),
        pytest.param([("2008-08-31", None)], "2009-02-28", id="20"),
        pytest.param([("2011-08-31", None)], "2012-02-29", id="21"),
        pytest.param([("2008-06-01", "2008-10-31"), ("2008-11-01", None)], "2008-12-01", id="22"),
        pytest.param([("2008-06-01", "2008-10-31"), ("2008-11-02", None)], "2009-05-02", id="23"),
    ],
)
def test_follow_up_may_end_from_the_day_half_a_year_is_reached(
    spells: list[tuple[str, str | None]], allowed: str
) -> None:
    worked = [Spell(day(start), day(end) if end else None) for start, end in spells]
    since = unbroken_since(worked, day(allowed) - ONE_DAY)
    assert since is not None
    assert first_day_at_least(since, 6) == day(allowed)


@pytest.mark.requirement("R92")
def test_a_gap_or_a_change_of_employer_breaks_employment_only_where_the_rules_say_so() -> None:
    first = Spell(day("2008-06-01"), day("2008-10-31"), "a")
    second = Spell(day("2008-11-06"), None, "b")
    on = day("2009-01-01")
    assert unbroken_since([second, first], on) == second.start
    assert unbroken_since([first, second], on, gap_days=5) == first.start
    assert unbroken_since([first, second], on, gap_days=4) == second.start
    assert unbroken_since([first, second], on, gap_days=5, same_employer=True) == second.start


@pytest.mark.requirement("R92")
def test_nobody_is_stably_employed_on_a_day_without_work() -> None:
    job = Spell(day("2008-06-01"), day("2008-10-31"))
    assert unbroken_since([job], day("2008-11-01")) is None
    assert unbroken_since([job], day("2008-10-31")) == job.start
    assert unbroken_since([job], day("2008-05-31")) is None
    assert unbroken_since([], day("2008-10-31")) is None


def test_a_short_job_inside_a_longer_one_does_not_end_it() -> None:
    long, short = Spell(day("2008-06-01")), Spell(day("2008-07-01"), day("2008-07-31"))
    assert unbroken_since([long, short], day("2008-12-01")) == long.start


@pytest.mark.requirement("R15")
@pytest.mark.parametrize(
    ("registered", "reached"),
    [
        pytest.param("2007-06-16", "2008-06-16", id="24"),
        pytest.param("2008-02-29", "2009-02-28", id="25"),
        pytest.param("2011-02-28", "2012-02-28", id="26"),
    ],
)
def test_a_year_of_unemployment_is_reached_on_the_corresponding_day(
    registered: str, reached: str
) -> None:
    assert first_day_at_least(day(registered), 12) == day(reached)


@pytest.mark.requirement("R78")
@pytest.mark.parametrize(
    ("sex", "birth", "retires", "first_grant", "eligible"),
    [
        pytest.param("female", "1963-07-01", "2013-07-01", "2008-07-01", False, id="32"),
        pytest.param("female", "1963-07-01", "2013-07-01", "2008-07-02", True, id="33"),
        pytest.param("female", "1964-02-29", "2014-02-28", "2009-02-28", False, id="34a"),
        pytest.param("female", "1964-02-29", "2014-02-28", "2009-03-01", True, id="34b"),
        pytest.param("male", "1970-01-15", "2031-05-15", "2026-05-15", False, id="35a"),
        pytest.param("male", "1970-01-15", "2031-05-15", "2026-05-16", True, id="35b"),
        pytest.param("male", "1965-01-15", "2025-01-15", "2020-02-10", True, id="36"),
    ],
)
def test_less_than_five_years_to_retirement_is_strict_and_by_the_table_of_the_grant(
    sex: Sex, birth: str, retires: str, first_grant: str, eligible: bool
) -> None:
    granted = day(first_grant)
    retirement = retirement_date(sex, "worker", False, day(birth), granted)
    assert retirement == day(retires)
    assert extension_eligible(retirement, granted) is eligible


@pytest.mark.requirement("R78")
def test_36_the_table_of_2025_would_say_no_to_the_grant_of_2020() -> None:
    later = retirement_date("male", "worker", False, day("1965-01-15"), day("2025-01-01"))
    assert later == day("2025-02-15")
    assert not extension_eligible(later, day("2020-02-10"))


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(1, 60))
def test_the_inclusive_and_the_exclusive_reading_are_one_day_apart(start: date, n: int) -> None:
    exceeding = first_day_exceeding(start, n, moves_weekend=False, calendar=WorkCalendar())
    assert exceeding == first_day_at_least(start, n) + ONE_DAY


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(1, 60))
def test_a_moved_deadline_is_a_working_day_and_never_earlier(start: date, n: int) -> None:
    moved = last_day_within_months(start, n, moves_weekend=True, calendar=CALENDAR)
    assert moved >= last_day_within_months(start, n, moves_weekend=False, calendar=CALENDAR)
    assert CALENDAR.is_workday(moved)


def test_a_period_in_days_does_not_count_the_first() -> None:
    assert last_day_within_days(day("2008-06-01"), 30) == day("2008-07-01")
