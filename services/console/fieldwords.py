"""Words for the field names that stand in event bodies and answers."""

from __future__ import annotations

from functools import cache

from services.console.labels import LABELS
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
