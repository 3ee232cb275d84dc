"""Opening, closing and reopening a file; the system does it (domain.md C3.7). Pure."""

from __future__ import annotations

from events.contracts import assistance as ev
from services.assistance import reasons
from services.assistance.deciding import decide
from services.assistance.file import commands as cmd
from services.assistance.file.state import FILE
from services.assistance.foreign import CASE, PERSON
from services.kit.decider import DomainError, Outcome, World, on


@decide(cmd.OpenFile)
def open_file(c: cmd.OpenFile, w: World) -> Outcome:
    """Open the file at the person's residence community, once (R3, R36)."""
    community = w.need(PERSON, c.person).state.residence
    w.authorise(community)
    if w.load(FILE, c.case).exists:
        return ()
    case = w.need(CASE, c.case).state
    if case.since is None or case.person != c.person:
        raise DomainError(reasons.NOT_CERTIFIED)
    event = ev.FileOpened(
        case=c.case,
        person=c.person,
        household=c.household,
        from_day=c.from_day,
        community=community,
    )
    return on(w.new(FILE, f"person-{c.person}", c.case), event)


@decide(cmd.CloseFile)
def close_file(c: cmd.CloseFile, w: World) -> Outcome:
    """Close the file; where there is none or it is closed there is nothing to do (R34, R35)."""
    file = w.load(FILE, c.case)
    w.authorise(file.state.community)
    if not file.exists or file.state.closed_by is not None:
        return ()
    return on(file, ev.FileClosed(end=c.end))


@decide(cmd.ReopenFile)
def reopen_file(c: cmd.ReopenFile, w: World) -> Outcome:
    """Open a closed file again, as it was, once the exit no longer stands (R30, X3)."""
    file = w.load(FILE, c.case)
    w.authorise(file.state.community)
    if not file.exists or file.state.closed_by is None:
        return ()
    if not w.need(CASE, c.case).state.stands:
        raise DomainError(reasons.NOT_REOPENABLE)
    return on(file, ev.FileReopened(because=c.because))
