"""Exports with four eyes where personal data is not masked (X15). Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from events.contracts import registry as ev
from events.contracts import streams
from events.contracts.base import Recorded, ident
from events.rules.seconds import of_export
from services.kit.decider import NOT_FOUND, DomainError, Fold, Loaded, Outcome, World, on
from services.kit.exports import FORMAT, FORMATS, wanted
from services.registry.access import reasons as why
from services.registry.deciding import decide, forbid, need_other_hand
from services.registry.export import commands as cmd
from services.registry.reasons import DATE_ORDER, PROPOSAL_CLOSED

Standing: TypeAlias = Literal["requested", "approved", "rejected", "completed"]


@dataclass(frozen=True, slots=True)
class Export:
    """An export: its office, who asked for it, and how far it came."""

    request: str = ""
    office: str = ""
    masked: bool = True
    hands: tuple[str | None, ...] = ()
    standing: Standing = "requested"
    file: str = ""
    """Hash of the file handed over last."""


def evolve(state: Export, fact: Recorded[Any]) -> Export:
    """Fold one fact of an export."""
    match fact.event:
        case ev.ExportRequested(masked=masked):
            hands = (fact.actor, fact.attribute("on_behalf_of"))
            return Export(fact.event_id, ident(fact.subject), masked, hands)
        case ev.ExportApproved():
            return replace(state, standing="approved")
        case ev.ExportRejected():
            return replace(state, standing="rejected")
        case ev.ExportCompleted(sha256=sha256):
            return replace(state, standing="completed", file=sha256)
        case _:
            return state


EXPORT = Fold(streams.EXPORT, Export(), evolve)


@decide(cmd.RequestExport)
def request_export(c: cmd.RequestExport, w: World) -> Outcome:
    """Ask for an export within the asker's own areas, of a list and columns there are (X15)."""
    own = w.principal.office
    w.authorise(own, kind="office", granted=w.principal.areas, referred=frozenset({own}))
    wanted(c.query)
    if c.format not in FORMATS:
        raise DomainError(FORMAT)
    event = ev.ExportRequested(query=c.query, masked=c.masked, reason=c.reason, format=c.format)
    return on(w.new(EXPORT, f"office-{own}"), event)


@decide(cmd.ApproveExport)
def approve_export(c: cmd.ApproveExport, w: World) -> Outcome:
    """Approve by another hand: the office's head or the one above (X15)."""
    export = _judged(w, c.export, c.request)
    if export.state.standing in ("approved", "completed"):
        return ()
    if export.state.standing == "rejected":
        raise DomainError(PROPOSAL_CLOSED)
    return on(export, ev.ExportApproved(request=c.request))


@decide(cmd.RejectExport)
def reject_export(c: cmd.RejectExport, w: World) -> Outcome:
    """Turn it down, with the reason (X15)."""
    export = _judged(w, c.export, c.request)
    if export.state.standing == "rejected":
        return ()
    if export.state.standing != "requested":
        raise DomainError(PROPOSAL_CLOSED)
    return on(export, ev.ExportRejected(request=c.request, reason=c.reason))


def _judged(w: World, own: str, request: str) -> Loaded[Export]:
    """Return an unmasked export that this head may decide (four eyes)."""
    export = _named(w, own, request)
    w.authorise(export.state.office, kind="office")
    office = w.directory.office(export.state.office)
    seconds = of_export(office, w.directory) if office else ()
    if w.principal.office not in {second.office.id for second in seconds}:
        raise forbid("应由本单位或上级单位负责人办理", "the office's or its superior's head acts")
    if export.state.masked:
        raise DomainError(why.EXPORT_MASKED)
    need_other_hand(w, *export.state.hands)
    return export


def _named(w: World, own: str, request: str) -> Loaded[Export]:
    """Return an export; refuse a request that is not its own."""
    export = w.need(EXPORT, own)
    if export.state.request != request:
        raise DomainError(NOT_FOUND, what=f"event-{request}")
    return export


@decide(cmd.CompleteExport)
def complete_export(c: cmd.CompleteExport, w: World) -> Outcome:
    """Record each file that a masked or an approved export became (X15)."""
    export = _named(w, c.export, c.request)
    w.authorise(export.state.office, kind="office")
    standing = export.state.standing
    if standing == "completed" and export.state.file == c.sha256:
        return ()
    ready = standing in ("approved", "completed") or (
        export.state.masked and standing == "requested"
    )
    if not ready:
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
