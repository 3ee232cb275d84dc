"""What a form field looks like, read off a command's own types (design.md 3).

The command class is the one declaration; nothing about a field is said twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from annotated_types import MaxLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from events.contracts.base import Event, Ref, SealedValue
from services.console import codes
from services.console.labels import label
from services.kit.decider import Command

Kind: TypeAlias = Literal[
    "text", "long", "int", "money", "bool", "date", "instant", "choice", "many", "lines", "ref",
    "file", "json", "body", "rows",
]  # fmt: skip
Wire: TypeAlias = Command | Event
LONG = 500
"""Longest text that still fits one line of a form."""
ENVELOPE = ("occurred_at", "reported_at", "on_behalf_of")
"""Fields that every command has; a form shows them folded away."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One field: its name on the wire, what it holds, its labels, whether it may stay empty."""

    name: str
    path: str
    kind: Kind
    zh: str
    en: str
    required: bool
    options: tuple[str, ...] = ()
    parts: tuple[Shape, ...] = ()
    ref: str = ""
    max_length: int = 200
    default: Any = None
    context: str = ""


def _unwrap(annotation: Any, marks: list[Any]) -> Any:  # noqa: ANN401
    """Strip `Annotated`, `| None` and the sealed alternative; collect the marks met."""
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *more = get_args(annotation)
            for mark in more:
                marks += [mark, *getattr(mark, "metadata", ())]
        elif origin in {Union, UnionType}:
            kept = [a for a in get_args(annotation) if a not in {NoneType, SealedValue}]
            if len(kept) != 1:
                return annotation
            annotation = kept[0]
        else:
            return annotation


@cache
def shapes(command: type[Wire]) -> tuple[Shape, ...]:
    """Return the fields of a command in order, the envelope's last; or those of an event."""
    own = [n for n in command.model_fields if n not in ENVELOPE]
    order = [*own, *(n for n in ENVELOPE if n in command.model_fields)]
    return tuple(_field(command, command, n, "") for n in order)


def _field(command: type[Wire], owner: type[BaseModel], name: str, above: str) -> Shape:
    info = owner.model_fields[name]
    wire = info.alias or name
    zh, en = info.title or "", info.description or ""
    if not zh:
        zh, en = label(owner.__name__, name)
    has_default = info.default is not PydanticUndefined
    return _shape(
        command,
        info.annotation,
        list(_all_marks(info)),
        Shape(
            wire, f"{above}{wire}", "text", zh, en, info.is_required(),
            default=info.default if has_default else None,
            context=command.type.split(".", 1)[0],
        ),
    )  # fmt: skip


def _all_marks(info: FieldInfo) -> Iterator[Any]:
    for mark in info.metadata:
        yield mark
        yield from getattr(mark, "metadata", ())


def _shape(command: type[Wire], annotation: Any, marks: list[Any], at: Shape) -> Shape:  # noqa: ANN401
    inner = _unwrap(annotation, marks)
    origin = get_origin(inner)
    if origin is tuple:
        return _many(command, get_args(inner)[0], at)
    if origin is Literal:
        return _as(at, "choice", options=get_args(inner))
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        parts = tuple(_field(command, inner, n, f"{at.path}.") for n in inner.model_fields)
        return _as(at, "body", parts=parts)
    return _scalar(command, inner, marks, at)


def _many(command: type[Wire], annotation: Any, at: Shape) -> Shape:  # noqa: ANN401
    item = _shape(command, annotation, [], _as(at, "text", default=None))
    if item.kind == "choice":
        return _as(at, "many", options=item.options)
    if item.kind == "body":
        return _as(at, "rows", parts=(item,))
    return _as(at, "lines", parts=(item,))


def _scalar(command: type[Wire], inner: Any, marks: list[Any], at: Shape) -> Shape:  # noqa: ANN401
    ref = next((m.kind for m in marks if isinstance(m, Ref)), "")
    pattern = next((m.pattern for m in marks if getattr(m, "pattern", None)), "")
    if ref:
        return _as(at, "ref", ref=ref)
    if inner is bool:
        return _as(at, "bool")
    if inner is int:
        money = any("10**12" in str(m) or getattr(m, "le", 0) == 10**12 for m in marks)
        return _as(at, "money", zh=in_yuan(at.zh), en=in_yuan(at.en)) if money else _as(at, "int")
    if inner is date or inner is datetime:
        return _as(at, "date" if inner is date else "instant")
    if inner is str and "0-9a-f]{64}" in pattern:
        return _as(at, "file")
    if inner is str:
        return _text(command, pattern, marks, at)
    if str(inner) == "AwareDatetime" or getattr(inner, "__name__", "") == "AwareDatetime":
        return _as(at, "instant")
    return _as(at, "json")


def in_yuan(label: str) -> str:
    """Return a label for people, who count in yuan where the wire counts in fen."""
    return label.replace("（分", "（元").replace("fen", "yuan")


def _text(command: type[Wire], pattern: str, marks: list[Any], at: Shape) -> Shape:
    if "a-z0-9_" in pattern and (entries := codes.list_of(command.type, _plain(at.path))):
        return _as(at, "choice", options=entries)
    longest = next((m.max_length for m in marks if isinstance(m, MaxLen)), 200)
    return _as(at, "long" if longest > LONG else "text", max_length=longest)


def _plain(path: str) -> str:
    return ".".join(p for p in path.split(".") if not p.isdigit())


def _as(at: Shape, kind: Kind, **changes: Any) -> Shape:  # noqa: ANN401
    values = {n: getattr(at, n) for n in Shape.__slots__} | {"kind": kind} | changes
    return Shape(**values)
