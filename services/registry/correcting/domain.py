"""Corrections of the registry's facts: what else changes with a person's own data (X2, A8)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from events.contracts import registry as ev
from events.contracts.base import Event, Recorded, clear, ident
from events.rules.divisions import level_of
from events.rules.person import IdNumber, age_band, parse_id_number
from events.rules.time import shanghai_day
from services.kit.correcting import Correction, Rules, Whose, kinds_of, recorded_by
from services.kit.decider import DomainError, Outcome, Release, Take, World
from services.registry import reasons
from services.registry.correcting import commands as cmd
from services.registry.household.state import HOUSEHOLD
from services.registry.person.identity import fits, number_claim
from services.registry.person.state import PERSON


def _whose(w: World, first: Recorded[Any]) -> Whose:
    kind, _, own = first.stream.partition("-")
    if kind == "household":
        return Whose(w.load(HOUSEHOLD, own).state.community)
    if not first.subject.startswith("person-"):
        return recorded_by(w, first)
    person = ident(first.subject)
    state = w.load(PERSON, person).state
    closed = state.absorbed_into is not None or state.shredded or state.restricted
    return Whose(state.residence, person, closed)


def _derive(event: Event, at: datetime, _: World) -> Event:
    """Work out the age band anew (A10), and the number in its 18-digit form."""
    if not isinstance(event, ev.PersonRegistered):
        return event
    birth = clear(event.birth_date)
    if birth is None:
        return event
    number = _number(event, at)
    band = age_band(birth, shanghai_day(at))
    return event.model_copy(update={"age_band": band, "national_id": number.value})


def _number(event: ev.PersonRegistered, at: datetime) -> IdNumber:
    """Return the number; refuse with what is wrong with it (A8)."""
    number = parse_id_number(
        clear(event.national_id) or "",
        on=shanghai_day(at),
        sex=event.sex,
        birth_date=clear(event.birth_date),
    )
    if isinstance(number, IdNumber):
        return number
    raise DomainError(reasons.ID_REFUSALS[number[0]], errors=[error.value for error in number])


def _follow(it: Correction, w: World) -> Outcome:
    """Refuse a value that its fact cannot have; take the claim of another ID number (X8)."""
    match it.event:
        case ev.PersonFactChanged(fact=fact, value=str(value)) if not fits(fact, value):
            raise DomainError(reasons.FACT_VALUE, fact=fact)
        case ev.PersonRegistered() as event:
            if level_of(event.hukou.division) is None:
                raise DomainError(reasons.HUKOU_DIVISION)
            return _claims(it, event, w)
        case _:
            return ()


def _claims(it: Correction, event: ev.PersonRegistered, w: World) -> Outcome:
    before: ev.PersonRegistered = (it.before or it.fact).event
    old, new = (number_claim(w, clear(e.national_id) or "") for e in (before, event))
    if old == new:
        return ()
    if (known := w.holder(new)) is not None:
        raise DomainError(reasons.ALREADY_REGISTERED, person=known)
    stream = it.fact.stream
    return (Release(old, stream), Take(new, stream, reasons.ALREADY_REGISTERED))


RULES = Rules(
    (cmd.ProposeCorrection, cmd.ApproveCorrection, cmd.RejectCorrection),
    kinds_of("registry"),
    ev.CorrectionProposed,
    ev.FactCorrected,
    ev.CorrectionRejected,
    _whose,
    _derive,
    _follow,
)
