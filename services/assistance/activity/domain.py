"""Activities of an office, organised and closed; the organiser is what counts (R98). Pure."""

from __future__ import annotations

from typing import Final

from events.contracts import assistance as ev
from services.assistance import reasons
from services.assistance.activity import commands as cmd
from services.assistance.activity.state import ACTIVITY
from services.assistance.deciding import decide
from services.assistance.file.common import need_office
from services.kit.decider import DomainError, Outcome, World, on

WITH_COURSE: Final = frozenset({"training", "startup_training"})


@decide(cmd.OrganiseActivity)
def organise_activity(c: cmd.OrganiseActivity, w: World) -> Outcome:
    """Put an activity on record as the office's own (R98, R122)."""
    own = w.principal.office
    w.authorise(own, kind="office", referred=frozenset({own}))
    if c.until is not None and c.until < c.from_day:
        raise DomainError(reasons.ACTIVITY_DATES)
    if c.kind in WITH_COURSE and c.course is None:
        raise DomainError(reasons.COURSE_MISSING)
    if c.course is not None:
        need_office(w, c.course.institution)
    event = ev.ActivityOrganised(
        kind=c.kind,
        title=c.title,
        from_day=c.from_day,
        until=c.until,
        place=c.place,
        course=c.course,
        places=c.places,
    )
    return on(w.new(ACTIVITY, f"office-{own}"), event)


@decide(cmd.CloseActivity)
def close_activity(c: cmd.CloseActivity, w: World) -> Outcome:
    """Close the office's own activity; the figures fit together (R98)."""
    activity = w.need(ACTIVITY, c.activity)
    organiser = activity.state.organiser
    w.authorise(organiser, kind="office", referred=frozenset({organiser}))
    if w.principal.office != organiser:
        raise DomainError(reasons.NOT_ORGANISER)
    if activity.state.closed:
        return ()
    if c.attended > c.invited or (c.completed or 0) > c.attended:
        raise DomainError(reasons.ACTIVITY_FIGURES)
    event = ev.ActivityClosed(invited=c.invited, attended=c.attended, completed=c.completed)
    return on(activity, event)
