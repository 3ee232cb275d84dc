"""Reads the privacy classes off the types: what is sealed, under whose key, what lacks a class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from events.contracts.base import Body, BodyOf, Privacy, SealedUnder


@dataclass(frozen=True, slots=True)
class Step:
    """One field that leads to sealed values: itself (`part` is None), or a nested body.

    `of` is set where a sibling field names the type of the body.
    """

    name: str
    part: type[Body] | None
    many: bool
    under: str | None
    of: str | None = None


def _marks(annotation: Any) -> Iterator[object]:  # noqa: ANN401
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        yield from marks
        yield from _marks(inner)
    elif get_origin(annotation) in {Union, UnionType}:
        for part in get_args(annotation):
            yield from _marks(part)


def marks(info: FieldInfo) -> tuple[object, ...]:
    """Return every marker on a field's type, outer ones first."""
    return (*info.metadata, *_marks(info.annotation))


def privacy(info: FieldInfo) -> Privacy | None:
    """Return a field's own privacy class, if it states one."""
    return next((m for m in marks(info) if isinstance(m, Privacy)), None)


def _body_of(info: FieldInfo) -> str | None:
    return next((m.field for m in marks(info) if isinstance(m, BodyOf)), None)


def _bodies(annotation: Any) -> Iterator[tuple[type[Body], bool]]:  # noqa: ANN401
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _bodies(get_args(annotation)[0])
    elif origin in {Union, UnionType}:
        for part in get_args(annotation):
            yield from _bodies(part)
    elif origin is tuple:
        for part in get_args(annotation):
            if part is not Ellipsis:
                yield from ((body, True) for body, _ in _bodies(part))
    elif isinstance(annotation, type) and issubclass(annotation, Body):
        yield annotation, False


@cache
def steps(cls: type[BaseModel]) -> tuple[Step, ...]:
    """Return the way to every sealed value of a class, nested bodies included."""
    found: list[Step] = []
    for name, info in cls.model_fields.items():
        if privacy(info) is Privacy.SEALED:
            under = next((m.field for m in marks(info) if isinstance(m, SealedUnder)), None)
            found.append(Step(name, None, many=False, under=under))
            continue
        if (of := _body_of(info)) is not None:
            found.append(Step(name, None, many=False, under=None, of=of))
        found += [
            Step(name, body, many, None) for body, many in _bodies(info.annotation) if steps(body)
        ]
    return tuple(found)


def unclassified(cls: type[BaseModel], path: str = "") -> tuple[str, ...]:
    """Return the fields of a class, nested ones included, that state no privacy class."""
    missing: list[str] = []
    for name, info in cls.model_fields.items():
        bodies = [body for body, _ in _bodies(info.annotation)]
        told = privacy(info) is not None or bodies or _body_of(info) is not None
        if not told and not _closed(info.annotation):
            missing.append(f"{path or cls.__name__}.{name}")
        for body in bodies:
            missing += unclassified(body, f"{path or cls.__name__}.{name}")
    return tuple(missing)


def _closed(annotation: Any) -> bool:  # noqa: ANN401
    """Tell whether a tuple's items carry a class of their own."""
    if get_origin(annotation) in {Union, UnionType}:
        return any(_closed(part) for part in get_args(annotation))
    if get_origin(annotation) is not tuple:
        return False
    return any(isinstance(m, Privacy) for m in _marks(get_args(annotation)[0]))
