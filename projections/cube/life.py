"""A person's life as figures see it: homes, cases with their spans, spells of work. Pure.

Every span runs from its first day to the day before `end`; of a case, no transition lies before the
one that was recorded earlier, so that what comes in and what goes out always balance.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from events.rules.calendar import ONE_DAY
from events.rules.periods import Spell
from events.rules.time import add_months
from projections.journal import Note, Notes
from projections.spans import Span, extend, first_day


@dataclass(slots=True)
class Stretch:
    """A time with the notes that began and ended it; `until` is its first day without."""

    start: date
    began: Note
    until: date | None = None
    ended: Note | None = None

    def holds(self, day: date) -> bool:
        """Tell whether it runs on a day."""
        return self.start <= day and (self.until is None or day < self.until)


@dataclass(slots=True)
class Case:
    """One certification: when it stood, as what, and what went on in its file."""

    spans: list[Span] = field(default_factory=list)
    categories: list[Note] = field(default_factory=list)
    agreements: list[Stretch] = field(default_factory=list)
    untracked: Note | None = None
    clocks: list[Note] = field(default_factory=list)
    visits: list[Note] = field(default_factory=list)

    def holds(self, day: date) -> bool:
        """Tell whether the person is certified by this case on a day."""
        return any(span.holds(day) for span in self.spans)

    def category(self, day: date) -> str:
        """Return the category on a day; before the first one the first one."""
        known = [n for n in self.categories if n.day <= day] or self.categories[:1]
        return str(known[-1].data["category"]) if known else ""

    def tracked(self, day: date) -> bool:
        """Tell whether follow-up goes on, as far as the file is concerned (R92)."""
        return self.untracked is None or day < self.untracked.day

    @property
    def due_from(self) -> date | None:
        """Return the first day of the first month of follow-up (AS 36)."""
        if not self.spans:
            return None
        first = self.spans[0]
        month = first.start.replace(day=1)
        later = first.began.data.get("follow_up_from") == "next_month"
        return add_months(month, 1) if later else month


@dataclass(slots=True)
class Life:
    """Everything about one person, worked out from the notes."""

    homes: list[tuple[date, str, int]] = field(default_factory=list)
    sex: str = ""
    age_band: str = ""
    cases: dict[str, Case] = field(default_factory=dict)
    work: list[Stretch] = field(default_factory=list)

    def path(self, day: date) -> str:
        """Return where the person belongs on a day."""
        return next((p for since, p, _ in reversed(self.homes) if since <= day), "")

    def case_on(self, day: date) -> Case | None:
        """Return the case by which the person is certified on a day."""
        return next((c for c in self.cases.values() if c.holds(day)), None)

    def employed(self, day: date) -> bool:
        """Tell whether the person is at work on a day, first and last included."""
        return any(stretch.holds(day) for stretch in self.work)

    def spells(self) -> list[Spell]:
        """Return the spells of work as the rules take them."""
        return [
            Spell(s.start, s.until - ONE_DAY if s.until else None, s.began.data["employer"])
            for s in self.work
        ]


def life(notes: Notes) -> Life:
    """Work out a life from notes in the order in which they became known."""
    found = Life()
    for note in notes:
        _take(found, note)
    found.homes.sort(key=lambda home: (home[0], home[2]))
    found.work.sort(key=lambda s: (s.start, s.began.seq))
    for case in found.cases.values():
        case.categories.sort(key=lambda n: (n.day, n.seq))
        case.clocks.sort(key=lambda n: (_clock_day(n), n.seq))
    return found


def _clock_day(note: Note) -> date:
    return first_day(note) if note.kind == "imported" else note.day


def _take(found: Life, note: Note) -> None:
    match note.kind:
        case "home":
            found.homes.append((date.min, note.data["path"], note.seq))
            found.sex, found.age_band = note.data["sex"], note.data["age_band"]
        case "moved":
            found.homes.append((note.day, note.data["path"], note.seq))
        case "placed":
            found.work.append(Stretch(note.day, note))
        case "employment_ended":
            _close(found.work, note, note.day + ONE_DAY)  # its day is the last day of work
        case "offered" | "taken_up" | "not_taken_up" | "judged":
            pass
        case _:
            _of_case(found, found.cases.setdefault(note.of, Case()), note)


def _close(stretches: list[Stretch], note: Note, until: date) -> None:
    """End the last running stretch that began before."""
    running = (s for s in stretches if s.until is None and s.start <= note.day)
    last = max(running, key=lambda s: (s.start, s.began.seq), default=None)
    if last is not None:
        last.until, last.ended = until, note


def _of_case(found: Life, case: Case, note: Note) -> None:
    if "path" in note.data and not found.homes:
        found.homes.append((date.min, note.data["path"], note.seq))
    if "category" in note.data:
        case.categories.append(note)
    if "due" in note.data:
        case.clocks.append(note)
    extend(case.spans, note)
    if note.kind == "agreement_signed":
        case.agreements.append(Stretch(note.day, note))
    elif note.kind == "agreement_ended":
        _close(case.agreements, note, note.day)
    elif note.kind == "tracking_ended":
        case.untracked = case.untracked or note
    elif note.kind == "followed_up":
        case.visits.append(note)
