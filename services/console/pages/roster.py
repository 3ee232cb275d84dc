"""The ledger as a list on paper: the filters of the page, all rows up to a limit (P2, X15, X20)."""

from __future__ import annotations

from typing import Any

from services.console import answers
from services.console.pages.persons import search
from services.console.paper import Paper
from services.console.site import Visit

FILTERS = ("office", "state", "category")
CELLS = frozenset({"name", "national_id", "phone", "sex", "age_band"})
"""What a list shows of a person; the numbers stay masked."""
MOST_ROWS = 1_000
"""Rows of one print; a longer list is printed in parts, or exported."""
PAGE = 150
"""Rows asked for and opened at once: what is opened of a person is recorded in one go."""


async def load(visit: Visit) -> dict[str, Any]:
    """Load every row that the filters find, up to the limit, and how many there are."""
    paper = Paper(visit, "roster")
    await paper.begin()
    ids, outside = await search(visit, visit.query("q"))
    rows, total = ([], 0) if ids == [] else await _rows(paper, ids or [])
    office = await paper.office(visit.query("office") or visit.me.office)
    return paper.drawn(
        rows=await visit.with_offices(rows),
        total=total,
        outside=outside,
        most=MOST_ROWS,
        office=office,
        filters=[(name, text) for name in FILTERS[1:] if (text := visit.query(name))],
    )


async def _rows(paper: Paper, ids: list[str]) -> tuple[list[dict[str, Any]], int]:
    """Return the rows in the ledger's order and the total that the same words find."""
    words = {"text_ids": ",".join(ids), "limit": PAGE} | paper.visit.at(*FILTERS, "after")
    rows: list[dict[str, Any]] = []
    cursor, total = "", 0
    while True:
        found = await paper.get("/api/ledger", cursor=cursor, **words)
        total, cursor = max(total, int(found.get("total") or 0)), str(found.get("next") or "")
        lean = [_lean(r) for r in found.get("items") or ()][: MOST_ROWS - len(rows)]
        rows += [_row(r) for r in await paper.opened(lean)] if lean else []
        if not cursor or len(rows) >= MOST_ROWS:
            return rows, total


def _lean(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "cells": [c for c in row.get("cells") or () if c["name"] in CELLS]}


def _row(row: dict[str, Any]) -> dict[str, Any]:
    cells = answers.cells(row)
    return answers.row(row) | {n: cells.get(n) for n in ("national_id", "phone")}
