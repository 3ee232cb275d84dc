"""The state of a person's work: every job, and what stands now (domain.md C3.8)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeAlias, assert_never

from events.contracts import posts as ev
from events.contracts import streams
from events.contracts.base import Recorded
from events.rules.periods import Spell
from events.rules.time import shanghai_day
from services.kit.decider import Fold

Standing: TypeAlias = Literal["unemployed", "employed", "between_jobs"]


@dataclass(frozen=True, slots=True)
class Job:
    """One spell of work; `event` and `ended_by` are the events of its first and last day."""

    event: str
    start: date
    channel: str
    employer: str | None = None
    post: str | None = None
    place: int | None = None
    end: date | None = None
    ended_by: str | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """All jobs, oldest first, and the registrations made by employers (T21)."""

    standing: Standing = "unemployed"
    jobs: tuple[Job, ...] = ()
    registered: frozenset[str] = frozenset()

    def at_work_on(self, day: date) -> bool:
        """Tell whether the person is at work on a day, or has a job now."""
        running = self.standing == "employed"
        return running or any(j.start <= day <= (j.end or day) for j in self.jobs)

    @property
    def last(self) -> Job | None:
        """Return the latest job."""
        return self.jobs[-1] if self.jobs else None

    @property
    def spells(self) -> tuple[Spell, ...]:
        """Return the jobs as spells of work (AS 16)."""
        return tuple(Spell(j.start, j.end, j.employer or "") for j in self.jobs)


def evolve(state: Work, fact: Recorded[ev.EmploymentEvent | ev.CorrectionEvent]) -> Work:
    """Fold one fact of a person's work."""
    match fact.event:
        case ev.PlacedInJob() as e:
            start = shanghai_day(fact.occurred_at)
            job = Job(fact.event_id, start, e.channel, e.employer, e.post, e.place)
            return replace(state, standing="employed", jobs=(*state.jobs, job))
        case ev.EmploymentEnded() as event:
            return _ended(state, event, fact)
        case ev.HireRegistered(placement=which) | ev.EndRegistered(end=which):
            return replace(state, registered=state.registered | {which})
        case (
            ev.OnJobConfirmed()
            | ev.EmploymentChanged()
            | ev.CorrectionProposed()
            | ev.FactCorrected()
            | ev.CorrectionRejected()
        ):
            return state
        case _ as never:
            assert_never(never)


def _ended(
    state: Work,
    event: ev.EmploymentEnded,
    fact: Recorded[ev.EmploymentEvent | ev.CorrectionEvent],
) -> Work:
    standing: Standing = "unemployed" if event.then == "unemployed" else "between_jobs"
    jobs = state.jobs
    if jobs and jobs[-1].end is None:
        last = replace(jobs[-1], end=shanghai_day(fact.occurred_at), ended_by=fact.event_id)
        jobs = (*jobs[:-1], last)
    return replace(state, standing=standing, jobs=jobs)


EMPLOYMENT = Fold(streams.EMPLOYMENT, Work(), evolve)
