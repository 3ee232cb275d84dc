"""What the audit verbs `replay` and `diff` ask for, told by which of its words are given."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from events.runtime.settings import Settings
from projections.replay.answering import Answer
from projections.replay.asking import Figured, Replay, open_replay
from projections.replay.figure import Tell


class Asked(Protocol):
    """A question: about a person, a figure of an office, an office's ledger, or the office."""

    @property
    def person(self) -> str:
        """Person id."""

    @property
    def office(self) -> str:
        """Office id."""

    @property
    def ledger(self) -> bool:
        """The office's ledger instead of the office itself."""

    @property
    def figure(self) -> str:
        """Code of a figure of the office."""

    @property
    def start(self) -> date | None:
        """First day of the figure's period; 1 January of the last day's year when absent."""

    @property
    def finish(self) -> date | None:
        """Last day of the figure's period."""

    @property
    def valid(self) -> date | None:
        """The day as which it is shown."""

    @property
    def known(self) -> tuple[str, ...]:
        """The point of knowledge; for a difference two of them."""

    @property
    def fold(self) -> bool:
        """Fold a figure from the log even where the cube has it."""


async def replay(settings: Settings, asked: Asked, tell: Tell) -> Answer:
    """Answer as of one point. Raises NoSuchSubjectError, UnknownPointError, LogClosedError."""
    (known,) = asked.known
    async with open_replay(settings) as r:
        if asked.person:
            return await r.person(asked.person, asked.valid, known)
        if asked.figure:
            figured = await _figured(r, asked, known)
            return await r.figure(figured, known, tell, fold=asked.fold)
        if asked.ledger:
            return await r.ledger(asked.office, asked.valid, known, tell)
        return await r.office(asked.office, asked.valid, known)


async def differ(settings: Settings, asked: Asked, tell: Tell) -> Answer:
    """Answer what changed between two points. Raises as `replay` does."""
    first, last = asked.known
    async with open_replay(settings) as r:
        if asked.person:
            return await r.person_diff(asked.person, asked.valid, (first, last))
        if asked.figure:
            figured = await _figured(r, asked, last)
            return await r.figure_diff(figured, (first, last), tell)
        return await r.ledger_diff(asked.office, asked.valid, (first, last), tell)


async def _figured(r: Replay, asked: Asked, known: str) -> Figured:
    finish = asked.finish or await r.day_of(await r.point(known))
    start = asked.start or finish.replace(month=1, day=1)
    return Figured.of(asked.figure, asked.office, start, finish)
