"""Runs a plan against a node: set-up, then day after day until the last one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import httpx

from events.runtime.clock import Clock, SystemClock
from services.demo.client import Client
from services.demo.life import Life
from services.demo.people import shown
from services.demo.plan import Plan, after, morning
from services.demo.setup import set_up
from services.demo.town import Town
from services.demo.units import units
from services.demo.wishes import Answer, Wish

Tell = Callable[["Progress"], None]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: days done, of how many, all commands so far, those of a second now.

    The commands are the set-up's too; the rate is the simulation's alone.
    """

    day: date
    done: int
    of: int
    commands: int
    rate: float


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused command: who sent what on which day, and with which code."""

    day: date
    unit: str
    name: str
    code: str
    text: str


@dataclass(slots=True)
class Result:
    """What a run did; `seconds` is the simulation alone, `unexpected` what no story meant."""

    commands: int = 0
    accepted: int = 0
    refused: int = 0
    seconds: float = 0.0
    setup_commands: int = 0
    setup_seconds: float = 0.0
    by_type: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    refusals: Counter[tuple[str, str]] = field(default_factory=Counter)
    unexpected: list[Refusal] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)
    stories: Counter[str] = field(default_factory=Counter)
    logins: dict[str, str] = field(default_factory=dict)
    """One login per role, for whoever looks around afterwards."""


async def simulate(
    http: httpx.AsyncClient,
    plan: Plan,
    passwords: dict[str, str],
    password: str,
    tell: Tell | None = None,
    clock: Clock | None = None,
) -> Result:
    """Simulate a county through the command API of a node with a simulated clock.

    `passwords` holds the first accounts' (operator, rules, head); new ones get `password`.
    Raises UnreachableError when the node stays away.
    """
    run = Run(plan, Client(http, dict(passwords)), clock or SystemClock(), tell)
    return await run(password)


class Run:
    """One run with its state."""

    def __init__(self, plan: Plan, client: Client, clock: Clock, tell: Tell | None) -> None:
        self.plan, self.client, self.clock, self.tell = plan, client, clock, tell
        self.result = Result()
        self.lives: list[Life] = []

    async def __call__(self, password: str) -> Result:
        """Set up and simulate; return the result."""
        result, began = self.result, self.clock.now()
        await self.client.move(morning(self.plan.first))
        team, category = await set_up(self.plan, self.client, password, self._count)
        result.setup_commands = result.commands
        result.setup_seconds = (self.clock.now() - began).total_seconds()
        result.logins = shown(self.plan, team)
        town = Town(self.plan, team, city_category=category)
        self.lives = units(town)
        began = self.clock.now()
        for number in range(self.plan.days):
            town.today = after(self.plan.first, number)
            await self._day(town)
            result.seconds = (self.clock.now() - began).total_seconds()
            self._report(town.today, number + 1)
        await self.client.move(morning(self.plan.last))
        self._ended()
        return result

    async def _day(self, town: Town) -> None:
        """Move the clock to a day, and let the offices work if they do."""
        await self.client.move(morning(town.today))
        if not town.calendar.is_workday(town.today):
            return
        wanted = [(life, life.wake(town.today)) for life in self.lives if not life.over]
        while wanted := [(life, pairs) for life, pairs in wanted if pairs]:
            wanted = await self._round(wanted, town.today)

    async def _round(
        self, wanted: Sequence[tuple[Life, list[tuple[str, Wish]]]], today: date
    ) -> list[tuple[Life, list[tuple[str, Wish]]]]:
        """Send what the units want, and give each its answers; return what they want next."""
        lines = [(i, w, w.lane or life.lane) for life, pairs in wanted for i, w in pairs]
        answers = await self.client.send(lines)
        at, following = 0, []
        for life, pairs in wanted:
            own, at = answers[at : at + len(pairs)], at + len(pairs)
            for (_, wish), answer in zip(pairs, own, strict=True):
                self._judge(life, wish, answer, today)
            if not life.over:
                following.append((life, life.answered(own, today)))
        return following

    def _judge(self, life: Life, wish: Wish, answer: Answer, today: date) -> None:
        """Count an answer; a refusal that no story meant ends its unit."""
        self._count(wish, answer)
        if answer.accepted or answer.code in wish.may:
            return
        found = Refusal(today, life.name, wish.name, answer.code, answer.text)
        self.result.unexpected.append(found)
        life.give_up(f"{life.name}: {wish.name} refused with {answer.code}")

    def _count(self, wish: Wish, answer: Answer) -> None:
        result = self.result
        result.commands += 1
        result.by_type[wish.name] += 1
        result.events.update(e.type for e in answer.events)
        if answer.accepted:
            result.accepted += 1
        else:
            result.refused += 1
            result.refusals[wish.name, answer.code] += 1

    def _report(self, today: date, done: int) -> None:
        if self.tell is not None:
            result = self.result
            rate = (result.commands - result.setup_commands) / max(result.seconds, 0.001)
            self.tell(Progress(today, done, self.plan.days, result.commands, rate))

    def _ended(self) -> None:
        for life in self.lives:
            if life.fault:
                self.result.given_up.append(life.fault)
            elif life.strands[0].over:
                self.result.stories[life.name.partition("/")[0]] += 1
