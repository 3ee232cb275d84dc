"""Puts names back where a query answered sealed values: one batch for the whole page."""

from __future__ import annotations

from typing import Any, TypeAlias

from services.console.apis import Apis, Refused

Json: TypeAlias = Any
PLACE = frozenset({"k", "a", "n", "c", "type", "stream", "version", "field", "subject"})
GONE = {"zh": "［已封存］", "en": "[sealed]"}
"""What stands for a value whose key is gone, or that this user may not see."""
AWAY = {"zh": "［暂不可用］", "en": "[not available now]"}
"""What stands for a value whose key cannot be asked for now; nothing is known about the key."""


def is_sealed(value: Json) -> bool:
    """Tell whether a value is ciphertext with its place."""
    return isinstance(value, dict) and value.keys() >= PLACE


def sealed_in(value: Json) -> list[dict[str, Any]]:
    """Collect every sealed value of an answer, in reading order."""
    if is_sealed(value):
        return [{k: value[k] for k in sorted(PLACE)}]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [found for item in items for found in sealed_in(item)]


def with_clear(value: Json, clear: dict[tuple[str, ...], Json], lang: str) -> Json:
    """Return the answer with every sealed value replaced."""
    if is_sealed(value):
        found = clear.get(key_of(value))
        return GONE[lang] if found is None else found
    if isinstance(value, dict) and value.keys() == {"sealed"}:
        return with_clear(value["sealed"], clear, lang)
    if isinstance(value, dict):
        return {k: with_clear(v, clear, lang) for k, v in value.items()}
    if isinstance(value, list):
        return [with_clear(v, clear, lang) for v in value]
    return value


def key_of(value: dict[str, Any]) -> tuple[str, ...]:
    """Name the place of a sealed value."""
    return tuple(str(value[k]) for k in ("stream", "version", "field", "subject", "n"))


async def opened(
    apis: Apis,
    token: str,
    answer: Json,
    lang: str,
    clear: dict[tuple[str, ...], Json],
    page: str = "open",
) -> Json:
    """Open everything sealed in an answer; what may not be seen stays hidden.

    `clear` remembers what this visit opened already: every opening is recorded as a read.
    """
    new = {key_of(v): v for v in sealed_in(answer)}
    values = [v for key, v in new.items() if key not in clear]
    try:
        found = await apis.open(token, values, page) if values else []
    except Refused as refused:
        if refused.status == 401:
            raise
        if refused.status == 503:  # not remembered: it is asked for again by the next page
            return with_clear(answer, dict.fromkeys(new, AWAY[lang]) | clear, lang)
        found = [None] * len(values)
    clear.update(zip((key_of(v) for v in values), found, strict=True))
    return with_clear(answer, clear, lang)
