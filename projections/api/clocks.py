"""The clocks of one person: start, rule, last day (P3); options have no last day (R92)."""

from __future__ import annotations

from datetime import date
from typing import Any

from events.rules.directory import Directory
from events.rules.periods import (
    Spell,
    first_day_at_least,
    first_day_exceeding,
    last_day_within_months,
    unbroken_since,
)
from events.rules.time import add_months
from projections.journal import number, setting
from projections.ledger.cells import NONE, State

Clock = dict[str, Any]


def clocks(row: State, household: State | None, directory: Directory, today: date) -> list[Clock]:
    """Return the clocks that run for a person on a day."""
    case = row["cases"].get(row.get("case"), {})
    found: list[Clock] = []
    if household is not None and household.get("due"):
        found.append(_household(household, today))
    if case.get("state") == "on_notice":
        found.append(_notice(case, today))
    if case.get("state") == "certified":
        found += _reports(row, directory, today)
        found.append(_refusals(row, case, directory, today))
        if row.get("tracking") == "active":
            found.append(_visit(row, today))
            found += _stable(row, directory, today)
    return found


def _clock(name: str, zh: str, en: str, rule: str, **rest: Any) -> Clock:  # noqa: ANN401
    return {"clock": name, "zh": zh, "en": en, "rule": rule, **rest}


def _due(start: str, due: date, today: date) -> Clock:
    days = (due - today).days
    return {"from": start, "due": due.isoformat(), "days_left": days, "overdue": days < 0}


def _household(household: State, today: date) -> Clock:
    last = household["certifications"][-1]
    rest = _due(last["on"], date.fromisoformat(household["due"]), today)
    zh, en = "零就业家庭一个月内实现就业", "Work for a zero-employment household within a month"
    return _clock("T8", zh, en, "R87", events=[last["seq"]], **rest)


def _notice(case: State, today: date) -> Clock:
    until = date.fromisoformat(case["notice_until"])
    zh, en = "公示期", "Public notice"
    return _clock("T1", zh, en, "R19", **_due(case["notice_from"], until, today))


def _number(directory: Directory, key: str, row: State, on: date) -> int:
    return number(directory, key, row.get("path") or "", on)


def _reports(row: State, directory: Directory, today: date) -> list[Clock]:
    if not row.get("report_from"):
        return []
    start = date.fromisoformat(row["report_from"])
    months = _number(directory, "assistance.report_months", row, start)
    calendar = directory.calendar
    due = last_day_within_months(start, months, moves_weekend=True, calendar=calendar)
    limit = _number(directory, "text.report_exit_months", row, start)
    exceeded = first_day_exceeding(start, limit, moves_weekend=True, calendar=calendar)
    begun = row["report_from"]
    return [
        _clock("T5", "定期申报就业失业状况", "Status report", "R28", **_due(begun, due, today)),
        _clock(
            "T6",
            "超过半年未申报即提出退出",
            "Exit is proposed after more than half a year without a report",
            "R32",
            **_due(begun, exceeded, today),
        ),
    ]


def _refusals(row: State, case: State, directory: Directory, today: date) -> Clock:
    limit = _number(directory, "text.refusals", row, today)
    zh, en = "无正当理由未上岗次数", "Refusals without just cause"
    return _clock("T7", zh, en, "R29", tally=case.get("tally", 0), limit=limit)


def _visit(row: State, today: date) -> Clock:
    first = today.replace(day=1)
    last = date.fromordinal(add_months(first, 1).toordinal() - 1)
    month = today.isoformat()[:7]
    done = month in row.get("file", {}).get("months", ())
    rest = _due(first.isoformat(), last, today)
    return _clock("T10", "每月跟踪随访", "Monthly follow-up", "R89", month=month, done=done, **rest)


def _stable(row: State, directory: Directory, today: date) -> list[Clock]:
    """Show from when the follow-up may end: an option, never overdue (T11)."""
    given = row["cells"]["employment"]["v"]
    spells = [] if given == NONE else [_spell(s) for s in given]
    path = row.get("path") or ""
    since = unbroken_since(
        spells,
        today,
        gap_days=number(directory, "assistance.stable_gap_days", path, today),
        same_employer=setting(directory, "assistance.stable_same_employer", path, today) is True,
    )
    if since is None:
        return []
    months = _number(directory, "text.stable_months", row, today)
    from_day = first_day_at_least(since, months)
    zh, en = "稳定就业满半年可结束随访", "Follow-up may end after half a year of stable work"
    rest = {"from": since.isoformat(), "option_from": from_day.isoformat()}
    return [_clock("T11", zh, en, "R92", open=from_day <= today, **rest)]


def _spell(entry: State) -> Spell:
    until = date.fromisoformat(entry["until"]) if entry["until"] else None
    return Spell(date.fromisoformat(entry["from"]), until, entry.get("employer") or "")
