"""A digest of what the read models say of people and figures: no ids, salts, seq or clocks.

Two runs of one plan have the same digest, whatever was killed in between.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

import asyncpg

BUSINESS: dict[str, tuple[str, ...]] = {
    "rm_ledger_person": (
        "path", "listed", "state", "since", "work", "work_since", "channel", "tracking",
        "category", "sex", "age_band", "certified_on", "tally", "report_due",
    ),
    "rm_ledger_household": ("path", "state", "since", "due", "members", "certified"),
    "rm_obligations": (
        "kind", "office", "path", "level", "started", "due", "waiting", "ended", "outcome",
        "days_late",
    ),
    "rm_posts": ("path", "open"),
}  # fmt: skip
"""The columns of each table that two runs agree on."""


def plain(value: Any) -> Any:  # noqa: ANN401
    """Return a value as JSON can write it."""
    return value.isoformat() if isinstance(value, date) else value


async def digest(read_dsn: str) -> tuple[str, dict[str, int]]:
    """Return the SHA-256 over the sorted business rows, and how many rows each table gave."""
    connection = await asyncpg.connect(read_dsn)
    counts: dict[str, int] = {}
    whole = hashlib.sha256()
    try:
        for table, columns in BUSINESS.items():
            rows = await connection.fetch(f"select {', '.join(columns)} from {table}")  # noqa: S608
            lines = sorted(json.dumps([plain(v) for v in row]) for row in rows)
            counts[table] = len(lines)
            whole.update("\n".join([table, *lines]).encode())
        figures = await connection.fetch(
            "select metric, part, path, valid, sum(amount)::bigint from rm_cube"
            " group by 1, 2, 3, 4 having sum(amount) <> 0"
        )
        cells = sorted(json.dumps([plain(v) for v in row]) for row in figures)
        counts["rm_cube"] = len(cells)
        whole.update("\n".join(cells).encode())
    finally:
        await connection.close()
    return whole.hexdigest(), counts
