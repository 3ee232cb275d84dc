"""Towns full of random but possible lives, the same for the same seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from events.contracts import assistance as help_
from events.contracts import certification as cert
from events.contracts import posts
from events.contracts.base import Recorded
from events.contracts.corrections import restated
from events.rules.time import shanghai_day
from tests.unit.projections.people import People
from tests.unit.projections.story import COMMUNITY, ELSEWHERE, NEXT_DOOR, some_id

HOMES = (COMMUNITY, NEXT_DOOR, ELSEWHERE)
CATEGORIES: tuple[cert.Category, ...] = ("aged_4050", "zero_household", "long_term", "city")
CHANNELS: tuple[posts.Channel, ...] = (
    "self_employment",
    "flexible",
    "enterprise",
    "public_post",
    "labour_export",
)
GROUNDS: tuple[cert.ExitGround, ...] = ("refusals", "no_report", "gave_up")
FIRST = date(2008, 6, 1)
WORK = (posts.PlacedInJob, posts.EmploymentEnded)
MISTAKEN = (
    *WORK,
    help_.StatusReported,
    help_.FollowUpDone,
    help_.AgreementSigned,
    posts.JobOffered,
    posts.NotTakenUp,
)
Fact = Recorded[Any]


@dataclass
class Living:
    """One person's state while a life is being told."""

    who: str
    on: date
    nth: int = 0
    certified: bool = False
    exited: bool = False
    employed: bool = False
    signed: bool = False
    tracked: bool = True
    offers: int = 0


@dataclass
class Teller:
    """Tells lives with a source of chance of its own."""

    people: People
    chance: random.Random
    known: date = field(default=FIRST)

    def person(self, who: str, steps: int) -> None:
        chance = self.chance
        home, sex = chance.choice(HOMES), chance.choice(("male", "female"))
        self.people.register(who, home, sex, chance.choice(("40_44", "45_49")))
        one = Living(who, FIRST + timedelta(days=chance.randrange(60)))
        for _ in range(steps):
            one.on += timedelta(days=chance.choice((0, 1, 2, 5, 14, 30, 45, 100)))
            self.step(one)
        for _ in range(chance.choice((0, 0, 1, 3))):
            self.mistake(who)

    def mistake(self, who: str) -> None:
        """Find out later that a fact was of another day, or never happened."""
        mine = [f for f in self.people.log.facts if f.subject == f"person-{some_id(who)}"]
        facts = [f for f in mine if isinstance(f.event, MISTAKEN)]
        if not facts:
            return
        fact = self.chance.choice(facts)
        known = (self.last(who) + timedelta(days=self.chance.choice((0, 1, 50)))).isoformat()
        if isinstance(fact.event, WORK):
            self.of_work(who, fact, [f for f in restated(mine) if isinstance(f.event, WORK)], known)
        elif self.chance.random() < 0.3:
            self.people.correct(who, fact, known=known)
        else:
            moved = timedelta(days=self.chance.choice((-70, -9, 1, 30)))
            day = (shanghai_day(fact.occurred_at) + moved).isoformat()
            more = {"month": day[:7]} if isinstance(fact.event, help_.FollowUpDone) else {}
            self.people.correct(who, fact, day, known, **more)

    def last(self, who: str) -> date:
        """Return the day on which the last fact about somebody was recorded."""
        return date.fromisoformat(self.people.clocks[who])

    def of_work(self, who: str, fact: Fact, work: list[Fact], known: str) -> None:
        """Move a day of work between those before and after it; only the last one never was."""
        at = next((i for i, f in enumerate(work) if f.event_id == fact.event_id), None)
        if at is None:
            return
        if at == len(work) - 1 and self.chance.random() < 0.5:
            self.people.correct(who, fact, known=known)
            return
        days = [shanghai_day(f.occurred_at) for f in work]
        low = days[at - 1] + timedelta(days=1) if at else days[at] - timedelta(days=40)
        high = days[at + 1] if at + 1 < len(days) else days[at] + timedelta(days=40)
        if isinstance(fact.event, posts.EmploymentEnded):
            low, high = days[at - 1], high - timedelta(days=1)
        if low <= high:
            day = low + timedelta(days=self.chance.randrange((high - low).days + 1))
            self.people.correct(who, fact, day.isoformat(), known)

    def step(self, one: Living) -> None:
        day = one.on.isoformat()
        late = (one.on + timedelta(days=self.chance.choice((0, 0, 0, 3, 40)))).isoformat()
        if not one.certified:
            self.outside(one, day)
        elif one.employed:
            self.at_work(one, day, late)
        else:
            self.without_work(one, day, late)

    def outside(self, one: Living, day: str) -> None:
        if one.exited and self.chance.random() < 0.4:
            self.people.reinstate(one.who, day, one.nth)
        elif one.nth == 0 and self.chance.random() < 0.2:
            one.nth += 1
            self.people.take_over(one.who, "2007-05-05", on=day)
        else:
            one.nth, one.signed, one.tracked = one.nth + 1, False, True
            category = self.chance.choice(CATEGORIES)
            self.people.certify(one.who, day, nth=one.nth, category=category)
        one.certified, one.exited = True, False

    def either(self, one: Living, day: str, late: str) -> None:
        match self.chance.randrange(7):
            case 0:
                self.people.move(one.who, day, self.chance.choice(HOMES), late)
            case 1:
                self.people.recategorise(one.who, day, self.chance.choice(CATEGORIES), one.nth)
            case 2 | 3:
                self.people.visit(one.who, day, late, one.nth)
            case 4 if one.nth == 1:
                self.people.report(one.who, day, late)
            case 5 if not one.signed:
                self.people.sign(one.who, day, one.nth)
                one.signed = True
            case _:
                self.end(one, day)

    def end(self, one: Living, day: str) -> None:
        match self.chance.randrange(4):
            case 0:
                sooner = (one.on - timedelta(days=self.chance.choice((0, 20, 400)))).isoformat()
                self.people.revoke(one.who, day, sooner, one.nth)
                one.certified = False
            case 1:
                later = (one.on + timedelta(days=self.chance.choice((0, 10)))).isoformat()
                ground = self.chance.choice(GROUNDS)
                self.people.leave(one.who, day, ground=ground, from_day=later, nth=one.nth)
                one.certified, one.exited = False, True
                one.on = date.fromisoformat(later)
            case _:
                pass

    def at_work(self, one: Living, day: str, late: str) -> None:
        match self.chance.randrange(6):
            case 0:
                self.people.stop(one.who, day, known=late)
                self.people.lapse(one.who, day, late, one.nth)
                one.employed, one.certified = False, False
                one.on += timedelta(days=1)
            case 1:
                self.people.stop(one.who, day, then="next_job", known=late)
                one.employed = False
                one.on += timedelta(days=1)
            case 2 if one.tracked and one.nth == 1:
                self.people.end_follow_up(one.who, day)
                one.tracked = False
            case _:
                self.either(one, day, late)

    def without_work(self, one: Living, day: str, late: str) -> None:
        match self.chance.randrange(5):
            case 0 | 1:
                self.people.work(
                    one.who,
                    day,
                    channel=self.chance.choice(CHANNELS),
                    cross_region=self.chance.random() < 0.3,
                    known=late,
                )
                one.employed = True
            case 2 if one.nth == 1:
                self.offered(one, day)
            case _:
                self.either(one, day, late)

    def offered(self, one: Living, day: str) -> None:
        one.offers += 1
        self.people.offer(one.who, one.offers, day)
        if self.chance.random() < 0.6:
            refused = posts.NotTakenUp(reason="other")
            self.people.on_offer(one.who, one.offers, refused, day)
            judged: posts.Judgement = "just" if self.chance.random() < 0.3 else "unjust"
            self.people.judge(one.who, one.offers, day, judged)

    def household(self, home: str) -> None:
        self.people.form(home, self.chance.choice(HOMES))
        on = FIRST + timedelta(days=self.chance.randrange(120))
        self.people.certify_home(home, on.isoformat())
        on += timedelta(days=self.chance.choice((0, 15, 30, 31, 60)))
        late = (on + timedelta(days=self.chance.choice((0, 40)))).isoformat()
        match self.chance.randrange(3):
            case 0:
                self.people.clear_home(home, on.isoformat(), late)
            case 1:
                self.people.leave_home(home, on.isoformat())
            case _:
                pass


def a_town(seed: int, persons: int, steps: int = 14) -> People:
    """Return a town of persons and half as many households."""
    teller = Teller(People(), random.Random(seed))  # noqa: S311 - a test's own chance
    for i in range(persons):
        teller.person(f"person {i}", steps)
    for i in range(persons // 2):
        teller.household(f"home {i}")
    return teller.people
