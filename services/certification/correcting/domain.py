"""Corrections of certification's facts: papers, the notice, the annotation's number (X2)."""

from __future__ import annotations

from events.contracts import certification as ev
from services.certification import reasons
from services.certification.cases import number
from services.certification.correcting import commands as cmd
from services.certification.foreign import PERSON
from services.kit.correcting import Correction, Rules, about, kinds_of
from services.kit.correcting.reasons import LATER
from services.kit.decider import DomainError, Outcome, World


def _follow(it: Correction, w: World) -> Outcome:
    """Keep a notice as long as prescribed (R19), and as it was once it is closed."""
    if isinstance(it.event, ev.PublicNoticePosted):
        _need_notice(it, it.event, w)
    return ()


def _need_notice(it: Correction, event: ev.PublicNoticePosted, w: World) -> None:
    before: ev.PublicNoticePosted = (it.before or it.fact).event
    if (event.from_day, event.until) == (before.from_day, before.until):
        return
    closing = (f.event for f in it.then if isinstance(f.event, ev.PublicNoticeClosed))
    if any(e.notice == it.fact.event_id for e in closing):
        raise DomainError(LATER)
    days = number(w, "certification.notice_days", it.fact.office)
    earliest = w.directory.calendar.add_workdays(event.from_day, days)
    if event.until < earliest:
        raise DomainError(reasons.NOTICE_SHORT, days=days, earliest=earliest.isoformat())


RULES = Rules(
    (cmd.ProposeCorrection, cmd.ApproveCorrection, cmd.RejectCorrection),
    kinds_of("certification"),
    ev.CorrectionProposed,
    ev.FactCorrected,
    ev.CorrectionRejected,
    about(PERSON),
    follow=_follow,
)
