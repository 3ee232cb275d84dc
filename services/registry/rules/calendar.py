"""The working calendar of a year as the State Council's notice gives it (X18, A11). Pure."""

from __future__ import annotations

from datetime import date

from events.contracts import registry as ev
from events.rules.calendar import SATURDAY
from services.kit.decider import DomainError, Outcome, Take, World, on
from services.registry import reasons
from services.registry.deciding import begin, decide
from services.registry.rules import commands as cmd
from services.registry.rules.state import CALENDAR

_EARLIEST, _LATEST = (12, 20), (1, 10)


@decide(cmd.SetCalendar)
def set_calendar(c: cmd.SetCalendar, w: World) -> Outcome:
    """Set the one calendar of a year; a newer notice supersedes the older (X18)."""
    office = w.principal.office
    w.authorise(office, kind="office")
    _check_days(c)
    target = begin(w, CALENDAR, str(c.year), f"office-{office}")
    wished = (frozenset(c.holidays), frozenset(c.make_up_workdays))
    if target.exists and (target.state.holidays, target.state.make_up_workdays) == wished:
        return ()
    event = ev.CalendarSet(
        year=c.year,
        holidays=c.holidays,
        make_up_workdays=c.make_up_workdays,
        notice=c.notice,
    )
    first = () if target.exists else (Take(f"calendar/{c.year}", target.stream),)
    return (*on(target, event), *first)


def _check_days(c: cmd.SetCalendar) -> None:
    """Refuse days that no notice of the year can name."""
    days = (*c.holidays, *c.make_up_workdays)
    twice = len({*days}) < len(days)
    worked = any(day.weekday() < SATURDAY for day in c.make_up_workdays)
    if twice or worked or not all(_near(day, c.year) for day in days):
        raise DomainError(reasons.CALENDAR_DAYS)


def _near(day: date, year: int) -> bool:
    """Tell whether a day lies in the year; New Year's holiday reaches over its borders."""
    first, last = date(year - 1, *_EARLIEST), date(year + 1, *_LATEST)
    return first <= day <= last
