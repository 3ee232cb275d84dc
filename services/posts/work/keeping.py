"""While and after a person works: confirmed, ended, registered by the employer (R35, R91). Pure."""

from __future__ import annotations

from events.contracts import posts as ev
from services.kit.decider import NOT_FOUND, DomainError, Loaded, Outcome, Release, World, on
from services.posts import reasons
from services.posts.common import need_person
from services.posts.deciding import decide
from services.posts.post.state import POST
from services.posts.work import commands as cmd
from services.posts.work.placing import main_job, place_claim
from services.posts.work.state import EMPLOYMENT, Job, Work


@decide(cmd.ConfirmOnJob)
def confirm_on_job(c: cmd.ConfirmOnJob, w: World) -> Outcome:
    """Confirm that a person with a job is at work (R91)."""
    need_person(w, c.person)
    work = w.load(EMPLOYMENT, c.person)
    last = work.state.last
    if work.state.standing != "employed" or last is None or w.day < last.start:
        raise DomainError(reasons.NOT_EMPLOYED)
    return on(work, ev.OnJobConfirmed(how=c.how))


@decide(cmd.EndEmployment)
def end_employment(c: cmd.EndEmployment, w: World) -> Outcome:
    """End the job and free its place; or end the wait for a next job (R35, R39, AS 16)."""
    need_person(w, c.person)
    work = w.load(EMPLOYMENT, c.person)
    last = work.state.last
    if last is None:
        raise DomainError(reasons.NOT_EMPLOYED)
    ended = ev.EmploymentEnded(reason=c.reason, then=c.then, proof=c.proof)
    if last.end is None:
        return _end(work, last, ended, w)
    if work.state.standing == "between_jobs" and c.then == "unemployed":
        if w.day < last.end:
            raise DomainError(reasons.END_BEFORE_START)
        return on(work, ended)
    standing = "unemployed" if c.then == "unemployed" else "between_jobs"
    if (last.end, work.state.standing) == (w.day, standing):
        return ()
    raise DomainError(reasons.NOT_EMPLOYED)


def _end(work: Loaded[Work], last: Job, ended: ev.EmploymentEnded, w: World) -> Outcome:
    """End the running job: the day of the fact is its last day."""
    if w.day < last.start:
        raise DomainError(reasons.END_BEFORE_START)
    over = (*on(work, ended), Release(main_job(work.id), work.stream))
    if last.post is None or last.place is None:
        return over
    freed = ev.PlaceFreed(person=work.id, place=last.place)
    claim = Release(place_claim(last.post, last.place), work.stream)
    return (*over, *on(w.need(POST, last.post), freed), claim)


@decide(cmd.RegisterHire)
def register_hire(c: cmd.RegisterHire, w: World) -> Outcome:
    """Register a hire once (T21)."""
    work = w.load(EMPLOYMENT, c.person)
    job = next((j for j in work.state.jobs if j.event == c.placement), None)
    need_person(w, c.person, outside=_employer(job))
    if job is None:
        raise DomainError(NOT_FOUND, what=f"event-{c.placement}")
    if c.placement in work.state.registered:
        return ()
    return on(work, ev.HireRegistered(placement=c.placement))


@decide(cmd.RegisterEndOfEmployment)
def register_end_of_employment(c: cmd.RegisterEndOfEmployment, w: World) -> Outcome:
    """Register the end of an employment once (T21)."""
    work = w.load(EMPLOYMENT, c.person)
    job = next((j for j in work.state.jobs if j.ended_by == c.end), None)
    need_person(w, c.person, outside=_employer(job))
    if job is None:
        raise DomainError(NOT_FOUND, what=f"event-{c.end}")
    if c.end in work.state.registered:
        return ()
    return on(work, ev.EndRegistered(end=c.end))


def _employer(job: Job | None) -> frozenset[str]:
    """Return the employer, who acts on its own records."""
    return frozenset({job.employer} if job is not None and job.employer else ())
