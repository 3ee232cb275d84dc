"""Figures of an office and those beneath it, and the way down to cases and events (P11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import asyncpg

from events.rules.directory import Directory, Office
from projections.api import params
from projections.api.events import shown
from projections.api.problems import DAY_ENDS, MALFORMED, NOT_FOUND, QueryError
from projections.api.query import CASES, OFFICES, Answer, Call, Query
from projections.api.reading import AUDIT, every
from projections.cube.figures import Figure, Period, cases, children, figure, figures
from projections.cube.metric import Metric
from projections.cube.metrics import METRICS
from projections.cube.sources import SOURCES
from projections.engine.fence import open_subjects


def _period(call: Call) -> Period:
    """Return the period asked for: the year up to today unless said otherwise."""
    finish = call.get("to", call.today)
    start = call.get("from", finish.replace(month=1, day=1))
    if start > finish:
        raise QueryError(MALFORMED, field="from")
    return Period(start, finish, call.args.get("known"))


def _stated(period: Period) -> Answer:
    known = period.known.isoformat() if period.known else None
    return {
        "period": {
            "from": period.start.isoformat(),
            "to": period.finish.isoformat(),
            "known": known,
        },
        "valid": period.finish.isoformat(),
    }


def _metric(call: Call) -> Metric:
    found = METRICS.get(call.text("metric"))
    if found is None:
        raise QueryError(NOT_FOUND, what=call.text("metric"))
    return found


def defined(metric: Metric) -> Answer:
    """Return what a metric means, by which formula, and where it is stated."""
    return {
        "metric": metric.code,
        "zh": metric.zh,
        "en": metric.en,
        "definition_zh": metric.definition_zh,
        "definition_en": metric.definition_en,
        "clause": metric.clause,
        "requirements": list(metric.requirements),
        "kind": metric.kind,
        "unit_zh": metric.unit_zh,
        "unit_en": metric.unit_en,
        "levels": list(metric.levels),
        "numerator": list(metric.numerator),
        "denominator_parts": list(metric.denominator),
        "parts": [{"part": p.name, "zh": p.zh, "en": p.en, "how": p.how} for p in metric.parts],
        "version": metric.version,
    }


def numbers(found: Figure) -> Answer:
    """Return the numbers of a figure; a rate is null where nothing was due."""
    return {
        "metric": found.metric.code,
        "value": found.value,
        "denominator": found.denominator,
        "rate": found.rate,
        "median": found.median,
        "p90": found.p90,
    }


def days(found: Figure) -> list[Answer]:
    """Return the histogram of a figure of days."""
    return [{"days": d, "count": n} for d, n in sorted(found.days.items())]


def _whole(found: Figure) -> Answer:
    return {
        **defined(found.metric),
        **numbers(found),
        "parts": [
            {"part": p.name, "zh": p.zh, "en": p.en, "value": found.parts[p.name]}
            for p in found.metric.parts
        ],
    }


async def all_figures(call: Call) -> Answer:
    """Answer every metric of an office."""
    low, _ = call.scope()
    period = _period(call)
    async with call.reading() as c:
        found = await figures(c, low, period)
    return {"items": [_whole(f) for f in found.values()], **_stated(period)}


async def one_figure(call: Call) -> Answer:
    """Answer a figure with its parts, its definition, and that of every office beneath."""
    low, _ = call.scope()
    metric, period = _metric(call), _period(call)
    async with call.reading() as c:
        own = await figure(c, metric.code, low, period)
        beneath = await children(c, metric.code, low, period) if len(low) < 12 else {}
    lines = _children(call.side.directory(), low, beneath, metric, call)
    return {**_whole(own), "days": days(own), "children": lines, **_stated(period)}


def _children(
    directory: Directory, low: str, found: Mapping[str, Figure], metric: Metric, call: Call
) -> list[Answer]:
    """Return a line per labour office beneath, and one for what has no office there (any more)."""
    offices = {o.path: o for o in _beneath(directory, low)}
    empty = Figure(metric, {p.name: 0 for p in metric.parts})
    return [
        {
            **numbers(found.get(path, empty)),
            "path": path,
            "office": offices[path].id if path in offices else None,
            "name": offices[path].name_on(call.today) if path in offices else path,
        }
        for path in sorted({*offices, *found})
    ]


def _beneath(directory: Directory, low: str) -> list[Office]:
    own = [o for o in directory.offices.values() if o.path == low and o.kind == "labour"]
    return [o for up in own for o in directory.below(up.id) if o.kind == "labour"]


async def contributions(call: Call) -> Answer:
    """Answer the persons or households that make a part of a figure."""
    low, _ = call.scope()
    metric, period = _metric(call), _period(call)
    (after,) = call.cursor(str) or (None,)
    part = _part(call, metric)
    async with call.reading() as c:
        found = await cases(c, metric.code, part, low, period, after=after, limit=call.limit + 1)
    page = found.items[: call.limit]
    more = params.cursor_of(page[-1].subject) if len(found.items) > len(page) else None
    items = [_contribution(i.subject, i.amount, i.seqs) for i in page]
    return {
        "metric": metric.code,
        "part": part,
        "items": items,
        "total": found.total,
        "sum": found.sum,
        "next": more,
        **_stated(period),
    }


def _part(call: Call, metric: Metric) -> str:
    part = call.get("part", metric.numerator[0])
    if part not in {p.name for p in metric.parts}:
        raise QueryError(NOT_FOUND, what=f"{metric.code}.{part}")
    return part


def _contribution(subject: str, amount: int, seqs: tuple[int, ...]) -> Answer:
    kind, _, ident = subject.partition("-")
    return {"id": ident, "kind": kind, "amount": amount, "events": list(seqs)}


async def contribution_events(call: Call) -> Answer:
    """Answer the events by which one person or household is within a part of a figure."""
    low, _ = call.scope()
    metric, period = _metric(call), _period(call)
    part = _part(call, metric)
    async with call.reading() as c:
        seqs, amount = await _seqs(c, call, metric, part, low, period)
        await open_subjects(c, [f"{kind}-{call.text('id')}" for kind in ("person", "household")])
        rows = await every(AUDIT.numbered(c, seqs=seqs))
    return {
        "metric": metric.code,
        "part": part,
        "clause": metric.clause,
        "requirements": list(metric.requirements),
        "amount": amount,
        "items": [shown(r) for r in rows],
        **_stated(period),
    }


async def _seqs(
    connection: asyncpg.Connection,
    call: Call,
    metric: Metric,
    part: str,
    low: str,
    period: Period,
) -> tuple[list[int], int]:
    for kind in ("person", "household"):
        subject = f"{kind}-{call.text('id')}"
        found = await cases(connection, metric.code, part, low, period, subject=subject)
        if found.items:
            return list(found.items[0].seqs), found.items[0].amount
    raise QueryError(NOT_FOUND, what=f"{metric.code}.{part} {call.text('id')}")


async def metrics(_: Call) -> Answer:
    """Answer the definition of every metric, with its version."""
    items = [{**defined(m), "events": list(SOURCES[m.code])} for m in METRICS.values()]
    return {"items": items}


def _day_end(text: str) -> date:
    """Read a day; a seq or an instant is told where it is answered."""
    if text.isdigit() or "T" in text:
        raise QueryError(DAY_ENDS, field="known")
    day: date = params.day("known", "").read(text)
    return day


_METRIC = params.word("metric", "Code of the metric", r"[A-Z][0-9]{1,2}", in_path=True)
_PERIOD: tuple[Any, ...] = (
    params.office(),
    params.day("from", "First day; 1 January of the last day's year when absent"),
    params.day("to", "Last day; today when absent"),
    replace(params.day("known", "As known at the end of this day; now when absent"), read=_day_end),
)
_PART = params.word("part", "Part of the figure; the first of its numerator when absent")
_MODELS = ("cube",)
_ID = params.ident("id", "Person or household id", in_path=True)
QUERIES = (
    Query(
        "/api/figures", "figures", "全部指标", "Every metric of an office", all_figures,
        _PERIOD, _MODELS, OFFICES, "office",
    ),
    Query(
        "/api/figures/{metric}", "figure", "指标", "One figure, with every office beneath",
        one_figure, (_METRIC, *_PERIOD), _MODELS, OFFICES, "office",
    ),
    Query(
        "/api/figures/{metric}/cases", "figure_cases", "指标构成", "Who makes a part of a figure",
        contributions, (_METRIC, *_PERIOD, _PART, params.CURSOR, params.LIMIT),
        _MODELS, CASES - {"person"}, "case",
    ),
    Query(
        "/api/figures/{metric}/cases/{id}/events", "figure_events", "指标依据事件",
        "The events behind one case of a figure", contribution_events,
        (_METRIC, _ID, *_PERIOD, _PART), (*_MODELS, "audit_trail"), CASES - {"person"}, "case",
    ),
    Query("/api/metrics", "metrics", "指标口径", "The definition of every metric", metrics),
)  # fmt: skip
