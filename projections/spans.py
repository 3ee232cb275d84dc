"""When a certification stands: from its notes to spans of days. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from projections.journal import Note

STARTS = frozenset({"certified", "imported", "reinstated"})
ENDS = frozenset({"exited", "lapsed", "revoked"})


@dataclass(slots=True)
class Span:
    """A time in which a certification stands: from `start` on, no more from `end` on."""

    start: date
    began: Note
    end: date | None = None
    ended: Note | None = None

    def holds(self, day: date) -> bool:
        """Tell whether the certification stands on a day."""
        return self.start <= day and (self.end is None or day < self.end)


def first_day(note: Note) -> date:
    """Return the day from which a transition counts: imports from the day they were taken over."""
    given = note.data.get("on") or note.data.get("from_day")
    return date.fromisoformat(given) if given else note.day


def extend(spans: list[Span], note: Note) -> None:
    """Take the next note of a case in.

    No transition lies before the one recorded earlier, so that what comes in and what goes out
    always balance.
    """
    last = spans[-1] if spans else None
    if note.kind in STARTS and (last is None or last.end is not None):
        floor = last.end if last is not None and last.end is not None else date.min
        spans.append(Span(max(first_day(note), floor), note))
    elif note.kind in ENDS and last is not None and last.end is None:
        last.end, last.ended = max(first_day(note), last.start), note


def spans_of(notes: Iterable[Note]) -> list[Span]:
    """Return the spans of one case, its notes in the order in which they became known."""
    found: list[Span] = []
    for note in notes:
        extend(found, note)
    return found
