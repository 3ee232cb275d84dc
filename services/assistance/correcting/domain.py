"""Corrections of assistance's facts: reports, visits, services, agreements (X2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from events.contracts import assistance as ev
from events.contracts.base import Event, Recorded
from events.rules.time import month_of, shanghai_day
from services.assistance import reasons
from services.assistance.correcting import commands as cmd
from services.assistance.file.state import FILE
from services.assistance.foreign import PERSON
from services.assistance.tracking import reasons as tracking
from services.kit.correcting import Correction, Rules, Whose, kinds_of, recorded_by
from services.kit.decider import DomainError, Outcome, World


def _whose(w: World, first: Recorded[Any]) -> Whose:
    kind, _, own = first.stream.partition("-")
    if kind != "assistance":
        return recorded_by(w, first)
    file = w.load(FILE, own).state
    return Whose(file.community, file.person, w.load(PERSON, file.person).state.closed)


def _derive(event: Event, at: datetime, _: World) -> Event:
    """Work out anew the month in which a visit counts (R89)."""
    if isinstance(event, ev.FollowUpDone):
        return event.model_copy(update={"month": month_of(shanghai_day(at))})
    return event


def _follow(it: Correction, _: World) -> Outcome:
    """Refuse what could not have been recorded so."""
    match it.event:
        case ev.StatusReported(since=since) if since > shanghai_day(it.at):
            raise DomainError(tracking.SINCE_AFTER_REPORT)
        case ev.FollowUpDone(status="employed", on_job=None):
            raise DomainError(tracking.ON_JOB_MISSING)
        case ev.FollowUpDone(status="unemployed", on_job=on_job) if on_job is not None:
            raise DomainError(tracking.ON_JOB_NOT_EMPLOYED)
        case ev.ActivityOrganised(from_day=first, until=until) if until and until < first:
            raise DomainError(reasons.ACTIVITY_DATES)
        case ev.ActivityClosed() as e if e.attended > e.invited or (e.completed or 0) > e.attended:
            raise DomainError(reasons.ACTIVITY_FIGURES)
        case _:
            return ()


RULES = Rules(
    (cmd.ProposeCorrection, cmd.ApproveCorrection, cmd.RejectCorrection),
    kinds_of("assistance"),
    ev.CorrectionProposed,
    ev.FactCorrected,
    ev.CorrectionRejected,
    _whose,
    _derive,
    _follow,
)
