"""The shape of every decision: a wish, the world it is judged in, and the facts it causes.

A decision is a pure function of the command and a `World`. It asks the world for the states it
needs; what is not loaded yet makes the loop load it and ask again, so a decision reads from top
to bottom and every stream it looked at is version-checked by the append.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, ClassVar, Generic, Protocol, TypeAlias, TypeVar

from pydantic import Field

from events.contracts.base import (
    Body,
    Event,
    Instant,
    Recorded,
    StreamId,
    StreamKind,
    UserId,
    ident,
)
from events.rules.access import ACCESS_VERSION, Action, Principal, Resource, ResourceKind
from events.rules.access import decide as access
from events.rules.directory import Directory
from events.rules.ruleset import NoRuleSetError, rule_set_on
from events.rules.time import shanghai_day

S = TypeVar("S")
C = TypeVar("C", bound="Command")
E = TypeVar("E", bound=Event)


class Command(Body):
    """A wish. Who and which office come from the token; the day of the fact is `occurred_at`."""

    type: ClassVar[str]
    zh: ClassVar[str]
    en: ClassVar[str]
    actors: ClassVar[tuple[str, ...]]
    """Roles or groups of roles (domain.md C7) that may send it."""
    requirements: ClassVar[tuple[str, ...]]

    occurred_at: Instant | None = Field(
        default=None, title="发生时间", description="When it happened; now where absent"
    )
    reported_at: Instant | None = Field(
        default=None, title="报告时间", description="When the office learned of it"
    )
    on_behalf_of: UserId | None = Field(
        default=None, title="代理", description="The officer whose delegate acts"
    )


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the rules refuse: stable code, clause, both languages, and the next step."""

    code: str
    clause: str
    zh: str
    en: str
    next_zh: str
    next_en: str
    status: int = 422


class DomainError(Exception):
    """The rules refuse the wish; asking again cannot help. `data` holds no personal datum."""

    def __init__(self, reason: Reason, **data: str | int | bool | list[str]) -> None:
        super().__init__(reason.code)
        self.reason = reason
        self.data = data


NOT_FOUND = Reason(
    "not_found", "", "没有找到：{what}。", "Not found: {what}.",
    "请核对编号，或在台账中重新查找。", "Check the number, or look it up in the ledger again.", 404,
)  # fmt: skip
FORBIDDEN = Reason(
    "forbidden", "意见第二条（三）属地管理", "无权办理：{why_zh}。", "Not permitted: {why_en}.",
    "请由有权的单位或岗位办理。", "Ask the office or role that holds the right.", 403,
)  # fmt: skip
FUTURE = Reason(
    "date_in_future", "", "发生时间不能晚于现在。", "The day of the fact lies in the future.",
    "请改为实际发生的日期。", "Give the day on which it happened.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fold(Generic[S]):
    """How one context sees one kind of stream. `opens`: the state needs sealed values in clear."""

    kind: StreamKind
    initial: S
    evolve: Callable[[S, Recorded[Any]], S]
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Loaded(Generic[S]):
    """A stream as the decision sees it; version 0 means that nothing happened on it yet."""

    stream: StreamId
    subject: str
    version: int
    state: S

    @property
    def id(self) -> str:
        """Return the aggregate's id."""
        return ident(self.stream)

    @property
    def exists(self) -> bool:
        """Tell whether anything happened on the stream."""
        return self.version > 0


@dataclass(frozen=True, slots=True)
class Fact:
    """An event on its way to a stream."""

    stream: StreamId
    subject: str
    event: Event


@dataclass(frozen=True, slots=True)
class Take:
    """Take a uniqueness claim; `generated` ones that are lost are decided again."""

    key: str
    stream: StreamId
    refusal: Reason | None = None
    generated: bool = False


@dataclass(frozen=True, slots=True)
class Release:
    """Give a uniqueness claim back."""

    key: str
    stream: StreamId


Outcome: TypeAlias = tuple[Fact | Take | Release, ...]


def on(target: Loaded[Any], *events: Event) -> Outcome:
    """Put events on a stream that was loaded or made new."""
    return tuple(Fact(target.stream, target.subject, event) for event in events)


class MissingError(Exception):
    """The decision asked for something that the loop has yet to load."""


class Facts(Protocol):
    """Where the world's states come from. Each method raises MissingError for what is not there."""

    def state(self, fold: Fold[S], stream: StreamId) -> tuple[int, str | None, S]:
        """Return (version, subject, state) of a stream."""
        ...

    def holder(self, claim: str) -> StreamId | None:
        """Return the stream that holds a claim."""
        ...

    def held(self, prefix: str) -> Mapping[str, StreamId]:
        """Return the held claims whose key begins with a prefix."""
        ...

    def event(self, stream: StreamId, event_id: str) -> Recorded[Any] | None:
        """Return one recorded event of a stream, opened."""
        ...

    def history(self, stream: StreamId) -> tuple[Recorded[Any], ...]:
        """Return every event of a stream as it was recorded, opened."""
        ...


class Ids(Protocol):
    """Fresh ids; the same sequence again for every run of one decision."""

    def next(self) -> str:
        """Return a UUIDv7 in text."""
        ...


@dataclass(slots=True)
class World:
    """Everything a decision may look at; nothing else is in reach."""

    facts: Facts
    principal: Principal
    directory: Directory
    now: datetime
    at: datetime
    ids: Ids
    secret: Callable[[str, str], str]
    """Keyed hash of a value for one purpose (`national_id`); hex."""
    command: type[Command]
    authorised: str | None = field(default=None)
    role: str = field(default="")
    command_id: str = ""

    @property
    def day(self) -> date:
        """Return the day of the fact in Asia/Shanghai."""
        return shanghai_day(self.at)

    @property
    def today(self) -> date:
        """Return the clock's day in Asia/Shanghai."""
        return shanghai_day(self.now)

    @property
    def rule_set(self) -> str:
        """Return the id of the rule set in force on the day of the fact, "" where none is (R2)."""
        try:
            return rule_set_on(self.day).id
        except NoRuleSetError:
            return ""

    def load(self, fold: Fold[S], ident_: str) -> Loaded[S]:
        """Return a stream's state, existing or not."""
        stream = fold.kind.of(ident_)
        version, subject, state = self.facts.state(fold, stream)
        return Loaded(stream, subject or f"{fold.kind.subject}-{ident_}", version, state)

    def need(self, fold: Fold[S], ident_: str) -> Loaded[S]:
        """Return an existing stream's state; refuse with 404 where there is none."""
        loaded = self.load(fold, ident_)
        if not loaded.exists:
            raise DomainError(NOT_FOUND, what=str(loaded.stream))
        return loaded

    def new(self, fold: Fold[S], subject: str, ident_: str | None = None) -> Loaded[S]:
        """Name a new stream about a subject (`person-…`); the append refuses it if it exists."""
        stream = fold.kind.of(ident_ or self.ids.next())
        return Loaded(stream, subject, 0, fold.initial)

    def event(self, loaded: Loaded[Any], event_id: str) -> Recorded[Any]:
        """Return one event of a loaded stream; refuse with 404 where there is none."""
        found = self.facts.event(loaded.stream, event_id)
        if found is None:
            raise DomainError(NOT_FOUND, what=f"event-{event_id}")
        return found

    def history(self, loaded: Loaded[Any]) -> tuple[Recorded[Any], ...]:
        """Return every event of a loaded stream as it was recorded, corrected or not (X2)."""
        return self.facts.history(loaded.stream)

    def holder(self, claim: str) -> str | None:
        """Return the id of the aggregate that holds a claim."""
        stream = self.facts.holder(claim)
        return ident(stream) if stream else None

    def held(self, prefix: str) -> Mapping[str, str]:
        """Return claim → aggregate id for every held claim that begins with a prefix."""
        return {k: ident(v) for k, v in self.facts.held(prefix).items()}

    def authorise(
        self,
        *offices: str,
        kind: ResourceKind = "case",
        acted: Mapping[str, frozenset[str]] | None = None,
        granted: tuple[str, ...] = (),
        referred: frozenset[str] = frozenset(),
        subject: str | None = None,
        emergency: frozenset[str] = frozenset(),
        case: str | None = None,
    ) -> None:
        """Demand that the principal may act over every office named (ids); R43, design.md 7.

        `acted` maps users to the levels at which they acted in this `case` (R23, X10), and
        `emergency` names the users to whom an emergency opened the person (X14). Every decision
        calls this at least once; the loop treats one that does not as a fault.
        """
        paths = tuple(self.directory.path(office) for office in offices)
        resource = Resource(paths, kind, subject, acted or {}, granted, referred, emergency, case)
        action = action_of(self.command)
        verdict = access(self.principal, action, resource)
        if not verdict.allow:
            raise DomainError(
                FORBIDDEN, rule=verdict.rule_id, why_zh=verdict.reason_zh, why_en=verdict.reason_en
            )
        self.authorised = f"{verdict.rule_id}/{ACCESS_VERSION}"
        self.role = verdict.role or "system"


@cache
def action_of(command: type[Command]) -> Action:
    """Return what sending a command asks for, in the words of the access decision."""
    return Action(command.type, frozenset(command.actors))


Decide: TypeAlias = Callable[[Any, World], Outcome]
React: TypeAlias = Callable[[Recorded[Any]], Iterable[Command]]


class Deciders:
    """One context's decisions by command class."""

    def __init__(self) -> None:
        self.by_command: dict[type[Command], Decide] = {}

    def __call__(
        self, command: type[C]
    ) -> Callable[[Callable[[C, World], Outcome]], Callable[[C, World], Outcome]]:
        """Register the decision for a command."""

        def register(decide: Callable[[C, World], Outcome]) -> Callable[[C, World], Outcome]:
            if self.by_command.setdefault(command, decide) is not decide:
                raise ValueError(f"{command.type} is decided twice")
            return decide

        return register


class Reactions:
    """One context's reactions by event class.

    The context's and the reaction's name are part of its commands' ids: no two may share both.
    """

    def __init__(self) -> None:
        self.by_event: dict[str, list[React]] = {}

    def __call__(
        self, *events: type[Event]
    ) -> Callable[[Callable[[Recorded[E]], Iterable[Command]]], React]:
        """Register a reaction for one or more events."""

        def register(react: Callable[[Recorded[E]], Iterable[Command]]) -> React:
            for event in events:
                own = self.by_event.setdefault(event.type, [])
                if any(react.__name__ == other.__name__ for other in own):
                    raise ValueError(f"two reactions to {event.type} are called {react.__name__}")
                own.append(react)
            return react

        return register


@dataclass(frozen=True, slots=True)
class TimerKind:
    """A durable clock (domain.md C4): what starts and stops it, when it is due, what it sends.

    `starts` maps an event's wire name to (key, basis) or None; a later start of the same key
    replaces the earlier one. `due` is computed anew from the basis when calendar, parameters or
    offices change. The command is sent by `system` at or after the due instant.
    """

    name: str
    starts: Mapping[str, Callable[[Recorded[Any]], tuple[str, dict[str, str]] | None]]
    stops: Mapping[str, Callable[[Recorded[Any]], str | None]]
    due: Callable[[Mapping[str, str], Directory], datetime]
    command: Callable[[str, Mapping[str, str]], Command]


@dataclass(frozen=True, slots=True)
class Context:
    """A bounded context as the composition root sees it."""

    name: str
    deciders: Deciders
    reactions: Reactions
    timers: tuple[TimerKind, ...] = ()
