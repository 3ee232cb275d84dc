"""Trials of rules: proposed by one hand, approved by another, completed by the system. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from events.contracts import registry as ev
from events.contracts import streams
from events.contracts.base import Recorded, ident
from events.rules.ruleset import RULE_SETS, RuleSet
from events.rules.supposing import SUPPOSABLE, Supposition
from services.kit.decider import DomainError, Fold, Outcome, World, on
from services.registry.asking import Standing, approved, headed, named, own_office, rejected
from services.registry.deciding import decide
from services.registry.trial import commands as cmd
from services.registry.trial import reasons as why


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial: whose history, under which rules, who asked, and how far it came."""

    request: str = ""
    office: str = ""
    supposition: Supposition = field(default_factory=Supposition)
    known: int | None = None
    hands: tuple[str | None, ...] = ()
    standing: Standing = "asked"
    completed: ev.TrialCompleted | None = None


def evolve(state: Trial, fact: Recorded[Any]) -> Trial:
    """Fold one fact of a trial."""
    match fact.event:
        case ev.TrialProposed():
            event = fact.event
            hands = (fact.actor, fact.attribute("on_behalf_of"))
            rules = supposed(event.rule_set, event.key, event.value)
            return Trial(fact.event_id, ident(fact.subject), rules, event.known, hands)
        case ev.TrialApproved():
            known = fact.seq if state.known is None else state.known
            return replace(state, standing="approved", known=known)
        case ev.TrialRejected():
            return replace(state, standing="rejected")
        case ev.TrialCompleted():
            return replace(state, standing="completed", completed=fact.event)
        case _:
            return state


def supposed(rule_set: str | None, key: str | None, value: Any) -> Supposition:  # noqa: ANN401
    """Return what a trial supposes."""
    return Supposition(rule_set, {key: value} if key is not None else {})


TRIAL = Fold(streams.TRIAL, Trial(), evolve)


@decide(cmd.ProposeTrial)
def propose_trial(c: cmd.ProposeTrial, w: World) -> Outcome:
    """Ask for a trial on the history of the asker's own office (R2, X17)."""
    own = own_office(w)
    if (c.rule_set is None) == (c.key is None):
        raise DomainError(why.TRIAL_OF_ONE)
    if c.rule_set is not None and c.rule_set not in RULE_SETS:
        raise DomainError(why.RULE_SET_UNKNOWN, rule_set=c.rule_set, **_listed(RULE_SETS))
    if c.key is not None and not _fits(c):
        raise DomainError(why.NOT_SUPPOSABLE, key=c.key, **_listed(sorted(SUPPOSABLE)))
    if c.known is not None and c.known > w.directory.seq:
        raise DomainError(why.NOT_KNOWN_YET, known=c.known)
    event = ev.TrialProposed(
        rule_set=c.rule_set, key=c.key, value=c.value, known=c.known, reason=c.reason
    )
    return on(w.new(TRIAL, f"office-{own}"), event)


def _listed(names: Iterable[str]) -> dict[str, str]:
    known = list(names)
    return {"known": "、".join(known), "known_en": ", ".join(known)}


def _fits(c: cmd.ProposeTrial) -> bool:
    parameters = RuleSet.of(RULE_SETS[0]).parameters
    return c.key in SUPPOSABLE and parameters[c.key].accepts(c.value)


@decide(cmd.ApproveTrial)
def approve_trial(c: cmd.ApproveTrial, w: World) -> Outcome:
    """Approve by another hand: the office's head or the one above (X17)."""
    trial = headed(w, TRIAL, c.trial, c.proposal)
    return approved(w, trial, ev.TrialApproved(proposal=c.proposal))


@decide(cmd.RejectTrial)
def reject_trial(c: cmd.RejectTrial, w: World) -> Outcome:
    """Turn it down, with the reason (X17)."""
    trial = headed(w, TRIAL, c.trial, c.proposal)
    return rejected(w, trial, ev.TrialRejected(proposal=c.proposal, reason=c.reason))


@decide(cmd.CompleteTrial)
def complete_trial(c: cmd.CompleteTrial, w: World) -> Outcome:
    """Record what an approved trial came to, once (X17)."""
    trial = named(w, TRIAL, c.trial, c.proposal)
    if trial.state.standing == "completed":
        return ()
    if trial.state.standing != "approved":
        raise DomainError(why.TRIAL_NOT_APPROVED)
    event = ev.TrialCompleted(
        proposal=c.proposal,
        known=c.known,
        cases=c.cases,
        differing=c.differing,
        not_reproduced=c.not_reproduced,
        sha256=c.sha256,
    )
    return on(trial, event)
