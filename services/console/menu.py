"""The main sections: those whose page answers to one of one's roles, and no other."""

from __future__ import annotations

from events.rules.roles import HEADS, ROLES, expand
from services.console.offers import is_for_people, may_send, offer_of
from services.console.session import Session
from services.console.wishes import wishes
from services.kit.decider import Command

ADMINISTER = HEADS | {"operator"}
"""Roles that open, propose, approve or close accounts and roles (R23)."""
CASES = expand(frozenset({"readers"})) | {"auditor"}
"""Roles that read cases: duties, ledger, households, timeline (R43)."""
OFFICES = (
    CASES
    | {name for name, role in ROLES.items() if role.kind in {"department", "mass"}}
    | {"secretary", "operator", "rule_admin"}
)
"""Roles that read figures and registers: all but outside bodies (R43)."""
BEGIN = ("certification.file_application", "registry.register_person")
"""Acts that an application begins with."""


def menu(session: Session) -> list[tuple[str, str]]:
    """Return the sections: address and key of the words."""
    roles = session.roles
    cases = bool(roles & CASES)
    found = (
        (cases, "/tasks", "nav.tasks"),
        (cases, "/persons", "nav.persons"),
        (cases, "/households", "nav.households"),
        (_may(roles, *BEGIN), "/apply", "nav.apply"),
        (roles & OFFICES, f"/o/{session.office or '140000000000'}", "nav.figures"),
        (bool(office_acts(roles)), "/acts", "nav.office"),
        (roles & ADMINISTER, "/accounts", "nav.accounts"),
        (roles & OFFICES and _may(roles, "registry.request_export"), "/exports", "nav.exports"),
        (cases, "/audit", "nav.audit"),
    )
    return [(href, key) for may, href, key in found if may]


def _may(roles: frozenset[str], *commands: str) -> bool:
    return any(may_send(wishes()[name], roles) for name in commands)


def office_acts(roles: frozenset[str]) -> list[type[Command]]:
    """List the office's own acts that the roles may do."""
    return [
        c for _, c in sorted(wishes().items())
        if (o := offer_of(c.type)) and o.page == "office" and is_for_people(c)
        and may_send(c, roles)
    ]  # fmt: skip
