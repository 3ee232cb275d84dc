"""What a context adds to the corrections of its facts: whose they are, what follows from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from events.contracts.base import Event, Recorded, StreamKind, ident
from events.contracts.restating import ProposedCorrection, RejectedCorrection, RestatedFact
from events.contracts.streams import STREAM_KINDS
from services.kit.correcting.commands import (
    ApproveCorrection,
    ProposeCorrection,
    RejectCorrection,
)
from services.kit.decider import Fold, Outcome, World


@dataclass(frozen=True, slots=True)
class Whose:
    """The office in whose area a fact lies, the person it is about, whether the record stands."""

    office: str
    person: str | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction before it takes effect: the fact, what it says now and what it will say.

    `before` and `event` are None where the fact is void. `at` is when it happened by then, `then`
    the stream as it will read, `proposal` the event by which it was proposed ("" before).
    """

    fact: Recorded[Any]
    before: Recorded[Any] | None
    event: Event | None
    at: datetime
    then: tuple[Recorded[Any], ...]
    proposal: str


def _as_it_is(event: Event, _: datetime, __: World) -> Event:
    return event


def _nothing(_: Correction, __: World) -> Outcome:
    return ()


@dataclass(frozen=True, slots=True)
class Rules:
    """One context's rules for corrections.

    `derive` works out anew what a body only follows from (an age band, a month); `follow` refuses
    what the context's own rules refuse and returns what else changes: claims, linked facts.
    """

    commands: tuple[type[ProposeCorrection], type[ApproveCorrection], type[RejectCorrection]]
    kinds: Mapping[str, StreamKind]
    proposed: type[ProposedCorrection]
    corrected: type[RestatedFact]
    rejected: type[RejectedCorrection]
    whose: Callable[[World, Recorded[Any]], Whose]
    derive: Callable[[Event, datetime, World], Event] = _as_it_is
    follow: Callable[[Correction, World], Outcome] = _nothing


def kinds_of(context: str) -> Mapping[str, StreamKind]:
    """Return the kinds of stream that a context owns."""
    return {name: kind for name, kind in STREAM_KINDS.items() if kind.context == context}


class Kept(Protocol):
    """What a context knows of a person: where he lives, and whether his record is closed."""

    @property
    def residence(self) -> str:
        """Return the community he lives in."""
        ...

    @property
    def closed(self) -> bool:
        """Tell whether the record was merged, restricted or destroyed."""
        ...


P = TypeVar("P", bound=Kept)


def about(persons: Fold[P]) -> Callable[[World, Recorded[Any]], Whose]:
    """Say whose facts about a person are: of the office where he lives; others as recorded."""

    def whose(w: World, first: Recorded[Any]) -> Whose:
        if not first.subject.startswith("person-"):
            return recorded_by(w, first)
        person = w.load(persons, ident(first.subject))
        return Whose(person.state.residence, person.id, person.state.closed)

    return whose


def recorded_by(w: World, first: Recorded[Any]) -> Whose:
    """Say that a fact belongs to the office that began its stream; the asker's where unknown."""
    known = w.directory.office(first.office)
    return Whose(known.id if known else w.principal.office)
