"""完整性核对 and 口径 (P18, P21): is every event everywhere, and what does each figure say."""

from __future__ import annotations

import asyncio
from typing import Any

from services.console import answers
from services.console.apis import Refused
from services.console.pages.audit import in_force
from services.console.site import Visit

NO_SUCH = {
    "code": "not_found", "zh": "没有这个指标。", "en": "There is no such figure.",
    "next_zh": "请从“指标口径”中选择。", "next_en": "Choose one from the definitions.",
}  # fmt: skip


async def load_completeness(visit: Visit) -> dict[str, Any]:
    """Load every step's count: appended, sequenced, published, then each read model."""
    return {"report": await visit.get("/api/completeness")}


async def load_definitions(visit: Visit) -> dict[str, Any]:
    """Load what every figure means."""
    return {"items": await _metrics(visit)}


async def _metrics(visit: Visit) -> list[dict[str, Any]]:
    found = await visit.get("/api/metrics")
    return [answers.figure(m, visit.lang) for m in found.get("items", ())]


async def load_definition(visit: Visit) -> dict[str, Any]:
    """Load one figure's definition: parts, clauses, parameters in force, events."""
    code = visit.request.path_params["metric"]
    figure = next((m for m in await _metrics(visit) if m["id"] == code), None)
    if figure is None:
        raise Refused(404, NO_SUCH)
    numbers = figure.get("requirements") or []
    rules = await asyncio.gather(*(visit.get(f"/api/rules/{n}") for n in numbers))
    types = await visit.get("/api/event_types")
    named = {t["type"]: t for t in types.get("items", ())}
    return {
        "figure": figure,
        "parts": [_part(figure, p) for p in figure["parts"]],
        "rules": rules,
        "in_force": [row for rule in rules for row in in_force(visit, rule)],
        "events": [named.get(t, {"type": t}) for t in figure.get("events") or ()],
    }


def _part(figure: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """Say on which side of the division a part stands."""
    sides = (("numerator", "numerator"), ("denominator_parts", "denominator"))
    return part | {"sides": [side for key, side in sides if part["id"] in (figure.get(key) or ())]}
