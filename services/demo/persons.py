"""Invented persons who fit a category of the opinion on the day they come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Literal, TypeAlias

from events.contracts.registry import CODE_LISTS
from events.rules.idnumber import with_check_digit
from events.rules.time import add_years
from services.demo.names import full_name
from services.demo.offices import Place, name_of
from services.demo.plan import after

NEVER_ISSUED = "149999"
"""An area code that no ID number ever had."""
OCCUPATIONS = CODE_LISTS["occupation"][:12]
"""The list begins with what is looked for most."""
EMPLOYERS = ("机床厂", "纺织厂", "化肥厂", "印刷厂", "百货公司", "建筑公司", "电子元件厂", "食品厂")
Sex: TypeAlias = Literal["male", "female"]
Fit: TypeAlias = Literal["aged_4050", "long_term", "city", "household", "minor", "retiring", "none"]
"""What a person fits: a category, a part in a household, near retirement, or nothing."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A person as the register asks for one, with the facts behind the categories."""

    name: str
    sex: Sex
    birth: date
    number: str
    phone: str
    address: str
    home: Place
    worker_type: str
    education: str
    ownership: str
    last_employer: str
    registered_on: date
    job_ended_on: date
    dibao_from: date | None
    startup_wish: bool
    occupations: tuple[str, ...]
    min_wage: int

    @property
    def county(self) -> str:
        """Return the county's code."""
        return self.home.code[:6]


class Register:
    """Makes persons up, no two with one ID number."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def invent(self, dice: Random, fit: Fit, home: Place, day: date, retires: date) -> Identity:
        """Invent a person who lives somewhere and comes on a day.

        `retires` is the fiftieth birthday of a woman whose working age ends in the simulation.
        """
        sex = _sex(dice, fit)
        kind = _worker_type(dice, sex, fit)
        birth = _birth(dice, fit, sex, kind, day, retires)
        since = _registered_on(dice, fit, day)
        tail = dice.randrange(10_000)
        return Identity(
            name=full_name(dice, sex),
            sex=sex,
            birth=birth,
            number=self._number(dice, birth, sex),
            phone=f"1390351{tail:04d}",
            address=_address(dice, home),
            home=home,
            worker_type=kind,
            education=dice.choices(
                ("primary", "junior", "senior", "vocational", "college"), (1, 5, 4, 3, 2)
            )[0],
            ownership=_ownership(dice, fit),
            last_employer=name_of(home.code[:4]) + dice.choice(EMPLOYERS),
            registered_on=since,
            job_ended_on=after(since, -dice.randint(1, 60)),
            dibao_from=after(day, -dice.randint(200, 700)) if fit == "long_term" else None,
            startup_wish=dice.random() < 0.15,
            occupations=tuple(dice.sample(OCCUPATIONS, dice.randint(1, 3))),
            min_wage=dice.choice((60_000, 70_000, 72_000, 80_000, 90_000)),
        )

    def _number(self, dice: Random, birth: date, sex: Sex) -> str:
        """Return a valid number that nobody has; the sequence is odd for men."""
        while True:
            sequence = dice.randrange(500) * 2 + (sex == "male")
            number = with_check_digit(f"{NEVER_ISSUED}{birth:%Y%m%d}{sequence:03d}")
            if number not in self._used:
                self._used.add(number)
                return number


def _address(dice: Random, home: Place) -> str:
    house, stair, door = dice.randint(1, 30), dice.randint(1, 6), dice.randint(1, 12)
    return f"{home.name}{house}号楼{stair}单元{door}号"


def _sex(dice: Random, fit: Fit) -> Sex:
    if fit == "retiring":
        return "female"
    return "female" if dice.random() < 0.55 else "male"


def _worker_type(dice: Random, sex: Sex, fit: Fit) -> str:
    if fit == "retiring" or sex == "male":
        return "worker"
    return "cadre" if dice.random() < 0.2 else "worker"


def _birth(dice: Random, fit: Fit, sex: Sex, kind: str, day: date, retires: date) -> date:
    """Return a birth date that keeps the person of working age for the years to come."""
    if fit == "retiring":
        return add_years(retires, -50)
    young, old = _ages(fit, sex, kind)
    return after(add_years(day, -dice.randint(young, old)), -dice.randint(1, 360))


def _ages(fit: Fit, sex: Sex, kind: str) -> tuple[int, int]:
    """Return the youngest and oldest age in full years."""
    if fit == "aged_4050":
        return (50, 55) if sex == "male" else (40, 44) if kind == "worker" else (41, 50)
    if fit == "minor":
        return 4, 12
    if fit == "city":
        return 36, 39
    return (24, 38) if fit in ("long_term", "none") else (22, 38)


def _ownership(dice: Random, fit: Fit) -> str:
    if fit in ("aged_4050", "retiring"):
        return dice.choice(("state", "state", "collective"))
    return dice.choice(("private", "other", "collective")) if fit == "household" else "private"


def _registered_on(dice: Random, fit: Fit, day: date) -> date:
    """Return the day of the unemployment registration: long ago for the long-term unemployed."""
    if fit == "long_term":
        return after(day, -dice.randint(400, 900))
    if fit == "city":
        return after(day, -dice.randint(220, 340))
    return after(day, -dice.randint(0, 60))
