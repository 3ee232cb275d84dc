"""The deadlines of the text: 以内 and 以上 include the number, 超过 excludes it (Civil Code 1259).

The first day is not counted; a period in months ends on the corresponding day or the
month's last day. A weekend moves the end for duties of the person only (AS 25).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from events.rules.calendar import ONE_DAY, WorkCalendar
from events.rules.time import add_months


def last_day_within_months(
    start: date, months: int, *, moves_weekend: bool, calendar: WorkCalendar
) -> date:
    """Give the last day of a duty due within `months` (以内, ≤; R32, R87)."""
    end = add_months(start, months)
    return calendar.next_workday(end) if moves_weekend else end


def last_day_within_days(start: date, days: int) -> date:
    """Give the last day of a duty due within calendar days; never moved (AS 9, 规定 62)."""
    return start + timedelta(days=days)


def first_day_exceeding(
    start: date, months: int, *, moves_weekend: bool, calendar: WorkCalendar
) -> date:
    """Give the first day on which `months` are exceeded (超过, >; R32)."""
    last = last_day_within_months(start, months, moves_weekend=moves_weekend, calendar=calendar)
    return last + ONE_DAY


def first_day_at_least(start: date, months: int) -> date:
    """Give the first day on which `months` are reached (以上, ≥; R15, R92); never moved."""
    return add_months(start, months)


def falls_short_by_years(start: date, end: date, years: int) -> bool:
    """Tell whether `start` to `end` is less than `years` (不足, strict; R78)."""
    return add_months(start, 12 * years) > end


@dataclass(frozen=True, slots=True)
class Spell:
    """One employment; `end` is its last day of work, None while it runs."""

    start: date
    end: date | None = None
    employer: str = ""


def unbroken_since(
    spells: Iterable[Spell], on: date, *, gap_days: int = 0, same_employer: bool = False
) -> date | None:
    """Give the first day of the unbroken employment running on day `on`, or None (R92, AS 16)."""
    begun = sorted((s for s in spells if s.start <= on), key=lambda s: s.start)
    since, last = None, None
    for spell in begun:
        if last is None or since is None or _breaks(last, spell, gap_days, same_employer):
            since, last = spell.start, spell
        elif spell.end is None or (last.end is not None and spell.end > last.end):
            last = spell
    if last is None or (last.end is not None and last.end < on):
        return None
    return since


def _breaks(last: Spell, spell: Spell, gap_days: int, same_employer: bool) -> bool:
    """Tell whether the next spell starts the count anew."""
    if same_employer and spell.employer != last.employer:
        return True
    return last.end is not None and (spell.start - last.end).days - 1 > gap_days
