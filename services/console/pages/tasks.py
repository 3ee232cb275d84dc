"""我的待办: what must I do today (P1). Options have no due day and are never overdue."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from services.console.site import Visit
from services.console.wishes import wishes

QUEUES = ("open", "overdue", "today", "week", "option", "done")
MEETS = {
    "T1": "certification.close_notice",
    "T2": "certification.register_at_community",
    "T3": "certification.street_review",
    "T4": "certification.certify",
    "T5": "assistance.report_status",
    "T9": "assistance.deliver_service",
    "T10": "assistance.record_follow_up",
    "T11": "assistance.end_follow_up",
    "T16": "posts.place_in_job",
    "T20a": "certification.decide_objection",
    "T22": "certification.annotate_certificate",
    "T23": "assistance.sign_agreement",
    "T24": "assistance.make_plan",
    "T25": "certification.confirm_exit",
}
"""Clock (domain.md C4) → the command that usually meets it, where the answer names none."""
PAGE = 100


async def load(visit: Visit) -> dict[str, Any]:
    """Load one queue with the counts of all; each count stands beside the query that makes it."""
    queue = visit.query("queue", "open")
    queue = queue if queue in QUEUES else "open"
    answer = await visit.get(
        "/api/obligations", state=queue, limit=PAGE, **visit.at("office", "kind", "cursor", "after")
    )  # fmt: skip
    counts = answer.get("counts") or {}
    items = await visit.with_offices(answer.get("items", []))
    return {
        "queue": queue,
        "queues": [(q, counts.get(q)) for q in QUEUES if q in counts or q == queue],
        "items": [row | {"go": _go(row)} for row in items],
        "next": answer.get("next"),
        "total": answer.get("total", len(answer.get("items", ()))),
    }


def _go(row: dict[str, Any]) -> str:
    """Return the address where a duty is done: its form, else the person or household."""
    person, household = row.get("person") or "", row.get("household") or ""
    name = row.get("command") or MEETS.get(str(row.get("kind", "")), "")
    if person and name in wishes():
        query = {"about": person, "person": person, "case": row.get("case") or ""}
        return f"/do/{name}?{urlencode({k: v for k, v in query.items() if v})}"
    if person:
        return f"/persons/{person}"
    return f"/households/{household}" if household else ""
