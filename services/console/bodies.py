"""What an event says, as a clerk reads it: titles of fields, words for codes, names for ids.

Fields are read off the event's own class; ids without a name are left out, since they say nothing
to a reader. The body as the log holds it stands folded away on the event's page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import orjson

from events.contracts.catalogue import ALL
from events.contracts.correctable import CORRECTABLE
from events.rules.ruleset import DEFAULT_RULE_SET, RuleSet
from services.console import formats
from services.console.corrected import Changed, history, proposed
from services.console.fieldwords import field_word, titled
from services.console.records import yuan
from services.console.shapes import Shape, in_yuan, shapes
from services.console.site import Visit

Row: TypeAlias = Mapping[str, Any]
Parts: TypeAlias = Mapping[str, Shape]
_JSON = re.compile(r"\s*[\[{].*[\]}]\s*", re.DOTALL)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_CODE = re.compile(r"[a-z0-9_]+")
_PARAMETERS = RuleSet.of(DEFAULT_RULE_SET).parameters
EMPTY: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class Told:
    """A value in words: a text, lines with their titles, a list, or how a rule was judged."""

    text: str = ""
    lines: tuple[tuple[str, Told], ...] = ()
    rows: tuple[Told, ...] = ()
    finding: Row | None = None

    def __bool__(self) -> bool:
        """Tell whether it says anything."""
        return bool(self.text or self.lines or self.rows or self.finding)


def told(visit: Visit, type_: str, body: Row, about: str = "") -> Told:
    """Return what the body of an event of a type says; `about` is the type that it corrects."""
    fact = body.get("of") or about
    return _lines(_Reader(visit, type_.partition(".")[0], str(fact)), body, parts_of(type_))


def with_told(visit: Visit, events: Iterable[Row]) -> list[dict[str, Any]]:
    """Put what each event says beside it, as `told`."""
    return [
        {**e, "told": told(visit, str(e.get("type")), e.get("body") or {}, _corrected_type(e))}
        for e in events
    ]


def _corrected_type(event: Row) -> str:
    fact = (event.get("correction") or {}).get("fact") or {}
    return str(fact.get("type", ""))


def changes(visit: Visit, type_: str, found: Iterable[Changed]) -> list[tuple[str, Told, Told]]:
    """Return the title, the old and the new value of each field that a correction changes."""
    reader, parts = _Reader(visit, type_.partition(".")[0], ""), parts_of(type_)
    return [
        (
            _title(reader, c.field, parts.get(c.field)),
            _value(reader, c.old, c.field, parts.get(c.field)),
            _value(reader, c.new, c.field, parts.get(c.field)),
        )
        for c in found
    ]


def told_history(visit: Visit, event: Row) -> list[dict[str, Any]]:
    """Return every correction of a fact, with what it changed in words."""
    type_ = str(event.get("type"))
    return [c | {"changed": changes(visit, type_, c["changed"])} for c in history(event)]


def told_proposal(visit: Visit, event: Row) -> dict[str, Any] | None:
    """Return what a step of a correction is about, with what was proposed in words."""
    found = proposed(event)
    if found is None:
        return None
    type_ = str(found["fact"].get("type"))
    return found | {"changed": changes(visit, type_, found["changed"])}


def raw(body: object) -> str:
    """Return a body as the log holds it, indented."""
    return orjson.dumps(body, option=orjson.OPT_INDENT_2).decode()


def parts_of(type_: str) -> Parts:
    """Return the fields of a type of event by name; none of an unknown one."""
    kind = ALL.classes.get(type_)
    if kind is None:
        return {}
    rule = CORRECTABLE.get(kind)
    own = shapes(kind)
    return {s.name: titled(s, kind.type, rule) for s in own}


@dataclass(frozen=True, slots=True)
class _Reader:
    visit: Visit
    context: str
    fact: str
    """Type of the fact that is corrected, if any is."""


def _title(reader: _Reader, name: str, shape: Shape | None) -> str:
    lang = reader.visit.lang
    if shape is None or shape.zh == shape.name:
        word = field_word(name, lang)
    else:
        word = shape.zh if lang == "zh" else shape.en
    return in_yuan(word) if shape is not None and shape.kind == "money" else word


def _lines(reader: _Reader, body: Row, parts: Parts) -> Told:
    return Told(lines=tuple(_each(reader, body, parts)))


def _each(reader: _Reader, body: Row, parts: Parts) -> Iterator[tuple[str, Told]]:
    for name, value in body.items():
        shape = parts.get(name)
        if name == "body" and isinstance(value, Mapping):
            found = _lines(reader, value, parts_of(reader.fact))
        else:
            found = _value(reader, value, name, shape)
        if found:
            yield _title(reader, name, shape), found


def _value(reader: _Reader, value: Any, name: str, shape: Shape | None) -> Told:  # noqa: ANN401
    if value in EMPTY:
        return Told()
    if isinstance(value, Mapping):
        return _mapping(reader, value, shape)
    if isinstance(value, list | tuple):
        part = shape.parts[0] if shape is not None and shape.parts else None
        rows = (_value(reader, v, name, part) for v in value)
        return Told(rows=tuple(row for row in rows if row))
    if isinstance(value, str) and _JSON.fullmatch(value):
        return _json(reader, value, name)
    return Told(_scalar(reader, value, name, shape))


def _json(reader: _Reader, text: str, name: str) -> Told:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return Told(text)
    if name == "replacement" and isinstance(value, dict):
        return _lines(reader, value, parts_of(reader.fact))
    return _value(reader, value, name, None)


def _mapping(reader: _Reader, value: Row, shape: Shape | None) -> Told:
    if {"condition", "boundary"} <= value.keys():
        return Told(finding=value)
    inner = shape.parts if shape is not None else ()
    return _lines(reader, value, {p.name: p for p in inner})


def _scalar(reader: _Reader, value: Any, name: str, shape: Shape | None) -> str:  # noqa: ANN401
    if isinstance(value, bool):
        return reader.visit.t("form.yes" if value else "form.no")
    if isinstance(value, int | float):
        money = shape is not None and shape.kind == "money"
        return yuan(reader.visit, value) if money else str(value)
    page = reader.visit.word(value, "page") if name == "page" else value
    return _text(reader, str(page))


def _text(reader: _Reader, text: str) -> str:
    visit = reader.visit
    if formats.is_id(text) or text in visit.names:
        return visit.names.get(text, "")
    if formats.is_moment(text):
        return formats.moment(text)
    if _SHA256.fullmatch(text):
        return visit.t("event.file", hash=text[:12])
    if text.isdigit() and (office := visit.site.names.get(text.ljust(12, "0"))):
        return office
    if (kind := ALL.classes.get(text)) is not None:
        return visit.title(kind)
    if text in _PARAMETERS:
        return visit.title(_PARAMETERS[text])
    word = visit.word(text, reader.context)
    return field_word(text, visit.lang) if word == text and _CODE.fullmatch(text) else word
