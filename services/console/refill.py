"""Puts a recorded value back into the inputs of a form, as if it had been typed there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson

from events.rules.time import SHANGHAI
from services.console.forms import Typed
from services.console.shapes import Shape


def refilled(name: str, value: Any, shape: Shape) -> Typed:  # noqa: ANN401 - any JSON
    """Return the inputs that say a value; none where it is absent."""
    if value is None:
        return {}
    if isinstance(value, dict) and shape.kind == "body":
        return _together(refilled(f"{name}.{p.name}", value.get(p.name), p) for p in shape.parts)
    if isinstance(value, list) and shape.kind == "rows":
        row = shape.parts[0]
        return _together(refilled(f"{name}.{i}", x, row) for i, x in enumerate(value))
    if isinstance(value, list):
        texts = [str(x) for x in value]
        return {name: texts if shape.kind == "many" else [" ".join(texts)]}
    return {name: [_text(value, shape)]}


def _together(parts: Any) -> Typed:  # noqa: ANN401
    return {name: texts for part in parts for name, texts in part.items()}


def _text(value: Any, shape: Shape) -> str:  # noqa: ANN401 - any JSON
    match shape.kind:
        case "bool":
            return str(value).lower()
        case "money" if isinstance(value, int):
            return f"{value / 100:.2f}"
        case "json":
            return orjson.dumps(value).decode()
        case _:
            return str(value)


def local(at: str) -> str:
    """Return an instant as a date-time input shows it, in Beijing time to the minute."""
    return datetime.fromisoformat(at).astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
