"""The cube as the engine keeps it: notes per person or household, cells per office and day (R40).

`rm_cube` holds the additive parts of every figure, `rm_cube_cases` the same amounts by whom they
come from with the events behind them; both by the day on which they became known, so that a figure
and its cases are reproducible as of any day and as known at the end of any day (R41, X12).
`rm_cube_now` holds the sums of a province, its cities and counties by everything known now: what
leaders look at costs the same at a thousand persons and at a million.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from events.contracts.base import Recorded
from events.rules.directory import Directory
from projections.cube.conduct import exits, offers, reports, visits
from projections.cube.household import households
from projections.cube.life import life
from projections.cube.notes import HOUSEHOLD, PERSON
from projections.cube.parts import Share
from projections.cube.stock import stocks
from projections.cube.working import placements
from projections.engine.fence import cases, offices
from projections.engine.readmodel import Column, ReadModel, Row, Table
from projections.journal import Notes, after, dump, load

TEXT = 'text collate "C"'

CELLS = Table(
    "rm_cube",
    (
        Column("metric", TEXT),
        Column("part", TEXT),
        Column("path", TEXT),
        Column("valid", "date"),
        Column("category", TEXT),
        Column("sex", TEXT),
        Column("age_band", TEXT),
        Column("channel", TEXT),
    ),
    ("metric", "part", "path", "valid", "category", "sex", "age_band", "channel"),
    ("metric, part, path, valid, known, amount",),
    additive=True,
    fence=offices(),
)
WIDE = (2, 4, 6)
"""Lengths of the paths of a province, a city and a county, which `rm_cube_now` holds sums of."""
NOW = Table(
    "rm_cube_now",
    (
        Column("metric", TEXT),
        Column("part", TEXT),
        Column("width", "smallint"),
        Column("path", TEXT),
        Column("valid", "date"),
    ),
    ("metric", "part", "width", "path", "valid"),
    sums_of="rm_cube",
    fence=offices(),
)
CASES = Table(
    "rm_cube_cases",
    (
        Column("metric", TEXT),
        Column("part", TEXT),
        Column("path", TEXT),
        Column("valid", "date"),
        Column("subject", TEXT),
        Column("category", TEXT),
        Column("channel", TEXT),
        Column("seqs", "bigint[]"),
    ),
    ("metric", "part", "path", "valid", "subject", "category", "channel", "seqs"),
    ("subject",),
    additive=True,
    fence=cases(),
)


@dataclass(frozen=True)
class Entry:
    """One person or household: its notes, and what they add, worked out once."""

    key: str
    notes: Notes

    @cached_property
    def shares(self) -> tuple[Share, ...]:
        """Return everything that the entry adds to figures."""
        if self.key.startswith("household-"):
            return tuple(households(self.notes))
        found = life(self.notes)
        return (
            *stocks(found),
            *placements(found),
            *visits(found),
            *reports(found),
            *exits(found, self.notes),
            *offers(found, self.notes),
        )

    @cached_property
    def cells(self) -> tuple[tuple[tuple[str, Row], int], ...]:
        """Return the cells of both tables with their amounts."""
        home = next((n.data for n in self.notes if n.kind == "home"), {})
        sex, age_band = home.get("sex", ""), home.get("age_band", "")
        found: list[tuple[tuple[str, Row], int]] = []
        for s in self.shares:
            cell = (s.metric, s.part, s.path, s.valid, s.category, sex, age_band, s.channel)
            own = (s.metric, s.part, s.path, s.valid, self.key, s.category, s.channel, s.seqs)
            found.append((("rm_cube", cell), s.amount))
            found.append((("rm_cube_cases", own), s.amount))
        return tuple(found)


class Cube(ReadModel[Entry]):
    """The accountability cube."""

    name = "cube"
    version = 4
    tables = (CELLS, CASES, NOW)
    types = frozenset(PERSON) | frozenset(HOUSEHOLD)

    def key(self, fact: Recorded[Any]) -> str | None:
        """Return the subject of a fact about a person or household that figures are made of."""
        return fact.subject if fact.type in _takers(fact.subject) else None

    def project(self, row: Entry | None, fact: Recorded[Any], directory: Directory) -> Entry | None:
        """Return the entry after a fact."""
        notes = row.notes if row is not None else ()
        new = after(notes, fact, _takers(fact.subject), directory)
        return row if new == notes else Entry(fact.subject, new)

    def dump(self, row: Entry) -> bytes:
        """Write an entry's notes."""
        return row.key.encode() + b"\n" + dump(row.notes)

    def load(self, state: bytes) -> Entry:
        """Read an entry's notes."""
        key, _, notes = state.partition(b"\n")
        return Entry(key.decode(), load(notes))

    def additions(self, row: Entry) -> Iterable[tuple[tuple[str, Row], int]]:
        """Return what an entry adds to the cube and to its cases."""
        return row.cells

    def coarser(self, values: Row) -> Iterable[Row]:
        """Return the sums of the province, the city and the county that a cell is part of."""
        metric, part, path, valid, *_ = values
        return ((metric, part, width, path[:width], valid) for width in WIDE)


def _takers(subject: str) -> dict[str, Any]:
    if subject.startswith("person-"):
        return PERSON
    return HOUSEHOLD if subject.startswith("household-") else {}


CUBE = Cube()
