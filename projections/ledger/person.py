"""How the registry's facts about a person fill the ledger row (R36, R37, X6, X8)."""

from __future__ import annotations

from typing import Any

from events.contracts import registry as ev
from events.contracts.base import Recorded, ident
from events.rules.directory import Directory
from projections.ledger.cells import NONE, Handler, State, add, amend, day, listed, put, value


def new_row(fact: Recorded[Any]) -> State:
    """Return a row about which nothing is known but whose it is."""
    empty = {"v": NONE, "e": []}
    cells = dict.fromkeys(("age_band", "skills", "services", "wishes", "employment"), empty)
    return {
        "person": ident(fact.subject),
        "cells": {**cells, "policies": empty},
        "versions": {},
        "cases": {},
        "moves": [],
        "work": "unemployed",
    }


def _registered(row: State, fact: Recorded[Any], directory: Directory) -> None:
    event: ev.PersonRegistered = fact.event
    row["sex"], row["age_band"] = event.sex, event.age_band
    row["office"], row["path"] = event.residence, directory.path(event.residence)
    for name in ("name", "national_id", "birth_date", "address"):
        put(row, fact, name, value(fact, name, getattr(event, name)))
    for name in ("phone", "health"):
        if (given := getattr(event, name)) is not None:
            put(row, fact, name, value(fact, name, given))
    for name in ("sex", "age_band", "residence", "worker_type", "special_work"):
        put(row, fact, name, getattr(event, name))
    if event.education is not None:
        put(row, fact, "education", event.education)
    put(row, fact, "hukou", {"division": event.hukou.division, "type": event.hukou.type})


def _changed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.PersonFactChanged = fact.event
    put(row, fact, event.fact, value(fact, "value", event.value))


def _unemployed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.UnemploymentRegistered = fact.event
    since = day(fact)
    row["registered_since"] = since
    entry = {"since": since, "ownership": event.last_ownership}
    if event.last_job_ended_on is not None:
        entry["last_job_ended_on"] = event.last_job_ended_on.isoformat()
    put(row, fact, "registration", entry)


def _registration_ended(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.UnemploymentRegistrationCancelled = fact.event
    row["registered_since"] = None
    old = row["cells"].get("registration", {"v": {}})["v"]
    amend(row, fact, "registration", {**old, "until": day(fact), "ground": event.ground})


def _dibao(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.DibaoRecorded = fact.event
    until = event.until.isoformat() if event.until else None
    put(row, fact, "dibao", {"from": event.from_day.isoformat(), "until": until})


def _dibao_ended(row: State, fact: Recorded[Any], _: Directory) -> None:
    old = row["cells"].get("dibao", {"v": {}})["v"]
    amend(row, fact, "dibao", {**old, "until": day(fact)})


def _wishes(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.WishesRecorded = fact.event
    wish = {
        "wants_work": event.wants_work,
        "able_to_work": event.able_to_work,
        "startup_wish": event.startup_wish,
        "occupations": list(event.occupations),
        "min_wage": event.min_wage,
        "areas": list(event.areas),
    }
    put(row, fact, "wishes", wish)


def _skills(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.SkillsRecorded = fact.event
    skills = [{"occupation": s.occupation, "level": s.level} for s in event.skills]
    put(row, fact, "skills", skills or NONE)


def _lost(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.ConditionLost = fact.event
    add(row, fact, "conditions", {"lost": event.condition, "on": day(fact)})


def _transfer_asked(row: State, fact: Recorded[Any], directory: Directory) -> None:
    event: ev.TransferRequested = fact.event
    row["transfer"] = {
        "request": fact.event_id,
        "to": event.to,
        "path": directory.path(event.to),
        "moved_on": event.moved_on.isoformat(),
        "address": value(fact, "address", event.address),
    }


def _transferred(row: State, fact: Recorded[Any], directory: Directory) -> None:
    event: ev.TransferAccepted = fact.event
    left = {"office": row.get("office"), "path": row.get("path"), "seq": fact.seq, "on": day(fact)}
    row["moves"] = [*row["moves"], left]
    row["office"], row["path"] = event.to, directory.path(event.to)
    put(row, fact, "residence", event.to)
    if (asked := row.pop("transfer", None)) is not None and asked["request"] == event.request:
        put(row, fact, "address", asked["address"])


def _transfer_refused(row: State, _: Recorded[Any], __: Directory) -> None:
    row.pop("transfer", None)


def _merged(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.PersonsMerged = fact.event
    row["merged"] = [*row.get("merged", ()), event.absorbed]


def _absorbed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.PersonAbsorbed = fact.event
    row["absorbed_into"] = event.survivor


def _unmerged(row: State, _: Recorded[Any], __: Directory) -> None:
    row.pop("absorbed_into", None)
    row["merged"] = row.get("merged", [])[:-1]


def _restricted(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.ProcessingRestricted = fact.event
    row["restricted_from"] = event.from_day.isoformat()


def _shredding_proposed(row: State, fact: Recorded[Any], _: Directory) -> None:
    row["shredding"] = fact.event_id


def _shredded(row: State, fact: Recorded[Any], _: Directory) -> None:
    """Name no sealed value any more: nobody can open them (A14)."""
    row.pop("shredding", None)
    row["shredded_on"] = day(fact)
    row["cells"] = {name: {**cell, "v": _bare(cell["v"])} for name, cell in row["cells"].items()}


def _bare(given: Any) -> Any:  # noqa: ANN401
    if isinstance(given, dict):
        return None if "sealed" in given else {k: _bare(v) for k, v in given.items()}
    return [_bare(v) for v in given] if isinstance(given, list) else given


def _dismissed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.DuplicateDismissed = fact.event
    row["not_same_as"] = [*row.get("not_same_as", ()), event.other]


def gained(row: State, fact: Recorded[Any], skill: State) -> None:
    """Add a skill that a training gave (R100)."""
    amend(row, fact, "skills", [*listed(row, "skills"), skill])


HANDLERS: dict[str, Handler] = {
    ev.PersonRegistered.type: _registered,
    ev.PersonFactChanged.type: _changed,
    ev.UnemploymentRegistered.type: _unemployed,
    ev.UnemploymentRegistrationCancelled.type: _registration_ended,
    ev.DibaoRecorded.type: _dibao,
    ev.DibaoEnded.type: _dibao_ended,
    ev.WishesRecorded.type: _wishes,
    ev.SkillsRecorded.type: _skills,
    ev.ConditionLost.type: _lost,
    ev.TransferRequested.type: _transfer_asked,
    ev.TransferAccepted.type: _transferred,
    ev.TransferRejected.type: _transfer_refused,
    ev.PersonsMerged.type: _merged,
    ev.PersonAbsorbed.type: _absorbed,
    ev.PersonsUnmerged.type: _unmerged,
    ev.DuplicateDismissed.type: _dismissed,
    ev.ProcessingRestricted.type: _restricted,
    ev.ShreddingProposed.type: _shredding_proposed,
    ev.SubjectShredded.type: _shredded,
}
"""What each fact of a `person-…` stream does."""
