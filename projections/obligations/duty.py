"""One duty as the notes tell it: when it began, waited and ended. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from events.rules.calendar import Pause
from projections.journal import Note


@dataclass(slots=True)
class Duty:
    """A duty of a case: begun by `began`, from `start` on; `fixed` is a last day given by a fact.

    `done` tells an end that met it from one by which it fell away.
    """

    kind: str
    case: str
    began: Note
    start: date
    pauses: list[Pause] = field(default_factory=list)
    fixed: date | None = None
    ended: Note | None = None
    done: bool = False
    ended_on: date | None = None
    officer: str = ""
    owner: str = ""
    """Another owner's level than that of the kind."""

    @property
    def id(self) -> str:
        """Return the same id for the same duty, whatever else is known."""
        return f"{self.kind}/{self.case}/{self.began.event}"

    @property
    def open(self) -> bool:
        """Tell whether it has not ended."""
        return self.ended is None

    def end(self, note: Note, *, done: bool, day: date | None = None) -> None:
        """End it once; a wait that still ran ends with it."""
        if self.ended is None:
            self.ended, self.done, self.ended_on = note, done, day or note.day
            self.resume(self.ended_on)

    def wait(self, since: date) -> None:
        """Let the clock stand still from the day after."""
        self.pauses.append((since, None))

    def resume(self, day: date) -> None:
        """Let the clock go on after a day."""
        self.pauses = [(since, day if until is None else until) for since, until in self.pauses]


def begin(kind: str, note: Note, start: date | None = None) -> Duty:
    """Return a duty that a note begins."""
    return Duty(kind, note.of, note, start or note.day)
