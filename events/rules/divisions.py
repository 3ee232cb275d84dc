"""Division codes (A9): a path is the code in natural length, an office id its 12-digit form.

Lengths: 2 province, 4 city, 6 county, 9 street or town, 12 community. Departments hang
under an office as `<id>:pes`. A code is an attribute with dates; the office id is the identity.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

Level: TypeAlias = Literal["province", "city", "county", "street", "community"]

LEVELS: tuple[Level, ...] = ("province", "city", "county", "street", "community")
"""From the top down."""

SHANXI = "14"

_LEVEL_OF: dict[int, Level] = {2: "province", 4: "city", 6: "county", 9: "street", 12: "community"}
_LENGTHS = (2, 4, 6, 9, 12)
_FULL = 12


def level_of(code: str) -> Level | None:
    """Give the level of a code in natural length; None when it is no code."""
    if not (code.isascii() and code.isdigit()):
        return None
    return _LEVEL_OF.get(len(code))


def is_upper(level: Level, than: Level) -> bool:
    """Tell whether a level stands above another."""
    return LEVELS.index(level) < LEVELS.index(than)


def parent_code(code: str) -> str | None:
    """Give the code one level up; None for a province, ValueError for no code."""
    if level_of(code) is None:
        raise ValueError("not a division code")
    return max((code[:n] for n in _LENGTHS if n < len(code)), key=len, default=None)


def ancestors(code: str) -> tuple[str, ...]:
    """List the codes above, the province first."""
    if level_of(code) is None:
        raise ValueError("not a division code")
    return tuple(code[:n] for n in _LENGTHS if n < len(code))


def covers(area: str, path: str) -> bool:
    """Tell whether an area holds a path: a prefix, both whole codes (R43)."""
    return len(area) in _LEVEL_OF and len(path) in _LEVEL_OF and path.startswith(area)


def overlap(one: str, other: str) -> bool:
    """Tell whether two areas share ground."""
    return covers(one, other) or covers(other, one)


def county_of(path: str) -> str | None:
    """Give the county of a path; None above county level."""
    return path[:6] if len(path) >= 6 else None


def city_of(path: str) -> str | None:
    """Give the prefecture city of a path; None for the province."""
    return path[:4] if len(path) >= 4 else None


def same_county(one: str, other: str) -> bool:
    """Tell whether two paths lie in one county: AS 40's border of 跨地区 (R80)."""
    return county_of(one) is not None and county_of(one) == county_of(other)


def twelve(code: str) -> str:
    """Pad a code to the 12 digits of an office id; ValueError for no code."""
    if level_of(code) is None:
        raise ValueError("not a division code")
    return code.ljust(_FULL, "0")


def natural(office: str) -> str:
    """Give the path of an office id: `140105000000:pes` and `140105` both lie at `140105`.

    A generation mark (`140105000000-2`, a reused code) and a department are dropped.
    """
    code = office.partition(":")[0].partition("-")[0]
    if level_of(code) is None:
        raise ValueError("not an office of a division")
    if len(code) < _FULL:
        return code
    return next((code[:n] for n in _LENGTHS if code[n:].strip("0") == ""), code)


def department_of(office: str) -> str | None:
    """Give the department in an office id, as in `140105000000:pes`; None for a labour office."""
    return office.partition(":")[2] or None


def may_be_mining_area(code: str) -> bool:
    """Hint that a street code lies in 400 to 599, where 工矿区 are numbered (A9).

    A hint only: the flag of an independent mining area is set by command (R24).
    """
    return level_of(code) == "street" and "400" <= code[6:9] <= "599"
