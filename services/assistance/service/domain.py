"""Services, invitations and attendance of one person (R27, R60–R66, R94, R98). Pure."""

from __future__ import annotations

from typing import Final

from events.contracts import assistance as ev
from events.rules.roles import GROUPS
from services.assistance import reasons
from services.assistance.activity.state import ACTIVITY, Activity
from services.assistance.deciding import decide
from services.assistance.file.common import need_certified, need_file, need_office
from services.assistance.file.state import File
from services.assistance.foreign import PERSON
from services.assistance.service import commands as cmd
from services.kit.decider import DomainError, Loaded, Outcome, World, on

STARTUP: Final = frozenset({"startup_advice", "opening_guidance", "project_offer"})
"""Services for persons with a start-up wish (R65, AS 39)."""
AT_HOME: Final = GROUPS["street"] | GROUPS["community"]


@decide(cmd.DeliverService)
def deliver_service(c: cmd.DeliverService, w: World) -> Outcome:
    """Record a free service to a certified person (R60–R66, R94, R98, AS 39)."""
    file = need_file(w, c.case, outside=_own_activity(c.activity, w))
    need_certified(w, c.case)
    if c.fee != 0:
        raise DomainError(reasons.FEE)
    _need_provider(c, w)
    _need_named(c)
    if c.service in STARTUP:
        _need_wish(c, w, file.state)
    if c.referral is not None:
        w.event(file, c.referral)
    event = ev.ServiceDelivered(
        service=c.service,
        provider=c.provider,
        fee=c.fee,
        activity=c.activity,
        project=c.project,
        expert=c.expert,
        referral=c.referral,
        no_wish_reason=c.no_wish_reason,
        note=c.note,
    )
    return on(file, event)


def _own_activity(activity: str | None, w: World) -> frozenset[str]:
    """Return the organiser of the activity: a body outside acts on its own ones."""
    found = w.need(ACTIVITY, activity).state.organiser if activity else None
    return frozenset({found} if found else ())


def _need_provider(c: cmd.DeliverService, w: World) -> None:
    """Refuse an unknown provider, and another's name from a body outside (R102)."""
    need_office(w, c.provider)
    outside = w.principal.roles <= GROUPS["outside"] and not w.principal.system
    if outside and c.provider != w.principal.office:
        raise DomainError(reasons.NOT_OWN_PROVIDER)


def _need_named(c: cmd.DeliverService) -> None:
    """Refuse expert advice without the expert, a project offer without the project (R64, R66)."""
    if c.service == "expert_advice" and c.expert is None:
        raise DomainError(reasons.EXPERT_MISSING)
    if c.service == "project_offer" and c.project is None:
        raise DomainError(reasons.PROJECT_MISSING)


def _need_wish(c: cmd.DeliverService, w: World, file: File) -> None:
    """Look up the start-up wish; without one a reason is needed, or it is refused (AS 39)."""
    if w.load(PERSON, file.person).state.startup_wish:
        return
    rule = w.directory.parameter("support.wish_required", w.directory.path(file.community), w.day)
    if rule == "refuse" or c.no_wish_reason is None:
        raise DomainError(reasons.NO_STARTUP_WISH)


@decide(cmd.InviteToActivity)
def invite_to_activity(c: cmd.InviteToActivity, w: World) -> Outcome:
    """Invite a certified person to an activity that is not over (R27)."""
    file = need_file(w, c.case)
    need_certified(w, c.case)
    if c.activity in file.state.invited:
        return ()
    if w.need(ACTIVITY, c.activity).state.closed:
        raise DomainError(reasons.ACTIVITY_CLOSED)
    return on(file, ev.PersonInvited(activity=c.activity))


@decide(cmd.RecordAttendance)
def record_attendance(c: cmd.RecordAttendance, w: World) -> Outcome:
    """Record attendance of an invited person once the activity has begun (R27)."""
    activity = w.need(ACTIVITY, c.activity)
    file = need_file(w, c.case, outside=frozenset({activity.state.organiser}))
    _need_organiser(activity, w)
    if (c.activity, c.outcome) in file.state.attendance:
        return ()
    if c.activity in {known for known, _ in file.state.attendance}:
        raise DomainError(reasons.ATTENDANCE_KNOWN)
    if c.activity not in file.state.invited:
        raise DomainError(reasons.NOT_INVITED)
    if activity.state.from_day is None or w.day < activity.state.from_day:
        raise DomainError(reasons.NOT_YET_HELD)
    return on(file, ev.AttendanceRecorded(activity=c.activity, outcome=c.outcome))


def _need_organiser(activity: Loaded[Activity], w: World) -> None:
    """Refuse an office that neither organises the activity nor is the person's own one."""
    at_home = not w.principal.roles.isdisjoint(AT_HOME)
    if not at_home and w.principal.office != activity.state.organiser:
        raise DomainError(reasons.NOT_ORGANISER)
