"""The tree of offices, the accounts in it, and the roles they hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from events.audit.facts import Fact

LEVELS = ("province", "city", "county", "street", "community")


@dataclass(slots=True)
class Office:
    """An office: where it stands and what it is."""

    id: str
    level: str
    kind: str
    parent: str | None
    code: str
    mining: bool = False
    into: str | None = None
    """The office that took this one over (X19)."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role over areas; `until` is its last day."""

    role: str
    areas: tuple[str, ...]
    start: date
    until: date | None


@dataclass(slots=True)
class Account:
    """A person who works in an office. Grants go by the id of the event that granted them."""

    office: str
    grants: dict[str, Grant] = field(default_factory=dict)
    closed: date | None = None

    def holds(self, role: str, day: date) -> bool:
        """Tell whether a role was in force on a day."""
        return any(
            g.role == role and g.start <= day and (g.until is None or day <= g.until)
            for g in self.grants.values()
        )


@dataclass(frozen=True, slots=True)
class Deputy:
    """What a holder let a deputy do for a time."""

    giver: str
    deputy: str
    scope: tuple[str, ...]
    start: date
    until: date


class Offices:
    """Folds the facts about offices and accounts; unknown ones give empty answers."""

    def __init__(self) -> None:
        self.offices: dict[str, Office] = {}
        self.accounts: dict[str, Account] = {}
        self.deputies: dict[str, Deputy] = {}
        self._proposed: dict[str, Fact] = {}
        self._folds = {
            "registry.office_opened.v1": self._opened,
            "registry.office_recoded.v1": self._recoded,
            "registry.office_moved.v1": self._moved,
            "registry.offices_merged.v1": self._merged,
            "registry.mining_area_set.v1": self._mining,
            "registry.account_opened.v1": self._account,
            "registry.account_closed.v1": self._account_closed,
            "registry.role_proposed.v1": self._propose,
            "registry.role_granted.v1": self._granted,
            "registry.role_revoked.v1": self._revoked,
            "registry.delegation_granted.v1": self._deputy,
            "registry.delegation_ended.v1": self._deputy_ended,
        }

    def fold(self, fact: Fact) -> None:
        """Take one fact about an office or an account."""
        if fold := self._folds.get(fact.type):
            fold(fact)

    def line(self, office: str | None) -> Iterator[Office]:
        """List an office and those above it; for one merged away, the one that took it over."""
        seen: set[str] = set()
        while office is not None and office not in seen and office in self.offices:
            seen.add(office)
            found = self.offices[office]
            if found.into is None:
                yield found
            office = found.into or found.parent

    def above(self, office: str, level: str) -> str | None:
        """Name the labour office of a level that stands over an office, or the office itself."""
        return next((o.id for o in self.line(office) if o.level == level), None)

    def area(self, office: str) -> str:
        """Give the division path of an office."""
        return next((o.code for o in self.line(office) if o.code), "")

    def mining(self, community: str) -> bool:
        """Tell whether a community lies in an independent mining area (R24)."""
        return any(o.mining for o in self.line(community))

    def level(self, office: str) -> str | None:
        """Name the level of an office."""
        found = self.offices.get(office)
        return found.level if found else None

    def deputised(self, actor: str, giver: str, role: str, day: date) -> bool:
        """Tell whether somebody acts for another in a role on a day (X10)."""
        return any(
            d.giver == giver and d.deputy == actor and role in d.scope and d.start <= day <= d.until
            for d in self.deputies.values()
        )

    def proposal(self, fact: Fact) -> Fact | None:
        """Give the proposal of a role that a fact names."""
        return self._proposed.get(fact.body.get("proposal", ""))

    def _opened(self, fact: Fact) -> None:
        b = fact.body
        self.offices[fact.key] = Office(
            fact.key, b["level"], b["kind"], b.get("parent"), b.get("code") or ""
        )

    def _recoded(self, fact: Fact) -> None:
        if office := self.offices.get(fact.key):
            office.code = fact.body["code"]

    def _moved(self, fact: Fact) -> None:
        if office := self.offices.get(fact.key):
            office.parent = fact.body["parent"]

    def _merged(self, fact: Fact) -> None:
        for closing in fact.body["closing"]:
            office = self.offices.get(closing)
            if office is not None and closing != fact.body["into"]:
                office.into = fact.body["into"]

    def _mining(self, fact: Fact) -> None:
        if office := self.offices.get(fact.key):
            office.mining = fact.body["is_mining_area"]

    def _account(self, fact: Fact) -> None:
        self.accounts[fact.key] = Account(fact.body["office"])

    def _account_closed(self, fact: Fact) -> None:
        if account := self.accounts.get(fact.key):
            account.closed = date.fromisoformat(fact.body["from"])

    def _propose(self, fact: Fact) -> None:
        self._proposed[fact.id] = fact

    def _granted(self, fact: Fact) -> None:
        proposal = self._proposed.pop(fact.body["proposal"], None)
        account = self.accounts.get(fact.key)
        if proposal is None or account is None:
            return
        b = proposal.body
        until = date.fromisoformat(b["until"]) if b.get("until") else None
        areas = tuple(b["areas"])
        account.grants[fact.id] = Grant(b["role"], areas, date.fromisoformat(b["from"]), until)

    def _revoked(self, fact: Fact) -> None:
        account = self.accounts.get(fact.key)
        grant = account.grants.get(fact.body["grant"]) if account else None
        if account and grant:
            last = date.fromisoformat(fact.body["from"])
            kept = Grant(
                grant.role, grant.areas, grant.start, date.fromordinal(last.toordinal() - 1)
            )
            account.grants[fact.body["grant"]] = kept

    def _deputy(self, fact: Fact) -> None:
        b = fact.body
        start, until = date.fromisoformat(b["from"]), date.fromisoformat(b["until"])
        self.deputies[fact.id] = Deputy(fact.key, b["deputy"], tuple(b["scope"]), start, until)

    def _deputy_ended(self, fact: Fact) -> None:
        self.deputies.pop(fact.body["delegation"], None)
