"""What there is to ask: every query with the roles that may ask it; twin of GET /api/commands."""

from __future__ import annotations

from collections.abc import Iterable

from events.rules.roles import expand
from projections.api.query import Answer, Call, Query


def catalogue(queries: Iterable[Query]) -> Query:
    """Return the query that lists the others."""
    items = [
        {"name": q.name, "path": q.path, "zh": q.zh, "en": q.en, "roles": sorted(expand(q.roles))}
        for q in queries
    ]

    async def answer(_: Call) -> Answer:
        return {"items": items}

    return Query("/api/queries", "queries", "查询目录", "Every query and who may ask it", answer)
