"""Exports with four eyes where personal data is not masked (X15). Pure."""

from __future__ import annotations

from events.contracts import registry as ev
from services.kit.decider import DomainError, Loaded, Outcome, World, on
from services.kit.exports import EXPORT, FORMAT, FORMATS, Export, wanted
from services.registry.access import reasons as why
from services.registry.asking import approved, headed, named, own_office, rejected
from services.registry.deciding import decide
from services.registry.export import commands as cmd
from services.registry.reasons import DATE_ORDER


@decide(cmd.RequestExport)
def request_export(c: cmd.RequestExport, w: World) -> Outcome:
    """Ask for an export within the asker's own areas, of a list and columns there are (X15)."""
    own = own_office(w)
    wanted(c.query)
    if c.format not in FORMATS:
        raise DomainError(FORMAT)
    event = ev.ExportRequested(query=c.query, masked=c.masked, reason=c.reason, format=c.format)
    return on(w.new(EXPORT, f"office-{own}"), event)


@decide(cmd.ApproveExport)
def approve_export(c: cmd.ApproveExport, w: World) -> Outcome:
    """Approve by another hand: the office's head or the one above (X15)."""
    export = _unmasked(w, c.export, c.request)
    return approved(w, export, ev.ExportApproved(request=c.request))


@decide(cmd.RejectExport)
def reject_export(c: cmd.RejectExport, w: World) -> Outcome:
    """Turn it down, with the reason (X15)."""
    export = _unmasked(w, c.export, c.request)
    return rejected(w, export, ev.ExportRejected(request=c.request, reason=c.reason))


def _unmasked(w: World, own: str, request: str) -> Loaded[Export]:
    """Return an export that needs a head's decision."""
    export = headed(w, EXPORT, own, request)
    if export.state.masked:
        raise DomainError(why.EXPORT_MASKED)
    return export


@decide(cmd.CompleteExport)
def complete_export(c: cmd.CompleteExport, w: World) -> Outcome:
    """Record each file that a masked or an approved export became (X15)."""
    export = named(w, EXPORT, c.export, c.request)
    standing = export.state.standing
    if standing == "completed" and export.state.file == c.sha256:
        return ()
    if standing == "rejected" or (standing == "asked" and not export.state.masked):
        raise DomainError(why.EXPORT_NOT_APPROVED)
    if c.expires_on < w.day:
        raise DomainError(DATE_ORDER)
    event = ev.ExportCompleted(
        request=c.request,
        rows=c.rows,
        sha256=c.sha256,
        known=c.known,
        expires_on=c.expires_on,
        persons=c.persons,
    )
    return on(export, event)
