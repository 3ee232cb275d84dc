"""The OpenAPI 3.1 document of the queries, made from their declarations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from projections.api.query import Query
from projections.api.shapes import SCHEMAS, answer_of

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "zh", "en", "next_zh", "next_en"],
    "properties": {
        **{
            name: {"type": "string"}
            for name in ("type", "title", "detail", "code", "zh", "en", "next_zh", "next_en")
        },
        "status": {"type": "integer"},
        "data": {"type": "object"},
    },
}
REFUSALS = {
    "400": "A parameter is malformed or unknown",
    "401": "Not signed in",
    "403": "Outside role or area",
    "404": "Nothing of that name",
    "405": "Another method",
    "429": "Asked too often; `Retry-After` says when again",
    "503": "Read models unavailable",
}


def _refusals() -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {code: {"description": text, "content": content} for code, text in REFUSALS.items()}


def _operation(query: Query) -> dict[str, Any]:
    media = "text/event-stream" if query.name == "stream" else "application/json"
    schema = {"type": "string"} if query.name == "stream" else answer_of(query)
    return {
        "operationId": query.name,
        "summary": query.en,
        "description": query.zh,
        "parameters": [p.described() for p in query.all_params()],
        "responses": {
            "200": {"description": "The answer", "content": {media: {"schema": schema}}},
            **_refusals(),
        },
        "security": [{"token": []}],
        "x-read-models": list(query.models),
    }


def document(queries: Iterable[Query]) -> dict[str, Any]:
    """Return the document."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "bangfu queries", "version": "1.0.0"},
        "paths": {q.path: {"get": _operation(q)} for q in queries},
        "components": {
            "schemas": {"Problem": PROBLEM, **SCHEMAS},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }
