"""Who lives which story: how many of each kind, who they are, when they come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from services.demo import stories
from services.demo.applying import Detour
from services.demo.offices import Place, communities
from services.demo.persons import Fit
from services.demo.plan import Plan, after
from services.demo.stories import Ending


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of story: its share, its ending, and what it asks of person and time.

    `needs` is how many days it takes; whoever lives it comes early enough.
    """

    name: str
    share: float
    ending: Ending
    needs: int = 90
    fits: tuple[Fit, ...] = ("aged_4050", "long_term", "city")
    detour: Detour = ""


_AGED: tuple[Fit, ...] = ("aged_4050",)

KINDS: tuple[Kind, ...] = (
    Kind("silent", 4, stories.silent, 265),
    Kind("late_report", 2, stories.late_report, 265),
    Kind("follow_up_ended", 12, stories.settled, 272),
    Kind("refusing", 3, stories.refusing, 260),
    Kind("again", 6, stories.again, 265, _AGED),
    Kind("excused", 2, stories.excused, 260),
    Kind("rejudged", 2, stories.rejudged, 260),
    Kind("objection_upheld", 2, stories.quick, 130, detour="objection_upheld"),
    Kind("objection_dismissed", 3, stories.public, 120, detour="objection_dismissed"),
    Kind("returned", 3, stories.quick, 120, detour="returned"),
    Kind("disagree", 2, stories.flexible, 120, detour="disagree"),
    Kind("refused", 2, stories.idle, 120, detour="refused"),
    Kind("gave_up", 2, stories.gave_up, 220),
    Kind("quick", 14, stories.quick),
    Kind("flexible", 8, stories.flexible, 180),
    Kind("public", 8, stories.public),
    Kind("exported", 5, stories.exported, 180),
    Kind("silent_reversed", 1, stories.silent_reversed, 275),
    Kind("silent_set_aside", 1, stories.silent_set_aside, 290),
    Kind("refusal_set_aside", 1, stories.quick, 150, detour="refusal_set_aside"),
    Kind("dibao_ended", 2, stories.dibao_ended, 220, ("long_term",)),
    Kind("retiring", 2, stories.retiring, 200, ("retiring",)),
    Kind("job_change", 3, stories.job_change, 230),
    Kind("own_business", 4, stories.own_business, 150),
    Kind("slow", 8, stories.slow, 220),
    Kind("withdrawn", 1, stories.idle, 60, detour="withdrawn"),
    Kind("ineligible", 1, stories.idle, 30, ("none",)),
    Kind("idle", 4, stories.idle),
)
"""The kinds by how early each is dealt; the first ones appear in the smallest run too."""
HOUSEHOLDS = (("household_in_time", 5.0), ("household_breached", 3.0))
SHORTEST = 150
"""Days that a household needs."""


@dataclass(frozen=True, slots=True)
class Part:
    """One unit: the kind's name, what its persons fit, where they live, when they come."""

    number: int
    kind: str
    fits: tuple[Fit, ...]
    home: Place
    comes: date
    lives: Kind | None = None


def cast(plan: Plan) -> tuple[Part, ...]:
    """Deal the parts: each kind once as far as persons reach, then by share."""
    dice, homes = plan.dice("cast"), communities(plan)
    left, parts = plan.persons, list[Part]()
    names = _names(dice)
    while left:
        name = next(names)
        kind = next((k for k in KINDS if k.name == name), None)
        fits = _persons(dice, kind, left)
        needs = kind.needs if kind else SHORTEST
        home = homes[len(parts) % len(homes)]
        comes = _arrival(dice, plan, needs)
        parts.append(Part(len(parts) + 1, name, fits, home, comes, kind))
        left -= len(fits)
    return tuple(parts)


def _names(dice: Random) -> Iterator[str]:
    """Yield kinds for ever: first each one once, then by share."""
    shares = dict(HOUSEHOLDS) | {kind.name: float(kind.share) for kind in KINDS}
    yield from shares
    names, weights = list(shares), list(shares.values())
    while True:
        yield from dice.choices(names, weights)


def _persons(dice: Random, kind: Kind | None, left: int) -> tuple[Fit, ...]:
    """Say what each person of the unit fits; a household has two to four members."""
    if kind is not None:
        return (dice.choices(kind.fits, (5, 3, 1)[: len(kind.fits)])[0],)
    first: Fit = "aged_4050" if dice.random() < 0.5 else "household"
    size = min(dice.randint(2, 4), left)
    rest = (("household",), ("household", "minor"), ("household", "household", "minor"))
    return (first, *rest[size - 2]) if size >= 2 else ("household",)


def _arrival(dice: Random, plan: Plan, needs: int) -> date:
    """Say when a unit comes: half of them in the first two months, the others later on."""
    room = max(plan.days - needs, 1)
    early = dice.random() < 0.5
    return after(plan.first, dice.randrange(min(room, 60) if early else room))
