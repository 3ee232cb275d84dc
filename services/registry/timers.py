"""T15, the end of working age (R9): one clock for each retirement day that a person may have.

A woman's day hangs on worker or cadre, everybody's on special work, and these facts are sealed or
change later. So a clock runs to each possible day, and the decision, which sees the person as he
is then, records the lost condition at the right one. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from events.contracts import registry as ev
from events.contracts.base import Recorded, clear, ident
from events.rules.directory import Directory
from events.rules.person import WorkerType, retirement_date
from events.rules.time import day_start, shanghai_day
from services.kit.decider import Command, TimerKind
from services.registry.person.commands import RecordConditionLost

_ROUNDS = 3


def retirement_day(
    event: ev.PersonRegistered, worker_type: WorkerType, special: bool, on: date
) -> date | None:
    """Give the day by the table in force on that very day; None where the birth date is sealed."""
    birth = clear(event.birth_date)
    if birth is None:
        return None
    day: date | None = on
    for _ in range(_ROUNDS):
        if day is not None:
            day = retirement_date(event.sex, worker_type, special, birth, day)
    return day


def _starts(
    worker_type: WorkerType, special: bool
) -> Callable[[Recorded[Any]], tuple[str, dict[str, str]] | None]:
    def start(fact: Recorded[Any]) -> tuple[str, dict[str, str]] | None:
        if fact.event.sex == "male" and worker_type == "cadre":
            return None
        registered_on = shanghai_day(fact.occurred_at)
        day = retirement_day(fact.event, worker_type, special, registered_on)
        if day is None or day <= registered_on:
            return None
        return ident(fact.subject), {"on": day.isoformat()}

    return start


def _lost(fact: Recorded[Any]) -> str | None:
    gone = fact.event.condition in ("retirement", "death")
    return ident(fact.subject) if gone else None


def _gone(fact: Recorded[Any]) -> str | None:
    return ident(fact.subject)


def _due(basis: Mapping[str, str], _: Directory) -> datetime:
    return day_start(date.fromisoformat(basis["on"]))


def _command(person: str, basis: Mapping[str, str]) -> Command:
    return RecordConditionLost(
        person=person,
        condition="retirement",
        occurred_at=day_start(date.fromisoformat(basis["on"])),
    )


def _clock(name: str, worker_type: WorkerType, *, special: bool) -> TimerKind:
    return TimerKind(
        name=name,
        starts={ev.PersonRegistered.type: _starts(worker_type, special)},
        stops={
            ev.ConditionLost.type: _lost,
            ev.PersonAbsorbed.type: _gone,
            ev.ProcessingRestricted.type: _gone,
            ev.SubjectShredded.type: _gone,
        },
        due=_due,
        command=_command,
    )


TIMERS = (
    _clock("T15-worker", "worker", special=False),
    _clock("T15-cadre", "cadre", special=False),
    _clock("T15-special", "worker", special=True),
)
