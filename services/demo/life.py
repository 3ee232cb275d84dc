"""A unit of the simulation: its story and the strands beside it, woken day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from services.demo.wishes import Answer, LostThreadError, Script, Wish, command_id


@dataclass(slots=True)
class Strand:
    """One script with the day on which it goes on, and how many answers it waits for."""

    name: str
    script: Script[None]
    due: date
    waits: int = 0
    sent: int = 0
    over: bool = False

    def advance(self, answers: tuple[Answer, ...] | None, today: date) -> tuple[Wish, ...]:
        """Run the script until it wishes something, rests, or ends."""
        while not self.over:
            try:
                turn = next(self.script) if answers is None else self.script.send(answers)
            except StopIteration:
                self.over = True
                break
            if isinstance(turn, tuple):
                self.waits = len(turn)
                return turn
            self.due, answers = turn, None
            if turn > today:
                break
        return ()


@dataclass(slots=True)
class Life:
    """A unit: persons who share a lane, a story that leads, strands that stand back on its days."""

    name: str
    lane: str
    key: str
    """What the ids of its commands are made from."""
    strands: list[Strand] = field(default_factory=list)
    fault: str = ""
    _asking: list[Strand] = field(default_factory=list)

    def spawn(self, name: str, script: Script[None], due: date = date.min) -> None:
        """Begin a strand; it is woken from the next day on."""
        self.strands.append(Strand(name, script, due))

    def wake(self, today: date) -> list[tuple[str, Wish]]:
        """Return what the unit wants sent today, with the ids of the commands.

        Where the story acts, the other strands wait for a day without it.
        """
        self._asking = []
        wanted = self._advance(self.strands[:1], today)
        return wanted or self._advance(self.strands[1:], today)

    def answered(self, answers: Sequence[Answer], today: date) -> list[tuple[str, Wish]]:
        """Hand the answers to who asked, in order; return what is wanted next."""
        asking, self._asking, at = self._asking, [], 0
        wanted: list[tuple[str, Wish]] = []
        for strand in asking:
            own, at = tuple(answers[at : at + strand.waits]), at + strand.waits
            wanted += self._run(strand, own, today)
        return wanted

    def give_up(self, fault: str) -> None:
        """End every strand; the fault is told in the result."""
        self.fault, self._asking = self.fault or fault, []
        for strand in self.strands:
            strand.over = True
            strand.script.close()

    @property
    def over(self) -> bool:
        """Tell whether every strand has ended."""
        return all(strand.over for strand in self.strands)

    def _advance(self, strands: list[Strand], today: date) -> list[tuple[str, Wish]]:
        due = [s for s in strands if not s.over and s.due <= today]
        return [pair for strand in due for pair in self._run(strand, None, today)]

    def _run(
        self, strand: Strand, answers: tuple[Answer, ...] | None, today: date
    ) -> list[tuple[str, Wish]]:
        try:
            wishes = strand.advance(answers, today)
        except LostThreadError as lost:
            self.give_up(str(lost))
            return []
        if wishes:
            self._asking.append(strand)
        ids = [command_id(self.key, strand.name, strand.sent + i) for i in range(len(wishes))]
        strand.sent += len(wishes)
        return list(zip(ids, wishes, strict=True))
