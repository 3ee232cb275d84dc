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
    roles = directory.delegated(deputy.user, giver, day)
    giver_now = principal_by_id(giver, directory, day)
    if not roles or giver_now is None:
        return None
    return replace(deputy, roles=roles, areas=giver_now.areas, on_behalf_of=giver)
