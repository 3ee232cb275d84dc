"""Asking for duties: pages of a queue, counts of all queues, and how steps were kept (P1, M6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from typing import Any, Literal, TypeAlias

import aiosql
import asyncpg

from projections.obligations.kinds import KINDS, Kind
from projections.planned import plan_each

QUERIES: Any = aiosql.from_str(
    files("projections.obligations").joinpath("queries.sql").read_text("utf-8"), "asyncpg"
)
State: TypeAlias = Literal[
    "open", "overdue", "today", "week", "waiting", "missed", "done", "notice", "all"
]
"""Queues: `week` are the seven days after today, `notice` the notices that run (T1)."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose duties: of persons and households in an area, optionally of one office or subject."""

    path: str
    office: str | None = None
    subject: str | None = None
    kinds: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Obligation:
    """A duty as the lists show it; `state` and `days_left` are as of the asking day."""

    id: str
    kind: Kind
    state: str
    days_left: int | None
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """How one kind of step was kept: finished, in time, and days taken by how many cases."""

    finished: int = 0
    in_time: int = 0
    days: dict[int, int] = field(default_factory=dict)


async def obligations(
    connection: asyncpg.Connection,
    scope: Scope,
    state: State,
    today: date,
    *,
    after: tuple[date | None, str] | None = None,
    limit: int = 50,
) -> list[Obligation]:
    """Return a page of a queue by last day; `after` is (due, id) of the last one seen."""
    await plan_each(connection)
    rows = QUERIES.page(
        connection,
        low=scope.path,
        high=scope.path + ":",
        office=scope.office,
        subject=scope.subject,
        kinds=list(scope.kinds) if scope.kinds is not None else None,
        state=state,
        today=today,
        history=state in ("missed", "done", "all"),
        after_due=(after[0] or date.max) if after else None,
        after_id=after[1] if after else None,
        limit=limit,
    )
    return [_shown(row, today) async for row in rows]


async def counts(connection: asyncpg.Connection, scope: Scope, today: date) -> dict[str, int]:
    """Return how many open duties stand in each queue."""
    await plan_each(connection)
    row = await QUERIES.counts(
        connection, low=scope.path, high=scope.path + ":", office=scope.office, today=today
    )
    return dict(row)


async def steps(
    connection: asyncpg.Connection,
    path: str,
    start: date,
    finish: date,
    known: date | None = None,
    width: int = 0,
) -> dict[tuple[str, str], Kept]:
    """Return how steps that were finished in a period were kept, by (area, kind) (M6)."""
    found: dict[tuple[str, str], Kept] = {}
    async for row in QUERIES.steps(
        connection,
        low=path,
        high=path + ":",
        start=start,
        finish=finish,
        known=known or date.max,
        width=width,
    ):
        key, amount = (row["area"], row["kind"]), row["amount"]
        old = found.get(key, Kept())
        in_time = old.in_time + (amount if row["outcome"] == "met" else 0)
        days = {**old.days, row["days"]: old.days.get(row["days"], 0) + amount}
        found[key] = Kept(old.finished + amount, in_time, days)
    return found


def _shown(row: Mapping[str, Any], today: date) -> Obligation:
    left = (row["due"] - today).days if row["due"] is not None else None
    overdue = row["outcome"] == "open" and left is not None and left < 0
    state = "overdue" if overdue else row["outcome"]
    return Obligation(row["id"], KINDS[row["kind"]], state, left, dict(row))
