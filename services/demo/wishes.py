"""What a script wants sent, what it gets back, and how the two take turns.

A script is a generator: it yields wishes and is given their answers, or yields the day until which
it rests. The driver knows nothing else about it.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias, TypeVar
from uuid import UUID, uuid5

R = TypeVar("R")
SPACE = UUID("7f1c1f5e-6a0e-5b1a-9d52-1f0f5f2f8a11")
"""Name space of the ids of the demonstration's commands."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A command on its way: its name, the login that sends it, its body.

    `may`: codes with which it may be refused on purpose. Wishes of one `lane` run in order.
    """

    name: str
    by: str
    data: Mapping[str, Any]
    may: frozenset[str] = frozenset()
    lane: str = ""
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Caused:
    """An event of an answer; `version` is 0 where the answer does not tell it."""

    type: str
    event_id: str
    stream: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """How a wish was answered; `code` is that of the refusal, "" when it was accepted."""

    status: int
    code: str = ""
    text: str = ""
    events: tuple[Caused, ...] = ()
    newer: tuple[Caused, ...] = ()
    after: int = 0

    @property
    def accepted(self) -> bool:
        """Tell whether the command was accepted."""
        return self.status == 200

    def made(self, kind: str) -> str:
        """Return the id of the aggregate of a kind on which the command put events, else ""."""
        streams = (e.stream for e in self.events if e.stream.startswith(f"{kind}-"))
        return next((s.partition("-")[2] for s in streams), "")

    def event(self, name: str) -> str:
        """Return the id of the last event of a name (without version), else ""."""
        found = [e.event_id for e in (*self.events, *self.newer) if e.type == f"{name}.v1"]
        return found[-1] if found else ""


Turn: TypeAlias = tuple[Wish, ...] | date
Script: TypeAlias = Generator[Turn, tuple[Answer, ...], R]


class LostThreadError(Exception):
    """A script did not find what its story needs; its unit is given up and told in the result."""


def command_id(*parts: object) -> str:
    """Make the id of a command from who wishes it and its place in the story."""
    return str(uuid5(SPACE, "/".join(map(str, parts))))
