"""Before the first day: the office tree, the calendar, the staff, flags and the city's category."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from services.demo import offices, people
from services.demo.client import Client
from services.demo.papers import paper
from services.demo.people import Desk, Staff
from services.demo.plan import Plan, morning
from services.demo.wishes import Answer, Wish, command_id

Count = Callable[[Wish, Answer], None]
HASHING = 2
"""Passwords that are set at once: each costs memory and a core."""


class SetUpError(Exception):
    """A command of the set-up was refused; the text names it with its code."""


async def set_up(plan: Plan, client: Client, password: str, count: Count) -> tuple[Staff, str]:
    """Open offices and accounts; return the staff and the city's category.

    Raises SetUpError for a refused command.
    """
    desk = _Setting(plan, client, count)
    for wave in offices.waves(plan):
        await desk.send(wave)
    await desk.send((*offices.services(plan), *offices.calendar(plan)))
    await desk.settle()
    team = people.staff(plan)
    await _staffed(desk, team, password)
    await desk.send(offices.mining_areas(plan))
    (answer,) = await desk.send((_category(plan),))
    await desk.settle()
    return team, answer.made("category")


class _Setting:
    def __init__(self, plan: Plan, client: Client, count: Count) -> None:
        self.plan, self.client, self._count = plan, client, count
        self._sent = 0

    async def send(self, wishes: Sequence[Wish]) -> list[Answer]:
        """Send wishes that must be accepted."""
        lines = []
        for wish in wishes:
            self._sent += 1
            lines.append((command_id(self.plan.name, "set-up", self._sent), wish, wish.lane))
        answers = await self.client.send(lines)
        for wish, answer in zip(wishes, answers, strict=True):
            self._count(wish, answer)
            if not answer.accepted:
                raise SetUpError(f"{wish.name}: {answer.code} {answer.text}")
        return answers

    async def settle(self) -> None:
        """Wait until the directory knows what was done."""
        await self.client.move(morning(self.plan.first))


async def _staffed(desk: _Setting, team: Staff, password: str) -> None:
    opened = await desk.send(people.accounts(team.desks))
    for one, answer in zip(team.desks, opened, strict=True):
        team.accounts[one.login] = answer.made("user")
    proposed = await desk.send(people.proposals(team.desks, team, desk.plan))
    ids = {
        d.login: a.event("registry.role_proposed")
        for d, a in zip(team.desks, proposed, strict=True)
    }
    await desk.settle()
    acting = frozenset(people.needed(desk.plan, team))
    for wave in team.waves():
        await desk.send(people.approvals(wave, team, ids))
        await desk.settle()
        await _admitted(desk.client, [d for d in wave if d.login in acting], password)


async def _admitted(client: Client, desks: Sequence[Desk], password: str) -> None:
    """Set the passwords of those who will act, and sign them in."""
    gate = asyncio.Semaphore(HASHING)

    async def one(login: str) -> None:
        async with gate:
            await client.set_password(login, password)

    await asyncio.gather(*(one(d.login) for d in desks))
    await client.sign_in([d.login for d in desks])


def _category(plan: Plan) -> Wish:
    """Define a category of the city: 35 and older, half a year without work (R16)."""
    conditions = {
        "all": [
            {"field": "age", "op": ">=", "value": 35},
            {"field": "unemployed_months", "op": ">=", "value": 6},
        ]
    }
    body = {
        "name": "大龄长期失业人员",
        "conditions": conditions,
        "document": paper("official_document", plan.first, f"{offices.name_of(plan.city)}政发1号"),
        "from": plan.first,
    }
    return Wish("registry.define_city_category", f"head.{plan.city}", body)
