"""The main sections: those that everybody has, and those that one's roles open."""

from __future__ import annotations

from events.rules.roles import HEADS
from services.console.offers import may_send
from services.console.session import Session
from services.console.wishes import wishes

ADMINISTER = HEADS | {"operator"}
"""Roles that open, propose, approve or close accounts and roles (R23)."""


def menu(session: Session) -> list[tuple[str, str]]:
    """Return the sections: address and key of the words."""
    own = f"/o/{session.office or '140000000000'}"
    found = [
        ("/tasks", "nav.tasks"), ("/persons", "nav.persons"), ("/households", "nav.households"),
        ("/apply", "nav.apply"), (own, "nav.figures"), ("/acts", "nav.office"),
    ]  # fmt: skip
    if session.roles & ADMINISTER:
        found.append(("/accounts", "nav.accounts"))
    if may_send(wishes()["registry.request_export"], session.roles):
        found.append(("/exports", "nav.exports"))
    return [*found, ("/audit", "nav.audit")]
