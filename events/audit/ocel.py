"""Writes a history as an object-centric event log (OCEL 2.0, JSON), for process-mining tools.

Events are written as they come; memory grows with the objects, not with the events. Each event
keeps its `seq` and hash, so that what a tool finds points back to what can be proved.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TextIO

from events.audit.conformance.process import STEPS
from events.audit.facts import Fact, Line, fact_of
from events.audit.objects import objects_of

_EVENT = {
    "seq": "integer",
    "hash": "string",
    "resource": "string",
    "role": "string",
    "recorded": "time",
}
_OBJECT = {
    "certification": {"state": "string"},
    "household": {"state": "string"},
    "post": {"places": "integer", "state": "string"},
    "office": {"level": "string", "kind": "string", "code": "string"},
}
_STATES = {
    "certification.household_certified.v1": "certified",
    "certification.household_cleared.v1": "cleared",
    "certification.household_left.v1": "left",
    "posts.vacancy_listed.v1": "open",
    "posts.public_post_developed.v1": "open",
    "posts.post_closed.v1": "closed",
    **{type_: step.after for type_, step in STEPS.items() if step.after},
}
_LINKS = {
    "certification.application_filed.v1": ("person", "household"),
    "registry.household_formed.v1": ("person",),
    "registry.member_added.v1": ("person",),
    "assistance.file_opened.v1": ("certification",),
    "posts.job_offered.v1": ("post", "certification"),
    "posts.vacancy_listed.v1": ("employer",),
    "posts.public_post_developed.v1": ("employer",),
}
"""Facts that relate their own object to others for good."""


@dataclass(slots=True)
class _Object:
    type: str
    attributes: list[dict[str, str]] = field(default_factory=list)
    relations: dict[str, str] = field(default_factory=dict)


def write_ocel(
    lines: Iterable[Line], out: TextIO, progress: Callable[[int], None] | None = None
) -> tuple[int, int]:
    """Write the log; returns how many events and objects. `progress(events)` now and then."""
    objects: dict[str, _Object] = {}
    types: set[str] = set()
    count = 0
    out.write('{"events":[')
    for count, line in enumerate(lines, 1):
        fact = fact_of(line)
        types.add(fact.type)
        out.write(",\n" if count > 1 else "\n")
        out.write(_text(_event(fact, objects)))
        if progress is not None and count % 2_000 == 0:
            progress(count)
    out.write('\n],"objects":[')
    for n, (ident, found) in enumerate(objects.items()):
        out.write(",\n" if n else "\n")
        out.write(_text(_object(ident, found)))
    named = [{"name": t, "attributes": _attributes(_EVENT)} for t in sorted(types)]
    kinds = sorted({found.type for found in objects.values()})
    shapes = [{"name": k, "attributes": _attributes(_OBJECT.get(k, {}))} for k in kinds]
    out.write(f'\n],"eventTypes":{_text(named)},"objectTypes":{_text(shapes)}}}\n')
    return count, len(objects)


def _event(fact: Fact, objects: dict[str, _Object]) -> dict[str, Any]:
    named = objects_of(fact)
    for type_, ident, _ in named:
        objects.setdefault(ident, _Object(type_))
    if own := objects.get(fact.stream):
        _changed(own, fact)
        for type_, ident, qualifier in named:
            if type_ in _LINKS.get(fact.type, ()) and ident != fact.stream:
                own.relations[ident] = qualifier
    values = {
        "seq": str(fact.seq),
        "hash": fact.hash,
        "resource": fact.actor,
        "role": fact.role,
        "recorded": fact.recorded.isoformat(),
    }
    return {
        "id": fact.id,
        "type": fact.type,
        "time": fact.at.isoformat(),
        "attributes": [{"name": name, "value": value} for name, value in values.items()],
        "relationships": [{"objectId": i, "qualifier": q} for _, i, q in named],
    }


def _changed(own: _Object, fact: Fact) -> None:
    """Note what changed about an object, and when."""
    found: dict[str, Any] = {}
    if fact.type in _STATES:
        found["state"] = _STATES[fact.type]
    if fact.kind == "post" and (places := fact.body.get("places")) is not None:
        found["places"] = places
    if fact.type == "registry.office_opened.v1":
        found |= {name: fact.body.get(name) for name in ("level", "kind", "code")}
    for name, value in found.items():
        if value is not None and name in _OBJECT.get(own.type, {}):
            at = fact.at.isoformat()
            own.attributes.append({"name": name, "time": at, "value": str(value)})


def _object(ident: str, found: _Object) -> dict[str, Any]:
    return {
        "id": ident,
        "type": found.type,
        "attributes": found.attributes,
        "relationships": [{"objectId": i, "qualifier": q} for i, q in found.relations.items()],
    }


def _attributes(shapes: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "type": type_} for name, type_ in shapes.items()]


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
