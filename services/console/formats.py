"""How values are written on a page: days, instants, numbers, shares."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from events.rules.time import SHANGHAI

_ID = re.compile(r"([a-z_]+-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}.*)?")


def instant(value: object) -> str:
    """Write an instant in Beijing time to the minute; what is no instant stays as it is."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value or "")
    if found.tzinfo is None:
        return str(value)
    return found.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def day(value: object) -> str:
    """Write the Beijing day of an instant, or a day as it is."""
    text = str(value or "")
    return instant(text)[:10] if "T" in text else text[:10]


def is_id(value: object) -> bool:
    """Tell whether a value is an id, or the name of a stream, that says nothing to a reader."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def is_moment(value: object) -> bool:
    """Tell whether a text is a day or an instant."""
    return isinstance(value, str) and _MOMENT.fullmatch(value) is not None


def moment(value: object) -> str:
    """Write a day as it is and an instant to the minute."""
    return instant(value) if "T" in str(value) else day(value)


def number(value: object) -> str:
    """Write a number with thousands commas; one decimal where it has any."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "–" if value is None else str(value) or "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


def share(value: object) -> str:
    """Write a rate (0.826) as a percentage with one decimal."""
    found = percent(value)
    return "–" if found is None else f"{found:.1f}%"


def percent(value: object) -> float | None:
    """Return a rate in per cent; None where there is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) * 100


def said(row: Mapping[str, Any], name: str, lang: str) -> str:
    """Return the words of a row in a language: `zh`/`en`, or `<name>_zh`/`<name>_en`."""
    keys = (f"{name}_{lang}", f"{name}_zh", name) if name else (lang, "zh", "name", "id")
    return str(next((row[k] for k in keys if row.get(k)), ""))


class Titled(Protocol):
    """What has a title in both languages."""

    @property
    def zh(self) -> str:
        """The Chinese one."""

    @property
    def en(self) -> str:
        """The English one."""


def title(of: Titled, lang: str) -> str:
    """Return the title in a language."""
    return of.zh if lang == "zh" else of.en


FILTERS: dict[str, Callable[..., Any]] = {
    "instant": instant,
    "day": day,
    "is_moment": is_moment,
    "moment": moment,
    "number": number,
    "share": share,
    "percent": percent,
}
