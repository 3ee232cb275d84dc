"""From an account to whom it may act as on a day; offices and roles come from the directory."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from events.rules.access import Principal
from events.rules.directory import Account, Directory

SYSTEM = Principal(
    user="system",
    office="",
    level=None,
    path="",
    roles=frozenset({"system"}),
    areas=(),
    system=True,
)


def principal_of(account: Account, directory: Directory, day: date) -> Principal | None:
    """Return what an account may act as on a day; None when it or its office is closed."""
    office = directory.office(account.office)
    if office is None or not office.is_open(day) or not account.is_open(day):
        return None
    held = account.held(day)
    areas = {area for grant in held for area in grant.areas} or {office.path}
    return Principal(
        user=account.id,
        office=office.id,
        level=office.level,
        path=office.path,
        roles=frozenset(grant.role for grant in held),
        areas=tuple(sorted(areas)),
    )


def principal_by_id(user: str, directory: Directory, day: date) -> Principal | None:
    """Return whom a user id stands for on a day."""
    account = directory.accounts.get(user)
    return None if account is None else principal_of(account, directory, day)


def acting_for(deputy: Principal, giver: str, directory: Directory, day: date) -> Principal | None:
    """Return a deputy with the roles that another officer delegated (X10); None without any."""
    term = directory.delegated(deputy.user, giver, day)
    account = directory.accounts.get(giver)
    if term is None or account is None or account.office != deputy.office:
        return None
    held = [grant for grant in account.held(day) if grant.role in term.scope]
    if not held:
        return None
    return replace(
        deputy,
        roles=frozenset(grant.role for grant in held),
        areas=tuple(sorted({area for grant in held for area in grant.areas})),
        on_behalf_of=giver,
        cases=frozenset(term.cases),
    )
