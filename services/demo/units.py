"""The units of a run: the county's own work, and everybody of the cast with his story."""

from __future__ import annotations

from datetime import date

from services.demo import county
from services.demo.applying import Way
from services.demo.cast import Part, cast
from services.demo.households import household
from services.demo.life import Life
from services.demo.member import Member
from services.demo.persons import Register
from services.demo.plan import Plan, after
from services.demo.stories import ineligible, told
from services.demo.town import Town
from services.demo.wishes import Script


def units(town: Town) -> list[Life]:
    """Return every unit of the run, the county's own first."""
    register, plan = Register(), town.plan
    return [
        _life(plan, "market", county.market(town)),
        _life(plan, "exports", county.exports(town)),
        *(
            _life(plan, f"activities/{s.code}", county.activities(town, s))
            for s in county.streets(town)
        ),
        *(_unit(part, town, register) for part in cast(plan)),
    ]


def _life(plan: Plan, name: str, script: Script[None]) -> Life:
    life = Life(name, "", f"{plan.name}/{name}")
    life.spawn("story", script, plan.first)
    return life


def _unit(part: Part, town: Town, register: Register) -> Life:
    """Make a unit of the cast: its members, and the story that it lives."""
    name = f"{part.kind}/{part.number}"
    life = Life(name, name, f"{town.plan.name}/{name}")
    dice = town.plan.dice(name)
    members = [
        Member(
            register.invent(dice, fit, part.home, part.comes, _retires(part, town.plan)),
            town, dice, f"{name}/{i}", life.spawn,
        )
        for i, fit in enumerate(part.fits, 1)
    ]  # fmt: skip
    life.spawn("story", _story(part, members), part.comes)
    return life


def _retires(part: Part, plan: Plan) -> date:
    """Return the fiftieth birthday of one who retires in the simulation."""
    return min(after(part.comes, 150), after(plan.last, -20))


def _story(part: Part, members: list[Member]) -> Script[None]:
    """Begin the story of a part."""
    if part.lives is None:
        adults = [m for m, fit in zip(members, part.fits, strict=True) if fit != "minor"]
        minors = [m for m, fit in zip(members, part.fits, strict=True) if fit == "minor"]
        return household(adults, minors, in_time=part.kind == "household_in_time")
    if part.lives.name == "ineligible":
        return ineligible(members[0])
    members[0].reports = not part.lives.name.startswith(("silent", "late_report"))
    category = "aged_4050" if part.fits[0] == "retiring" else part.fits[0]
    return told(members[0], Way((category,), part.lives.detour), part.lives.ending)
