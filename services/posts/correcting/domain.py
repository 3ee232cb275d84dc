"""Corrections of posts' facts: a placement takes its place on the post along (X2, I10)."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from typing import Any

from events.contracts import posts as ev
from events.contracts.base import Event, Recorded, ident
from events.rules.time import shanghai_day
from services.kit.correcting import Correction, Rules, about, kinds_of
from services.kit.correcting.history import History
from services.kit.correcting.reasons import LATER
from services.kit.decider import DomainError, Outcome, Release, Take, World, on
from services.posts import reasons
from services.posts.correcting import commands as cmd
from services.posts.foreign import PERSON
from services.posts.post.state import POST, Post
from services.posts.post.state import evolve as evolve_post
from services.posts.region import crosses_region
from services.posts.work.placing import main_job, place_claim
from services.posts.work.state import EMPLOYMENT, Job, Work
from services.posts.work.state import evolve as evolve_work


def _derive(event: Event, _: datetime, w: World) -> Event:
    """Work out anew whether a job lies in another region (R80)."""
    if not isinstance(event, ev.PlacedInJob):
        return event
    residence = w.load(PERSON, event.person).state.residence
    crosses = crosses_region(w, residence, event.work_division)
    return event.model_copy(update={"cross_region": crosses})


def _follow(it: Correction, w: World) -> Outcome:
    """Keep the jobs of a person in order; move claims and the place with the job."""
    if not isinstance(it.fact.event, ev.PlacedInJob | ev.EmploymentEnded):
        return ()
    before = w.load(EMPLOYMENT, ident(it.fact.stream)).state
    _need_order(reduce(evolve_work, it.then, Work()))
    if isinstance(it.fact.event, ev.PlacedInJob):
        job = next((j for j in before.jobs if j.event == it.fact.event_id), None)
    else:
        job = next((j for j in before.jobs if j.ended_by == it.fact.event_id), None)
    if it.event is None or it.before is None:
        return _void(it, before, job, w)
    return _with_place(it, job, w)


def _need_order(work: Work) -> None:
    """Refuse jobs that end before they begin, or run into each other."""
    last = None
    for job in work.jobs:
        if job.end is not None and job.end < job.start:
            raise DomainError(reasons.END_BEFORE_START)
        if last is not None and (last.end is None or job.start <= last.end):
            raise DomainError(reasons.OVERLAPS)
        last = job


def _void(it: Correction, before: Work, job: Job | None, w: World) -> Outcome:
    """Give back what a void placement holds; take again what a void end had given back."""
    if it.event is not None:
        raise DomainError(LATER)
    ends = isinstance(it.fact.event, ev.EmploymentEnded)
    if job is None:
        return ()
    if job != before.last or (job.end is not None) != ends:
        raise DomainError(LATER)
    stream, person = it.fact.stream, ident(it.fact.stream)
    taken = main_job(person)
    claims: Outcome = (
        (Take(taken, stream, reasons.ALREADY_EMPLOYED),) if ends else (Release(taken, stream),)
    )
    if job.post is not None and job.place is not None:
        place = place_claim(job.post, job.place)
        claims += (Take(place, stream, reasons.PLACE_LOST),) if ends else (Release(place, stream),)
    return (*claims, *_with_place(it, job, w))


def _with_place(it: Correction, job: Job | None, w: World) -> Outcome:
    """Correct the place on the post as the job is; refuse where another has it then (I10)."""
    if job is None or job.post is None:
        return ()
    post = w.need(POST, job.post)
    history = History(w.history(post))
    own = _own_place(history, it.fact, job)
    if own is None:
        return ()
    body = None if it.event is None else own.event.model_dump(mode="json", exclude_none=True)
    said = ev.FactCorrected(
        proposal=it.proposal or it.fact.event_id,
        corrects=own.event_id,
        of=own.event.type,
        body=body,
        happened_at=None if body is None else it.at,
    )
    state = reduce(evolve_post, history.then(said, w.at), Post())
    if not all(state.fits_from(stay.start) for stay in state.stays):
        raise DomainError(reasons.PLACE_LOST)
    return on(post, said)


def _own_place(history: History, fact: Recorded[Any], job: Job) -> Recorded[Any] | None:
    """Return the event by which the place was taken, or freed, on the same day."""
    kind = ev.PlaceTaken if isinstance(fact.event, ev.PlacedInJob) else ev.PlaceFreed
    day, person = shanghai_day(fact.occurred_at), ident(fact.stream)
    return next(
        (
            f
            for f in history.facts
            if isinstance(f.event, kind)
            and (f.event.person, f.event.place) == (person, job.place)
            and shanghai_day(f.occurred_at) == day
        ),
        None,
    )


RULES = Rules(
    (cmd.ProposeCorrection, cmd.ApproveCorrection, cmd.RejectCorrection),
    kinds_of("posts"),
    ev.CorrectionProposed,
    ev.FactCorrected,
    ev.CorrectionRejected,
    about(PERSON),
    _derive,
    _follow,
)
