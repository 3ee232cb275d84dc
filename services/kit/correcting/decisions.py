"""Proposed by one hand, approved or rejected by another (X2, four eyes). Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError

from events.contracts.base import Event, Recorded, SealedValue, ident
from events.contracts.correctable import CORRECTABLE, Fact, Reversed
from events.contracts.restating import ProposedCorrection, RestatedFact
from events.rules.duties import names_of, same_person
from events.rules.roles import expand
from events.rules.seconds import of_correction
from services.kit.correcting import reasons
from services.kit.correcting.commands import (
    ApproveCorrection,
    ProposeCorrection,
    RejectCorrection,
)
from services.kit.correcting.history import History
from services.kit.correcting.rules import Correction, Rules, Whose
from services.kit.decider import (
    FORBIDDEN,
    FUTURE,
    NOT_FOUND,
    Deciders,
    DomainError,
    Fold,
    Loaded,
    Outcome,
    World,
    on,
)

_NOT_PEOPLE: Final = frozenset({"person", "system"})


def correct(decide: Deciders, rules: Rules) -> None:
    """Give a context its three commands; its other decisions must be registered by then."""
    own = _Corrections(rules, _recorders(decide))
    propose, approve, reject = rules.commands
    decide(propose)(own.propose)
    decide(approve)(own.approve)
    decide(reject)(own.reject)


def _recorders(decide: Deciders) -> dict[str, frozenset[str]]:
    """Map each command that records a correctable fact to the roles that may send it."""
    recording = {rule.by for rule in CORRECTABLE.values() if isinstance(rule, Fact)}
    return {
        command.type: expand(frozenset(command.actors))
        for command in decide.by_command
        if command.type in recording
    }


@dataclass(frozen=True, slots=True)
class _Stream:
    """The stream of a fact, what is on record there, and whose it is."""

    loaded: Loaded[None]
    history: History
    whose: Whose


class _Corrections:
    """The decisions of one context."""

    def __init__(self, rules: Rules, recorders: dict[str, frozenset[str]]) -> None:
        self.rules, self.recorders = rules, recorders
        self._folds = {name: Fold(kind, None, _keep) for name, kind in rules.kinds.items()}

    def propose(self, c: ProposeCorrection, w: World) -> Outcome:
        """Propose another body or day of a fact, or that it is void (X2)."""
        it = self._stream(c.stream, w)
        fact = it.history.fact(c.corrects)
        self._authorise(it, fact, w)
        rule = _need_fact(fact)
        self._need_recorder(rule, w)
        now = it.history.now(c.corrects)
        wish = self.rules.proposed(
            corrects=c.corrects,
            replacement=c.replacement,
            happened_at=c.happened_at,
            reason=c.reason,
            text=c.text,
            evidence=c.evidence,
        )
        said = self._said(fact, now, rule, wish, w)
        if said == (now and now.event, now.occurred_at if now else None):
            return ()
        if it.history.waiting(c.corrects):
            raise DomainError(reasons.PENDING)
        self._follow(it, fact, now, said, "", w)
        return on(it.loaded, wish)

    def approve(self, c: ApproveCorrection, w: World) -> Outcome:
        """Approve: another person, nothing new on the stream since the proposal (X2)."""
        it = self._stream(c.stream, w)
        proposal = it.history.proposal(c.proposal)
        fact = it.history.fact(proposal.event.corrects)
        self._authorise(it, fact, w)
        decided = it.history.outcome(c.proposal)
        if isinstance(decided, RestatedFact):
            return ()
        _need_waiting(decided)
        _need_other_hand(proposal, w)
        if it.history.moved_since(proposal):
            raise DomainError(reasons.STALE)
        now = it.history.now(fact.event_id)
        said = self._said(fact, now, _need_fact(fact), proposal.event, w)
        return self._follow(it, fact, now, said, c.proposal, w)

    def reject(self, c: RejectCorrection, w: World) -> Outcome:
        """Reject, with the reason: by whoever could approve it (X2)."""
        it = self._stream(c.stream, w)
        proposal = it.history.proposal(c.proposal)
        self._authorise(it, it.history.fact(proposal.event.corrects), w)
        _need_waiting(it.history.outcome(c.proposal))
        _need_other_hand(proposal, w)
        return on(it.loaded, self.rules.rejected(proposal=c.proposal, reason=c.reason))

    def _stream(self, name: str, w: World) -> _Stream:
        kind, _, own = name.partition("-")
        if kind not in self._folds:
            w.authorise(w.principal.office)
            raise DomainError(NOT_FOUND, what=name)
        loaded = w.need(self._folds[kind], own)
        history = History(w.history(loaded))
        return _Stream(loaded, history, self.rules.whose(w, history.facts[0]))

    def _authorise(self, it: _Stream, fact: Recorded[Any], w: World) -> None:
        """Demand the area of the fact (R43); a body outside acts on its own records."""
        w.authorise(
            it.whose.office,
            kind="case" if it.whose.person else "office",
            referred=frozenset({fact.office}),
            subject=it.whose.person,
            case=ident(fact.stream),
        )
        if it.whose.closed:
            raise DomainError(reasons.CLOSED)

    def _need_recorder(self, rule: Fact, w: World) -> None:
        """Refuse a role that may not record such a fact."""
        allowed = self.recorders.get(rule.by, frozenset()) - _NOT_PEOPLE
        if not w.principal.roles & allowed:
            raise DomainError(
                FORBIDDEN,
                rule="deny.role",
                why_zh="只有可登记该类事实的岗位可以提出更正",
                why_en="only a role that may record such a fact proposes its correction",
            )

    def _said(
        self,
        fact: Recorded[Any],
        now: Recorded[Any] | None,
        rule: Fact,
        wish: ProposedCorrection,
        w: World,
    ) -> tuple[Event | None, datetime | None]:
        """Return body and instant that are to hold; (None, None) for a void fact."""
        if wish.voids:
            if rule.void and now is not None:
                raise DomainError(reasons.NOT_VOIDABLE, by=rule.void)
            return None, None
        if now is None and wish.replacement is None:
            raise DomainError(reasons.VOID_ALREADY)
        at = wish.happened_at or (now or fact).occurred_at
        if at > w.now:
            raise DomainError(FUTURE)
        if not rule.day and at != fact.occurred_at:
            raise DomainError(reasons.DAY_FIXED)
        event = _changed((now or fact).event, wish)
        fixed = [f for f in rule.fixed if getattr(event, f) != getattr(fact.event, f)]
        if fixed:
            raise DomainError(reasons.FIXED, fields=fixed)
        return self.rules.derive(event, at, w), at

    def _follow(
        self,
        it: _Stream,
        fact: Recorded[Any],
        now: Recorded[Any] | None,
        said: tuple[Event | None, datetime | None],
        proposal: str,
        w: World,
    ) -> Outcome:
        """Return the restatement and all that follows from it; refuse what the rules refuse."""
        event, at = said
        body = None if event is None else event.model_dump(mode="json", exclude_none=True)
        corrected = self.rules.corrected(
            proposal=proposal or fact.event_id,
            corrects=fact.event_id,
            of=type(fact.event).type,
            body=body,
            happened_at=at,
        )
        then = it.history.then(corrected, w.at)
        more = self.rules.follow(
            Correction(fact, now, event, at or fact.occurred_at, then, proposal), w
        )
        return (*on(it.loaded, corrected), *more)


def _keep(state: None, _: Recorded[Any]) -> None:
    return state


def _need_fact(fact: Recorded[Any]) -> Fact:
    """Return the rule of a fact; refuse anything else with what to do instead."""
    rule = CORRECTABLE[type(fact.event)]
    if isinstance(rule, Fact):
        return rule
    if isinstance(rule, Reversed):
        raise DomainError(reasons.DECISION, by=rule.by)
    raise DomainError(reasons.NEVER, why_zh=rule.zh, why_en=rule.en)


def _need_waiting(decided: Event | None) -> None:
    if decided is not None:
        raise DomainError(reasons.DECIDED)


def _changed(event: Event, wish: ProposedCorrection) -> Event:
    """Return the event with the fields changed that a proposal names; a null takes one out."""
    if wish.replacement is None:
        return event
    if isinstance(wish.replacement, SealedValue):
        raise DomainError(reasons.CLOSED)
    body = event.model_dump(mode="json", exclude_none=True) | _told(wish.replacement)
    try:
        return type(event).model_validate_json(
            json.dumps({k: v for k, v in body.items() if v is not None})
        )
    except ValidationError as error:
        known = type(event).model_fields
        named = {str(e["loc"][0]) if e["loc"] else "JSON" for e in error.errors()}
        fields = sorted({n if n in known or n == "JSON" else "?" for n in named})
        raise DomainError(reasons.BODY, fields=fields) from None


def _told(replacement: str) -> dict[str, Any]:
    """Read the fields that a proposal names; refuse what is no such object."""
    try:
        told = json.loads(replacement)
        if isinstance(told, dict) and not _sealed(told):
            return told
    except (ValueError, RecursionError):
        pass
    raise DomainError(reasons.BODY, fields=["JSON"])


def _sealed(value: Any) -> bool:  # noqa: ANN401 - any JSON
    """Tell whether a value that arrived holds ciphertext, which would open nowhere."""
    if isinstance(value, list):
        return any(map(_sealed, value))
    if not isinstance(value, dict):
        return False
    return value.keys() == SealedValue.model_fields.keys() or any(map(_sealed, value.values()))


def _need_other_hand(proposal: Recorded[Any], w: World) -> None:
    """Demand another person: the head of the proposing office, or the level above (four eyes)."""
    hands = names_of(proposal.actor, proposal.attribute("on_behalf_of"))
    if same_person(names_of(w.principal.user, w.principal.on_behalf_of), hands):
        raise DomainError(reasons.SAME_HAND)
    office = w.directory.office(proposal.office)
    seconds = of_correction(office, w.directory) if office else ()
    who = w.principal
    if not any(who.office == s.office.id and who.roles & s.roles for s in seconds):
        raise DomainError(reasons.RANK)
