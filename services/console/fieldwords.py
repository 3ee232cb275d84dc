"""Words for the field names that stand in event bodies and answers."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from events.contracts.correctable import Fact
from services.console.labels import LABELS
from services.console.shapes import Shape, in_yuan
from services.console.wishes import wishes


@cache
def _words() -> dict[str, tuple[str, str]]:
    """Collect the titles of all commands' fields; an event has its command's names."""
    found: dict[str, tuple[str, str]] = {}
    for command in wishes().values():
        for name, info in command.model_fields.items():
            if info.title:
                found.setdefault(info.alias or name, (info.title, info.description or name))
    return found


def field_word(name: str, lang: str) -> str:
    """Return the words of a field name; the name itself where nobody gave it any."""
    zh, en = LABELS.get(name) or _words().get(name) or (name, name)
    return zh if lang == "zh" else en


def titled(shape: Shape, rule: Fact) -> Shape:
    """Give an event's field the words of the form by which the fact was recorded."""
    recorded = wishes().get(rule.by)
    info = recorded.model_fields.get(shape.path) if recorded else None
    zh, en = shape.zh, shape.en
    if info is not None and info.title:
        zh, en = info.title, info.description or shape.en
    elif zh == shape.path:
        zh, en = field_word(shape.path, "zh"), field_word(shape.path, "en")
    if shape.kind == "money":
        zh, en = in_yuan(zh), in_yuan(en)
    return replace(shape, zh=zh, en=en)
