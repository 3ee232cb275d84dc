"""One parameter of a rule set: what it means, who may set it, and which values it takes (X17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

from pydantic import JsonValue

from events.rules.divisions import LEVELS, Level

Kind: TypeAlias = Literal["int", "bool", "choice", "list", "table", "date", "month_day"]
Owner: TypeAlias = Literal["rule_set", "province", "city", "county"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter; `owner` rule_set means a number of the text, which no office can set (R5)."""

    key: str
    kind: Kind
    owner: Owner
    zh: str
    en: str
    source: str
    default: JsonValue = None
    unit: str = ""
    clause: str = ""
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()

    @classmethod
    def read(cls, row: dict[str, Any]) -> Parameter:
        """Read a row of the data file."""
        return cls(**(row | {"choices": tuple(row.get("choices", ()))}))

    @property
    def settable(self) -> bool:
        """Tell whether an office may set it at all."""
        return self.owner != "rule_set"

    def may_be_set_by(self, level: Level) -> bool:
        """Tell whether an office of that level may set it: the owner's level or above."""
        if self.owner == "rule_set":
            return False
        return LEVELS.index(level) <= LEVELS.index(self.owner)

    def accepts(self, value: JsonValue) -> bool:
        """Tell whether a value has the right type and lies within the bounds."""
        match self.kind:
            case "int":
                return type(value) is int and self._in_bounds(value)
            case "bool":
                return type(value) is bool
            case "choice":
                return value in self.choices
            case "list":
                return self._is_list(value)
            case "table":
                return self._is_table(value)
            case "date":
                return isinstance(value, str) and _is_date(value)
            case "month_day":
                return isinstance(value, str) and _is_date(f"2001-{value}")

    def _in_bounds(self, number: int) -> bool:
        """Tell whether a number lies within the bounds, both included."""
        low = self.minimum is None or self.minimum <= number
        return low and (self.maximum is None or number <= self.maximum)

    def _is_list(self, value: JsonValue) -> bool:
        """Tell whether each item is known and stands once."""
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            return False
        return len({*map(str, value)}) == len(value) and {*map(str, value)} <= {*self.choices}

    def _is_table(self, value: JsonValue) -> bool:
        """Tell whether a table has the keys of the default and values of their types."""
        if not isinstance(value, dict) or not isinstance(self.default, dict):
            return False
        return value.keys() == self.default.keys() and all(
            type(value[key]) is type(self.default[key]) for key in value
        )


def _is_date(text: str) -> bool:
    """Tell whether a text is a day written YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
