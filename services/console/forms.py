"""Plain forms made from command classes: what was typed, read back into a wish, and its errors.

What was typed is kept as flat text under dotted names (`members.0.person`), so that a form comes
back whole after a refusal, a conflict or a new sign-in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

import orjson
from pydantic import ValidationError

from services.console import texts
from services.console.shapes import ENVELOPE, Shape, shapes
from services.kit.decider import Command

Typed: TypeAlias = dict[str, list[str]]
ABSENT = object()
KEPT = "~"
"""Ends the name of the hidden input that keeps the hash of a file chosen earlier."""
SHANGHAI_OFFSET = ":00+08:00"
MOST_ROWS = 50
_SPLIT = re.compile(r"[\s,，、;；]+")


@dataclass(slots=True)
class Wish:
    """A form read back: the body to send, or what is wrong with it by input name."""

    body: dict[str, Any]
    errors: dict[str, list[str]] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Tell whether the body is a valid command."""
        return not self.errors


def read(command: type[Command], typed: Typed, lang: str = "zh") -> Wish:
    """Read a command's body out of a form; the errors name the inputs."""
    body = _body(shapes(command), "", typed)
    try:
        command.model_validate_json(orjson.dumps(body))
    except ValidationError as error:
        rows = (
            (".".join(map(str, e["loc"])), e["type"], e["msg"])
            for e in error.errors(include_input=False, include_url=False, include_context=False)
        )
        return Wish(body, place_errors(command, rows, lang))
    return Wish(body)


def parts_of(parts: tuple[Shape, ...], under: str, typed: Typed) -> dict[str, Any]:
    """Read some fields back out of a form, typed under a prefix of their names."""
    return _body(parts, under, typed)


def place_errors(
    command: type[Command], rows: Iterable[tuple[str, str, str]], lang: str
) -> dict[str, list[str]]:
    """Put (location, kind, English text) of each error at the input it belongs to."""
    known = set(_names(shapes(command)))
    placed: dict[str, list[str]] = {}
    for where, kind, english in rows:
        name = where
        while name and (_plain(name) not in known or name.rpartition(".")[2].isdigit()):
            name = name.rpartition(".")[0]
        text = texts.field_error(kind, english, lang)
        if text not in placed.setdefault(name, []):
            placed[name].append(text)
    return placed


def _names(parts: Iterable[Shape]) -> Iterable[str]:
    for shape in parts:
        yield shape.path
        inner = shape.parts[0].parts if shape.kind == "rows" else shape.parts
        yield from _names(inner if shape.kind in {"rows", "body"} else ())


def _plain(name: str) -> str:
    return ".".join(p for p in name.split(".") if not p.isdigit())


def _body(parts: tuple[Shape, ...], prefix: str, typed: Typed) -> dict[str, Any]:
    values = ((s.name, _value(s, f"{prefix}{s.name}", typed)) for s in parts)
    return {name: value for name, value in values if value is not ABSENT}


def _value(shape: Shape, name: str, typed: Typed) -> Any:  # noqa: ANN401
    match shape.kind:
        case "body":
            inner = _body(shape.parts, f"{name}.", typed)
            return inner if inner or shape.required else ABSENT
        case "rows":
            found = (
                _body(shape.parts[0].parts, f"{name}.{i}.", typed) for i in rows_of(name, typed)
            )
            return _list(shape, [row for row in found if row])
        case "many":
            return _list(shape, [v for v in typed.get(name, []) if v])
        case "lines":
            texts_ = [t for t in _SPLIT.split(" ".join(typed.get(name, []))) if t]
            return _list(shape, [_scalar(shape.parts[0], t) for t in texts_])
        case _:
            text = _text(name, typed) or _text(name + KEPT, typed)
            return _scalar(shape, text) if text else ABSENT


def _list(shape: Shape, items: list[Any]) -> Any:  # noqa: ANN401
    return items if items or shape.required else ABSENT


def _text(name: str, typed: Typed) -> str:
    return next((v.strip() for v in reversed(typed.get(name, [])) if v.strip()), "")


def _scalar(shape: Shape, text: str) -> Any:  # noqa: ANN401
    match shape.kind:
        case "money":
            return _fen(text)
        case "int":
            return int(text) if re.fullmatch(r"-?\d{1,15}", text) else text
        case "bool":
            return {"true": True, "false": False}.get(text, text)
        case "instant":
            return text + SHANGHAI_OFFSET if re.fullmatch(r"[\d-]{10}T\d\d:\d\d", text) else text
        case "json":
            return _json(text)
        case _:
            return text


def _fen(text: str) -> Any:  # noqa: ANN401
    """Return yuan as typed, with at most two places, in whole fen; else the text, to be refused."""
    plain = text.replace(",", "").replace("，", "")
    return int(Decimal(plain) * 100) if re.fullmatch(r"-?\d{1,13}(\.\d{1,2})?", plain) else text


def _json(text: str) -> Any:  # noqa: ANN401
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def rows_of(name: str, typed: Typed) -> list[int]:
    """Return the numbers of the rows that were typed under a name."""
    found = (re.match(re.escape(name) + r"\.(\d{1,3})\.", key) for key in typed)
    return sorted({int(m[1]) for m in found if m})[:MOST_ROWS]


def tidy(parts: tuple[Shape, ...], typed: Typed) -> Typed:
    """Drop rows left blank and number the others 0, 1, 2 …, so that errors name what is shown."""
    out = dict(typed)
    for shape in (s for s in parts if s.kind == "rows"):
        numbers = rows_of(shape.path, typed)
        rows = [
            {k: v for k, v in typed.items() if k.startswith(f"{shape.path}.{i}.")} for i in numbers
        ]
        for key in [k for row in rows for k in row]:
            out.pop(key, None)
        filled = [
            (i, r)
            for i, r in zip(numbers, rows, strict=True)
            if any("".join(v) for v in r.values())
        ]
        for new, (old, row) in enumerate(filled):
            cut = len(f"{shape.path}.{old}.")
            out |= {f"{shape.path}.{new}.{k[cut:]}": v for k, v in row.items()}
    return out


def prefilled(command: type[Command], given: Mapping[str, str]) -> Typed:
    """Take what the address of a form says about its own fields."""
    known = set(_names(shapes(command)))
    return {k: [v] for k, v in given.items() if _plain(k) in known and k not in ENVELOPE}
