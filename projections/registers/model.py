"""The registers as the engine keeps them: one row per employer, post, account, activity, batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar, TypeAlias

from events.contracts import assistance as help_
from events.contracts import posts as ev
from events.contracts import registry
from events.contracts.base import Recorded, ident
from events.rules.directory import Directory
from events.rules.time import shanghai_day
from projections.rows import RowModel, RowTable, State

Handler: TypeAlias = Callable[[State, Recorded[Any], Directory], None]


def _day(fact: Recorded[Any]) -> str:
    return shanghai_day(fact.occurred_at).isoformat()


def _owned(row: State, fact: Recorded[Any], directory: Directory, office: str) -> None:
    """Say which office the row belongs to, and where that lies."""
    row["office"], row["path"], row["since"] = office, directory.path(office), _day(fact)


def _employer(row: State, fact: Recorded[Any], directory: Directory) -> None:
    event: ev.EmployerRegistered = fact.event
    _owned(row, fact, directory, ident(fact.subject))
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
        _owned(
            row, fact, directory, event.to if isinstance(event, ev.PostProposed) else fact.office
        )
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
    _owned(row, fact, directory, fact.office)
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
        row["state"], row["ended_on"], row["reason"] = state, _day(fact), fact.event.reason

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


def _account(row: State, fact: Recorded[Any], directory: Directory) -> None:
    event: registry.AccountOpened = fact.event
    _owned(row, fact, directory, event.office)
    row |= {"name": event.name, "login": event.login, "roles": [], "proposed": {}, "closed": None}


def _role_proposed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: registry.RoleProposed = fact.event
    wish = {
        "role": event.role,
        "areas": list(event.areas),
        "from": event.from_day.isoformat(),
        "until": event.until.isoformat() if event.until else None,
    }
    row["proposed"] = {**row.get("proposed", {}), fact.event_id: wish}


def _role_granted(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: registry.RoleGranted = fact.event
    waiting = dict(row.get("proposed", {}))
    if (wish := waiting.pop(event.proposal, None)) is not None:
        row["roles"] = [*row.get("roles", ()), {**wish, "grant": fact.event_id}]
    row["proposed"] = waiting


def _role_revoked(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: registry.RoleRevoked = fact.event
    end = event.from_day.isoformat()
    row["roles"] = [
        {**r, "revoked_from": end} if r["grant"] == event.grant else r for r in row["roles"]
    ]


def _account_closed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: registry.AccountClosed = fact.event
    row["closed"] = event.from_day.isoformat()


def _leave(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: registry.LeaveRecorded = fact.event
    away = {
        "from": event.from_day.isoformat(),
        "until": event.until.isoformat(),
        "deputy": event.deputy,
    }
    row["leave"] = [*row.get("leave", ()), away]


def _delegated(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: registry.DelegationGranted = fact.event
    term = {
        "delegation": fact.event_id,
        "deputy": event.deputy,
        "scope": list(event.scope),
        "from": event.from_day.isoformat(),
        "until": event.until.isoformat(),
    }
    row["delegations"] = [*row.get("delegations", ()), term]


def _delegation_ended(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: registry.DelegationEnded = fact.event
    terms = row.get("delegations", ())
    row["delegations"] = [t for t in terms if t["delegation"] != event.delegation]


def _activity(row: State, fact: Recorded[Any], directory: Directory) -> None:
    event: help_.ActivityOrganised = fact.event
    _owned(row, fact, directory, ident(fact.subject))
    row |= {
        "name": event.title,
        "kind": event.kind,
        "from": event.from_day.isoformat(),
        "until": event.until.isoformat() if event.until else None,
        "place": event.place,
        "places": event.places,
        "state": "open",
    }


def _activity_closed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: help_.ActivityClosed = fact.event
    row |= {"state": "closed", "invited": event.invited, "attended": event.attended}


def _batch(row: State, fact: Recorded[Any], directory: Directory) -> None:
    event: ev.LabourExportOrganised = fact.event
    _owned(row, fact, directory, ident(fact.subject))
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
    registry.AccountOpened.type: _account,
    registry.RoleProposed.type: _role_proposed,
    registry.RoleGranted.type: _role_granted,
    registry.RoleRevoked.type: _role_revoked,
    registry.AccountClosed.type: _account_closed,
    registry.LeaveRecorded.type: _leave,
    registry.DelegationGranted.type: _delegated,
    registry.DelegationEnded.type: _delegation_ended,
    help_.ActivityOrganised.type: _activity,
    help_.ActivityClosed.type: _activity_closed,
    ev.LabourExportOrganised.type: _batch,
    ev.ExportBatchClosed.type: _batch_closed,
}
"""What each fact of a register's stream does."""

_PLACE = (("path", 'text collate "C"'), ("office", 'text collate "C"'))


def _table(name: str, *columns: tuple[str, str]) -> RowTable:
    named = (("id", 'text collate "C" not null'), *_PLACE, ("open", "boolean not null"))
    return RowTable(f"rm_{name}", (*named, *columns), ("(path, key)",))


_TABLES: Mapping[str, RowTable] = {
    "employer": _table("employers", ("name", "text")),
    "post": _table(
        "posts",
        ("name", "text"),
        ("kind", 'text collate "C"'),
        ("state", 'text collate "C"'),
        ("employer", 'text collate "C"'),
        ("division", 'text collate "C"'),
        ("places", "integer not null"),
        ("taken", "integer not null"),
        ("until", "date"),
    ),
    "user": _table("accounts", ("name", "text"), ("login", 'text collate "C"')),
    "activity": _table("activities", ("name", "text"), ("kind", 'text collate "C"')),
    "batch": _table("batches", ("destination", 'text collate "C"')),
}


class Registers(RowModel):
    """Employers, posts, accounts, activities and batches of labour export."""

    name = "registers"
    version = 1
    types = frozenset(HANDLERS)
    row_tables: ClassVar[Mapping[str, RowTable]] = _TABLES

    def key(self, fact: Recorded[Any]) -> str | None:
        """Return the stream of a register's fact."""
        return fact.stream if fact.event.type in HANDLERS else None

    def project(self, row: State | None, fact: Recorded[Any], directory: Directory) -> State | None:
        """Return the row after a fact."""
        new: State = {"id": ident(fact.stream)} if row is None else row.copy()
        new["version"], new["seq"] = fact.version, fact.seq
        HANDLERS[fact.event.type](new, fact, directory)
        return new

    def columns(self, kind: str, row: State) -> tuple[Any, ...]:
        """Return the query columns of a row."""
        common = (row["id"], row.get("path"), row.get("office"))
        match kind:
            case "employer":
                return (*common, True, row.get("name"))
            case "post":
                return (*common, row.get("state") == "open", *_post_columns(row))
            case "user":
                return (*common, row.get("closed") is None, row.get("name"), row.get("login"))
            case "activity":
                return (*common, row.get("state") == "open", row.get("name"), row.get("kind"))
            case _:
                return (*common, row.get("state") == "open", row.get("destination"))


def _post_columns(row: State) -> tuple[Any, ...]:
    until = row.get("until")
    return (
        row.get("title"),
        row.get("kind"),
        row.get("state"),
        row.get("employer"),
        row.get("division"),
        row.get("places", 0),
        len(row.get("taken", ())),
        date.fromisoformat(until) if until else None,
    )


REGISTERS = Registers()
