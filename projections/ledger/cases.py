"""What every fact of certification needs: the case's copy, its state, the report's clock."""

from __future__ import annotations

from datetime import date
from typing import Any

from events.contracts.base import Recorded, ident
from events.rules.directory import Directory
from events.rules.time import add_months, shanghai_day
from projections.journal import number
from projections.ledger.cells import State, amend, day

_MONTHS = "assistance.report_months"


def case_of(row: State, fact: Recorded[Any]) -> State:
    """Return a copy of the fact's case, put in place of the old one."""
    own = ident(fact.stream)
    case = dict(row["cases"].get(own, ()))
    row["cases"] = {**row["cases"], own: case}
    return case


def move_to(row: State, fact: Recorded[Any], state: str) -> State:
    """Move the case to a state; the cell follows where it is the row's case."""
    case = case_of(row, fact)
    case["state"], case["since"] = state, day(fact)
    if row.get("case") == ident(fact.stream):
        cell = {"state": state, "since": case["since"], "category": case.get("category")}
        amend(row, fact, "certification", cell)
    return case


def count_from(row: State, fact: Recorded[Any], since: date, directory: Directory) -> None:
    """Count the months of the status report from a day on, unless a later day counts already."""
    row["starts"] = [*row.get("starts", ()), [since.isoformat(), fact.event_id]]
    recount(row, directory)


def recount(row: State, directory: Directory) -> None:
    """Say from when the next report counts and until when it is due (T5, R28)."""
    on = max((day_ for day_, _ in row.get("starts", ())), default=None)
    row["report_from"] = on
    if on is None:
        row["report_due"] = None
        return
    since = date.fromisoformat(on)
    months = number(directory, _MONTHS, row.get("path") or "", since)
    row["report_due"] = directory.calendar.next_workday(add_months(since, months)).isoformat()


def restart_reports(row: State, fact: Recorded[Any], directory: Directory) -> None:
    """Count the report's months from this fact on."""
    count_from(row, fact, shanghai_day(fact.occurred_at), directory)


def without(case: State, *names: str) -> None:
    """Close proposals by name or by event."""
    kept = case.get("proposals", {})
    case["proposals"] = {k: v for k, v in kept.items() if k not in names and v not in names}


def stands_again(row: State, fact: Recorded[Any], directory: Directory) -> None:
    """Put the status in force again and restart the reports (R30, X3)."""
    case = move_to(row, fact, "certified")
    case.pop("ending", None)
    without(case, "exit_reversal")
    restart_reports(row, fact, directory)
