"""Query parameters: declared once, read strictly, described in the OpenAPI document."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import orjson

from events.contracts.base import within_years
from projections.api.problems import MALFORMED, QueryError
from projections.engine.known import read_token

MAX_LIMIT = 200
_OFFICE = re.compile(r"[0-9]{12}(-[0-9]+)?(:[a-z_]+)?", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_AFTER = re.compile(
    r"(?:[A-Za-z0-9_.-]{1,64}:[0-9]{1,18}:(?:[0-9]{1,3}(?:@[0-9]{1,18})?,?){0,256})?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter: its JSON Schema and how its text is read (ValueError refuses it)."""

    name: str
    en: str
    schema: dict[str, Any]
    read: Callable[[str], Any]
    required: bool = False
    in_path: bool = field(default=False)

    def value(self, text: str) -> Any:  # noqa: ANN401
        """Read the text. Raises QueryError (400)."""
        try:
            return self.read(text)
        except ValueError:
            raise QueryError(MALFORMED, field=self.name) from None

    def described(self) -> dict[str, Any]:
        """Return its OpenAPI form."""
        return {
            "name": self.name,
            "in": "path" if self.in_path else "query",
            "required": self.required or self.in_path,
            "description": self.en,
            "schema": self.schema,
        }


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError
        return text

    return read


def word(name: str, en: str, pattern: str = r"[a-z0-9_]{1,60}", **more: bool) -> Param:
    """Declare a parameter that matches a pattern."""
    schema = {"type": "string", "pattern": f"^(?:{pattern})$"}
    return Param(name, en, schema, _matching(re.compile(pattern, re.ASCII)), **more)


def choice(name: str, en: str, *values: str) -> Param:
    """Declare a parameter of a closed list."""

    def read(text: str) -> str:
        if text not in values:
            raise ValueError
        return text

    return Param(name, en, {"type": "string", "enum": list(values)}, read)


def ident(name: str, en: str, **more: bool) -> Param:
    """Declare an id (UUID in lower case)."""
    schema = {"type": "string", "format": "uuid", "pattern": f"^{_UUID.pattern}$"}
    return Param(name, en, schema, _matching(_UUID), **more)


def office(name: str = "office", **more: bool) -> Param:
    """Declare an office id."""
    schema = {"type": "string", "pattern": f"^{_OFFICE.pattern}$"}
    return Param(
        name, "Office id; the asker's own office when absent", schema, _matching(_OFFICE), **more
    )


def day(name: str, en: str) -> Param:
    """Declare a Shanghai day."""
    return Param(name, en, {"type": "string", "format": "date"}, _day)


def _day(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
        raise ValueError
    return within_years(date.fromisoformat(text))


def in_path(param: Param) -> Param:
    """Return a parameter that stands in the address."""
    return replace(param, in_path=True)


def number(name: str, en: str, low: int, high: int, **more: bool) -> Param:
    """Declare a whole number within bounds."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 17 and low <= int(text) <= high):
            raise ValueError
        return int(text)

    return Param(name, en, {"type": "integer", "minimum": low, "maximum": high}, read, **more)


def _ids(text: str) -> list[str]:
    found = text.split(",")
    if len(found) > MAX_LIMIT or not all(map(_UUID.fullmatch, found)):
        raise ValueError
    return found


IDS = Param(
    "text_ids",
    "Up to 200 person ids, comma separated: what a search of the write side found",
    {"type": "string", "pattern": f"^{_UUID.pattern}(,{_UUID.pattern}){{0,199}}$"},
    _ids,
)
SEQ_MAX = 10**15
LIMIT = number("limit", "Rows of a page (50 when absent)", 1, MAX_LIMIT)


def _cursor(text: str) -> list[Any]:
    if len(text) > 400:
        raise ValueError
    try:
        found = orjson.loads(base64.urlsafe_b64decode(text.encode("ascii", "strict")))
    except (ValueError, UnicodeError):
        raise ValueError from None
    if not isinstance(found, list) or not found or not all(map(_plain, found)):
        raise ValueError
    return found


def _plain(part: object) -> bool:
    """Tell whether a part of a cursor is one that we may have written."""
    if isinstance(part, str):
        return part.isprintable()
    return part is None or isinstance(part, bool) or (isinstance(part, int) and abs(part) < 2**62)


CURSOR = Param(
    "cursor",
    "`next` of the page before",
    {"type": "string", "pattern": "^[A-Za-z0-9_=-]{4,400}$"},
    _cursor,
)


def cursor_of(*key: Any) -> str:  # noqa: ANN401
    """Write where a page ended."""
    return base64.urlsafe_b64encode(orjson.dumps(list(key))).decode()


def _after(text: str) -> str:
    if _AFTER.fullmatch(text) is None:
        raise ValueError
    if text:
        read_token(text)
    return text


AFTER = Param(
    "after",
    "`after` of a command's answer: waits up to 2 s for it, else the answer says `stale`",
    {"type": "string", "pattern": f"^{_AFTER.pattern}$"},
    _after,
)
