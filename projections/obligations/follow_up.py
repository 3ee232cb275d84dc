"""Times of monthly follow-up by office, with the months visited (T10, R89). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from events.rules.time import add_months, period_bounds
from projections.engine.readmodel import Row
from projections.journal import Note, Notes
from projections.obligations.helping import tracked
from projections.spans import Span


@dataclass(frozen=True, slots=True)
class Segment:
    """A time in which one office follows a person up; `until` is the first day without."""

    since: date
    until: date | None
    office: str
    path: str
    began: int

    def holds(self, day: date) -> bool:
        """Tell whether a month that ends on this day is this office's to visit."""
        return self.since <= day and (self.until is None or day < self.until)


def follow_ups(person: str, notes: Notes, cases: Mapping[str, Sequence[Note]]) -> Iterator[Row]:
    """Return the rows of a person's follow-up in column order."""
    for case, own in cases.items():
        visits: dict[str, Note] = {}
        for note in own:
            if note.kind == "followed_up":
                visits.setdefault(note.data["month"], note)
        for part in segments(notes, own):
            yield _row(person, case, part, visits, _helper(own))


def _row(person: str, case: str, part: Segment, visits: Mapping[str, Note], helper: str) -> Row:
    done = sorted((m, n) for m, n in visits.items() if part.holds(period_bounds(m)[1]))
    return (
        case,
        part.since,
        person,
        part.office,
        part.path,
        helper or None,
        part.until,
        tuple(month for month, _ in done),
        tuple(note.day for _, note in done),
        tuple(note.seq for _, note in done),
        tuple(note.known for _, note in done),
        part.began,
    )


def _helper(own: Sequence[Note]) -> str:
    named = [n.data.get("helper") or n.data.get("to") for n in own
             if n.kind in ("agreement_signed", "helper_changed")]  # fmt: skip
    return str(named[-1]) if named else ""


def segments(notes: Notes, own: Sequence[Note]) -> list[Segment]:
    """Return the times of follow-up of one case, split where the person moved (X6, AS 36)."""
    spans = tracked(own)
    if not spans:
        return []
    first = spans[0]
    later = first.began.data.get("follow_up_from") == "next_month"
    due_from = add_months(first.start.replace(day=1), 1 if later else 0)
    found = [part for span in spans for part in _split(span, due_from, _homes(notes))]
    return [s for s in found if s.until is None or s.since < s.until]


def _homes(notes: Notes) -> list[tuple[date, str, str]]:
    homes = [n for n in notes if "office" in n.data]
    days = [(date.min if i == 0 else n.day, n) for i, n in enumerate(homes)]
    days.sort(key=lambda d: d[0])
    return [(day, n.data["office"], n.data["path"]) for day, n in days]


def _split(span: Span, due_from: date, homes: Sequence[tuple[date, str, str]]) -> Iterator[Segment]:
    ends = [*(day for day, _, _ in homes[1:]), None]
    for (day, office, path), leaves in zip(homes, ends, strict=True):
        since = max(day, span.start, due_from)
        last = min((d for d in (leaves, span.end) if d is not None), default=None)
        if last is None or since < last:
            yield Segment(since, last, office, path, span.began.seq)
