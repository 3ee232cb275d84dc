"""Posts: listed, developed, changed, closed; never fewer places than are taken (R74, R95). Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from events.contracts import posts as ev
from services.kit.decider import DomainError, Loaded, Outcome, World, on
from services.posts import reasons
from services.posts.deciding import decide
from services.posts.employer.domain import EMPLOYER
from services.posts.post import commands as cmd
from services.posts.post.state import POST, Post, changed_capacity

GOVERNMENT: Final = ("party_gov", "public_institution")


@decide(cmd.ListVacancy)
def list_vacancy(c: cmd.ListVacancy, w: World) -> Outcome:
    """List a vacancy of a registered employer (R95)."""
    w.authorise(w.principal.office, kind="office")
    w.need(EMPLOYER, c.employer)
    _need_order(c.from_day, c.until)
    if c.wage is not None and c.wage.from_wage > c.wage.to:
        raise DomainError(reasons.WAGE_RANGE)
    event = ev.VacancyListed(
        employer=c.employer,
        title=c.title,
        occupation=c.occupation,
        places=c.places,
        work_division=c.work_division,
        wage=c.wage,
        suits=c.suits,
        source=c.source,
        from_day=c.from_day,
        until=c.until,
    )
    return on(_new_post(w), event)


def _new_post(w: World) -> Loaded[Post]:
    own = w.ids.next()
    return w.new(POST, f"post-{own}", own)


def _need_order(from_day: date, until: date | None) -> None:
    if until is not None and until < from_day:
        raise DomainError(reasons.POST_DATES)


@decide(cmd.DevelopPublicPost)
def develop_public_post(c: cmd.DevelopPublicPost, w: World) -> Outcome:
    """Develop a public-welfare post at a registered host (R74, R75)."""
    w.authorise(w.principal.office, kind="office")
    host = w.need(EMPLOYER, c.host).state
    if c.post_type == "logistics" and c.host_type not in GOVERNMENT:
        raise DomainError(reasons.LOGISTICS_HOST)
    if c.host_type != host.kind and {c.host_type, host.kind} & set(GOVERNMENT):
        raise DomainError(reasons.HOST_DIFFERS)
    _need_order(c.from_day, c.until)
    event = ev.PublicPostDeveloped(
        post_type=c.post_type,
        host=c.host,
        host_type=c.host_type,
        title=c.title,
        places=c.places,
        work_division=c.work_division,
        wage=c.wage,
        from_day=c.from_day,
        until=c.until,
        document=c.document,
    )
    return on(_new_post(w), event)


@decide(cmd.ChangePost)
def change_post(c: cmd.ChangePost, w: World) -> Outcome:
    """Change a post that is open or full; places stay at or above those taken (R95)."""
    post = w.need(POST, c.post)
    w.authorise(post.state.office, kind="office")
    if post.state.standing != "open":
        raise DomainError(reasons.POST_CLOSED)
    if _as_it_is(c, post.state, w.day):
        return ()
    if c.until is not None and post.state.from_day is not None:
        _need_order(post.state.from_day, c.until)
    if c.places is not None:
        changed = replace(post.state, capacity=changed_capacity(post.state, c.places, w.day))
        if not changed.fits_from(w.day):
            raise DomainError(reasons.PLACES_BELOW_TAKEN)
    return on(post, ev.PostChanged(places=c.places, until=c.until, wage=c.wage))


def _as_it_is(c: cmd.ChangePost, post: Post, day: date) -> bool:
    """Tell whether nothing would change."""
    return (
        c.places in (None, post.places_on(day))
        and c.until in (None, post.until)
        and c.wage in (None, post.wage)
    )


@decide(cmd.ClosePost)
def close_post(c: cmd.ClosePost, w: World) -> Outcome:
    """Close a post; as expired only after its last day, as filled only when full (R74, R95)."""
    post = w.need(POST, c.post)
    w.authorise(post.state.office, kind="office")
    if post.state.standing == "closed":
        return ()
    if post.state.standing != "open":
        raise DomainError(reasons.POST_CLOSED)
    if c.reason == "expired" and not _past(post.state, w.day):
        if w.principal.system:
            return ()
        raise DomainError(reasons.NOT_EXPIRED)
    if c.reason == "filled" and post.state.free_place(w.day) is not None:
        raise DomainError(reasons.NOT_FULL)
    return on(post, ev.PostClosed(reason=c.reason))


def _past(post: Post, day: date) -> bool:
    return post.until is not None and post.until < day


def need_room(post: Loaded[Post], day: date) -> int:
    """Return the place that a person may take from a day on; refuse where there is none (I10)."""
    if not post.state.holds(day):
        raise DomainError(reasons.POST_CLOSED)
    if post.state.from_day is None or day < post.state.from_day:
        raise DomainError(reasons.POST_NOT_BEGUN)
    place = post.state.free_place(day)
    if place is None:
        raise DomainError(reasons.POST_FULL)
    return place
