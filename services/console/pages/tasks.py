"""我的待办: what must I do today (P1); each count stands beside the list that makes it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from services.console import answers
from services.console.acting import giver_sent
from services.console.offers import may_send
from services.console.site import Visit
from services.console.wishes import wishes

QUEUES = ("open", "overdue", "today", "week", "waiting", "notice", "missed", "done")
MEETS = {
    "T1": "certification.close_notice",
    "T2": "certification.register_at_community",
    "T3": "certification.street_review",
    "T4": "certification.certify",
    "T5": "assistance.report_status",
    "T9": "assistance.deliver_service",
    "T10": "assistance.record_follow_up",
    "T16": "posts.place_in_job",
    "T20a": "certification.decide_objection",
    "T22": "certification.annotate_certificate",
    "T23": "assistance.sign_agreement",
    "T24": "assistance.make_plan",
    "T25": "certification.confirm_exit",
}
"""Clock (domain.md C4) → the command that usually meets it."""
PAGE = 100


async def load(visit: Visit) -> dict[str, Any]:
    """Load one queue with the counts of all: the office's own duties, or `?all=1` of its area."""
    queue = visit.query("queue", "open")
    queue = queue if queue in QUEUES else "open"
    owner = "" if visit.query("all") else visit.me.office
    answer = await visit.get(
        "/api/obligations",
        owner=owner,
        state=queue,
        limit=PAGE,
        **visit.at("office", "kind", "cursor", "after"),
    )
    counts = {c["queue"]: c["count"] for c in answer.get("counts") or ()}
    items = [answers.duty(d) for d in answer.get("items", ())]
    items = await visit.with_names(await visit.with_offices(items))
    return {
        "queue": queue,
        "queues": [(q, counts.get(q)) for q in QUEUES],
        "items": [row | {"go": _go(row, visit.me.roles)} for row in items],
        "next": answer.get("next"),
        "waiting": await _waiting(visit),
    }


async def _waiting(visit: Visit) -> list[dict[str, Any]]:
    """Return what waits for the asker's own second signature (R23, X15)."""
    found = await visit.maybe("/api/waiting", for_=giver_sent(visit.me), **visit.at("after"))
    rows: list[dict[str, Any]] = list(found.get("items", ()))
    return rows


def _go(row: dict[str, Any], roles: frozenset[str]) -> str:
    """Return where a duty is done: the form one may send, else the person or household."""
    person, household = row.get("person") or "", row.get("household") or ""
    name = MEETS.get(str(row.get("kind", "")), "")
    if person and name in wishes() and may_send(wishes()[name], roles):
        query = {"about": person, "person": person, "case": row.get("case") or ""}
        return f"/do/{name}?{urlencode({k: v for k, v in query.items() if v})}"
    if person:
        return f"/persons/{person}"
    return f"/households/{household}" if household else ""
