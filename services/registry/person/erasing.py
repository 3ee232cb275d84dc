"""Restriction first, destruction at the end, by two hands and after a cooling-off (A14). Pure."""

from __future__ import annotations

from datetime import timedelta

from events.contracts import registry as ev
from services.kit.decider import DomainError, Loaded, Outcome, World, on
from services.registry.access import reasons as why
from services.registry.deciding import decide, need_other_hand
from services.registry.person import commands as cmd
from services.registry.person.state import EMPLOYMENT, PERSON, Person
from services.registry.reasons import DATE_ORDER, PERSON_ABSORBED, PERSON_SHREDDED


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
    """Refuse retention as ended while something is open, and other grounds unrestricted."""
    if basis != "retention_ended":
        if not person.state.restricted:
            raise DomainError(why.RESTRICT_FIRST)
        return
    certified = w.holder(f"open-certification/{person.id}")
    offers = w.held(f"open-offer/{person.id}/")
    if certified or offers or w.load(EMPLOYMENT, person.id).state.employed:
        raise DomainError(why.RETENTION_RUNS)


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
