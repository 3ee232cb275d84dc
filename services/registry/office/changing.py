"""Renaming and closing an office, its mining-area flag and its leader. Pure."""

from __future__ import annotations

from events.contracts import registry as ev
from services.kit.decider import DomainError, Loaded, Outcome, World, on
from services.registry import reasons
from services.registry.account.reasons import OTHER_OFFICE
from services.registry.deciding import decide, forbid
from services.registry.office import commands as cmd
from services.registry.office.state import OFFICE, OfficeState


def _working(w: World, office: str) -> Loaded[OfficeState]:
    """Return an office in the asker's area that is not closed."""
    found = w.need(OFFICE, office)
    w.authorise(office, kind="office")
    if found.state.closed is not None:
        raise DomainError(reasons.OFFICE_CLOSED)
    return found


@decide(cmd.RenameOffice)
def rename_office(c: cmd.RenameOffice, w: World) -> Outcome:
    """Rename an office; reports of earlier days keep the old name (X19)."""
    office = _working(w, c.office)
    if c.name == office.state.name:
        return ()
    if c.from_day < office.state.named_from:
        raise DomainError(reasons.DATE_ORDER)
    return on(office, ev.OfficeRenamed(name=c.name, from_day=c.from_day, document=c.document))


@decide(cmd.CloseOffice)
def close_office(c: cmd.CloseOffice, w: World) -> Outcome:
    """Close an office under which nothing works any more (X19)."""
    office = w.need(OFFICE, c.office)
    w.authorise(c.office, kind="office")
    if office.state.closed is not None:
        if office.state.closed == c.from_day:
            return ()
        raise DomainError(reasons.OFFICE_CLOSED)
    if c.from_day < office.state.opened:
        raise DomainError(reasons.DATE_ORDER)
    if any(child.is_open(c.from_day) for child in w.directory.below(c.office)):
        raise DomainError(reasons.OFFICE_HAS_CHILDREN)
    accounts = (a for a in w.directory.accounts.values() if a.office == c.office)
    if any(account.is_open(c.from_day) for account in accounts):
        raise DomainError(reasons.OFFICE_HAS_ACCOUNTS)
    return on(office, ev.OfficeClosed(from_day=c.from_day, document=c.document))


@decide(cmd.SetMiningArea)
def set_mining_area(c: cmd.SetMiningArea, w: World) -> Outcome:
    """Flag a street from a day on: there the county does both steps (R24)."""
    office = _working(w, c.office)
    if (office.state.kind, office.state.level) != ("labour", "street"):
        raise DomainError(reasons.NOT_A_STREET)
    if office.state.mining_area == c.is_mining_area:
        return ()
    if c.from_day < max(office.state.opened, office.state.mining_from):
        raise DomainError(reasons.DATE_ORDER)
    event = ev.MiningAreaSet(
        is_mining_area=c.is_mining_area, from_day=c.from_day, document=c.document
    )
    return on(office, event)


@decide(cmd.NameLeader)
def name_leader(c: cmd.NameLeader, w: World) -> Outcome:
    """Name who answers for an office; the leader before ends with the day before (R107)."""
    office = _working(w, c.office)
    if w.principal.office not in (c.office, office.state.parent):
        raise forbid("应由本单位或上级单位负责人办理", "the office's or its superior's head acts")
    event = ev.LeaderNamed(leader=c.leader, post=c.post, from_day=c.from_day, until=c.until)
    known = office.state.leader
    if event == known:
        return ()
    account = w.directory.accounts.get(c.leader)
    if account is None or account.office != c.office or not account.is_open(c.from_day):
        raise DomainError(OTHER_OFFICE)
    if c.until is not None and c.until < c.from_day:
        raise DomainError(reasons.DATE_ORDER)
    if c.from_day < (known.from_day if known else office.state.opened):
        raise DomainError(reasons.DATE_ORDER)
    return on(office, event)
