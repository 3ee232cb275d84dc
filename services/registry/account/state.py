"""An account as the registry's decisions see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, assert_never

from events.contracts import registry as ev
from events.contracts import streams
from events.contracts.base import Recorded
from services.kit.decider import Fold


@dataclass(frozen=True, slots=True)
class RoleWish:
    """A proposed role, the hands that proposed it, and whether it was granted."""

    event: ev.RoleProposed
    hands: tuple[str | None, ...]
    granted_by: str | None = None
    until: date | None = None

    def reaches(self, day: date) -> bool:
        """Tell whether the role is held, or may yet be, on a day or later."""
        return self.until is None or self.until >= day


@dataclass(frozen=True, slots=True)
class AccountState:
    """The account and every role proposed for it, by the proposal's event id."""

    office: str = ""
    name: str = ""
    login: str = ""
    roles: Mapping[str, RoleWish] = field(default_factory=dict)
    delegations: Mapping[str, ev.DelegationGranted] = field(default_factory=dict)
    """Delegations that were not ended before their time, by event id."""
    leaves: tuple[ev.LeaveRecorded, ...] = ()
    closed: date | None = None

    def holds(self, role: str, since: date, until: date) -> bool:
        """Tell whether one grant of a role covers a whole term."""
        return any(
            wish.event.role == role and wish.event.from_day <= since and wish.reaches(until)
            for wish in self.roles.values()
            if wish.granted_by is not None
        )


def evolve(state: AccountState, fact: Recorded[Any]) -> AccountState:
    """Fold one fact of the account's stream."""
    event: ev.UserStreamEvent = fact.event
    match event:
        case ev.AccountOpened(office=office, name=name, login=login):
            return replace(state, office=office, name=name, login=login)
        case ev.RoleProposed():
            hands = (fact.actor, fact.attribute("on_behalf_of"))
            return _with(state, fact.event_id, RoleWish(event, hands, until=event.until))
        case ev.RoleGranted(proposal=proposal):
            wish = replace(state.roles[proposal], granted_by=fact.event_id)
            return _with(state, proposal, wish)
        case ev.RoleRevoked():
            return _revoked(state, event)
        case ev.AccountClosed(from_day=since):
            return replace(state, closed=since)
        case ev.DelegationGranted():
            given = {**state.delegations, fact.event_id: event}
            return replace(state, delegations=given)
        case ev.DelegationEnded(delegation=ended):
            left = {k: v for k, v in state.delegations.items() if k != ended}
            return replace(state, delegations=left)
        case ev.LeaveRecorded():
            return replace(state, leaves=(*state.leaves, event))
        case ev.CorrectionProposed() | ev.FactCorrected() | ev.CorrectionRejected():
            return state
    assert_never(event)


def _with(state: AccountState, proposal: str, wish: RoleWish) -> AccountState:
    return replace(state, roles={**state.roles, proposal: wish})


def _revoked(state: AccountState, event: ev.RoleRevoked) -> AccountState:
    """End a granted role with the day before `from`."""
    last = event.from_day - timedelta(days=1)
    ended = {
        proposal: replace(wish, until=last)
        for proposal, wish in state.roles.items()
        if wish.granted_by == event.grant
    }
    return replace(state, roles={**state.roles, **ended})


ACCOUNT = Fold(streams.USER, AccountState(), evolve)
