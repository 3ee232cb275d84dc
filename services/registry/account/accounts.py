"""Opening and closing accounts (R82, X10). Pure."""

from __future__ import annotations

from events.contracts import registry as ev
from services.kit.decider import DomainError, Loaded, Outcome, Take, World, on
from services.registry import reasons
from services.registry.account import commands as cmd
from services.registry.account.duties import open_cases
from services.registry.account.reasons import CASES_OPEN, NOT_HANDED_OVER
from services.registry.account.state import ACCOUNT, AccountState
from services.registry.deciding import decide, only_to_begin
from services.registry.office.state import OFFICE


@decide(cmd.OpenAccount)
def open_account(c: cmd.OpenAccount, w: World) -> Outcome:
    """Open an account in an office at work, under a login that nobody has (R82)."""
    only_to_begin(w)
    w.authorise(c.office, kind="account")
    if not w.need(OFFICE, c.office).state.is_open(w.day):
        raise DomainError(reasons.OFFICE_CLOSED)
    login = c.login.strip().lower()
    claim = f"login/{login}"
    if (holder := w.holder(claim)) is not None:
        known = w.need(ACCOUNT, holder).state
        if (known.office, known.name) == (c.office, c.name) and known.closed is None:
            return ()
        raise DomainError(reasons.LOGIN_TAKEN)
    account = w.new(ACCOUNT, f"office-{c.office}")
    event = ev.AccountOpened(office=c.office, name=c.name, login=login)
    return (*on(account, event), Take(claim, account.stream, reasons.LOGIN_TAKEN))


@decide(cmd.CloseAccount)
def close_account(c: cmd.CloseAccount, w: World) -> Outcome:
    """Close an account whose duties were handed over; its login stays taken (X10, R107)."""
    account = need_account(w, c.user, closed=True)
    if account.state.closed is not None:
        if account.state.closed == c.from_day:
            return ()
        raise DomainError(reasons.ACCOUNT_CLOSED)
    office = w.directory.office(account.state.office)
    leader = office.led_by(c.from_day) if office else None
    if w.directory.deputised(c.user, c.from_day) or (leader and leader.user == c.user):
        raise DomainError(NOT_HANDED_OVER)
    if cases := open_cases(w, c.user):
        raise DomainError(CASES_OPEN, count=len(cases))
    return on(account, ev.AccountClosed(from_day=c.from_day))


def need_account(w: World, user: str, *, closed: bool = False) -> Loaded[AccountState]:
    """Return an account in the asker's area, which is open unless `closed` ones will do."""
    account = w.need(ACCOUNT, user)
    w.authorise(account.state.office, kind="account")
    if account.state.closed is not None and not closed:
        raise DomainError(reasons.ACCOUNT_CLOSED)
    return account
