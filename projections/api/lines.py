"""Lines and cells of the ledger as they are answered."""

from __future__ import annotations

from projections.api.query import Answer
from projections.ledger.cells import GROUPS, LABELS, MANDATORY, State

_IN_LISTS = ("name", "national_id", "phone", "sex", "birth_date", "certification", *MANDATORY)


def listed(row: State) -> Answer:
    """Return a person's line of the ledger: the six groups of R37 and who it is."""
    case = row["cases"].get(row.get("case"), {})
    return {
        **summary(row, case),
        "cells": [cell(n, row["cells"][n]) for n in _IN_LISTS if n in row["cells"]],
    }


def summary(row: State, case: State) -> Answer:
    """Return how it stands with a person: certification, work, tracking, dates."""
    return {
        "person": row["person"],
        "office": row.get("office"),
        "path": row.get("path"),
        "state": case.get("state"),
        "since": case.get("since"),
        "work": row["work"],
        "work_since": row.get("work_since"),
        "channel": row.get("channel"),
        "tracking": row.get("tracking"),
        "category": case.get("category") or case.get("primary"),
        "case": row.get("case"),
        "case_no": case.get("no"),
        "certified_on": case.get("certified_on"),
        "tally": case.get("tally", 0),
        "report_due": row.get("report_due") if case.get("state") == "certified" else None,
        "helper": row.get("file", {}).get("helper"),
        "household": case.get("member_of") or row.get("file", {}).get("household"),
        "annotated": bool(case.get("annotated")),
        "seq": row["seq"],
    }


def cell(name: str, found: State) -> Answer:
    """Return a cell: its value, or the sealed value with its place, and its events."""
    zh, en = LABELS[name]
    out: Answer = {"name": name, "zh": zh, "en": en, "events": found["e"]}
    value = found["v"]
    if isinstance(value, dict) and value.keys() == {"sealed"}:
        return {**out, "sealed": value["sealed"]}
    return {**out, "value": value}


def grouped(row: State, seen: set[str] | None = None) -> list[Answer]:
    """Return the cells by group (R37); only those that may be seen, None means all."""
    cells = {n: c for n, c in row["cells"].items() if seen is None or n in seen}
    return [
        {
            "group": name,
            "zh": zh,
            "en": en,
            "cells": [cell(n, cells[n]) for n in names if n in cells],
        }
        for name, (zh, en, names) in GROUPS.items()
    ]


def household_line(row: State) -> Answer:
    """Return a household with its members and certifications."""
    address = row["cells"].get("address")
    out = {k: v for k, v in row.items() if k != "cells"}
    return {**out, "address": cell("address", address) if address else None}
