"""The directory: offices, accounts, parameters, calendar and categories as folded from the log.

Used by the write role for decisions and by projections for reference facts, each as of a `seq`.
`fold` takes many events with one copy of the maps; `evolve` takes a single one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, TypeAlias, assert_never

from events.contracts import registry as ev
from events.contracts.base import Recorded, ident, union_members
from events.rules.directory_tree import Tree, TreeEvent
from events.rules.directory_values import (
    Account,
    CityCategory,
    Delegation,
    Directory,
    Grant,
    Office,
    Setting,
)

__all__ = [
    "DIRECTORY_TYPES",
    "PLANNING_TYPES",
    "Account",
    "CityCategory",
    "Delegation",
    "Directory",
    "Grant",
    "Office",
    "Setting",
    "evolve",
    "fold",
]

_AccountEvent: TypeAlias = (
    ev.AccountOpened
    | ev.RoleProposed
    | ev.RoleGranted
    | ev.RoleRevoked
    | ev.AccountClosed
    | ev.DelegationGranted
    | ev.DelegationEnded
)

DIRECTORY_TYPES: frozenset[str] = frozenset(
    event.type for event in union_members(TreeEvent, _AccountEvent, ev.RuleFact)
)
"""Wire names of the events that change a directory; it may be fed with these alone."""

PLANNING_TYPES = frozenset(
    event.type
    for event in (
        ev.CalendarSet, ev.RuleParameterSet,
        ev.OfficeRecoded, ev.OfficeMoved, ev.OfficesMerged, ev.OfficeSplit,
    )
)  # fmt: skip
"""Those among them by which open days may move: a duty follows its office (X17, X18, X19)."""


def fold(directory: Directory, facts: Iterable[Recorded[Any]]) -> Directory:
    """Return the directory after facts in `seq` order; events it does not name change nothing."""
    builder = _Builder(directory)
    for fact in facts:
        builder.apply(fact)
    return builder.done()


def evolve(directory: Directory, fact: Recorded[Any]) -> Directory:
    """Return the directory after one fact."""
    return fold(directory, (fact,))


class _Builder:
    """A directory in the making: maps of its own, written in place, handed out once."""

    def __init__(self, start: Directory) -> None:
        self.seq, self.calendar = start.seq, start.calendar
        self.tree = Tree(dict(start.offices))
        self.settings = dict(start.settings)
        self.accounts = dict(start.accounts)
        self.logins = dict(start.logins)
        self.categories = dict(start.categories)
        self.delegations = dict(start.delegations)
        self.proposed = dict(start.proposed)

    def done(self) -> Directory:
        """Hand the directory out."""
        return Directory(
            seq=self.seq,
            offices=MappingProxyType(self.tree.offices),
            accounts=MappingProxyType(self.accounts),
            logins=MappingProxyType(self.logins),
            settings=MappingProxyType(self.settings),
            calendar=self.calendar,
            categories=MappingProxyType(self.categories),
            delegations=MappingProxyType(self.delegations),
            proposed=MappingProxyType(self.proposed),
        )

    def apply(self, fact: Recorded[Any]) -> None:
        """Take one fact in."""
        self.seq = max(self.seq, fact.seq)
        event = fact.event
        if isinstance(event, TreeEvent):
            self.tree.apply(ident(fact.stream), event)
            while self.tree.moves:
                self._follow(*self.tree.moves.pop(0))
        elif isinstance(event, _AccountEvent):
            self._account(ident(fact.stream), fact.event_id, event)
        elif isinstance(event, ev.RuleFact):
            self._rule(fact, event)

    def _follow(self, old: str, new: str) -> None:
        """Take roles and settings along to an area's new path (X19)."""
        for account in [*self.accounts.values()]:
            grants = tuple(
                replace(g, areas=tuple(_rebased(a, old, new) for a in g.areas))
                for g in account.grants
            )
            self.accounts[account.id] = replace(account, grants=grants)
        for key, settings in [*self.settings.items()]:
            self.settings[key] = tuple(
                replace(s, path=_rebased(s.path, old, new)) for s in settings
            )

    def _account(self, user: str, event_id: str, event: _AccountEvent) -> None:
        match event:
            case ev.AccountOpened():
                self.accounts[user] = Account(user, event.login, event.name, event.office)
                self.logins[event.login] = user
            case ev.RoleProposed():
                self.proposed[event_id] = event
            case ev.RoleGranted():
                self._granted(user, event_id, event)
            case ev.RoleRevoked():
                self._revoked(user, event)
            case ev.AccountClosed():
                self.accounts[user] = replace(self.accounts[user], closed=event.from_day)
            case ev.DelegationGranted():
                term = _delegation(user, event_id, event)
                self.delegations[user] = (*self.delegations.get(user, ()), term)
            case ev.DelegationEnded():
                terms = self.delegations.get(user, ())
                self.delegations[user] = tuple(t for t in terms if t.event != event.delegation)
            case _:
                assert_never(event)

    def _granted(self, user: str, event_id: str, event: ev.RoleGranted) -> None:
        """Put a proposed role into force; the grant's id is the event that granted it."""
        wish = self.proposed.pop(event.proposal)
        if isinstance(wish, ev.RoleProposed):
            areas = tuple(self.tree.offices[area].path for area in wish.areas)
            grant = Grant(event_id, wish.role, areas, wish.from_day, wish.until)
            account = self.accounts[user]
            self.accounts[user] = replace(account, grants=(*account.grants, grant))

    def _revoked(self, user: str, event: ev.RoleRevoked) -> None:
        """End a grant with the day before `from`, unless it ended sooner."""
        account, last = self.accounts[user], event.from_day - timedelta(days=1)
        grants = tuple(
            replace(g, until=_sooner(g.until, last)) if g.event == event.grant else g
            for g in account.grants
        )
        self.accounts[user] = replace(account, grants=grants)

    def _rule(self, fact: Recorded[Any], event: ev.RuleFact) -> None:
        office, own = ident(fact.subject), ident(fact.stream)
        match event:
            case ev.RuleParameterProposed():
                self.proposed[fact.event_id] = event
            case ev.RuleParameterSet():
                self._set(office, fact.event_id, event)
            case ev.RuleParameterRejected():
                self.proposed.pop(event.proposal, None)
            case ev.CityCategoryDefined():
                self.categories[own] = _category(own, office, event)
            case ev.CityCategoryEnded():
                old = self.categories[own]
                self.categories[own] = replace(old, until=_sooner(old.until, event.until))
            case ev.CalendarSet():
                self.calendar = self.calendar.with_year(
                    event.year, event.holidays, event.make_up_workdays
                )
            case _:
                assert_never(event)

    def _set(self, office: str, event_id: str, event: ev.RuleParameterSet) -> None:
        """Put a proposed value into force for the area of the office that set it."""
        wish = self.proposed.pop(event.proposal)
        if isinstance(wish, ev.RuleParameterProposed):
            path = self.tree.offices[office].path
            setting = Setting(wish.key, path, wish.value, wish.from_day, wish.until, event_id)
            self.settings[wish.key] = (*self.settings.get(wish.key, ()), setting)


def _rebased(path: str, old: str, new: str) -> str:
    """Give a path after the area `old` became `new`."""
    return new + path[len(old) :] if path.startswith(old) else path


def _sooner(until: date | None, other: date) -> date:
    """Give the earlier of two last days."""
    return other if until is None else min(until, other)


def _delegation(giver: str, event_id: str, event: ev.DelegationGranted) -> Delegation:
    """Make a delegation out of its event."""
    return Delegation(
        event=event_id,
        giver=giver,
        deputy=event.deputy,
        scope=event.scope,
        cases=event.cases,
        from_day=event.from_day,
        until=event.until,
    )


def _category(own: str, city: str, event: ev.CityCategoryDefined) -> CityCategory:
    """Make a city category out of its event."""
    return CityCategory(own, city, event.name, event.conditions, event.from_day, event.until)
