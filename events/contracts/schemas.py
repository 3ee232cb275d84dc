"""JSON Schema of every event body, one file a wire name, and what a change may not do.

The files are the promise to readers in other languages. A new optional field keeps it; anything
else is a new wire name with an upcaster (`compatible` names what breaks it).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from events.contracts.base import Event
from events.contracts.classes import privacy

Schema = Mapping[str, Any]


def schema_of(event: type[Event]) -> dict[str, Any]:
    """Return an event's JSON Schema (2020-12) with its titles and each field's privacy class."""
    schema = event.model_json_schema(by_alias=True)
    schema |= {"$id": f"urn:bangfu:event:{event.type}", "title": event.en, "x-title-zh": event.zh}
    for name, info in event.model_fields.items():
        if (found := privacy(info)) is not None:
            schema["properties"][info.alias or name]["x-privacy"] = found.value
    return schema


def compatible(old: Schema, new: Schema) -> tuple[str, ...]:
    """Return what in a new schema breaks readers or stored bodies of the old one; empty is good."""
    return tuple(_breaks(old, new, old.get("$defs", {}), new.get("$defs", {}), "body"))


def _breaks(old: Any, new: Any, olds: Schema, news: Schema, path: str) -> Iterator[str]:  # noqa: ANN401
    old, new = _resolved(old, olds), _resolved(new, news)
    for key in ("type", "const", "pattern", "format"):
        if old.get(key) != new.get(key):
            yield f"{path}: {key} was {old.get(key)!r}, is {new.get(key)!r}"
    if missing := set(old.get("enum", ())) - set(new.get("enum", old.get("enum", ()))):
        yield f"{path}: no longer takes {sorted(map(str, missing))}"
    before, after = old.get("properties", {}), new.get("properties", {})
    for name in before.keys() - after.keys():
        yield f"{path}.{name}: is gone"
    for name in set(new.get("required", ())) - set(old.get("required", ())):
        yield f"{path}.{name}: is required now"
    for name in before.keys() & after.keys():
        yield from _breaks(before[name], after[name], olds, news, f"{path}.{name}")
    if "items" in old:
        yield from _breaks(old["items"], new.get("items", {}), olds, news, f"{path}[]")
    if len(old.get("anyOf", ())) > len(new.get("anyOf", ())):
        yield f"{path}: takes fewer kinds of value"
    for was, now in zip(old.get("anyOf", ()), new.get("anyOf", ()), strict=False):
        yield from _breaks(was, now, olds, news, path)


def _resolved(node: Schema, defs: Schema) -> Schema:
    reference = node.get("$ref")
    return defs[reference.rsplit("/", 1)[-1]] if reference else node
