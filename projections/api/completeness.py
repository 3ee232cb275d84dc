"""Completeness: appended = sequenced = published = projected + parked (P18, design.md 8).

What reaches the readers is counted first and the log last, so that events on their way show as
waiting. Whatever is ahead of the step before it is a fault: it came from nowhere.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Literal, TypeAlias

from events.log.port import CountingLog
from events.rules.access import Resource
from events.rules.time import in_text
from projections.api.problems import NOT_READY, QueryError
from projections.api.query import Answer, Call, Query
from projections.engine.database import fetch

WATCHERS = frozenset({"auditor", "operator"})
Verdict: TypeAlias = Literal["equal", "waiting", "parked", "fault", "unknown"]


async def completeness(call: Call) -> Answer:
    """Answer every step's count, and what lies between it and the step before."""
    call.allow(Resource((), call.query.kind))
    log = call.side.counting
    if log is None:
        raise QueryError(NOT_READY, what="日志 / the log")
    async with call.side.reading() as c:
        rows = await fetch(c, "seen_watermarks", call.side.source)
        parked = {r["projection"]: r for r in await fetch(c, "parked_counts", call.side.source)}
    marks: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for row in rows:
        marks[row["projection"]][row["slice"]] = row["seq"]
    delivered = {name: await log.delivered(found) for name, found in marks.items()}
    return await _report(log, delivered, parked)


async def _report(log: CountingLog, delivered: dict[str, int], parked: dict[str, Any]) -> Answer:
    found = await log.counted()
    steps = [
        _step("appended", found.appended, found.appended),
        _step("sequenced", found.sequenced, found.appended),
        _step("numbers", found.head, found.sequenced, exact=True),
        _step("published", found.published, found.sequenced),
    ]
    models = [_model(n, d, found.sequenced, parked.get(n)) for n, d in sorted(delivered.items())]
    worst = {s["verdict"] for s in (*steps, *models)}
    order: tuple[Verdict, ...] = ("fault", "unknown", "parked", "waiting", "equal")
    return {
        "steps": steps,
        "models": models,
        "published_noted": in_text(found.noted) if found.noted else None,
        "verdict": next(v for v in order if v in worst),
    }


def _step(name: str, count: int | None, before: int, *, exact: bool = False) -> Answer:
    return {
        "step": name,
        "count": count,
        "difference": None if count is None else before - count,
        "verdict": judged(count, before, exact=exact),
    }


def _model(name: str, delivered: int, sequenced: int, aside: Any) -> Answer:  # noqa: ANN401
    held = aside["events"] if aside else 0
    verdict = judged(delivered, sequenced)
    return {
        "projection": name,
        "projected": delivered - held,
        "parked": held,
        "parked_subjects": aside["subjects"] if aside else 0,
        "parked_first": aside["first_seq"] if aside else None,
        "parked_type": aside["type"] if aside else None,
        "difference": sequenced - delivered,
        "verdict": "parked" if held and verdict == "equal" else verdict,
    }


def judged(count: int | None, before: int, *, exact: bool = False) -> Verdict:
    """Judge a step by the one before it; `exact` steps wait for nothing."""
    if count is None:
        return "unknown"
    if count == before:
        return "equal"
    return "fault" if exact or count > before else "waiting"


QUERIES = (
    Query(
        "/api/completeness", "completeness", "完整性核对",
        "Appended = sequenced = published = projected + parked, per read model", completeness,
        roles=WATCHERS,
    ),
)  # fmt: skip
