"""Rule sets as effective-dated data (R2, R5, X17): parameters with default, owner and source.

A decision stores the id of the rule set it used; replay asks for that one by `RuleSet.of`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Protocol

from pydantic import JsonValue

from events.rules.divisions import Level, covers, level_of
from events.rules.parameter import Parameter

RULE_SETS = ("2008", "2024")
DEFAULT_RULE_SET = "2008"


class NoRuleSetError(LookupError):
    """No rule set is in force on that day (R123): wait for its first day or set another one."""

    code = "rule_set_not_in_force"

    def __init__(self, rule_set: str, day: date) -> None:
        super().__init__(f"{rule_set} is not in force on {day}")
        self.rule_set = rule_set
        self.day = day
        self.zh = f"规则集{rule_set}在{day}不生效；请核对日期或设置其他规则集"
        self.en = f"Rule set {rule_set} is not in force on {day}; check the day or set another one"


@dataclass(frozen=True, slots=True)
class Category:
    """A category of persons helped, with its sentence of the text.

    `conditions` (rule language) say who is in a category that the 2008 text does not have; `source`
    names the assumption where the text at hand is silent.
    """

    code: str
    zh: str
    en: str
    clause: str
    requirements: tuple[str, ...]
    conditions: Any = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One version of the rules, from its first day to its last, inclusive."""

    id: str
    valid_from: date
    valid_to: date | None
    issuer: str
    title: str
    law: str
    extends: str | None
    categories: Mapping[str, Category]
    parameters: Mapping[str, Parameter]

    @staticmethod
    def of(rule_set: str) -> RuleSet:
        """Give the rule set of an id; KeyError for an unknown one."""
        return _load(rule_set)

    def parameter(self, key: str) -> Parameter:
        """Give a parameter; KeyError for an unknown key."""
        return self.parameters[key]

    def default(self, key: str) -> JsonValue:
        """Give a parameter's default; None where the province has yet to enter it (R73)."""
        return self.parameters[key].default

    def in_force(self, day: date) -> bool:
        """Tell whether the rule set holds on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@cache
def _load(rule_set: str) -> RuleSet:
    """Read a shipped rule set, upon the one it extends."""
    if rule_set not in RULE_SETS:
        raise KeyError(rule_set)
    text = files("events.rules").joinpath(f"data/ruleset_{rule_set}.toml").read_text("utf-8")
    data = tomllib.loads(text)
    base = _load(data["extends"]) if "extends" in data else None
    parameters = dict(base.parameters) if base else {}
    parameters |= {row["key"]: Parameter.read(row) for row in data.get("parameter", ())}
    for row in data.get("change", ()):
        parameters[row["key"]] = replace(parameters[row["key"]], **row)
    categories = dict(base.categories) if base else {}
    categories |= {row["code"]: _category(row) for row in data.get("category", ())}
    return RuleSet(
        id=data["id"],
        valid_from=data["valid_from"],
        valid_to=data.get("valid_to"),
        issuer=data["issuer"],
        title=data["title"],
        law=data["law"],
        extends=data.get("extends"),
        categories=MappingProxyType(categories),
        parameters=MappingProxyType(parameters),
    )


def _category(row: dict[str, Any]) -> Category:
    """Read one category."""
    return Category(**(row | {"requirements": tuple(row["requirements"])}))


def rule_set_on(day: date, default: str = DEFAULT_RULE_SET) -> RuleSet:
    """Give a node's rule set, or the one it extends before its start; NoRuleSetError (R123)."""
    found: RuleSet | None = RuleSet.of(default)
    while found is not None and day < found.valid_from:
        found = RuleSet.of(found.extends) if found.extends else None
    if found is None or not found.in_force(day):
        raise NoRuleSetError(default, day)
    return found


class Override(Protocol):
    """A parameter set by an office for its area, as the directory keeps it."""

    @property
    def key(self) -> str:
        """The parameter."""

    @property
    def path(self) -> str:
        """The area that it holds for."""

    @property
    def value(self) -> Any:  # noqa: ANN401  any JSON value
        """The value set."""

    @property
    def from_day(self) -> date:
        """Its first day."""

    @property
    def until(self) -> date | None:
        """Its last day."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """The values of a rule set as offices have set them."""

    rule_set: RuleSet
    overrides: tuple[Override, ...] = ()

    def value(self, key: str, office_path: str, day: date) -> JsonValue:
        """Give the value for an office on a day: the narrowest setting in force, else the default.

        A number of the text is never overridden (R5). KeyError for an unknown key.
        """
        parameter = self.rule_set.parameter(key)
        found = self._override(parameter, office_path, day)
        return parameter.default if found is None else found.value

    def number(self, key: str, office_path: str, day: date) -> int:
        """Give a whole number; TypeError where there is none (yet)."""
        value = self.value(key, office_path, day)
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError(f"{key} is no number")
        return value

    def flag(self, key: str, office_path: str, day: date) -> bool:
        """Give a yes or no."""
        return self.value(key, office_path, day) is True

    def word(self, key: str, office_path: str, day: date) -> str:
        """Give a chosen word; TypeError where there is none."""
        value = self.value(key, office_path, day)
        if not isinstance(value, str):
            raise TypeError(f"{key} is no word")
        return value

    def words(self, key: str, office_path: str, day: date) -> tuple[str, ...]:
        """Give a list of words; TypeError where there is none."""
        value = self.value(key, office_path, day)
        if not isinstance(value, list):
            raise TypeError(f"{key} is no list")
        return tuple(str(item) for item in value)

    def _override(self, parameter: Parameter, office_path: str, day: date) -> Override | None:
        """Find the setting that counts: the narrowest area, then the latest first day."""
        if not parameter.settable:
            return None
        holding = (o for o in self.overrides if _holds(o, parameter, office_path, day))
        return max(enumerate(holding), key=_rank, default=(0, None))[1]


def _rank(numbered: tuple[int, Override]) -> tuple[int, date, int]:
    """Order settings; of two that are otherwise equal the later one counts."""
    index, override = numbered
    return len(override.path), override.from_day, index


def _holds(override: Override, parameter: Parameter, office_path: str, day: date) -> bool:
    """Tell whether a setting is in force, covers the office and came from a level that may."""
    if override.key != parameter.key or not covers(override.path, office_path):
        return False
    if override.from_day > day or (override.until is not None and override.until < day):
        return False
    level: Level | None = level_of(override.path)
    return level is not None and parameter.may_be_set_by(level)


def value(
    key: str,
    office_path: str,
    day: date,
    overrides: Iterable[Override] = (),
    *,
    default: str = "2008",
) -> JsonValue:
    """Give a parameter's value for an office on a day under the node's rule set."""
    return Parameters(rule_set_on(day, default), tuple(overrides)).value(key, office_path, day)
