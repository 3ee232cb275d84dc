"""The public notice: long enough, closed the day after its last one, objections answered. Pure."""

from __future__ import annotations

from events.contracts import certification as ev
from events.contracts.base import clear
from services.certification import reasons
from services.certification.cases import (
    LEVEL_WORDS,
    Matter,
    in_mining_area,
    matter,
    need_state,
    number,
    parameter,
)
from services.certification.deciding import decide
from services.certification.notice import commands as cmd
from services.kit.decider import DomainError, Outcome, World, on


@decide(cmd.PostNotice)
def post_notice(c: cmd.PostNotice, w: World) -> Outcome:
    """Post for at least the working days prescribed (R19, R20, AS 47)."""
    it = matter(w, c.case)
    need_state(w, it.case, "registered")
    if c.from_day < w.day:
        raise DomainError(reasons.NOTICE_BACKDATED)
    days = number(w, "certification.notice_days", it.community)
    earliest = w.directory.calendar.add_workdays(c.from_day, days)
    if c.until < earliest:
        raise DomainError(reasons.NOTICE_SHORT, days=days, earliest=earliest.isoformat())
    handler = w.directory.accounts.get(c.handler)
    if handler is None or handler.office != it.community:
        raise DomainError(reasons.OFFICER)
    event = ev.PublicNoticePosted(
        from_day=c.from_day,
        until=c.until,
        place=c.place,
        channels=c.channels,
        handler=c.handler,
        office_phone=c.office_phone,
        sheet=c.sheet,
    )
    return on(it.case, event)


@decide(cmd.CloseNotice)
def close_notice(c: cmd.CloseNotice, w: World) -> Outcome:
    """Close from the day after the last notice day (T1); open objections stay open."""
    it = matter(w, c.case)
    notice = it.state.notice
    stands = it.state.status == "on_notice" and notice is not None and notice.event == c.notice
    if w.principal.system and not stands:
        return ()
    need_state(w, it.case, "on_notice")
    if notice is None or notice.event != c.notice:
        raise DomainError(reasons.OTHER_NOTICE)
    if w.day <= notice.until:
        raise DomainError(reasons.NOTICE_RUNNING, until=notice.until.isoformat())
    open_now = len(it.state.objections)
    return on(it.case, ev.PublicNoticeClosed(notice=c.notice, objections_open=open_now))


@decide(cmd.LodgeObjection)
def lodge_objection(c: cmd.LodgeObjection, w: World) -> Outcome:
    """Take an objection while the notice runs; an anonymous one keeps no name (X1)."""
    it = matter(w, c.case)
    need_state(w, it.case, "on_notice")
    notice = it.state.notice
    if notice is None or not notice.from_day <= w.day <= notice.until:
        raise DomainError(reasons.NOTICE_OVER)
    if c.anonymous == (c.objector is not None):
        raise DomainError(reasons.OBJECTOR_NAMED)
    event = ev.ObjectionLodged(
        objector=c.objector,
        anonymous=c.anonymous,
        statement=c.statement,
        received_by=c.received_by,
    )
    return on(it.case, event)


@decide(cmd.DecideObjection)
def decide_objection(c: cmd.DecideObjection, w: World) -> Outcome:
    """Dismiss, or uphold and return the application for a new notice (X1, AS 3)."""
    it = matter(w, c.case)
    need_state(w, it.case, "on_notice", "notice_closed")
    _need_decider(w, it)
    if c.objection not in it.state.objections:
        raise DomainError(reasons.NO_OBJECTION)
    decided = ev.ObjectionDecided(
        objection=c.objection, outcome=c.outcome, finding=c.finding, answer=c.answer
    )
    if c.outcome == "dismissed":
        return on(it.case, decided)
    returned = ev.ApplicationReturned(
        reasons=("objection_upheld",), missing=(), text=clear(c.finding) or ""
    )
    return on(it.case, decided, returned)


def _need_decider(w: World, it: Matter) -> None:
    """Refuse the wrong level: the street, the county in a mining area or where set so (AS 3)."""
    path = w.directory.path(it.community)
    by_county = parameter(w, "certification.objection_decider", path) == "county"
    level = "county" if by_county or in_mining_area(w, it.community) else "street"
    if w.principal.level != level:
        zh, en = LEVEL_WORDS[level]
        raise DomainError(reasons.DECIDER_LEVEL, holder_zh=zh, holder_en=en)
