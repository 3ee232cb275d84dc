"""What the directory holds: offices, accounts, settings, city categories, delegations.

A directory is a value: `events.rules.directory` makes the next one and never touches the old.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from events.contracts.registry import RoleProposed, RuleParameterProposed
from events.rules.calendar import WorkCalendar
from events.rules.divisions import Level, covers
from events.rules.ruleset import Parameters, rule_set_on


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


def in_force(from_day: date, until: date | None, day: date) -> bool:
    """Tell whether a day lies in a term; `until` is its last day."""
    return from_day <= day and (until is None or day <= until)


@dataclass(frozen=True, slots=True)
class Leader:
    """Who answers for an office for a term; `until` is its last day (R107)."""

    user: str
    post: str
    from_day: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Office:
    """An office: `id` is stable, `path` its division code in natural length (`140105001`).

    `name`, `path` and `mining_area` are the latest known; `names` and `mining` have the dates.
    """

    id: str
    name: str
    kind: str
    level: Level
    path: str
    parent: str | None
    opened: date
    closed: date | None = None
    mining_area: bool = False
    department: str | None = None
    names: tuple[tuple[date, str], ...] = ()
    mining: tuple[tuple[date, bool], ...] = ()
    leaders: tuple[Leader, ...] = ()

    def is_open(self, day: date) -> bool:
        """Tell whether the office works on that day."""
        return self.opened <= day and (self.closed is None or day < self.closed)

    def name_on(self, day: date) -> str:
        """Return the name that the office had on a day (X19)."""
        return next((name for since, name in reversed(self.names) if since <= day), self.name)

    def led_by(self, day: date) -> Leader | None:
        """Return the responsible leader on a day, if one is named (R107)."""
        return next((one for one in self.leaders if in_force(one.from_day, one.until, day)), None)

    def is_mining_area(self, day: date) -> bool:
        """Tell whether the office was an independent mining area on a day (R24)."""
        return next((flag for since, flag in reversed(self.mining) if since <= day), False)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role given to an account over areas (paths), up to a last day; `event` is its id."""

    event: str
    role: str
    areas: tuple[str, ...]
    from_day: date
    until: date | None = None

    def in_force(self, day: date) -> bool:
        """Tell whether the role is held on that day."""
        return in_force(self.from_day, self.until, day)


@dataclass(frozen=True, slots=True)
class Account:
    """One person's account in one office; `closed` is the first day without it."""

    id: str
    login: str
    name: str
    office: str
    grants: tuple[Grant, ...] = ()
    closed: date | None = None

    def is_open(self, day: date) -> bool:
        """Tell whether the account works on that day."""
        return self.closed is None or day < self.closed

    def held(self, day: date) -> tuple[Grant, ...]:
        """Return the grants in force on a day."""
        return tuple(g for g in self.grants if g.in_force(day)) if self.is_open(day) else ()

    def roles(self, day: date) -> frozenset[str]:
        """Return the roles in force on a day."""
        return frozenset(grant.role for grant in self.held(day))


@dataclass(frozen=True, slots=True)
class Delegation:
    """Roles that an account gave to a deputy of its office for a time (X10)."""

    event: str
    giver: str
    deputy: str
    scope: tuple[str, ...]
    cases: tuple[str, ...]
    from_day: date
    until: date

    def in_force(self, day: date) -> bool:
        """Tell whether the deputy may act on that day."""
        return in_force(self.from_day, self.until, day)


@dataclass(frozen=True, slots=True)
class Setting:
    """A parameter's value from a day on, set by an office for its area (X17)."""

    key: str
    path: str
    value: Any
    from_day: date
    until: date | None
    event: str


@dataclass(frozen=True, slots=True)
class CityCategory:
    """A category that a city (office id) defined for its own area (R16)."""

    id: str
    city: str
    name: str
    conditions: Any
    from_day: date
    until: date | None = None

    def in_force(self, day: date) -> bool:
        """Tell whether new cases may take the category on that day."""
        return in_force(self.from_day, self.until, day)


@dataclass(frozen=True, slots=True)
class Directory:
    """Reference facts as known at `seq`."""

    seq: int = 0
    offices: Mapping[str, Office] = field(default_factory=_nothing)
    accounts: Mapping[str, Account] = field(default_factory=_nothing)
    logins: Mapping[str, str] = field(default_factory=_nothing)
    settings: Mapping[str, tuple[Setting, ...]] = field(default_factory=_nothing)
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    categories: Mapping[str, CityCategory] = field(default_factory=_nothing)
    delegations: Mapping[str, tuple[Delegation, ...]] = field(default_factory=_nothing)
    """Delegations by giver."""
    proposed: Mapping[str, RoleProposed | RuleParameterProposed] = field(default_factory=_nothing)
    """Roles and parameter values that wait for a second signature, by event id."""

    def office(self, office_id: str) -> Office | None:
        """Return an office by id."""
        return self.offices.get(office_id)

    def path(self, office_id: str) -> str:
        """Return an office's division path, or an impossible one for an unknown office."""
        found = self.offices.get(office_id)
        return found.path if found else "?"

    def above(self, office_id: str, level: str) -> Office | None:
        """Return the labour office of a level over an office (itself included)."""
        at = self.offices.get(office_id)
        while at is not None and not (at.level == level and at.kind == "labour"):
            at = self.offices.get(at.parent) if at.parent else None
        return at

    def below(self, office_id: str) -> tuple[Office, ...]:
        """Return the offices directly under an office."""
        return tuple(office for office in self.offices.values() if office.parent == office_id)

    def areas(self, account_id: str, day: date) -> tuple[str, ...]:
        """Return the paths over which an account holds a role on a day."""
        account = self.accounts.get(account_id)
        held = account.held(day) if account else ()
        return tuple(dict.fromkeys(area for grant in held for area in grant.areas))

    def delegated(self, deputy: str, giver: str, day: date) -> Delegation | None:
        """Return the delegation by which a deputy acts for a giver on a day, if any (X10)."""
        terms = (d for d in self.delegations.get(giver, ()) if d.deputy == deputy)
        return next((d for d in terms if d.in_force(day)), None)

    def deputised(self, deputy: str, day: date) -> tuple[Delegation, ...]:
        """Return the delegations to a deputy that are in force on a day or later (X10)."""
        given = (d for terms in self.delegations.values() for d in terms)
        return tuple(d for d in given if d.deputy == deputy and d.until >= day)

    def categories_for(self, path: str, day: date) -> tuple[CityCategory, ...]:
        """Return the city categories that hold for an area on a day (R16)."""
        return tuple(
            category
            for category in self.categories.values()
            if category.in_force(day) and covers(self.path(category.city), path)
        )

    def parameter(self, key: str, path: str, day: date) -> Any:  # noqa: ANN401  any JSON value
        """Return a parameter's value for an area on a day: the narrowest setting, else the default.

        Raises KeyError for an unknown key. Defaults are those of the rule set in force (X17).
        """
        return Parameters(rule_set_on(day), self.settings.get(key, ())).value(key, path, day)
