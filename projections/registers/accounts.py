"""Accounts with their roles, leave and delegations (R23, R82, X10)."""

from __future__ import annotations

from typing import Any

from events.contracts import registry
from events.contracts.base import Recorded
from events.rules.directory import Directory
from projections.registers.rows import Handler, day, owned
from projections.rows import State


def _account(row: State, fact: Recorded[Any], directory: Directory) -> None:
    event: registry.AccountOpened = fact.event
    owned(row, fact, directory, event.office)
    row |= {"name": event.name, "login": event.login, "roles": [], "proposed": {}, "closed": None}


def _role_proposed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: registry.RoleProposed = fact.event
    wish = {
        "role": event.role,
        "areas": list(event.areas),
        "from": event.from_day.isoformat(),
        "until": event.until.isoformat() if event.until else None,
        "proposal": fact.event_id,
        "by": fact.actor,
        "on_behalf_of": fact.attribute("on_behalf_of"),
        "on": day(fact),
    }
    row["proposed"] = {**row.get("proposed", {}), fact.event_id: wish}


def _role_granted(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: registry.RoleGranted = fact.event
    waiting = dict(row.get("proposed", {}))
    if (wish := waiting.pop(event.proposal, None)) is not None:
        given = {
            "grant": fact.event_id,
            "granted_by": fact.actor,
            "granted_for": fact.attribute("on_behalf_of"),
        }
        row["roles"] = [*row.get("roles", ()), {**wish, **given}]
    row["proposed"] = waiting


def _role_revoked(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: registry.RoleRevoked = fact.event
    end = event.from_day.isoformat()
    row["roles"] = [
        {**r, "revoked_from": end} if r["grant"] == event.grant else r for r in row["roles"]
    ]


def _account_closed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: registry.AccountClosed = fact.event
    row["closed"] = event.from_day.isoformat()


def _leave(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: registry.LeaveRecorded = fact.event
    away = {
        "from": event.from_day.isoformat(),
        "until": event.until.isoformat(),
        "deputy": event.deputy,
    }
    row["leave"] = [*row.get("leave", ()), away]


def _delegated(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: registry.DelegationGranted = fact.event
    term = {
        "delegation": fact.event_id,
        "deputy": event.deputy,
        "scope": list(event.scope),
        "cases": list(event.cases),
        "reason": event.reason,
        "from": event.from_day.isoformat(),
        "until": event.until.isoformat(),
    }
    row["delegations"] = [*row.get("delegations", ()), term]


def _delegation_ended(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: registry.DelegationEnded = fact.event
    terms = row.get("delegations", ())
    row["delegations"] = [t for t in terms if t["delegation"] != event.delegation]


HANDLERS: dict[str, Handler] = {
    registry.AccountOpened.type: _account,
    registry.RoleProposed.type: _role_proposed,
    registry.RoleGranted.type: _role_granted,
    registry.RoleRevoked.type: _role_revoked,
    registry.AccountClosed.type: _account_closed,
    registry.LeaveRecorded.type: _leave,
    registry.DelegationGranted.type: _delegated,
    registry.DelegationEnded.type: _delegation_ended,
}
"""What each fact of an account does."""
