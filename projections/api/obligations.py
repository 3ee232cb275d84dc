"""Task lists: duties by last day, and each queue's count with the query behind it (P1)."""

from __future__ import annotations

from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

from projections.api import params
from projections.api.problems import MALFORMED, QueryError
from projections.api.query import CASES, Answer, Call, Query
from projections.obligations.kinds import KINDS
from projections.obligations.lists import Obligation, Scope, State, counts, obligations

_STATES = ("open", "overdue", "today", "week", "waiting", "missed", "done", "notice", "all")


async def duties(call: Call) -> Answer:
    """Answer a page of a queue: overdue first, then by last day."""
    low, _ = call.scope()
    state = cast("State", call.get("state", "open"))
    scope = Scope(low, call.args.get("owner"), _subject(call), _kinds(call))
    async with call.reading() as c:
        found = await obligations(
            c, scope, state, call.today, after=_after(call), limit=call.limit + 1
        )
        queues = await counts(c, scope, call.today)
    page = found[: call.limit]
    more = _cursor(page[-1]) if len(found) > len(page) else None
    return {
        "items": [_line(o) for o in page],
        "counts": [_queue(call, name, number) for name, number in queues.items()],
        "next": more,
    }


def _subject(call: Call) -> str | None:
    for kind in ("person", "household"):
        if kind in call.args:
            return f"{kind}-{call.text(kind)}"
    return None


def _kinds(call: Call) -> tuple[str, ...] | None:
    return (call.text("kind"),) if "kind" in call.args else None


def _after(call: Call) -> tuple[date | None, str] | None:
    found = call.cursor(str, str)
    if found is None:
        return None
    due, ident = found
    try:
        return (date.fromisoformat(due) if due else None), ident
    except ValueError:
        raise QueryError(MALFORMED, field="cursor") from None


def _cursor(last: Obligation) -> str:
    due = last.row["due"]
    return params.cursor_of(due.isoformat() if due else "", last.id)


def _line(found: Obligation) -> Answer:
    row = {k: _json(v) for k, v in found.row.items() if k != "order_due"}
    kind = found.kind
    return {
        **row,
        "kind": kind.code,
        "zh": kind.zh,
        "en": kind.en,
        "clause": kind.clause,
        "of_person": kind.of_person,
        "state": found.state,
        "days_left": found.days_left,
    }


def _json(value: Any) -> Any:  # noqa: ANN401
    return value.isoformat() if isinstance(value, date) else value


def _queue(call: Call, name: str, number: int) -> Answer:
    """Return a queue's count with the query that lists the same duties."""
    words = {k: v for k in ("office", "owner") if (v := call.args.get(k)) is not None}
    query = urlencode({**words, "state": name})
    return {"queue": name, "count": number, "query": f"/api/obligations?{query}"}


QUERIES = (
    Query(
        "/api/obligations", "obligations", "待办", "Duties by last day (P1)", duties,
        (
            params.office(), params.office("owner"),
            params.choice("state", "Queue (open when absent)", *_STATES),
            params.choice("kind", "Kind of duty (C4)", *KINDS),
            params.ident("person", "Duties about a person"),
            params.ident("household", "Duties about a household"),
            params.CURSOR, params.LIMIT,
        ),
        ("obligations",), CASES - {"person"}, "case",
    ),
)  # fmt: skip
