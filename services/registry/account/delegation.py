"""Deputies and leave: a delegation has scope and dates, and both names count (X10, R23). Pure."""

from __future__ import annotations

from events.contracts import registry as ev
from events.rules.duties import roles_exclude
from events.rules.roles import HEADS
from services.kit.decider import NOT_FOUND, DomainError, Loaded, Outcome, World, on
from services.registry.account import commands as cmd
from services.registry.account import reasons as why
from services.registry.account.accounts import need_account
from services.registry.account.roles import in_hand
from services.registry.account.state import ACCOUNT, AccountState
from services.registry.deciding import decide, forbid
from services.registry.reasons import ACCOUNT_CLOSED, DATE_ORDER


@decide(cmd.Delegate)
def delegate(c: cmd.Delegate, w: World) -> Outcome:
    """Delegate roles that the giver holds to a colleague, apart from the other level (X10, R23)."""
    giver = need_account(w, c.user)
    _need_own_office(w, giver)
    if w.principal.on_behalf_of is not None:
        raise forbid("代办人不能再授权", "a deputy cannot delegate")
    if c.until < c.from_day:
        raise DomainError(DATE_ORDER)
    event = ev.DelegationGranted(
        deputy=c.deputy,
        scope=c.scope,
        cases=c.cases,
        from_day=c.from_day,
        until=c.until,
        reason=c.reason,
    )
    if event in giver.state.delegations.values():
        return ()
    _need_colleague(w, giver, c.deputy)
    for role in c.scope:
        if not giver.state.holds(role, c.from_day, c.until):
            raise DomainError(why.ROLE_NOT_HELD, role=role)
    if any(_overlaps(known, c) for known in giver.state.delegations.values()):
        raise DomainError(why.DELEGATION_OVERLAPS)
    _need_apart(w, giver, c)
    return on(giver, event)


def _need_own_office(w: World, account: Loaded[AccountState]) -> None:
    """Demand that the head leads the officer's own office."""
    if w.principal.office != account.state.office:
        raise forbid("应由本单位负责人办理", "the head of the same office acts")


def _need_colleague(w: World, giver: Loaded[AccountState], deputy: str) -> Loaded[AccountState]:
    """Return the deputy's account, which is another open one of the same office."""
    if deputy == giver.id:
        raise DomainError(why.OWN_DEPUTY)
    found = w.need(ACCOUNT, deputy)
    if found.state.office != giver.state.office or found.state.closed is not None:
        raise DomainError(why.OTHER_OFFICE)
    return found


def _overlaps(known: ev.DelegationGranted, c: cmd.Delegate) -> bool:
    """Tell whether two delegations to one deputy share a day."""
    return known.deputy == c.deputy and known.from_day <= c.until and c.from_day <= known.until


def _need_apart(w: World, giver: Loaded[AccountState], c: cmd.Delegate) -> None:
    """Refuse a deputy who would hold street and county over one area, by whatever way (R23)."""
    held = in_hand(w, w.need(ACCOUNT, c.deputy), c.from_day)
    for wish in giver.state.roles.values():
        if wish.granted_by is None or wish.event.role not in c.scope:
            continue
        areas = [w.directory.path(area) for area in wish.event.areas]
        if roles_exclude(wish.event.role, areas, held) is not None:
            raise DomainError(why.DELEGATION_EXCLUDES, role=wish.event.role)


@decide(cmd.EndDelegation)
def end_delegation(c: cmd.EndDelegation, w: World) -> Outcome:
    """End a delegation; the giver or the head of the office does it (X10)."""
    giver = _own_or_led(w, c.user)
    if c.delegation in giver.state.delegations:
        return on(giver, ev.DelegationEnded(delegation=c.delegation))
    known = w.event(giver, c.delegation).event
    if not isinstance(known, ev.DelegationGranted):
        raise DomainError(NOT_FOUND, what=f"event-{c.delegation}")
    return ()


def _own_or_led(w: World, user: str) -> Loaded[AccountState]:
    """Return an account to the officer himself or to a head of his office."""
    account = w.need(ACCOUNT, user)
    office = account.state.office
    own = w.principal.areas if w.principal.user == user else ()
    w.authorise(office, kind="account", granted=own, referred=frozenset({office}))
    if w.principal.user == user and w.principal.on_behalf_of is None:
        return account
    _need_own_office(w, account)
    if not w.principal.roles & HEADS:
        raise forbid("应由本人或单位负责人办理", "the officer or the head of the office acts")
    return account


@decide(cmd.RecordLeave)
def record_leave(c: cmd.RecordLeave, w: World) -> Outcome:
    """Record a leave; that a deputy acts meanwhile is a delegation of its own (X10)."""
    account = _own_or_led(w, c.user)
    if account.state.closed is not None:
        raise DomainError(ACCOUNT_CLOSED)
    if c.until < c.from_day:
        raise DomainError(DATE_ORDER)
    if c.deputy is not None:
        _need_colleague(w, account, c.deputy)
    event = ev.LeaveRecorded(from_day=c.from_day, until=c.until, deputy=c.deputy)
    return () if event in account.state.leaves else on(account, event)
