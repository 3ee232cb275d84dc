"""目标考核 (P11): every figure opens to its parts, its cases, their events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.console import answers, formats, maps
from services.console.bodies import with_told
from services.console.naming import name_all
from services.console.site import SPAN, Visit

FEW = 10
"""Denominator below which a rate is shown but not judged red."""


async def load(visit: Visit) -> dict[str, Any]:
    """Load an office's cards, the map and the ranking of the offices beneath."""
    ident = visit.request.path_params["office"]
    office = await visit.get(f"/api/offices/{ident}")
    answer = await visit.get("/api/figures", office=ident, **visit.at(*SPAN, "after"))
    metrics = [answers.figure(m, visit.lang) for m in answer.get("items", ())]
    chosen = visit.query("m") or next((m["id"] for m in metrics if m["id"] == FIRST), "")
    figure = await _figure(visit, chosen, ident) if chosen else {}
    children = figure.get("children") or []
    return {
        "office": office,
        "metrics": metrics,
        "chosen": chosen,
        "figure": figure,
        "period": answer.get("period") or {},
        "rows": ranked(children),
        "map": _map(visit, office, children, chosen, str(answer.get("valid") or "")),
    }


FIRST = "M2"
"""The figure shown first: the employment rate."""


async def _figure(visit: Visit, metric: str, office: str) -> dict[str, Any]:
    found = await visit.get(f"/api/figures/{metric}", office=office, **visit.at(*SPAN))
    return answers.figure(found, visit.lang)


def ranked(children: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sort offices by rate, then value; ties share a rank; those without data come last."""
    rows = sorted(children, key=_key, reverse=True)
    out: list[dict[str, Any]] = []
    for place, row in enumerate(rows, 1):
        same = bool(out) and _key(out[-1]) == _key(row)
        few = (row.get("denominator") or FEW) < FEW
        out.append(
            row
            | {"rank": out[-1]["rank"] if same else place, "few": few, "light": _light(row, few)}
        )
    return out


def _key(row: Mapping[str, Any]) -> tuple[float, float]:
    rate, value = row.get("rate"), row.get("value")
    return (
        float(rate) if isinstance(rate, int | float) else -1.0,
        float(value) if isinstance(value, int | float) else -1.0,
    )


def _light(row: Mapping[str, Any], few: bool) -> str:
    light = str(row.get("light") or "")
    return "" if few and light == "red" else light


def _map(
    visit: Visit, office: Mapping[str, Any], children: list[dict[str, Any]], metric: str, day: str
) -> maps.Map | None:
    rates = {}
    for row in children:
        code, ident = str(row["path"]), row.get("office")
        rate = formats.percent(row.get("rate"))
        label = (
            formats.share(row.get("rate")) if rate is not None else formats.number(row.get("value"))
        )
        href = visit.address(f"/o/{ident}", m=metric) if ident else ""
        rates[code] = (rate, label, href)
    path = str(office.get("path", ""))
    return maps.draw(path, day, rates)


async def load_figure(visit: Visit) -> dict[str, Any]:
    """Load one figure: definition, parts, the offices beneath, and what makes it."""
    ident, metric = visit.request.path_params["office"], visit.request.path_params["metric"]
    figure = await _figure(visit, metric, ident)
    cases = await visit.get(
        f"/api/figures/{metric}/cases", office=ident, **visit.at(*SPAN, "part", "cursor")
    )
    return {
        "office": await visit.get(f"/api/offices/{ident}"),
        "figure": figure,
        "metric": metric,
        "part": cases.get("part", ""),
        "rows": ranked(figure.get("children") or []),
        "items": await visit.with_names([answers.case(c) for c in cases.get("items", ())]),
        "total": cases.get("total"),
        "next": cases.get("next"),
    }


async def load_case(visit: Visit) -> dict[str, Any]:
    """Load the events that put one case into a figure."""
    params = visit.request.path_params
    ident, metric = params["office"], params["metric"]
    answer = await visit.get(
        f"/api/figures/{metric}/cases/{params['case']}/events",
        office=ident, **visit.at(*SPAN, "part"),
    )  # fmt: skip
    events = await visit.with_offices(answer.get("items", []))
    await name_all(visit, events)
    about = next((r for r in await visit.with_names(events[:1]) if r.get("person")), {})
    return {
        "office": await visit.get(f"/api/offices/{ident}"),
        "figure": await _figure(visit, metric, ident),
        "metric": metric,
        "case": params["case"],
        "name": about.get("name"),
        "events": with_told(visit, events),
    }
