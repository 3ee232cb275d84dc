"""How the facts of leaving fold: refusals, exit, lapse, reassessment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, assert_never

from events.contracts import certification as ev
from events.contracts.base import Recorded
from events.rules.duties import names_of
from events.rules.time import shanghai_day
from services.certification.state import Case, Ending, Judgement, Proposal


def evolve_leaving(state: Case, event: ev.LeavingEvent, fact: Recorded[Any]) -> Case:
    """Fold one fact of leaving."""
    match event:
        case ev.RefusalCounted():
            judgement = Judgement(event.judged, event.judgement)
            return replace(state, judgements={**state.judgements, event.offer: judgement})
        case ev.ExitProposed(ground=ground, facts=facts):
            return replace(state, exits={**state.exits, ground: _proposal(fact, facts)})
        case ev.ExitProposalWithdrawn(proposal=proposal):
            return replace(state, exits=without(state.exits, proposal))
        case ev.WithdrawnByPerson():
            return replace(state, gave_up=True)
        case ev.Exited():
            judgements = confirmed(state.judgements, event.judgements)
            state = _ended(replace(state, judgements=judgements), fact)
            return replace(state, status="exited", ending=Ending(fact.event_id, event.told_on))
        case ev.ExitRejected():
            return _rejected(state, event, fact)
        case ev.ExitReversalProposed(facts=facts):
            return replace(state, reversal=_proposal(fact, facts))
        case ev.ExitReversed():
            return _again(replace(state, status="certified", ending=None, reversal=None), fact)
        case ev.Lapsed():
            return replace(_ended(state, fact), status="lapsed")
        case ev.ReassessmentProposed(facts=facts, categories_met=met):
            again = replace(_proposal(fact, facts), categories_met=met)
            return replace(state, reassessment=again)
        case ev.Reassessed():
            return _reassessed(state, event)
    assert_never(event)


def without(
    exits: Mapping[ev.ExitGround, Proposal], proposal: str
) -> dict[ev.ExitGround, Proposal]:
    """Return the open exit proposals but one."""
    return {ground: p for ground, p in exits.items() if p.event != proposal}


def confirmed(
    judgements: Mapping[str, Judgement], answers: Iterable[ev.Confirmation]
) -> dict[str, Judgement]:
    """Return the judgements as the county confirmed them; the others leave the tally (R29)."""
    changed = dict(judgements)
    for answer in answers:
        if answer.offer in changed:
            changed[answer.offer] = replace(changed[answer.offer], confirmed=answer.confirmed)
    return changed


def _proposal(fact: Recorded[Any], facts: tuple[str, ...]) -> Proposal:
    names = names_of(fact.actor, fact.attribute("on_behalf_of"))
    return Proposal(fact.event_id, shanghai_day(fact.occurred_at), names, facts)


def _rejected(state: Case, event: ev.ExitRejected, fact: Recorded[Any]) -> Case:
    judgements = confirmed(state.judgements, event.judgements)
    gave_up = state.gave_up and state.proposal(event.proposal) != "gave_up"
    exits = without(state.exits, event.proposal)
    return _again(replace(state, judgements=judgements, exits=exits, gave_up=gave_up), fact)


def _again(state: Case, fact: Recorded[Any]) -> Case:
    """Start the clock of R32 anew."""
    return replace(state, report_from=shanghai_day(fact.occurred_at), report_event=fact.event_id)


def _ended(state: Case, fact: Recorded[Any]) -> Case:
    """End the status: every open proposal falls with it (C3.8)."""
    ending = Ending(fact.event_id)
    return replace(
        state, ending=ending, exits={}, reassessment=None, revocation=None, gave_up=False
    )


def _reassessed(state: Case, event: ev.Reassessed) -> Case:
    state = replace(state, reassessment=None)
    if event.outcome != "change_category" or event.category is None:
        return state
    household = state.household if event.category == "zero_household" else None
    return replace(
        state, category=event.category, city_category=event.city_category, household=household
    )
