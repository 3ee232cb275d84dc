"""Employers, posts with their places, and batches of labour export (R70, R74, R79, R95)."""

from __future__ import annotations

from typing import Any

from events.contracts import posts as ev
from events.contracts.base import Recorded, ident
from events.rules.directory import Directory
from projections.registers.rows import Handler, day, owned
from projections.rows import State


def _employer(row: State, fact: Recorded[Any], directory: Directory) -> None:
    event: ev.EmployerRegistered = fact.event
    owned(row, fact, directory, ident(fact.subject))
    row |= {
        "name": event.name,
        "unified_code": event.unified_code,
        "ownership": event.ownership,
        "kind": event.kind,
        "division": event.division,
        "open": True,
    }


def _employer_changed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.EmployerChanged = fact.event
    row[event.field] = event.value


def _vacancy(row: State, fact: Recorded[Any], directory: Directory) -> None:
    event: ev.VacancyListed | ev.PostProposed = fact.event
    if "office" not in row:
        owned(row, fact, directory, event.to if isinstance(event, ev.PostProposed) else fact.office)
    proposed = isinstance(event, ev.PostProposed)
    row |= {
        "kind": "vacancy",
        "title": event.title,
        "employer": event.employer,
        "occupation": event.occupation,
        "places": event.places,
        "division": event.work_division,
        "wage_from": event.wage.from_wage if event.wage else None,
        "wage_to": event.wage.to if event.wage else None,
        "suits": event.suits.model_dump(mode="json", exclude_none=True),
        "from": event.from_day.isoformat(),
        "until": event.until.isoformat(),
        "state": "proposed" if proposed else "open",
    }


def _public_post(row: State, fact: Recorded[Any], directory: Directory) -> None:
    event: ev.PublicPostDeveloped = fact.event
    owned(row, fact, directory, fact.office)
    row |= {
        "kind": "public_post",
        "title": event.title,
        "employer": event.host,
        "post_type": event.post_type,
        "host_type": event.host_type,
        "places": event.places,
        "division": event.work_division,
        "wage_from": event.wage,
        "wage_to": event.wage,
        "from": event.from_day.isoformat(),
        "until": event.until.isoformat() if event.until else None,
        "state": "open",
    }


def _post_changed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.PostChanged = fact.event
    if event.places is not None:
        row["places"] = event.places
    if event.until is not None:
        row["until"] = event.until.isoformat()
    if event.wage is not None:
        row["wage_from"] = row["wage_to"] = event.wage
    _fill(row)


def _post_state(state: str) -> Handler:
    def handler(row: State, fact: Recorded[Any], _: Directory) -> None:
        row["state"], row["ended_on"], row["reason"] = state, day(fact), fact.event.reason

    return handler


def _taken(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.PlaceTaken = fact.event
    row["taken"] = sorted({*row.get("taken", ()), event.place})
    _fill(row)


def _freed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.PlaceFreed = fact.event
    row["taken"] = [place for place in row.get("taken", ()) if place != event.place]
    _fill(row)


def _fill(row: State) -> None:
    """Call an open post full when every place is taken, and open again with a free one."""
    if row.get("state") in ("open", "full"):
        row["state"] = "full" if len(row.get("taken", ())) >= row.get("places", 0) else "open"


def _batch(row: State, fact: Recorded[Any], directory: Directory) -> None:
    event: ev.LabourExportOrganised = fact.event
    owned(row, fact, directory, ident(fact.subject))
    row |= {
        "origin": event.origin,
        "destination": event.destination,
        "organiser": event.organiser,
        "employer": event.employer,
        "places": event.places,
        "leaves_on": event.leaves_on.isoformat(),
        "state": "open",
    }


def _batch_closed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.ExportBatchClosed = fact.event
    row |= {"state": "closed", "placed": event.placed}


HANDLERS: dict[str, Handler] = {
    ev.EmployerRegistered.type: _employer,
    ev.EmployerChanged.type: _employer_changed,
    ev.VacancyListed.type: _vacancy,
    ev.PostProposed.type: _vacancy,
    ev.PublicPostDeveloped.type: _public_post,
    ev.PostChanged.type: _post_changed,
    ev.PostClosed.type: _post_state("closed"),
    ev.ProposedPostDeclined.type: _post_state("declined"),
    ev.PlaceTaken.type: _taken,
    ev.PlaceFreed.type: _freed,
    ev.LabourExportOrganised.type: _batch,
    ev.ExportBatchClosed.type: _batch_closed,
}
"""What each fact of an employer, post or batch does."""
