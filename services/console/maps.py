"""The map as shapes with links: cities of the province, counties of a city (ui.md 2)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from services.console.config import HERE

REDRAWN = "2018-01-01"
"""Days before it show the counties as they were before the changes of 2018 and 2019."""
MARGIN = 6.0
BANDS = ((80.0, 1), (90.0, 2), (95.0, 3), (105.0, 4))
"""Upper bounds of the classes of a rate, in per cent; 5 above, 0 without data."""
_STEP = re.compile(r"([Mlz])|(-?[\d.]+)[ ,]+(-?[\d.]+)|(-?[\d.]+)(-[\d.]+)")


@dataclass(frozen=True, slots=True)
class Region:
    """One area on the map, with where a click leads."""

    code: str
    name: str
    d: str
    x: float
    y: float
    band: int = 0
    label: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Map:
    """A map ready to be drawn."""

    box: str
    regions: tuple[Region, ...]
    scale: float
    """Size of the letters in the map's own units."""


@cache
def _file(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((HERE / "data" / f"{name}.json").read_text("utf-8"))
    return found


def band(rate: float | None) -> int:
    """Return the class of a rate in per cent."""
    if rate is None:
        return 0
    return next((number for upper, number in BANDS if rate < upper), 5)


def outline(path: str, day: str, codes: frozenset[str]) -> tuple[str, dict[str, Any]] | None:
    """Return (viewBox, regions) beneath a division path; None where there is no map.

    A day before 2018 shows the counties of that day, where the office tree is that of the day too.
    """
    if len(path) == 2:
        file = _file("shanxi_cities_svg")
        return file["viewBox"], dict(file["regions"])
    if len(path) != 4:
        return None
    old = _beneath("shanxi_counties_pre2018_svg", path)
    mine = old if day < REDRAWN and codes <= old.keys() else _beneath("shanxi_counties_svg", path)
    return (_box(r["d"] for r in mine.values()), mine) if mine else None


def _beneath(name: str, path: str) -> dict[str, Any]:
    return {c: r for c, r in _file(name)["regions"].items() if r["parent"] == path}


def draw(path: str, day: str, rates: Mapping[str, tuple[float | None, str, str]]) -> Map | None:
    """Draw the map beneath a division; `rates` maps code → (per cent, label, address)."""
    found = outline(path, day, frozenset(rates))
    if found is None:
        return None
    box, regions = found
    width = float(box.split()[2])
    return Map(
        box,
        tuple(_region(code, row, rates.get(code)) for code, row in sorted(regions.items())),
        round(width / 38, 2),
    )


def _region(
    code: str, row: Mapping[str, Any], told: tuple[float | None, str, str] | None
) -> Region:
    rate, label, href = told or (None, "", "")
    x, y = row["c"]
    return Region(code, row["name"], row["d"], x, y, band(rate), label, href)


def _box(paths: Iterable[str]) -> str:
    """Return the viewBox around some outlines."""
    points = [p for path in paths for p in _points(path)]
    left, top = min(p[0] for p in points) - MARGIN, min(p[1] for p in points) - MARGIN
    right, bottom = max(p[0] for p in points) + MARGIN, max(p[1] for p in points) + MARGIN
    return f"{left:.1f} {top:.1f} {right - left:.1f} {bottom - top:.1f}"


def _points(path: str) -> Iterable[tuple[float, float]]:
    """Follow an outline (M absolute, l relative) point by point."""
    x = y = 0.0
    absolute = True
    for letter, a, b, c, d in _STEP.findall(path):
        if letter:
            absolute = letter == "M"
            continue
        dx, dy = float(a or c), float(b or d)
        x, y = (dx, dy) if absolute else (x + dx, y + dy)
        yield x, y
        absolute = False
