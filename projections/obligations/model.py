"""The obligations as the engine keeps them: one state per person and household (R38, R87–R92).

`rm_obligations` has a row per duty. Whether an open one is overdue is a matter of the day on which
one asks. The monthly follow-up (T10) is kept as `rm_follow_up`, the times in which a person is
tracked by an office with the months visited: its months follow from that and the asking day alone,
so that no event is needed for a month to begin or to be missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import orjson

from events.contracts.base import Recorded, ident
from events.rules.directory import Directory
from projections.engine.projection import AsOf
from projections.engine.readmodel import ReadModel, Row
from projections.journal import Note, Notes, Taker, after, dump, load
from projections.obligations.duty import Duty, begin
from projections.obligations.follow_up import follow_ups
from projections.obligations.helping import helping
from projections.obligations.kinds import KINDS
from projections.obligations.notes import HOUSEHOLD, PERSON
from projections.obligations.planning import Home, Plan, plan
from projections.obligations.steps import Steps
from projections.obligations.tables import FOLLOW_UP, OBLIGATIONS, STEPS

_STEPS = frozenset({"T2", "T3", "T4", "T22", "T23", "T24", "T25"})


@dataclass(frozen=True)
class Entry:
    """One person or household: notes, and the plans made so far by duty."""

    key: str
    notes: Notes
    plans: Mapping[str, Plan]

    @cached_property
    def duties(self) -> tuple[Duty, ...]:
        """Return every duty that the notes tell of."""
        if self.key.startswith("household-"):
            return tuple(_household(self.notes))
        work = [n for n in self.notes if n.kind == "placed"]
        found: list[Duty] = []
        for notes in by_case(self.notes).values():
            found += Steps().walk(notes)
            found += helping(notes, work)
        return tuple(found)

    @property
    def home(self) -> Home:
        """Return where the subject belongs now."""
        last = next((n.data for n in reversed(self.notes) if "office" in n.data), {})
        return Home(last.get("office", ""), last.get("path", ""))


def by_case(notes: Notes) -> dict[str, list[Note]]:
    """Return the notes of each case that was filed or imported."""
    own = dict.fromkeys(n.of for n in notes if n.kind in ("filed", "imported", "certified"))
    return {case: [n for n in notes if n.of == case] for case in own}


def planned(entry: Entry, directory: Directory) -> Entry:
    """Return the entry with its open duties planned by what the directory knows now (X18)."""
    plans = plan(entry.duties, entry.plans, entry.home, directory)
    return entry if plans == entry.plans else replace(entry, plans=plans)


def _household(notes: Notes) -> Iterator[Duty]:
    """Ask for work within a month of every certification of the household (T8)."""
    for note in notes:
        if note.kind == "certified":
            duty = begin("T8", note)
            ends = (n for n in notes if n.kind in ("cleared", "left") and n.seq > note.seq)
            if (end := next(ends, None)) is not None:
                duty.end(end, done=end.kind == "cleared", day=max(end.day, note.day))
            yield duty


class Obligations(ReadModel[Entry]):
    """Task lists and overdue duties."""

    name = "obligations"
    version = 4
    tables = (OBLIGATIONS, FOLLOW_UP, STEPS)
    types = frozenset(PERSON) | frozenset(HOUSEHOLD)
    open_rows = "exists (select from rm_obligations o where o.subject = s.key and o.ended is null)"

    def key(self, fact: Recorded[Any]) -> str | None:
        """Return the subject of a fact about a person or household that duties hang on."""
        return fact.subject if fact.type in _takers(fact.subject) else None

    def project(self, row: Entry | None, fact: Recorded[Any], directory: Directory) -> Entry | None:
        """Return the entry after a fact, its open duties planned anew."""
        notes = row.notes if row is not None else ()
        new = after(notes, fact, _takers(fact.subject), directory)
        if new is notes:
            return row
        return planned(Entry(fact.subject, new, row.plans if row is not None else {}), directory)

    def replan(self, row: Entry, seq: int, as_of: AsOf) -> Entry:
        """Plan the open duties by the directory as of a seq, or of the last note if later (X18)."""
        return planned(row, as_of(max(seq, max((n.seq for n in row.notes), default=0))))

    def dump(self, row: Entry) -> bytes:
        """Write an entry."""
        plans = {k: [*_values(p)] for k, p in row.plans.items()}
        return row.key.encode() + b"\n" + orjson.dumps(plans) + b"\n" + dump(row.notes)

    def load(self, state: bytes) -> Entry:
        """Read an entry."""
        key, plans, notes = state.split(b"\n", 2)
        read = {k: _plan(values) for k, values in orjson.loads(plans).items()}
        return Entry(key.decode(), load(notes), read)

    def rows(self, key: str, row: Entry) -> Iterable[tuple[str, Row]]:
        """Return the rows of every duty, and the times of follow-up."""
        for duty in row.duties:
            yield "rm_obligations", shown(key, duty, row.plans[duty.id])
        if key.startswith("person-"):
            for values in follow_ups(ident(key), row.notes, by_case(row.notes)):
                yield "rm_follow_up", values

    def additions(self, row: Entry) -> Iterable[tuple[tuple[str, Row], int]]:
        """Return the finished steps, on the day they ended, where the person belonged (M6)."""
        for duty in row.duties:
            if duty.kind in _STEPS and duty.done and duty.ended_on is not None:
                its = row.plans[duty.id]
                took = (duty.ended_on - duty.start).days
                ended = outcome(duty, its.due)
                yield ("rm_steps", (duty.kind, its.home, duty.ended_on, ended, took)), 1


def outcome(duty: Duty, due: date | None) -> str:
    """Tell how a duty ended: met, late, missed, waived where it fell away in time, else open."""
    if duty.ended_on is None:
        return "open"
    in_time = due is None or duty.ended_on <= due
    if KINDS[duty.kind].bound == "at_least":
        return "met" if duty.done else "waived"
    if duty.done:
        return "met" if in_time else "late"
    return "waived" if in_time else "missed"


def shown(key: str, duty: Duty, its: Plan) -> Row:
    """Return a duty's row in column order."""
    kind, (of, _, own) = KINDS[duty.kind], key.partition("-")
    late = 0
    if duty.ended_on is not None and its.due is not None and kind.bound == "at_most":
        late = max((duty.ended_on - its.due).days, 0)
    return (
        duty.id,
        duty.kind,
        kind.clause,
        kind.zh,
        kind.en,
        key,
        own if of == "person" else None,
        duty.case if of == "person" else None,
        own if of == "household" else None,
        its.office,
        its.path,
        its.level,
        its.home,
        duty.officer or None,
        duty.start,
        its.due,
        its.length,
        kind.unit,
        kind.bound,
        duty.open and any(until is None for _, until in duty.pauses),
        duty.ended_on,
        outcome(duty, its.due),
        late,
        duty.ended.late if duty.ended else None,
        duty.began.seq,
        duty.ended.seq if duty.ended else None,
    )


def _values(its: Plan) -> Iterable[Any]:
    return (its.office, its.path, its.level, its.home, its.length, its.due, its.ended)


def _plan(values: list[Any]) -> Plan:
    office, path, level, home, length, due, ended = values
    last = date.fromisoformat(due) if due else None
    return Plan(office, path, level, home, length, last, ended)


def _takers(subject: str) -> Mapping[str, Taker]:
    if subject.startswith("person-"):
        return PERSON
    return HOUSEHOLD if subject.startswith("household-") else {}


OBLIGATION_MODEL = Obligations()
