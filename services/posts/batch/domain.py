"""Batches of organised labour export (R79, R80). Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import assert_never

from events.contracts import posts as ev
from events.contracts import streams
from events.contracts.base import Recorded
from services.kit.decider import DomainError, Fold, Outcome, World, on
from services.posts import reasons
from services.posts.batch import commands as cmd
from services.posts.common import need_office
from services.posts.deciding import decide
from services.posts.employer.domain import EMPLOYER
from services.posts.region import crosses_region


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch: its organiser, its places, whether it is over."""

    organiser: str = ""
    places: int = 0
    closed: bool = False


def evolve(state: Batch, fact: Recorded[ev.BatchEvent | ev.CorrectionEvent]) -> Batch:
    """Fold one fact of a batch."""
    match fact.event:
        case ev.LabourExportOrganised() as event:
            return Batch(event.organiser, event.places)
        case ev.ExportBatchClosed():
            return replace(state, closed=True)
        case ev.CorrectionProposed() | ev.FactCorrected() | ev.CorrectionRejected():
            return state
        case _ as never:
            assert_never(never)


BATCH = Fold(streams.BATCH, Batch(), evolve)


@decide(cmd.OpenExportBatch)
def open_export_batch(c: cmd.OpenExportBatch, w: World) -> Outcome:
    """Open a batch that leads to another region (R79, R80, AS 40)."""
    w.authorise(c.origin, kind="office")
    need_office(w, c.organiser)
    if c.employer is not None:
        w.need(EMPLOYER, c.employer)
    if not crosses_region(w, c.origin, c.destination):
        raise DomainError(reasons.NOT_CROSS_REGION)
    event = ev.LabourExportOrganised(
        origin=c.origin,
        destination=c.destination,
        organiser=c.organiser,
        employer=c.employer,
        places=c.places,
        leaves_on=c.leaves_on,
        contact_station=c.contact_station,
    )
    return on(w.new(BATCH, f"office-{c.organiser}"), event)


@decide(cmd.CloseExportBatch)
def close_export_batch(c: cmd.CloseExportBatch, w: World) -> Outcome:
    """Close the organiser's own batch (R79)."""
    batch = w.need(BATCH, c.batch)
    w.authorise(batch.state.organiser, kind="office")
    if w.principal.office != batch.state.organiser:
        raise DomainError(reasons.NOT_ORGANISER)
    if batch.state.closed:
        return ()
    if c.placed > batch.state.places:
        raise DomainError(reasons.BATCH_FIGURES)
    return on(batch, ev.ExportBatchClosed(placed=c.placed))
