"""Restriction first, destruction at the end, by two hands and after a cooling-off (A14). Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from events.contracts import registry as ev
from events.contracts import streams
from events.contracts.base import Recorded
from events.rules.time import add_months, shanghai_day
from services.kit.decider import DomainError, Fold, Loaded, Outcome, World, on
from services.registry.access import reasons as why
from services.registry.deciding import decide, need_other_hand
from services.registry.person import commands as cmd
from services.registry.person.state import EMPLOYMENT, PERSON, Person
from services.registry.reasons import DATE_ORDER, PERSON_ABSORBED, PERSON_SHREDDED

_ABOUT_KEEPING = (ev.ProcessingRestricted, ev.ShreddingProposed, ev.SubjectShredded)


def _last(state: date, fact: Recorded[Any]) -> date:
    """Fold the last day on which anything happened to a person."""
    if isinstance(fact.event, _ABOUT_KEEPING):
        return state
    return max(state, shanghai_day(fact.occurred_at))


LAST: Fold[date] = Fold(streams.PERSON, date.min, _last)


def _kept(w: World, person: str) -> Loaded[Person]:
    """Return a person in the asker's area whose data is still kept, restricted or not."""
    found = w.need(PERSON, person)
    w.authorise(found.state.residence, subject=person)
    if found.state.absorbed_into is not None:
        raise DomainError(PERSON_ABSORBED, survivor=found.state.absorbed_into)
    return found


@decide(cmd.RestrictProcessing)
def restrict_processing(c: cmd.RestrictProcessing, w: World) -> Outcome:
    """Restrict at once, by the day of the decision at the latest (A14)."""
    person = _kept(w, c.person)
    if person.state.shredded:
        raise DomainError(PERSON_SHREDDED)
    if person.state.restricted:
        return ()
    if c.from_day > w.day:
        raise DomainError(DATE_ORDER)
    return on(person, ev.ProcessingRestricted(basis=c.basis, from_day=c.from_day))


@decide(cmd.ProposeShredding)
def propose_shredding(c: cmd.ProposeShredding, w: World) -> Outcome:
    """Propose when retention has ended, or processing is restricted for another ground (A14)."""
    person = _kept(w, c.person)
    if person.state.shredded:
        raise DomainError(PERSON_SHREDDED)
    known = person.state.shredding
    if known is not None and known.basis == c.basis:
        return ()
    _need_ground(w, person, c.basis)
    return on(person, ev.ShreddingProposed(basis=c.basis, document=c.document))


def _need_ground(w: World, person: Loaded[Person], basis: str) -> None:
    """Refuse retention as ended while it runs, and other grounds unrestricted."""
    if basis != "retention_ended":
        if not person.state.restricted:
            raise DomainError(why.RESTRICT_FIRST)
        return
    job = w.load(EMPLOYMENT, person.id).state
    certified = w.holder(f"open-certification/{person.id}")
    if certified or w.held(f"open-offer/{person.id}/") or job.employed:
        raise DomainError(why.RETENTION_RUNS)
    path = w.directory.path(person.state.residence)
    months: int = w.directory.parameter("registry.retention_months", path, w.today)
    last = max(w.load(LAST, person.id).state, job.ended or date.min)
    if w.today < (first := add_months(last, months)):
        raise DomainError(why.RETENTION_UNTIL, first=first.isoformat())


@decide(cmd.ApproveShredding)
def approve_shredding(c: cmd.ApproveShredding, w: World) -> Outcome:
    """Destroy by another hand when the cooling-off has passed and the ground holds (AS 48)."""
    person = _kept(w, c.person)
    proposed = person.state.shredding
    if proposed is None or proposed.event != c.proposal:
        raise DomainError(why.NO_SHREDDING)
    if person.state.shredded:
        return ()
    need_other_hand(w, *proposed.hands)
    path = w.directory.path(person.state.residence)
    days: int = w.directory.parameter("registry.shredding_days", path, w.today)
    first = proposed.on + timedelta(days=days)
    if w.today < first:
        raise DomainError(why.COOLING_OFF, first=first.isoformat())
    _need_ground(w, person, proposed.basis)
    return on(person, ev.SubjectShredded(proposal=c.proposal))
