"""Roles: proposed by one hand, given by the head of the superior office (R23). Pure."""

from __future__ import annotations

from datetime import date
from typing import get_args

from events.contracts import registry as ev
from events.rules.directory import Office
from events.rules.divisions import covers
from events.rules.duties import roles_exclude
from events.rules.roles import ROLES, Role
from events.rules.seconds import of_role
from services.kit.decider import NOT_FOUND, DomainError, Loaded, Outcome, World, on
from services.registry import reasons
from services.registry.account import commands as cmd
from services.registry.account.accounts import need_account
from services.registry.account.state import ACCOUNT, AccountState, RoleWish
from services.registry.deciding import decide, forbid, need_other_hand, only_to_begin

_KIND_OF: dict[str, frozenset[str]] = {
    "labour": frozenset({"labour"}),
    "pes": frozenset({"pes"}),
    "department": frozenset({"department"}),
}
_KIND_OF_BODY = {
    "union": "union",
    "youth": "youth",
    "women": "women",
    "trainer": "training",
    "appraiser": "appraisal",
    "agency": "agency",
    "media": "media",
}
_NOBODY = frozenset({"person", "system"})


@decide(cmd.ProposeRole)
def propose_role(c: cmd.ProposeRole, w: World) -> Outcome:
    """Propose a role that the office can give, within its area, against no other role (R23)."""
    only_to_begin(w)
    account = need_account(w, c.user)
    office = _office(w, account.state.office)
    if not _gives(office, c.role):
        raise DomainError(reasons.ROLE_NOT_HERE, role=c.role)
    _need_areas(w, office, c.areas)
    if c.until is not None and c.until < c.from_day:
        raise DomainError(reasons.DATE_ORDER)
    if any(_same(wish, c) for wish in account.state.roles.values()):
        return ()
    _need_apart(w, account, c.role, c.areas, c.from_day)
    event = ev.RoleProposed(role=c.role, areas=c.areas, from_day=c.from_day, until=c.until)
    return on(account, event)


def _office(w: World, office: str) -> Office:
    """Return the account's office as the directory knows it."""
    found = w.directory.office(office)
    if found is None:
        raise DomainError(reasons.UNKNOWN_OFFICE)
    return found


def _gives(office: Office, name: str) -> bool:
    """Tell whether an office of that level and kind can give a role (C7)."""
    role = ROLES.get(name)
    if role is None or name in _NOBODY or office.level not in role.levels:
        return False
    return office.kind in _kinds(role) and _is_own_department(office, role)


def _kinds(role: Role) -> frozenset[str]:
    """Name the kinds of office in which a role exists."""
    if role.name in _KIND_OF_BODY:
        return frozenset({_KIND_OF_BODY[role.name]})
    return _KIND_OF.get(role.kind, frozenset(get_args(ev.OfficeKind)))


def _is_own_department(office: Office, role: Role) -> bool:
    """Tell whether a department gives its own role: the tax office no finance role."""
    if role.kind != "department":
        return True
    return office.department == role.name


def _need_areas(w: World, office: Office, areas: tuple[str, ...]) -> None:
    """Refuse areas that are unknown or reach beyond the office's own (R43)."""
    for area in areas:
        found = w.directory.office(area)
        if found is None:
            raise DomainError(reasons.UNKNOWN_OFFICE)
        if not covers(office.path, found.path):
            raise DomainError(reasons.ROLE_AREA)


def _same(wish: RoleWish, c: cmd.ProposeRole) -> bool:
    """Tell whether the role was proposed, or is held, just so."""
    known = wish.event
    as_wished = (c.role, c.areas, c.from_day, c.until)
    return (known.role, known.areas, known.from_day, wish.until) == as_wished


def in_hand(w: World, account: Loaded[AccountState], day: date) -> list[tuple[str, str]]:
    """List (role, area) that an account has on a day or later, its own and as a deputy (X10)."""
    own = [
        (wish.event.role, w.directory.path(area))
        for wish in account.state.roles.values()
        if wish.granted_by is not None and wish.reaches(day)
        for area in wish.event.areas
    ]
    lent = [
        (grant.role, area)
        for term in w.directory.deputised(account.id, day)
        for grant in w.directory.accounts[term.giver].grants
        if grant.role in term.scope
        for area in grant.areas
    ]
    return own + lent


def _need_apart(
    w: World, account: Loaded[AccountState], role: str, areas: tuple[str, ...], day: date
) -> None:
    """Refuse a street and a county role over the same area in one hand (R23)."""
    wanted = [w.directory.path(area) for area in areas]
    against = roles_exclude(role, wanted, in_hand(w, account, day))
    if against is not None:
        raise DomainError(reasons.ROLES_EXCLUDE, held=against[0])


@decide(cmd.ApproveRole)
def approve_role(c: cmd.ApproveRole, w: World) -> Outcome:
    """Give a proposed role: not by the proposer, not by the holder, from above (R23)."""
    only_to_begin(w)
    account = w.need(ACCOUNT, c.user)
    office = _office(w, account.state.office)
    w.authorise(office.parent or office.id, kind="account")
    if account.state.closed is not None:
        raise DomainError(reasons.ACCOUNT_CLOSED)
    wish = account.state.roles.get(c.proposal)
    if wish is None:
        raise DomainError(NOT_FOUND, what=f"event-{c.proposal}")
    if wish.granted_by is not None:
        return ()
    if not w.principal.system:
        _need_superior(w, office)
        need_other_hand(w, c.user, *wish.hands)
    _need_apart(w, account, wish.event.role, wish.event.areas, wish.event.from_day)
    return on(account, ev.RoleGranted(proposal=c.proposal))


def _need_superior(w: World, office: Office) -> None:
    """Demand a head of the office above; beside a labour office, that office's own head."""
    if not w.principal.roles & of_role(office, w.directory).roles:
        raise forbid("应由上级单位负责人批准", "the head of the superior office approves")


@decide(cmd.RevokeRole)
def revoke_role(c: cmd.RevokeRole, w: World) -> Outcome:
    """Take a granted role back from a day on."""
    account = need_account(w, c.user, closed=True)
    wish = next((r for r in account.state.roles.values() if r.granted_by == c.grant), None)
    if wish is None:
        raise DomainError(NOT_FOUND, what=f"event-{c.grant}")
    if not wish.reaches(c.from_day):
        return ()
    if c.from_day < wish.event.from_day:
        raise DomainError(reasons.DATE_ORDER)
    return on(account, ev.RoleRevoked(grant=c.grant, from_day=c.from_day, reason=c.reason))
