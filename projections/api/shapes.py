"""The shapes of answers as the OpenAPI document states them."""

from __future__ import annotations

from typing import Any

from projections.api.query import Query

_TEXT = {"type": "string"}
_MAYBE = {"type": ["string", "null"]}
KNOWN = {
    "type": "object",
    "required": ["seq", "time"],
    "properties": {"seq": {"type": "integer"}, "time": _MAYBE},
}
SEALED = {
    "type": "object",
    "description": "Opened by POST /api/open of the write role",
    "required": ["k", "a", "n", "c", "type", "stream", "version", "field", "subject"],
    "properties": {
        **dict.fromkeys(("k", "a", "n", "c", "type", "stream", "field", "subject"), _TEXT),
        "version": {"type": "integer"},
    },
}
CELL = {
    "type": "object",
    "required": ["name", "zh", "en", "events"],
    "properties": {
        "name": _TEXT,
        "zh": _TEXT,
        "en": _TEXT,
        "events": {"type": "array", "items": {"type": "integer"}},
        "sealed": {"$ref": "#/components/schemas/Sealed"},
        "value": {},
    },
}
SCHEMAS: dict[str, Any] = {"Known": KNOWN, "Sealed": SEALED, "Cell": CELL}
_PAGED = (
    "ledger",
    "person_events",
    "households",
    "audit_trail",
    "register",
    "obligations",
    "exports",
    "figure_cases",
)


def answer_of(query: Query) -> dict[str, Any]:
    """Return the schema of a query's answer: the stamp, and the page where it has pages."""
    properties: dict[str, Any] = {
        "known": {"$ref": "#/components/schemas/Known"},
        "valid": {"type": "string", "format": "date"},
        "stale": {"type": "boolean"},
    }
    required = ["known", "valid"]
    if query.name in _PAGED:
        properties |= {"items": {"type": "array", "items": {"type": "object"}}, "next": _MAYBE}
        required += ["items", "next"]
    return {"type": "object", "required": required, "properties": properties}
