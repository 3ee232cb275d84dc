"""When a ground of exit holds: the tally of R29 and the clock of R32. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from events.rules.calendar import WorkCalendar
from events.rules.directory import Directory
from events.rules.periods import first_day_exceeding
from services.certification.cases import Matter, number
from services.certification.foreign import REPORTS
from services.kit.decider import World

CLAUSES = {
    "refusals": "无正当理由超过3次未在劳动保障行政部门提供就业岗位上岗的",
    "no_report": "超过半年未按规定到街道、社区劳动保障工作机构申报其就业或失业状况的",
    "gave_up": "本人自愿放弃就业要求的",
}
"""The sentence of the opinion behind each ground."""


def limit(w: World, it: Matter) -> int:
    """Return the number that must be exceeded (R29: 超过3次)."""
    return number(w, "text.refusals", it.community)


def first_late_day(start: date, path: str, directory: Directory) -> date:
    """Return the first day on which half a year without a report is exceeded (R32, AS 25)."""
    months = directory.parameter("text.report_exit_months", path, start)
    moves = directory.parameter("rules.weekend_moves", path, start) in ("person", "all")
    calendar: WorkCalendar = directory.calendar
    return first_day_exceeding(start, months, moves_weekend=moves, calendar=calendar)


def unreported(w: World, it: Matter, on: date) -> bool:
    """Tell whether more than half a year passed without a report by a day (R32).

    Counted from the latest decision that kept or gave the status, over every report since; a
    report that came too late does not mend the gap before it.
    """
    start = it.state.report_from
    if start is None or start > on:
        return False
    reports = w.load(REPORTS, it.case.id).state.days.values()
    path = w.directory.path(it.community)
    steps = (*sorted(day for day in reports if start <= day < on), on)
    return any(
        end >= first_late_day(begin, path, w.directory) for begin, end in _pairs(start, steps)
    )


def _pairs(start: date, days: Iterable[date]) -> Iterable[tuple[date, date]]:
    begin = start
    for day in days:
        yield begin, day
        begin = day
