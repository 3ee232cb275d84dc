"""How far each read model is, and whether queries can be served (P21)."""

from __future__ import annotations

from typing import Any

from projections.api.query import Answer, Call, Query
from projections.api.side import ReadSide
from projections.engine.known import known
from projections.engine.parked import parked


async def status(call: Call) -> Answer:
    """Answer per projection: known seq, lag in events, parked subjects, age of the known point."""
    return {"projections": await projections(call.side), "source": call.side.source}


async def projections(side: ReadSide) -> list[Answer]:
    """Return what each projection that readers see tells of itself."""
    head = await side.log.head() if side.log is not None else None
    async with side.reading() as c:
        rows = await c.fetch("select projection, build, since from engine.active order by 1")
        now = await c.fetchval("select now()")
        waiting = await parked(c)
        return [await _one(side, c, row, now, head, waiting) for row in rows]


async def _one(
    side: ReadSide,
    connection: Any,  # noqa: ANN401
    row: Any,  # noqa: ANN401
    now: Any,  # noqa: ANN401
    head: int | None,
    waiting: list[Any],
) -> Answer:
    name = row["projection"]
    point = await known(connection, name, side.source)
    own = [w for w in waiting if w.projection == name]
    seq = point.seq if point else 0
    return {
        "projection": name,
        "build": row["build"],
        "known": seq,
        "lag": max(head - seq, 0) if head is not None else None,
        "parked": len(own),
        "parked_events": sum(w.events for w in own),
        "age_seconds": (now - point.noted).total_seconds() if point and point.noted else None,
    }


QUERIES = (Query("/api/status", "status", "系统状态", "How far each read model is", status),)
