"""Which objects an event is about, and as what: ids alone, no value that a person is known by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from events.audit.facts import Fact

KINDS = {
    "person": "person",
    "household": "household",
    "certification": "certification",
    "assistance": "agreement",
    "offer": "offer",
    "post": "post",
    "employment": "employment",
    "employer": "employer",
    "batch": "batch",
    "activity": "activity",
    "office": "office",
}
"""Kinds of stream that are objects, and what they are called. Persons bear a random id."""

_FIELDS = {
    "person": "person",
    "member": "person",
    "household": "household",
    "member_of": "household",
    "case": "certification",
    "previous_case": "certification",
    "post": "post",
    "offer": "offer",
    "employer": "employer",
    "host": "employer",
    "batch": "batch",
    "activity": "activity",
}
_LISTS = {"members": "person", "others": "certification", "leaving": "person"}
_QUALIFIERS = {
    ("certification.application_filed.v1", "person"): "applicant",
    ("posts.job_offered.v1", "post"): "offers",
    ("posts.placed_in_job.v1", "post"): "placed-in",
    ("posts.placed_in_job.v1", "employer"): "placed-in",
}
_OFFICES = {
    "certification.street_reviewed.v1": "reviewed-by",
    "certification.county_reviewed.v1": "reviewed-by",
    "certification.person_certified.v1": "certified-by",
    "certification.certification_refused.v1": "certified-by",
}

Named = tuple[str, str, str]
"""Type of the object, its id (`<kind>-<id>`), and what it is to the event."""


def objects_of(fact: Fact) -> list[Named]:
    """Name the objects of an event, each once: its own, those of its body, the acting office."""
    found: dict[str, Named] = {}
    for named in _all(fact):
        found.setdefault(named[1], named)
    return list(found.values())


def _all(fact: Fact) -> Iterator[Named]:
    if fact.kind in KINDS:
        yield KINDS[fact.kind], fact.stream, "subject"
    yield from _in_body(fact)
    kind = fact.subject.partition("-")[0]
    if kind in KINDS:
        yield KINDS[kind], fact.subject, "about"
    if fact.office:
        yield "office", f"office-{fact.office}", _OFFICES.get(fact.type, "handled-by")


def _in_body(fact: Fact) -> Iterator[Named]:
    for name, kind in _FIELDS.items():
        value = fact.body.get(name)
        if isinstance(value, str):
            qualifier = _QUALIFIERS.get((fact.type, name), name.replace("_", "-"))
            yield KINDS[kind], f"{kind}-{value}", qualifier
    for name, kind in _LISTS.items():
        for item in fact.body.get(name) or ():
            ident = _ident(item)
            if ident:
                yield KINDS[kind], f"{kind}-{ident}", "member" if kind == "person" else "other"


def _ident(item: Any) -> str:  # noqa: ANN401 - whatever a body holds
    found = item.get("person") if isinstance(item, dict) else item
    return found if isinstance(found, str) else ""
