"""The tables of the obligations: duties, times of follow-up, finished steps.

Paths are compared byte by byte, so that an area is a range of an index. Open duties, which every
task list asks for, have indexes of their own: by area, and by last day for wide areas.
"""

from __future__ import annotations

from projections.engine.fence import cases, offices
from projections.engine.readmodel import Column, Table

OBLIGATIONS = Table(
    "rm_obligations",
    tuple(
        Column(*c.split(" ", 1))
        for c in (
            "id text",
            "kind text",
            "clause text",
            "zh text",
            "en text",
            "subject text",
            "person text",
            "case_id text",
            "household text",
            "office text",
            "path text",
            "level text",
            'home text collate "C"',
            "officer text",
            "started date",
            "due date",
            "length int",
            "unit text",
            "bound text",
            "waiting boolean",
            "ended date",
            "outcome text",
            "days_late int",
            "recorded_late int",
            "start_seq bigint",
            "end_seq bigint",
        )
    ),
    ("id",),
    (
        "home, kind, due",
        "office, due",
        "subject",
        "home, due) include (office, waiting, bound) where (outcome = 'open'",
        "coalesce(due, 'infinity'), id) where (outcome = 'open'",
    ),
    fence=cases("home"),
)
FOLLOW_UP = Table(
    "rm_follow_up",
    tuple(
        Column(*c.split(" ", 1))
        for c in (
            "case_id text",
            "since date",
            "person text",
            "office text",
            'path text collate "C"',
            "officer text",
            "until date",
            "months text[]",
            "days date[]",
            "seqs bigint[]",
            "known date[]",
            "start_seq bigint",
        )
    ),
    ("case_id", "since"),
    ("path", "person"),
    fence=cases(),
)

STEPS = Table(
    "rm_steps",
    (
        Column("kind", "text"),
        Column("path", 'text collate "C"'),
        Column("valid", "date"),
        Column("outcome", "text"),
        Column("days", "int"),
    ),
    ("kind", "path", "valid", "outcome", "days"),
    additive=True,
    fence=offices(),
)
"""Finished steps by how they ended and how many days they took (M6)."""
