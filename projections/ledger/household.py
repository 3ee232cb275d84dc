"""How the facts of a `household-…` stream fill its ledger row (R14, R87, X7)."""

from __future__ import annotations

from typing import Any

from events.contracts import certification as cert
from events.contracts import registry as ev
from events.contracts.base import Recorded, ident
from events.rules.directory import Directory
from events.rules.periods import last_day_within_months
from events.rules.time import shanghai_day
from projections.journal import number
from projections.ledger.cells import Handler, State, day, put, value

_MONTHS = "text.household_months"


def new_household(fact: Recorded[Any]) -> State:
    """Return a household about which nothing is known but its id."""
    return {
        "household": ident(fact.subject),
        "state": "formed",
        "members": [],
        "certifications": [],
        "cells": {},
        "versions": {},
    }


def _member(
    fact: Recorded[Any],
    person: str,
    relation: Any,  # noqa: ANN401
    counts_as: str,
    at: str,
) -> State:
    sealed = value(fact, at, relation)
    return {"person": person, "relation": sealed, "counts_as": counts_as, "seq": fact.seq}


def _formed(row: State, fact: Recorded[Any], directory: Directory) -> None:
    event: ev.HouseholdFormed = fact.event
    row["office"], row["path"] = event.community, directory.path(event.community)
    row["since"] = day(fact)
    row["members"] = [
        _member(fact, m.person, m.relation, m.counts_as, f"members[{i}].relation")
        for i, m in enumerate(event.members)
    ]
    put(row, fact, "address", value(fact, "address", event.address))


def _added(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.MemberAdded = fact.event
    new = _member(fact, event.person, event.relation, event.counts_as, "relation")
    row["members"] = [*_others(row, event.person), new]


def _others(row: State, *persons: str) -> list[State]:
    return [m for m in row["members"] if m["person"] not in persons]


def _left(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.MemberLeft = fact.event
    row["members"] = _others(row, event.person)


def _status(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.MemberStatusSet = fact.event
    row["members"] = [
        {**m, "counts_as": event.counts_as, "seq": fact.seq} if m["person"] == event.person else m
        for m in row["members"]
    ]


def _split(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.HouseholdSplit = fact.event
    row["members"] = _others(row, *event.leaving)


def _merged(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.HouseholdsMerged = fact.event
    row["merged"] = [*row.get("merged", ()), event.absorbed]


def _absorbed(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: ev.HouseholdAbsorbed = fact.event
    row["state"], row["since"], row["absorbed_into"] = "absorbed", day(fact), event.survivor
    row["members"] = []


def _certified(row: State, fact: Recorded[Any], directory: Directory) -> None:
    event: cert.HouseholdCertified = fact.event
    on = shanghai_day(fact.occurred_at)
    path = row.get("path") or directory.path(event.responsible_office)
    months = number(directory, _MONTHS, path, on)
    due = last_day_within_months(on, months, moves_weekend=False, calendar=directory.calendar)
    row["state"], row["since"], row["due"] = "certified", on.isoformat(), due.isoformat()
    entry = {
        "event": fact.event_id,
        "seq": fact.seq,
        "on": on.isoformat(),
        "due": due.isoformat(),
        "member": event.member,
        "case": event.case,
        "responsible": event.responsible_office,
    }
    row["certifications"] = [*row["certifications"], entry]


def _ended(row: State, **changes: Any) -> None:  # noqa: ANN401
    done = row["certifications"]
    row["certifications"] = [*done[:-1], {**done[-1], **changes}] if done else done


def _cleared(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: cert.HouseholdCleared = fact.event
    row["state"], row["since"], row["due"] = "cleared", day(fact), None
    _ended(
        row,
        cleared_on=day(fact),
        by=event.member,
        placement=event.placement,
        in_time=event.in_time,
        days=event.days,
        cleared_seq=fact.seq,
    )


def _gone(row: State, fact: Recorded[Any], _: Directory) -> None:
    event: cert.HouseholdLeft = fact.event
    row["state"], row["since"], row["due"] = "left", day(fact), None
    _ended(row, left_on=day(fact), reason=event.reason, left_seq=fact.seq)


HANDLERS: dict[str, Handler] = {
    ev.HouseholdFormed.type: _formed,
    ev.MemberAdded.type: _added,
    ev.MemberLeft.type: _left,
    ev.MemberStatusSet.type: _status,
    ev.HouseholdSplit.type: _split,
    ev.HouseholdsMerged.type: _merged,
    ev.HouseholdAbsorbed.type: _absorbed,
    cert.HouseholdCertified.type: _certified,
    cert.HouseholdCleared.type: _cleared,
    cert.HouseholdLeft.type: _gone,
}
"""What each fact of a `household-…` stream does."""
