"""目标考核 (P11): every figure opens to its parts, its cases, their events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.console import formats, maps
from services.console.site import Visit

LONG = ("from", "to")
FEW = 10
"""Denominator below which a rate is shown but not ranked red."""


def _span(visit: Visit) -> dict[str, str]:
    return {f"{name}_": visit.query(name) for name in LONG}


async def load(visit: Visit) -> dict[str, Any]:
    """Load an office's cards, the map and the ranking of the offices beneath."""
    ident = visit.request.path_params["office"]
    office = await visit.get(f"/api/offices/{ident}")
    answer = await visit.get("/api/figures", office=ident, **_span(visit))
    metrics = answer.get("metrics") or answer.get("items") or []
    chosen = visit.query("m") or (str(metrics[0]["id"]) if metrics else "")
    figure = await visit.maybe(f"/api/figures/{chosen}", office=ident, **_span(visit))
    return {
        "office": office,
        "metrics": metrics,
        "headline": answer.get("headline"),
        "chosen": chosen,
        "figure": figure,
        "rows": ranked(figure.get("children") or []),
        "map": _map(visit, office, figure.get("children") or [], chosen),
    }


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
    visit: Visit, office: Mapping[str, Any], children: list[dict[str, Any]], metric: str
) -> maps.Map | None:
    rates = {}
    for row in children:
        ident = str(row["office"])
        code = str(row.get("path") or natural(ident))
        rate = formats.percent(row.get("rate"))
        label = (
            formats.share(row.get("rate")) if rate is not None else formats.number(row.get("value"))
        )
        rates[code] = (rate, label, visit.address(f"/o/{ident}", m=metric))
    path = str(office.get("path", ""))
    return maps.draw(path, visit.query("valid"), rates)


def natural(office: str) -> str:
    """Return the natural-length code of a 12-digit office id."""
    code = office[:12]
    for length in (2, 4, 6, 9):
        if not code[length:].strip("0"):
            return code[:length]
    return code


async def load_figure(visit: Visit) -> dict[str, Any]:
    """Load one figure: definition, parts, the offices beneath, and what makes it."""
    ident, metric = visit.request.path_params["office"], visit.request.path_params["metric"]
    office = await visit.get(f"/api/offices/{ident}")
    figure = await visit.get(f"/api/figures/{metric}", office=ident, **_span(visit))
    cases = await visit.get(
        f"/api/figures/{metric}/cases", office=ident, part=visit.query("part"),
        cursor=visit.query("cursor"), **_span(visit),
    )  # fmt: skip
    return {
        "office": office,
        "figure": figure,
        "metric": metric,
        "part": visit.query("part"),
        "rows": ranked(figure.get("children") or []),
        "items": cases.get("items", []),
        "total": cases.get("total"),
        "next": cases.get("next"),
    }


async def load_case(visit: Visit) -> dict[str, Any]:
    """Load the events that put one case into a figure."""
    params = visit.request.path_params
    base = f"/api/figures/{params['metric']}"
    office = await visit.get(f"/api/offices/{params['office']}")
    figure = await visit.get(base, office=params["office"], **_span(visit))
    answer = await visit.get(
        f"{base}/cases/{params['case']}/events", office=params["office"],
        part=visit.query("part"), **_span(visit),
    )  # fmt: skip
    return {
        "office": office, "figure": figure, "metric": params["metric"], "case": params["case"],
        "events": answer.get("items", []),
    }  # fmt: skip
