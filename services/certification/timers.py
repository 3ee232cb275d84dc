"""T1, the notice, and T6, half a year without a report (domain.md C4). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from events.contracts import assistance
from events.contracts import certification as ev
from events.contracts.base import Recorded, ident
from events.rules.directory import Directory
from events.rules.time import day_start, shanghai_day
from services.certification.exit.commands import ProposeExit
from services.certification.exit.grounds import first_late_day
from services.certification.notice.commands import CloseNotice
from services.kit.decider import Command, TimerKind

Basis = Mapping[str, str]


def _posted(fact: Recorded[Any]) -> tuple[str, dict[str, str]]:
    return ident(fact.stream), {"notice": fact.event_id, "until": fact.event.until.isoformat()}


def _case(fact: Recorded[Any]) -> str:
    return ident(fact.stream)


def _after_notice(basis: Basis, _: Directory) -> datetime:
    return day_start(date.fromisoformat(basis["until"]) + timedelta(days=1))


def _close(case: str, basis: Basis) -> Command:
    return CloseNotice(case=case, notice=basis["notice"])


NOTICE = TimerKind(
    "certification.notice",
    starts={ev.PublicNoticePosted.type: _posted},
    stops={
        ev.PublicNoticeClosed.type: _case,
        ev.ApplicationReturned.type: _case,
        ev.ApplicationWithdrawn.type: _case,
    },
    due=_after_notice,
    command=_close,
)
"""T1: closes the notice on the day after its last one."""


def _began(fact: Recorded[Any]) -> tuple[str, dict[str, str]]:
    return _clock(fact, shanghai_day(fact.occurred_at))


def _imported(fact: Recorded[Any]) -> tuple[str, dict[str, str]]:
    return _clock(fact, fact.event.imported_on)


def _set_aside(fact: Recorded[Any]) -> tuple[str, dict[str, str]] | None:
    back = fact.event.of == "exit" and fact.event.outcome == "set_aside"
    return _began(fact) if back else None


def _clock(fact: Recorded[Any], day: date) -> tuple[str, dict[str, str]]:
    """Give each start a clock of its own, so that a late record of an old one ends no other."""
    key = f"{ident(fact.stream)}/{day.isoformat()}"
    return key, {"from": day.isoformat(), "area": fact.area, "event": fact.event_id}


def _too_late(basis: Basis, directory: Directory) -> datetime:
    start = date.fromisoformat(basis["from"])
    return day_start(first_late_day(start, basis["area"], directory))


def _propose(key: str, basis: Basis) -> Command:
    case = key.partition("/")[0]
    return ProposeExit(case=case, ground="no_report", facts=(basis["event"],))


NO_REPORT = TimerKind(
    "certification.no_report",
    starts={
        ev.PersonCertified.type: _began,
        ev.CertificationImported.type: _imported,
        ev.ExitRejected.type: _began,
        ev.ExitReversed.type: _began,
        ev.ReviewDecided.type: _set_aside,
        assistance.StatusReported.type: _began,
    },
    stops={},
    due=_too_late,
    command=_propose,
)
"""T6: proposes the exit on the day after the last in-time one; the decision looks at what came
since, so a clock whose person reported or left meanwhile runs out without effect."""

TIMERS = (NOTICE, NO_REPORT)
