"""A form's fields as the templates draw them: label, value, choices, message, rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.console.codes import PAPER_OF, word
from services.console.forms import KEPT, Typed, rows_of
from services.console.shapes import ENVELOPE, Shape, shapes
from services.kit.decider import Command

Choices = Mapping[str, list[tuple[str, str]]]
"""Kind of aggregate, or path of a field → what a form offers: (id, words)."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What all fields of one form share."""

    typed: Typed
    errors: Mapping[str, list[str]]
    choices: Choices
    fixed: frozenset[str]
    lang: str
    extra: Mapping[str, int]
    """Rows to show beyond the typed ones, by name."""
    hints: Mapping[str, str] = field(default_factory=dict)
    """What to say beside an input, by name."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field, ready to be drawn."""

    name: str
    kind: str
    label: str
    required: bool
    value: str = ""
    values: tuple[str, ...] = ()
    kept: str = ""
    options: tuple[tuple[str, str], ...] = ()
    errors: tuple[str, ...] = ()
    parts: tuple[Field, ...] = ()
    rows: tuple[tuple[Field, ...], ...] = ()
    fixed: bool = False
    max_length: int = 200
    is_open: bool = False
    hint: str = ""

    @property
    def id(self) -> str:
        """Return the id of the input."""
        return "f-" + self.name.replace(".", "-").replace("_", "-")

    @property
    def shown(self) -> str:
        """Return the words of a value that is not to be changed here."""
        return dict(self.options).get(self.value, self.value)


def draw(command: type[Command], drawing: Drawing) -> tuple[list[Field], list[Field]]:
    """Return the command's own fields, and those every command has."""
    all_shapes = shapes(command)
    own = [_field(s, s.name, drawing) for s in all_shapes if s.name not in ENVELOPE]
    envelope = [_field(s, s.name, drawing) for s in all_shapes if s.name in ENVELOPE]
    return own, envelope


def drawn(parts: Iterable[Shape], under: str, drawing: Drawing) -> list[Field]:
    """Return some fields under a prefix of their names."""
    return [_field(s, f"{under}{s.name}", drawing) for s in parts]


def _field(shape: Shape, name: str, d: Drawing) -> Field:
    typed = d.typed.get(name, [])
    value = typed[-1] if typed else _default(shape, d)
    return Field(
        name=name,
        kind="many" if shape.kind == "lines" and d.choices.get(shape.path) else shape.kind,
        label=(shape.zh if d.lang == "zh" else shape.en) or shape.zh,
        required=shape.required,
        value=value,
        values=tuple(typed) or _only(shape, d),
        kept=next(iter(d.typed.get(name + KEPT, [])), ""),
        options=_options(shape, value, d),
        errors=tuple(d.errors.get(name, ())),
        parts=_parts(shape, name, d),
        rows=_rows(shape, name, d),
        fixed=name in d.fixed,
        max_length=shape.max_length,
        is_open=any(k.startswith(f"{name}.") and any(v) for k, v in d.typed.items()),
        hint=d.hints.get(name, ""),
    )


def _only(shape: Shape, d: Drawing) -> tuple[str, ...]:
    """Return the one entry that a list that must not be empty can have."""
    offered = d.choices.get(shape.path) or []
    only = shape.kind == "lines" and shape.required and len(offered) == 1
    return (offered[0][0],) if only else ()


def _default(shape: Shape, d: Drawing) -> str:
    offered = d.choices.get(shape.path) or []
    if shape.ref in {"event", "office"} and shape.required and len(offered) == 1:
        return offered[0][0]
    if shape.name == "kind":
        return PAPER_OF.get(shape.path.removesuffix(".kind"), "")
    if shape.kind == "bool" and isinstance(shape.default, bool):
        return str(shape.default).lower()
    return ""


def _options(shape: Shape, value: str, d: Drawing) -> tuple[tuple[str, str], ...]:
    if shape.kind in {"ref", "lines"}:
        return tuple(d.choices.get(shape.path) or d.choices.get(shape.ref) or [])
    if shape.kind == "choice" and (offered := d.choices.get(shape.path)):
        return tuple(offered)
    codes = shape.options
    if value and shape.kind == "choice" and value not in codes:
        codes = (*codes, value)
    return tuple((code, word(code, shape.context, d.lang)) for code in codes)


def _parts(shape: Shape, name: str, d: Drawing) -> tuple[Field, ...]:
    if shape.kind != "body":
        return ()
    return tuple(_field(part, f"{name}.{part.name}", d) for part in shape.parts)


def _rows(shape: Shape, name: str, d: Drawing) -> tuple[tuple[Field, ...], ...]:
    if shape.kind != "rows":
        return ()
    typed = rows_of(name, d.typed)
    count = (typed[-1] + 1 if typed else 0) + d.extra.get(name, 0)
    return tuple(
        tuple(_field(part, f"{name}.{i}.{part.name}", d) for part in shape.parts[0].parts)
        for i in range(max(count, 1))
    )


def name_of(fields: Iterable[Field], name: str) -> str:
    """Return the label of an input by its name; the name where the form has no such input."""
    for found in fields:
        if found.name == name:
            return found.label
        inner = [*found.parts, *(f for row in found.rows for f in row)]
        if inner and (label := name_of(inner, name)) != name:
            return label
    return name
