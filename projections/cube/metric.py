"""What a figure is: its definition, its clause, its parts and how they are summed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

How: TypeAlias = Literal["flow", "opening", "closing", "month_ends"]
"""How a part is summed over a period: within it, before it, up to its end, or at each month end."""
Kind: TypeAlias = Literal["count", "stock", "ratio"]
Levels: TypeAlias = tuple[str, ...]

ALL_LEVELS: Levels = ("community", "street", "county", "city", "province")
FROM_COUNTY: Levels = ("county", "city", "province")


@dataclass(frozen=True, slots=True)
class Part:
    """A named part of a figure: the stored parts that it sums, and how."""

    name: str
    zh: str
    en: str
    of: tuple[tuple[str, str], ...]
    how: How = "flow"


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure: the sum of the numerator's parts; a ratio divides it by the denominator's sum."""

    code: str
    zh: str
    en: str
    definition_zh: str
    definition_en: str
    clause: str
    requirements: tuple[str, ...]
    kind: Kind
    parts: tuple[Part, ...]
    numerator: tuple[str, ...]
    denominator: tuple[str, ...] = ()
    levels: Levels = ALL_LEVELS
    unit_zh: str = "人"
    unit_en: str = "persons"
    version: int = 1

    def part(self, name: str) -> Part:
        """Return a part by name; KeyError for an unknown one."""
        found = next((p for p in self.parts if p.name == name), None)
        if found is None:
            raise KeyError(name)
        return found
