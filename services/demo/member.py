"""A person in the story: what became of him so far, and how his offices act for him."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any, Literal, TypeAlias

from events.rules.time import full_years
from services.demo.persons import Identity
from services.demo.plan import after, morning
from services.demo.town import Town
from services.demo.wishes import Answer, LostThreadError, Script, Wish

By: TypeAlias = Literal[
    "officer", "head", "signer", "street", "reviewer", "certifier", "city", "pes"
]
"""Who acts: of the community, the street, the county, the city, the employment service."""


@dataclass(slots=True)
class Member:
    """One person's state as his own clerk remembers it."""

    who: Identity
    town: Town
    dice: Random
    name: str
    spawn: Callable[[str, Script[None]], None]
    id: str = ""
    profile: tuple[str, ...] = ()
    household: str | None = None
    case: str = ""
    previous: str | None = None
    version: int = 0
    """Version of the case when it was certified: what a form shown then is built on."""
    category: str = ""
    certified_on: date | None = None
    round: int = 0
    closed: bool = True
    tracked: bool = False
    steps: int = 0
    """Steps taken since the plan was made; 0 where there is none."""
    unemployed_since: date = date.min
    employed_since: date | None = None
    changed_on: date = date.min
    placement: str = ""
    post: str = ""
    reports: bool = True
    unjust: dict[str, str] = field(default_factory=dict)
    """Offers refused without just cause since the certification, each with its judgement."""

    @property
    def today(self) -> date:
        """Return the simulated day."""
        return self.town.today

    @property
    def community(self) -> str:
        """Return the community's office."""
        return self.who.home.id

    @property
    def county(self) -> str:
        """Return the county's office."""
        return self.who.county.ljust(12, "0")

    def login(self, by: By) -> str:
        """Return the login of the officer who acts for this person."""
        code = self.who.home.code
        match by:
            case "officer" | "head":
                return f"{by}.{code}"
            case "signer":
                return f"signer.{code[:9]}"
            case "street":
                return f"officer.{code[:9]}"
            case "reviewer" | "certifier" | "pes":
                return f"{by}.{code[:6]}"
            case "city":
                return f"officer.{code[:4]}"

    def wish(
        self, by: By, name: str, /, *, may: Iterable[str] = (), lane: str = "",
        expected: int | None = None, on: date | None = None, **body: Any,  # noqa: ANN401  # JSON
    ) -> Wish:  # fmt: skip
        """Make a wish; a trailing `_` is dropped from names, absent values too.

        `on` is the day of the fact where it is not today.
        """
        data = {k.rstrip("_"): v for k, v in body.items() if v is not None}
        if on is not None and on != self.today:
            data["occurred_at"] = morning(on)
        return Wish(name, self.login(by), data, frozenset(may), lane, expected)

    def on_case(self, by: By, name: str, **more: Any) -> Wish:  # noqa: ANN401  # JSON
        """Make a wish about the present certification."""
        return self.wish(by, name, case=self.case, **more)

    def do(self, *wishes: Wish) -> Script[tuple[Answer, ...]]:
        """Send wishes and wait for their answers."""
        answers = yield wishes
        return answers

    def workdays(self, least: int, most: int | None = None) -> Script[None]:
        """Rest for a number of working days."""
        days = self.dice.randint(least, most or least)
        yield self.town.calendar.add_workdays(self.today, days)

    def until(self, day: date) -> Script[None]:
        """Rest until a day, or the next working day after it."""
        yield self.town.calendar.next_workday(day)

    def days(self, least: int, most: int) -> Script[None]:
        """Rest for a number of days."""
        yield from self.until(after(self.today, self.dice.randint(least, most)))

    def chance(self, share: float) -> bool:
        """Throw the dice."""
        return self.dice.random() < share

    def account(self, by: By) -> str:
        """Return the account of an officer."""
        return self.town.staff.accounts[self.login(by)]

    def need(self, event: str, what: str) -> str:
        """Return an event's id; LostThreadError where the answer did not name it."""
        if not event:
            raise LostThreadError(f"{self.name}: {what}")
        return event

    @property
    def grown(self) -> bool:
        """Tell whether the person has reached the age of category 4050 (R12)."""
        bound = 40 if self.who.sex == "female" else 50
        return full_years(self.who.birth, self.today) >= bound

    def certified(self, case: str) -> bool:
        """Tell whether a case is the present one and its status lasts."""
        return self.case == case and not self.closed

    def ended(self) -> None:
        """Remember that the status ended."""
        self.closed, self.tracked = True, False
        self.previous = self.case
