"""Words for the field names that stand in event bodies and answers."""

from __future__ import annotations

from collections import Counter
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


@cache
def event_word(type_: str, name: str) -> tuple[str, str]:
    """Return the words of an event's field: those of the command most like the event.

    Like is who shares the context, then most of the name (`street_reviewed` ~ `street_review`);
    among equals the words that most commands use.
    """
    context, event = type_.split(".")[:2]
    found = [
        (command.type.split("."), (info.title, info.description or name))
        for command in wishes().values()
        for field, info in command.model_fields.items()
        if info.title and (info.alias or field) == name
    ]
    if name in LABELS or not found:
        return field_word(name, "zh"), field_word(name, "en")
    usual = Counter(zh for _, (zh, _) in found)

    def like(row: tuple[list[str], tuple[str, str]]) -> tuple[bool, int, int]:
        (of, command), words = row
        return of == context, len(_stems(event) & _stems(command)), usual[words[0]]

    return max(found, key=like)[1]


def _stems(name: str) -> set[str]:
    """Return the parts of a name without their endings."""
    return {part[:4] for part in name.split("_")}


def titled(shape: Shape, type_: str, rule: object) -> Shape:
    """Give an event's field the words of the form by which the fact was recorded."""
    recorded = wishes().get(rule.by) if isinstance(rule, Fact) else None
    info = recorded.model_fields.get(shape.path) if recorded else None
    zh, en = shape.zh, shape.en
    if info is not None and info.title:
        zh, en = info.title, info.description or shape.en
    elif zh == shape.path:
        zh, en = event_word(type_, shape.path)
    if shape.kind == "money":
        zh, en = in_yuan(zh), in_yuan(en)
    return replace(shape, zh=zh, en=en)
