"""Reports and follow-up: what they must say, and when follow-up may end (R28, R89–R92). Pure."""

from __future__ import annotations

from events.contracts import assistance as ev
from events.contracts.assistance import WorkStatus
from events.rules.periods import first_day_at_least, unbroken_since
from events.rules.time import month_of
from services.assistance.deciding import decide
from services.assistance.file.common import need_file
from services.assistance.file.state import File
from services.assistance.foreign import WORK
from services.assistance.tracking import commands as cmd
from services.assistance.tracking import reasons
from services.kit.decider import DomainError, Loaded, Outcome, Reason, World, on


def _known_status(w: World, person: str) -> WorkStatus:
    """Return what is on record for the day of the fact."""
    return "employed" if w.load(WORK, person).state.employed_on(w.day) else "unemployed"


def _parameter(w: World, file: File, key: str) -> int:
    """Return a whole-number or yes-no parameter for the file's community on the day."""
    return int(w.directory.parameter(key, w.directory.path(file.community), w.day))


@decide(cmd.ReportStatus)
def report_status(c: cmd.ReportStatus, w: World) -> Outcome:
    """Take the report; it agrees with the record or says that it differs (R28, AS 42)."""
    file = need_file(w, c.case)
    state = file.state
    if state.tracking == "ended" and not _parameter(w, state, "assistance.report_after_tracking"):
        raise DomainError(reasons.REPORT_ENDED)
    if c.since > w.day:
        raise DomainError(reasons.SINCE_AFTER_REPORT)
    if not c.differs and c.status != _known_status(w, state.person):
        raise DomainError(reasons.STATUS_DIFFERS)
    if (w.day, c.status) in state.reports:
        return ()
    event = ev.StatusReported(
        status=c.status,
        since=c.since,
        evidence=c.evidence,
        in_person=c.in_person,
        differs=c.differs,
    )
    return on(file, event)


def _need_tracked(w: World, case: str) -> Loaded[File]:
    """Return a file whose follow-up has not ended."""
    file = need_file(w, case)
    if file.state.tracking == "ended":
        raise DomainError(reasons.TRACKING_ENDED)
    return file


@decide(cmd.RecordFollowUp)
def record_follow_up(c: cmd.RecordFollowUp, w: World) -> Outcome:
    """Record a visit; a second one in a month is kept and counts no more (R89–R91)."""
    file = _need_tracked(w, c.case)
    if (why := _incomplete(c) or _contradiction(c, w, file.state.person)) is not None:
        raise DomainError(why)
    event = ev.FollowUpDone(
        mode=c.mode,
        place=c.place,
        status=c.status,
        on_job=c.on_job,
        found=c.found,
        needs=c.needs,
        next=c.next,
        photo=c.photo,
        month=month_of(w.day),
    )
    return on(file, event)


def _incomplete(c: cmd.RecordFollowUp) -> Reason | None:
    """Give why the state at work is missing, or too much (R91)."""
    if c.status == "employed" and c.on_job is None:
        return reasons.ON_JOB_MISSING
    if c.status == "unemployed" and c.on_job is not None:
        return reasons.ON_JOB_NOT_EMPLOYED
    return None


def _contradiction(c: cmd.RecordFollowUp, w: World, person: str) -> Reason | None:
    """Give why the visit's state and the change that it found do not fit together (R90)."""
    known = _known_status(w, person)
    if c.found is None:
        return reasons.CHANGE_MISSING if c.status != known else None
    change, leads_to = (
        (c.found.place, "employed") if c.found.place is not None else (c.found.end, "unemployed")
    )
    both = c.found.place is not None and c.found.end is not None
    if change is None or both or change.day > w.day or leads_to != c.status or known == c.status:
        return reasons.CHANGE_CONTRADICTS
    return None


@decide(cmd.EndFollowUp)
def end_follow_up(c: cmd.EndFollowUp, w: World) -> Outcome:
    """End the follow-up from half a year of unbroken work on; a person decides (R92, AS 16)."""
    file = need_file(w, c.case)
    state = file.state
    if state.tracking == "ended":
        return ()
    since = unbroken_since(
        w.load(WORK, state.person).state.spells,
        w.day,
        gap_days=_parameter(w, state, "assistance.stable_gap_days"),
        same_employer=bool(_parameter(w, state, "assistance.stable_same_employer")),
    )
    if since is None:
        raise DomainError(reasons.NOT_EMPLOYED)
    allowed = first_day_at_least(since, _parameter(w, state, "text.stable_months"))
    if w.day < allowed:
        raise DomainError(
            reasons.NOT_STABLE_YET, since=since.isoformat(), allowed=allowed.isoformat()
        )
    return on(file, ev.FollowUpEnded(stable_since=since))
