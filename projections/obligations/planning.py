"""Where a duty lies and when its last day is, by the calendar and parameters known (X18). Pure.

An open duty is planned anew at every event and by `replan`; a closed one keeps office and last day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from events.rules.directory import Directory
from events.rules.periods import last_day_within_months
from projections.journal import number, setting
from projections.obligations.duty import Duty
from projections.obligations.kinds import KINDS, Kind


@dataclass(frozen=True, slots=True)
class Home:
    """The office and path where the person or household belongs."""

    office: str
    path: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Owner, residence path, length and last day of a duty; `due` None while it waits.

    `ended` is the seq of the event that closed it when it was planned for good.
    """

    office: str
    path: str
    level: str
    home: str
    length: int
    due: date | None
    ended: int | None = None


def plan(
    duties: Sequence[Duty], known: Mapping[str, Plan], home: Home, directory: Directory
) -> dict[str, Plan]:
    """Return the plan of every duty; what was closed for good stays (X18)."""
    found = {}
    for duty in duties:
        old = known.get(duty.id)
        stays = old is not None and old.ended is not None and old.ended == _ended(duty)
        found[duty.id] = old if old is not None and stays else _planned(duty, home, directory)
    return found


def _ended(duty: Duty) -> int | None:
    return duty.ended.seq if duty.ended else None


def _planned(duty: Duty, home: Home, directory: Directory) -> Plan:
    kind = KINDS[duty.kind]
    level = duty.owner or kind.owner
    owner = directory.above(home.office, level)
    length = number(directory, kind.length, home.path, duty.start) if kind.length else 0
    return Plan(
        owner.id if owner else home.office,
        owner.path if owner else home.path,
        level,
        home.path,
        length,
        last_day(duty, length, home.path, directory),
        _ended(duty),
    )


def last_day(duty: Duty, length: int, path: str, directory: Directory) -> date | None:
    """Return the last day of a duty; None while it waits."""
    kind = KINDS[duty.kind]
    if duty.fixed is not None:
        return duty.fixed
    if kind.unit == "workdays":
        return directory.calendar.due_after(duty.start, length, duty.pauses)
    moves = _moves_weekend(kind, path, duty.start, directory)
    return last_day_within_months(
        duty.start, length, moves_weekend=moves, calendar=directory.calendar
    )


def _moves_weekend(kind: Kind, path: str, day: date, directory: Directory) -> bool:
    """Tell whether a last day off work moves on: by default for duties of the person (AS 25)."""
    moves = setting(directory, "rules.weekend_moves", path, day)
    return moves == "all" or (kind.of_person and moves == "person")
