"""A command as it arrived, and the durable answer to it (design.md 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from events.log.port import Stored
from events.rules.access import Principal
from services.kit.decider import Command


@dataclass(frozen=True, slots=True)
class Sent:
    """A command as it arrived, authenticated. `raw` is what its fingerprint is taken of."""

    command: Command
    command_id: UUID
    principal: Principal
    raw: bytes
    expected: int | None = None
    correlation_id: str = ""
    causation_id: str = ""


@dataclass(frozen=True, slots=True)
class Caused:
    """One event that a command caused."""

    type: str
    event_id: str
    stream: str
    version: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """A durable answer; `after` is the token that a query waits for."""

    command_id: str
    events: tuple[Caused, ...]
    after: str
    duplicate: bool = False


def repeated(source: str, command_id: UUID, stored: Iterable[Stored]) -> Accepted:
    """Return the answer to a command that was accepted before."""
    listed = list(stored)
    caused = tuple(Caused(e.type, str(e.event_id), e.stream, e.version) for e in listed)
    marks = {e.slice: e.position for e in sorted(listed, key=lambda e: e.position)}
    return Accepted(str(command_id), caused, token(source, marks), duplicate=True)


def token(source: str, marks: Mapping[int, int]) -> str:
    """Write the token a query waits for: the node, the last position, each slice's own."""
    if not marks:
        return ""
    last = max(marks.values())
    slices = ",".join(f"{s}@{p}" if p != last else str(s) for s, p in sorted(marks.items()))
    return f"{source}:{last}:{slices}"
