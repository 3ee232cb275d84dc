"""History as decisions saw it: streams cut at a seq, and the directory of that seq. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from events.contracts.base import Recorded, StreamId
from events.contracts.corrections import restated
from events.rules.directory import DIRECTORY_TYPES, Directory, fold
from events.rules.principals import SYSTEM
from services.kit.decider import Command, Fold, World

S = TypeVar("S")
KEPT = 64
_ACCOUNTS = ("registry.account_", "registry.role_", "registry.delegation_")
RULE_TYPES = frozenset(t for t in DIRECTORY_TYPES if not t.startswith(_ACCOUNTS))
"""Reference facts that a judgement of a person hangs on: offices and rules, not accounts."""


@dataclass(slots=True)
class Past:
    """The streams at hand, by stream and by subject, each in order of seq."""

    streams: dict[StreamId, list[Recorded[Any]]] = field(default_factory=dict)
    of: dict[str, list[StreamId]] = field(default_factory=dict)

    def add(self, facts: Iterable[Recorded[Any]]) -> None:
        """Take facts in, in order; a stream's facts are taken once."""
        for fact in facts:
            if fact.stream not in self.streams:
                self.streams[fact.stream] = []
                self.of.setdefault(fact.subject, []).append(fact.stream)
            self.streams[fact.stream].append(fact)


Holder: TypeAlias = Callable[["PastFacts", str], StreamId | None]
"""Works out from history which stream held a claim."""


@dataclass(slots=True)
class PastFacts:
    """What a decision could know before a seq; conforms to the decider's `Facts`."""

    past: Past
    seq: int
    held_by: Holder
    _states: dict[tuple[int, StreamId], tuple[int, str | None, Any]] = field(default_factory=dict)
    _held: dict[str, StreamId | None] = field(default_factory=dict)

    def _before(self, stream: StreamId) -> list[Recorded[Any]]:
        return [f for f in self.past.streams.get(stream, ()) if f.seq < self.seq]

    def state(self, fold_: Fold[S], stream: StreamId) -> tuple[int, str | None, S]:
        """Return a stream's version, subject and state then."""
        key = (id(fold_), stream)
        if key not in self._states:
            facts, state = self._before(stream), fold_.initial
            for fact in restated(facts):
                state = fold_.evolve(state, fact)
            self._states[key] = len(facts), facts[0].subject if facts else None, state
        version, subject, found = self._states[key]
        return version, subject, found

    def holder(self, claim: str) -> StreamId | None:
        """Return the stream that held a claim then."""
        if claim not in self._held:
            self._held[claim] = self.held_by(self, claim)
        return self._held[claim]

    def held(self, prefix: str) -> Mapping[str, StreamId]:
        """Return nothing: no judgement looked back upon asks for many claims."""
        raise NotImplementedError(prefix)

    def event(self, stream: StreamId, event_id: str) -> Recorded[Any] | None:
        """Return one event of a stream."""
        return next((f for f in self._before(stream) if f.event_id == event_id), None)

    def history(self, stream: StreamId) -> tuple[Recorded[Any], ...]:
        """Return a stream's events as they were recorded."""
        return tuple(self._before(stream))


class Directories:
    """The directory as of any seq, from the reference facts of the log."""

    def __init__(self, facts: Iterable[Recorded[Any]]) -> None:
        self._facts = [f for f in facts if f.type in RULE_TYPES]
        self._seqs = [f.seq for f in self._facts]
        self._made: dict[int, Directory] = {}

    def at(self, seq: int) -> Directory:
        """Return the directory as of a seq."""
        count = bisect_right(self._seqs, seq)
        found = self._made.get(count)
        if found is None:
            base = max((n for n in self._made if n < count), default=0)
            start = self._made.get(base) or Directory()
            found = self._made[count] = fold(start, self._facts[base:count])
            if len(self._made) > KEPT:
                del self._made[next(iter(self._made))]
        return found


class _NoIds:
    """A judgement looked back upon makes nothing new."""

    def next(self) -> str:
        """Refuse."""
        raise NotImplementedError


def world_of(
    past: Past, fact: Recorded[Any], directory: Directory, command: type[Command], held_by: Holder
) -> World:
    """Return the world in which the decision behind a fact was taken."""
    return World(
        facts=PastFacts(past, fact.seq, held_by),
        principal=SYSTEM,
        directory=directory,
        now=fact.recorded_at,
        at=fact.occurred_at,
        ids=_NoIds(),
        secret=lambda _purpose, _value: "",
        command=command,
    )


def seen_by(fact: Recorded[Any]) -> int:
    """Return the seq of the directory that the decision behind a fact looked at."""
    stated = fact.attribute("directory")
    return int(stated) if stated else fact.seq - 1
