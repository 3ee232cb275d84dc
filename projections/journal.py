"""A row that remembers what happened in short notes and is worked out anew from them.

Late reports need no code of their own: a note stands by the day it happened, and what a row shows
is a pure function of its notes. Corrected facts do not either: the engine folds their rows again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import orjson

from events.contracts.base import Recorded, ident
from events.rules.directory import Directory
from events.rules.ruleset import DEFAULT_RULE_SET, RuleSet
from events.rules.time import shanghai_day

Data: TypeAlias = Mapping[str, Any]
"""What a note keeps beside its day; plain JSON values."""


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that happened: its kind, its day, when it became known, and the event behind it.

    `of` is the aggregate's id (case, offer …), `corrected_by` the seq of the correction by which
    it says so, 0 without one. Days are Shanghai days.
    """

    kind: str
    day: date
    seq: int
    event: str
    of: str
    known: date
    data: Data
    corrected_by: int = 0

    @property
    def late(self) -> int:
        """How many days after it happened it was recorded (M19)."""
        return max((self.known - self.day).days, 0)


Notes: TypeAlias = tuple[Note, ...]
"""Notes in the order in which they became known."""
Taker: TypeAlias = Callable[[Recorded[Any], Notes, Directory], tuple[str, Data]]
"""Reads a fact, knowing the notes so far: the note's kind (empty = no note) and what it keeps."""


def noted(
    fact: Recorded[Any], kind: str, data: Data | None = None, day: date | None = None
) -> Note:
    """Return the note of a fact; its day is the day of the fact unless another one is given."""
    return Note(
        kind,
        day or shanghai_day(fact.occurred_at),
        fact.seq,
        fact.event_id,
        ident(fact.stream),
        shanghai_day(fact.recorded_at),
        data or {},
        fact.corrected_by,
    )


def after(
    notes: Notes, fact: Recorded[Any], takers: Mapping[str, Taker], directory: Directory
) -> Notes:
    """Return the notes after a fact."""
    kind, data = takers[fact.type](fact, notes, directory)
    return (*notes, noted(fact, kind, data)) if kind else notes


def plain(kind: str, *fields: str) -> Taker:
    """Return a taker that keeps some fields of the event as they are."""

    def take(fact: Recorded[Any], _: Notes, __: Directory) -> tuple[str, Data]:
        return kind, {f: _json(getattr(fact.event, f)) for f in fields}

    return take


def _json(value: Any) -> Any:  # noqa: ANN401
    return value.isoformat() if isinstance(value, date) else value


def path_of(notes: Notes) -> str:
    """Return the path where the subject belongs by the latest note that says so."""
    return next((n.data["path"] for n in reversed(notes) if "path" in n.data), "")


def number(directory: Directory, key: str, path: str, day: date) -> int:
    """Return a whole-number parameter; before the rules began their first values count (R123)."""
    return int(setting(directory, key, path, day))


def setting(directory: Directory, key: str, path: str, day: date) -> Any:  # noqa: ANN401
    """Return a parameter; before the rules began their first values count (R123)."""
    since = RuleSet.of(DEFAULT_RULE_SET).valid_from
    return directory.parameter(key, path or "14", max(day, since))


def dump(notes: Iterable[Note]) -> bytes:
    """Write notes."""
    return orjson.dumps(
        [[n.kind, n.day, n.seq, n.event, n.of, n.known, n.data, n.corrected_by] for n in notes]
    )


def load(state: bytes) -> Notes:
    """Read notes."""
    return tuple(
        Note(kind, date.fromisoformat(day), seq, event, of, date.fromisoformat(known), data, by)
        for kind, day, seq, event, of, known, data, by in orjson.loads(state)
    )
