"""The real office tree of the province, read from the shipped file, as wishes to open it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from events.rules.calendar import seed_calendar
from events.rules.divisions import LEVELS, Level, ancestors, twelve
from services.demo.papers import paper
from services.demo.plan import Plan
from services.demo.wishes import Wish

MINING_AREAS = ("140882400", "140925400", "140981400", "140981401")
"""Streets that are independent industrial or mining areas (R24)."""
YEARS = (2008, 2009, 2010)


@dataclass(frozen=True, slots=True)
class Place:
    """An office of the tree: division code in natural length, name, level."""

    code: str
    name: str
    level: Level

    @property
    def id(self) -> str:
        """Return the office's id."""
        return twelve(self.code)


@cache
def shanxi() -> tuple[Place, ...]:
    """Read every office of the province, from the top down."""
    text = files("services.demo").joinpath("data/shanxi_offices.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(Place(r["code"], r["name"], LEVELS[int(r["level"]) - 1]) for r in rows)


def name_of(code: str) -> str:
    """Return the name of an office of the tree."""
    return next(p.name for p in shanxi() if p.code == code)


def below(code: str, level: Level) -> tuple[Place, ...]:
    """List the offices of a level within an area."""
    return tuple(p for p in shanxi() if p.level == level and p.code.startswith(code))


def communities(plan: Plan) -> tuple[Place, ...]:
    """Choose the communities in which persons live: spread over all streets of the county."""
    streets = [list(below(s.code, "community")) for s in below(plan.county, "street")]
    for street in streets:
        plan.dice("communities", street[0].code).shuffle(street)
    if not streets:
        raise ValueError(f"{plan.county} is no county of the office tree")
    longest = max(map(len, streets))
    spread = [s[i] for i in range(longest) for s in streets if i < len(s)]
    return tuple(spread[: max(1, -(-plan.persons // plan.persons_per_community))])


def waves(plan: Plan) -> tuple[tuple[Wish, ...], ...]:
    """Return the wishes to open the tree, level by level: a parent comes before its children."""
    wanted = [p for p in shanxi() if plan.whole_tree or _near(p, plan.county)]
    return tuple(
        tuple(_opening(p, plan.first) for p in wanted if p.level == level) for level in LEVELS[1:]
    )


def _near(place: Place, county: str) -> bool:
    return place.code.startswith(county) or place.code in ancestors(county)


def _opening(place: Place, day: date) -> Wish:
    body = {"name": place.name, "kind": "labour", "level": place.level, "code": place.code}
    return Wish("registry.open_office", "rules", body | {"from": day})


def services(plan: Plan) -> tuple[Wish, ...]:
    """Return the wishes to open the employment services of the city and the county (R93)."""
    names = {p.code: (p.name, p.level) for p in shanxi() if p.code in (plan.city, plan.county)}
    bodies: Iterable[dict[str, Any]] = (
        {"name": f"{name}劳动就业服务中心", "kind": "pes", "level": level, "code": code}
        for code, (name, level) in names.items()
    )
    return tuple(Wish("registry.open_office", "rules", b | {"from": plan.first}) for b in bodies)


def calendar(plan: Plan) -> tuple[Wish, ...]:
    """Return the wishes to enter the holiday notices (X18)."""
    return tuple(_notice(year, plan) for year in YEARS)


def _notice(year: int, plan: Plan) -> Wish:
    known = next(n for n in seed_calendar().notices if n.year == year)
    body = {
        "year": year,
        "holidays": sorted(known.holidays),
        "make_up_workdays": sorted(known.make_up_workdays),
        "notice": paper("official_document", date(year - 1, 12, 15), f"国办发明电{year}"),
    }
    return Wish("registry.set_calendar", "rules", body, lane=plan.name)


def mining_areas(plan: Plan) -> tuple[Wish, ...]:
    """Return the wishes to flag the mining areas, each by the head of its city (R24)."""
    return tuple(
        Wish(
            "registry.set_mining_area",
            f"head.{code[:4]}",
            {"office": twelve(code), "is_mining_area": True, "from": plan.first},
        )
        for code in MINING_AREAS
        if plan.whole_tree
    )
