"""The duties of an application: T1 to T4 and T20a, with their waits (X9). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from projections.journal import Note
from projections.obligations.duty import Duty, begin

_WAITING = ("T2", "T3", "T4")
"""Steps whose clock waits while the application is returned."""


class Steps:
    """Walks through the notes of one case in the order in which they became known."""

    def __init__(self) -> None:
        self.duties: list[Duty] = []
        self._objections: dict[str, Note] = {}

    def walk(self, notes: Iterable[Note]) -> list[Duty]:
        """Return the duties of a case."""
        for note in notes:
            self._take(note)
        return self.duties

    def _open(self, *kinds: str) -> list[Duty]:
        return [d for d in self.duties if d.kind in kinds and d.open]

    def _start(self, kind: str, note: Note) -> Duty:
        duty = begin(kind, note)
        self.duties.append(duty)
        return duty

    def _met(self, note: Note, *kinds: str) -> None:
        for duty in self._open(*kinds):
            duty.end(note, done=True)

    def _fell_away(self, note: Note, *kinds: str) -> None:
        for duty in self._open(*kinds):
            duty.end(note, done=False)

    def _take(self, note: Note) -> None:
        match note.kind:
            case "filed":
                self._start("T2", note)
            case "registered":
                self._met(note, "T2")
            case "posted":
                self._posted(note)
            case "notice_closed":
                self._closed(note)
            case "forwarded":
                self._forwarded(note)
            case "set_aside":
                self._start("T4", note)
            case "certified" | "refused":
                self._met(note, "T4")
            case "objected" | "answered":
                self._objection(note)
            case "returned" | "resubmitted":
                self._back(note)
            case "withdrawn":
                self._fell_away(note, "T1", "T20a", *_WAITING)
            case "assigned":
                for duty in self._open("T1", "T20a", *_WAITING):
                    duty.officer = note.data["officer"]
            case _:
                pass

    def _posted(self, note: Note) -> None:
        duty = self._start("T1", note)
        duty.start = date.fromisoformat(note.data["from_day"])
        duty.fixed = date.fromisoformat(note.data["until"])

    def _closed(self, note: Note) -> None:
        """Begin the next step: the county's at once in a mining area (R24)."""
        self._met(note, "T1")
        duty = self._start("T4" if note.data["mining"] else "T3", note)
        for objection in self._objections.values():
            duty.wait(objection.day)

    def _forwarded(self, note: Note) -> None:
        """Begin the county's step; in a mining area it runs already."""
        self._met(note, "T3")
        if not self._open("T4"):
            self._start("T4", note)

    def _objection(self, note: Note) -> None:
        """Begin or end the answer; the step goes on with the last answer."""
        if note.kind == "objected":
            self._objections[note.event] = note
            self._start("T20a", note).owner = note.data["owner"]
            return
        objection = self._objections.pop(note.data["objection"], None)
        for duty in self._open("T20a"):
            if objection is not None and duty.began is objection:
                duty.end(note, done=True)
        if not self._objections:
            for duty in self._open("T3", "T4"):
                duty.resume(note.day)

    def _back(self, note: Note) -> None:
        """Let the steps wait from a return until the application comes back (X9)."""
        if note.kind == "returned":
            self._fell_away(note, "T1")
            for duty in self._open(*_WAITING):
                duty.wait(note.day)
            return
        for duty in self._open(*_WAITING):
            duty.resume(note.day)
        if note.data["back_to"] in ("filed", "registered"):
            self._fell_away(note, "T3", "T4")
            self._objections.clear()
