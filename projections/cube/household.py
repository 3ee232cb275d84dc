"""Zero-employment households: due within a month, cleared in time, late, open (M7, R87). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from projections.cube.parts import Share, Shares, seqs
from projections.journal import Note, Notes

CATEGORY = "zero_household"


@dataclass(slots=True)
class Duty:
    """One certification of a household, and how it ended."""

    began: Note
    path: str
    ended: Note | None = None

    @property
    def due(self) -> date:
        """Return the last day within the month."""
        return date.fromisoformat(self.began.data["due"])

    @property
    def end(self) -> date | None:
        """Return the day it was cleared or left; never before it began."""
        return None if self.ended is None else max(self.ended.day, self.began.day)


def duties(notes: Notes) -> list[Duty]:
    """Return every certification of the household in order."""
    found: list[Duty] = []
    home = next((n.data["path"] for n in notes if n.kind == "home"), "")
    for note in notes:
        if note.kind == "certified":
            found.append(Duty(note, home or note.data["path"]))
        elif note.kind in ("cleared", "left") and found and found[-1].ended is None:
            found[-1].ended = note
    return found


def households(notes: Notes) -> Shares:
    """Return what a household adds."""
    for duty in duties(notes):
        yield from _stock(duty)
        yield from _judged(duty)


def _share(duty: Duty, part: str, day: date, amount: int, *causes: Note | None) -> Share:
    return Share("M7", part, duty.path, day, CATEGORY, "", amount, seqs(*causes))


def _stock(duty: Duty) -> Shares:
    yield _share(duty, "open", duty.began.day, 1, duty.began)
    yield _share(duty, "certified", duty.began.day, 1, duty.began)
    if duty.ended is not None and duty.end is not None:
        yield _share(duty, "open", duty.end, -1, duty.ended)
        yield _share(duty, duty.ended.kind, duty.end, 1, duty.began, duty.ended)


def _judged(duty: Duty) -> Shares:
    """Judge on the last day of the month; one that left before it for another reason is not due."""
    cleared = duty.ended is not None and duty.ended.kind == "cleared"
    in_month = duty.end is not None and duty.end <= duty.due
    if in_month and not cleared:
        return
    yield _share(duty, "due", duty.due, 1, duty.began, duty.ended)
    if in_month:
        yield _share(duty, "in_time", duty.due, 1, duty.began, duty.ended)
        return
    yield _share(duty, "breached", duty.due, 1, duty.began, duty.ended)
    if cleared and duty.end is not None:
        yield _share(duty, "cleared_late", duty.end, 1, duty.began, duty.ended)
