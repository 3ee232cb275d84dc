"""What every event contract has in common.

A body says what happened. Who, when and where stand in the envelope and nowhere else. Every field
carries its privacy class; a sealed field is clear inside a decision and ciphertext everywhere else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum
from typing import Annotated, Any, ClassVar, Generic, NewType, TypeAlias, TypeVar, get_args

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

StreamId = NewType("StreamId", str)
"""`<kind>-<id>`; made by `StreamKind.of` alone."""

T = TypeVar("T")
D = TypeVar("D", bound=date)


class Privacy(Enum):
    """Who may read a field: anyone with the case, a few columns' readers, or holders of a key."""

    OPEN = "open"
    RESTRICTED = "restricted"
    SEALED = "sealed"


@dataclass(frozen=True, slots=True)
class SealedUnder:
    """Names the sibling field whose person's key seals this one (default: the subject's key)."""

    field: str


@dataclass(frozen=True, slots=True)
class BodyOf:
    """Marks a field that holds an event body of the type which its sibling field names."""

    field: str


class SealedValue(BaseModel):
    """A personal value as the log keeps it: key id, algorithm, nonce and ciphertext (base64)."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    k: Annotated[str, Field(max_length=80)]
    a: Annotated[str, Field(max_length=16)]
    n: Annotated[str, Field(max_length=32)]
    c: Annotated[str, Field(max_length=20_000)]


Open = Annotated[T, Privacy.OPEN]
Restricted = Annotated[T, Privacy.RESTRICTED]
Sealed = Annotated[T | SealedValue, Privacy.SEALED]


def clear(value: T | SealedValue) -> T | None:
    """Return a sealed field's value, or None where the key is gone or was never there."""
    return None if isinstance(value, SealedValue) else value


class Body(BaseModel):
    """A closed, frozen, strictly typed value inside an event or a command."""

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="forbid",
        hide_input_in_errors=True,
        validate_by_name=True,
        serialize_by_alias=True,
    )


class Event(Body):
    """A fact: frozen, strict and closed when written. `type` is its name on the wire."""

    type: ClassVar[str]
    zh: ClassVar[str]
    en: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Ref:
    """Marks an id field with the kind of stream it names."""

    kind: str


_UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_OFFICE = r"^[0-9]{12}(-[0-9]+)?(:[a-z_]+)?$"

PersonId = Annotated[str, Ref("person"), Field(pattern=_UUID), Privacy.OPEN]
HouseholdId = Annotated[str, Ref("household"), Field(pattern=_UUID), Privacy.OPEN]
CaseId = Annotated[str, Ref("certification"), Field(pattern=_UUID), Privacy.OPEN]
PostId = Annotated[str, Ref("post"), Field(pattern=_UUID), Privacy.OPEN]
OfferId = Annotated[str, Ref("offer"), Field(pattern=_UUID), Privacy.OPEN]
EmployerId = Annotated[str, Ref("employer"), Field(pattern=_UUID), Privacy.OPEN]
BatchId = Annotated[str, Ref("batch"), Field(pattern=_UUID), Privacy.OPEN]
ActivityId = Annotated[str, Ref("activity"), Field(pattern=_UUID), Privacy.OPEN]
ProjectId = Annotated[str, Ref("project"), Field(pattern=_UUID), Privacy.OPEN]
ExpertId = Annotated[str, Ref("expert"), Field(pattern=_UUID), Privacy.OPEN]
ExportId = Annotated[str, Ref("export"), Field(pattern=_UUID), Privacy.OPEN]
TrialId = Annotated[str, Ref("trial"), Field(pattern=_UUID), Privacy.OPEN]
CheckId = Annotated[str, Ref("check"), Field(pattern=_UUID), Privacy.OPEN]
CategoryId = Annotated[str, Ref("category"), Field(pattern=_UUID), Privacy.OPEN]
UserId = Annotated[str, Ref("user"), Field(pattern=_UUID), Privacy.OPEN]
OfficeId = Annotated[str, Ref("office"), Field(pattern=_OFFICE), Privacy.OPEN]
EventId = Annotated[str, Ref("event"), Field(pattern=_UUID), Privacy.OPEN]

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def printable(text: str) -> str:
    """Return a text; raises ValueError for control characters, which no page or table can hold."""
    if _CONTROL.search(text):
        raise ValueError("control characters are not allowed")
    return text


Text = Annotated[str, Field(min_length=1, max_length=2_000), AfterValidator(printable)]
Short = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(printable)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$"), Privacy.OPEN]
"""An entry of an open code list."""
Division = Annotated[str, Field(pattern=r"^[0-9]{2,12}$"), Privacy.OPEN]
Money = Annotated[int, Field(ge=0, le=10**12), Privacy.OPEN]
"""Whole fen (1/100 yuan)."""
Count = Annotated[int, Field(ge=0, le=10**9), Privacy.OPEN]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$"), Privacy.OPEN]
Seq = Annotated[int, Field(ge=0), Privacy.OPEN]
Period = Annotated[str, Field(pattern=r"^[0-9]{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?$"), Privacy.OPEN]
YEARS = range(1900, 2200)
"""Years that a day may lie in: arithmetic on periods stays within the calendar on both sides."""


def within_years(day: D) -> D:
    """Return a day or instant; raises ValueError for one outside YEARS."""
    if day.year not in YEARS:
        raise ValueError(f"the year must lie between {YEARS[0]} and {YEARS[-1]}")
    return day


def in_utc(at: datetime) -> datetime:
    """Return the same instant in UTC; raises ValueError outside YEARS."""
    return within_years(at).astimezone(UTC)


BoundedDay: TypeAlias = Annotated[date, AfterValidator(within_years)]
Day: TypeAlias = Annotated[BoundedDay, Privacy.OPEN]
Instant: TypeAlias = Annotated[AwareDatetime, AfterValidator(in_utc), Privacy.OPEN]
FromDay: TypeAlias = Annotated[BoundedDay, Field(alias="from"), Privacy.OPEN]
"""The first day of something; a field `from_day` that is `from` on the wire."""


ParameterKey = Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z_]+$", max_length=80), Privacy.OPEN]


class Doc(Body):
    """A piece of evidence (R18): what it is, who issued it, and the hash of its file."""

    kind: Code
    number: Sealed[Short] | None = None
    issuer: Open[Short]
    issued_on: Day
    valid_until: Day | None = None
    sha256: Sha256


class Found(Body):
    """How one rule was judged: condition, value, boundary and clause (domain.md C3.0)."""

    condition: Code
    value: Sealed[str]
    boundary: Sealed[str]
    clause: Open[Short]
    ok: Open[bool]


@dataclass(frozen=True, slots=True)
class StreamKind:
    """One kind of stream: its owner context and what its events are about (the subject).

    `shares_id`: the stream's id is the subject's own id, as with a person's employment.
    """

    name: str
    context: str
    subject: str
    shares_id: bool = False

    def of(self, ident: str) -> StreamId:
        """Name the stream of one aggregate."""
        return StreamId(f"{self.name}-{ident}")

    def subject_of(self, ident: str) -> str | None:
        """Return the subject of a stream that does not exist yet, where its id tells."""
        return f"{self.subject}-{ident}" if self.shares_id or self.name == self.subject else None


def ident(stream: str) -> str:
    """Return the aggregate's id inside a stream's or subject's name."""
    return stream.split("-", 1)[1]


E = TypeVar("E", bound=Event)
E_co = TypeVar("E_co", bound=Event, covariant=True)


@dataclass(frozen=True, slots=True)
class Upcaster:
    """How a retired body becomes its successor's: a pure function of its JSON.

    The retired class stays (its bodies are still opened by it) and sealed fields keep their names.
    """

    old: type[Event]
    new: type[Event]
    change: Callable[[dict[str, Any]], dict[str, Any]]


class Catalogue(Generic[E]):
    """Event classes by wire name, and the way from retired ones to their successors."""

    def __init__(self, *unions: object, upcasters: Iterable[Upcaster] = ()) -> None:
        self.classes: dict[str, type[E]] = {}
        for cls in (c for union in unions for c in (get_args(union) or (union,))):
            if self.classes.setdefault(cls.type, cls) is not cls:
                raise ValueError(f"two events are called {cls.type}")
        self.upcasters = {u.old.type: u for u in upcasters}

    def read(self, wire_name: str, body: bytes) -> E:
        """Decode a stored body as today's event, skipping fields that only a newer writer knows.

        Raises KeyError for an unknown wire name, ValidationError for a body of another shape.
        """
        if wire_name in self.upcasters:
            wire_name, body = self._upcast(wire_name, json.loads(body))
        return self.classes[wire_name].model_validate_json(body, extra="ignore")

    def _upcast(self, wire_name: str, body: dict[str, Any]) -> tuple[str, bytes]:
        while (upcaster := self.upcasters.get(wire_name)) is not None:
            wire_name, body = upcaster.new.type, upcaster.change(body)
        return wire_name, json.dumps(body).encode()


@dataclass(slots=True)
class Recorded(Generic[E_co]):
    """A fact in its envelope (design.md 4). Instants are aware UTC; `seq` is 0 before numbering.

    `corrected_by` is the seq of the correction by which it says what it says (X2), 0 without one.
    """

    event: E_co
    event_id: str
    type: str
    source: str
    stream: StreamId
    subject: str
    version: int
    position: int
    slice: int
    command_id: str
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    role: str
    office: str
    area: str
    epoch: int = 1
    seq: int = 0
    prev_seq: int = 0
    meta: dict[str, str] = field(default_factory=dict)
    hash: str = ""
    data: bytes = b""
    corrected_by: int = 0

    def attribute(self, name: str) -> str | None:
        """Return one of the rarer envelope attributes (`rule_set`, `auth`, `causation_id` …)."""
        return self.meta.get(name)


def kinds(*rows: StreamKind) -> dict[str, StreamKind]:
    """Index kinds of stream by name."""
    return {row.name: row for row in rows}


def union_members(*unions: Iterable[object] | object) -> tuple[type[Event], ...]:
    """Return the event classes of one or more closed unions."""
    return tuple(c for union in unions for c in get_args(union))
