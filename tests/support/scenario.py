"""Given recorded facts, when a command by somebody on a day, then an outcome (a plain assert).

`given(happened(...), ...)` folds facts exactly as the loop does; `.when(...)` returns the outcome
in order, so that the *then* is a plain assert that cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from events.contracts.base import Event, Recorded, StreamId
from events.contracts.corrections import restated
from events.rules.access import Principal
from events.rules.directory import Directory
from services.kit.decider import (
    Command,
    Context,
    DomainError,
    Fact,
    Fold,
    MissingError,
    Outcome,
    Release,
    Take,
    World,
)

S = TypeVar("S")
SHANGHAI = ZoneInfo("Asia/Shanghai")
NAMESPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")


def day_at(day: str | date, hour: int = 10) -> datetime:
    """Return an instant on a Shanghai day (default 10:00)."""
    on = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime.combine(on, time(hour), SHANGHAI).astimezone(UTC)


def some_id(name: str) -> str:
    """Return a fixed UUID for a readable name."""
    return str(uuid5(NAMESPACE, name))


@dataclass(frozen=True, slots=True)
class Happened:
    """A fact of the past: where, what, when, by whom."""

    stream: StreamId
    subject: str
    event: Event
    day: str = "2008-06-02"
    actor: str = "user-setup"
    role: str = "community_officer"
    office: str = "140105001001"
    area: str = "140105001001"
    event_id: str = ""


def happened(stream: StreamId, event: Event, subject: str = "", **more: Any) -> Happened:  # noqa: ANN401
    """State a fact of the past; the subject defaults to the stream itself."""
    return Happened(stream, subject or str(stream), event, **more)


@dataclass
class FakeFacts:
    """The loop's answers from plain lists."""

    streams: dict[StreamId, list[Recorded[Any]]] = field(default_factory=dict)
    claims: dict[str, StreamId] = field(default_factory=dict)
    asked: set[StreamId] = field(default_factory=set)

    def state(self, fold: Fold[S], stream: StreamId) -> tuple[int, str | None, S]:
        """Fold a stream."""
        self.asked.add(stream)
        history = self.streams.get(stream, [])
        state = fold.initial
        for fact in restated(history):
            state = fold.evolve(state, fact)
        return len(history), (history[0].subject if history else None), state

    def holder(self, claim: str) -> StreamId | None:
        """Return a claim's holder."""
        return self.claims.get(claim)

    def held(self, prefix: str) -> Mapping[str, StreamId]:
        """Return held claims by prefix."""
        return {k: v for k, v in self.claims.items() if k.startswith(prefix)}

    def event(self, stream: StreamId, event_id: str) -> Recorded[Any] | None:
        """Return one event."""
        return next((f for f in self.streams.get(stream, []) if f.event_id == event_id), None)

    def history(self, stream: StreamId) -> tuple[Recorded[Any], ...]:
        """Return a stream as recorded."""
        return tuple(self.streams.get(stream, ()))

    def add(self, fact: Happened) -> Recorded[Any]:
        """Record a fact of the past."""
        history = self.streams.setdefault(fact.stream, [])
        at = day_at(fact.day) + timedelta(seconds=len(history))
        total = sum(map(len, self.streams.values()))
        recorded = Recorded[Any](
            event=fact.event,
            event_id=fact.event_id or some_id(f"{fact.stream}/{len(history) + 1}"),
            type=fact.event.type,
            source="test",
            stream=fact.stream,
            subject=fact.subject,
            version=len(history) + 1,
            position=total + 1,
            slice=0,
            command_id=some_id(f"command/{total}"),
            occurred_at=at,
            recorded_at=at,
            actor=fact.actor,
            role=fact.role,
            office=fact.office,
            area=fact.area,
        )
        history.append(recorded)
        return recorded


class CountingIds:
    """Fixed ids in order, the same for every run."""

    def __init__(self) -> None:
        self.n = 0

    def next(self) -> str:
        """Return the next id."""
        self.n += 1
        return some_id(f"new/{self.n}")


def keyed(purpose: str, value: str) -> str:
    """Stand in for the keyed hash: stable and recognisable."""
    return some_id(f"{purpose}/{value}").replace("-", "")


@dataclass(frozen=True)
class Scenario:
    """A context, its past, and who asks."""

    context: Context
    directory: Directory
    principal: Principal
    facts: tuple[Happened, ...] = ()
    claims: Mapping[str, StreamId] = field(default_factory=dict)

    def given(self, *facts: Happened, claims: Mapping[str, StreamId] | None = None) -> Scenario:
        """Return the same scenario after more facts."""
        return replace(self, facts=self.facts + facts, claims={**self.claims, **(claims or {})})

    def by(self, principal: Principal) -> Scenario:
        """Return the same scenario with another asker."""
        return replace(self, principal=principal)

    def world(self, command: type[Command], day: str, today: str | None = None) -> World:
        """Build the world of one decision."""
        facts = FakeFacts(claims=dict(self.claims))
        for fact in self.facts:
            facts.add(fact)
        return World(
            facts=facts,
            principal=self.principal,
            directory=self.directory,
            now=day_at(today or day, 12),
            at=day_at(day),
            ids=CountingIds(),
            secret=keyed,
            command=command,
            command_id=some_id("command"),
        )

    def when(self, command: Command, day: str = "2008-06-16", today: str | None = None) -> Outcome:
        """Return exactly what the command causes, in order; it must have authorised itself."""
        world = self.world(type(command), day, today)
        outcome = self.context.deciders.by_command[type(command)](command, world)
        assert world.authorised, f"{command.type} never called authorise"
        return outcome

    def after(self, command: Command, day: str = "2008-06-16", **more: Any) -> Scenario:  # noqa: ANN401
        """Return the scenario in which the command was accepted on that day."""
        outcome = self.when(command, day)
        claims = dict(self.claims)
        for part in outcome:
            if isinstance(part, Take):
                claims[part.key] = part.stream
            elif isinstance(part, Release):
                claims.pop(part.key, None)
        who = {"actor": self.principal.user, "office": self.principal.office} | more
        happened_ = tuple(
            Happened(p.stream, p.subject, p.event, day=day, **who)
            for p in outcome
            if isinstance(p, Fact)
        )
        return replace(self, facts=self.facts + happened_, claims=claims)

    def refused(self, command: Command, day: str = "2008-06-16", today: str | None = None) -> str:
        """Return the stable code with which the command is refused."""
        try:
            self.when(command, day, today)
        except DomainError as error:
            return error.reason.code
        raise AssertionError(f"{command.type} was accepted")


def events(outcome: Outcome) -> tuple[Event, ...]:
    """Return the events of an outcome, in order."""
    return tuple(part.event for part in outcome if isinstance(part, Fact))


def takes(outcome: Outcome) -> tuple[str, ...]:
    """Return the claims an outcome takes."""
    return tuple(part.key for part in outcome if isinstance(part, Take))


def releases(outcome: Outcome) -> tuple[str, ...]:
    """Return the claims an outcome gives back."""
    return tuple(part.key for part in outcome if isinstance(part, Release))


__all__ = [
    "CountingIds", "FakeFacts", "Happened", "MissingError", "Scenario", "day_at", "events",
    "happened", "keyed", "releases", "some_id", "takes",
]  # fmt: skip
