"""The simulation as a client: the same plan wishes the same, and trouble only costs time."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import httpx
import pytest

from events.rules.calendar import seed_calendar
from services.demo.client import Client
from services.demo.driver import Progress, Result, simulate
from services.demo.plan import Plan, morning
from services.demo.setup import SetUpError, set_up
from services.demo.wishes import Wish, command_id
from tests.unit.services.demo.fake import FakeNode

FIRST = {"operator": "x", "rules": "x", "head": "x"}
SMALL = Plan(persons=24, last=date(2009, 2, 28), whole_tree=False)


async def run(node: FakeNode, plan: Plan) -> Result:
    async with node.client() as http:
        return await simulate(http, plan, FIRST, "x")


def sent(node: FakeNode) -> list[tuple[str, str, str]]:
    return [(line["id"], line["type"], json.dumps(line["data"])) for line in node.lines]


async def test_the_same_seed_wishes_the_same_and_another_seed_does_not() -> None:
    one, same, other = FakeNode(), FakeNode(), FakeNode()
    await run(one, SMALL)
    await run(same, SMALL)
    await run(other, replace(SMALL, seed=2))
    assert sent(one) == sent(same)
    assert not {i for i, _, _ in sent(one)} & {i for i, _, _ in sent(other)}


async def test_no_command_id_is_used_twice() -> None:
    node = FakeNode()
    await run(node, SMALL)
    ids = Counter(line["id"] for line in node.lines)
    assert [i for i, n in ids.items() if n > 1] == []


async def test_every_story_that_has_time_comes_to_its_end() -> None:
    result = await run(FakeNode(), Plan(persons=60, whole_tree=False))
    assert result.given_up == []
    assert {
        "silent", "refusing", "excused", "rejudged", "again", "returned", "objection_upheld",
        "household_in_time", "household_breached", "retiring", "late_report", "follow_up_ended",
        "exported", "public", "flexible", "gave_up", "disagree", "refused", "dibao_ended",
    } <= set(result.stories)  # fmt: skip


async def test_offices_work_on_working_days_only_while_the_clock_runs_every_day() -> None:
    node = FakeNode()
    await run(node, SMALL)
    days = [at.date() for at in node.moves]
    assert set(days) == {
        date.fromordinal(d) for d in range(SMALL.first.toordinal(), SMALL.last.toordinal() + 1)
    }
    posted = [
        line["data"]["from"] for line in node.lines if line["type"] == "certification.post_notice"
    ]
    assert all(seed_calendar().is_workday(date.fromisoformat(day)) for day in posted)


@pytest.mark.requirement("R43")
async def test_nobody_lives_or_is_served_outside_the_county() -> None:
    node = FakeNode()
    await run(node, SMALL)
    homes = {
        line["data"]["residence"]
        for line in node.lines
        if line["type"] == "registry.register_person"
    }
    tokens = {line["token"] for line in node.lines if not line["type"].startswith("registry.")}
    assert homes
    assert all(home.startswith("140105") for home in homes)
    assert all(token.partition(".")[2].startswith("1401") for token in tokens)


@pytest.mark.requirement("X16")
async def test_a_lost_connection_and_a_closed_log_are_asked_again_under_the_same_ids() -> None:
    def trouble(bulk: int) -> httpx.Response | None:
        if bulk == 3:
            raise httpx.ReadError("gone")
        return httpx.Response(503) if bulk == 5 else None

    calm, rough = FakeNode(), FakeNode(trouble=trouble)
    plan = Plan(persons=5, last=date(2008, 7, 31), whole_tree=False)
    await run(calm, plan)
    await run(rough, plan)
    assert sent(rough) == sent(calm)
    assert rough.bulks == calm.bulks + 2


async def test_a_line_left_unanswered_is_asked_again_and_the_others_are_not() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/token":
            return httpx.Response(200, json={"token": "t"})
        lines = [json.loads(line) for line in request.content.splitlines()]
        asked.append([line["id"] for line in lines])
        answered = lines[:1] if len(asked) == 1 else lines
        rows = [json.dumps({"id": line["id"], "status": 200, "events": []}) for line in answered]
        return httpx.Response(
            200, text="\n".join(rows) + ('\n{"id": "cut o' if len(asked) == 1 else "")
        )

    asked: list[list[str]] = []
    wishes = [(command_id(i), Wish("registry.open_office", "rules", {}), "") for i in range(3)]
    async with httpx.AsyncClient(
        transport=httpx.MockTransport(answer), base_url="http://n"
    ) as http:
        found = await Client(http, dict(FIRST)).send(wishes)
    assert [a.status for a in found] == [200, 200, 200]
    assert asked == [[i for i, _, _ in wishes], [i for i, _, _ in wishes[1:]]]


async def test_a_refused_set_up_ends_the_run_with_the_command_and_its_code() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path != "/api/commands":
            return httpx.Response(200, json={"token": "t"})
        rows: list[dict[str, Any]] = [
            {"id": json.loads(line)["id"], "status": 403, "code": "forbidden"}
            for line in request.content.splitlines()
        ]
        return httpx.Response(200, text="\n".join(map(json.dumps, rows)))

    async with httpx.AsyncClient(
        transport=httpx.MockTransport(answer), base_url="http://n"
    ) as http:
        with pytest.raises(SetUpError, match=r"registry\.open_office: forbidden"):
            await set_up(SMALL, Client(http, dict(FIRST)), "x", lambda _wish, _answer: None)


async def test_a_refusal_that_no_story_meant_is_told_and_ends_its_unit_only() -> None:
    node = FakeNode(refused_once="assistance.sign_agreement")
    result = await run(node, SMALL)
    assert [(r.name, r.code) for r in result.unexpected] == [
        ("assistance.sign_agreement", "file_closed")
    ]
    assert len(result.given_up) == 1
    assert result.by_type["assistance.sign_agreement"] > 10


async def test_the_last_progress_counts_the_commands_that_the_result_counts() -> None:
    told = list[Progress]()
    async with FakeNode().client() as http:
        result = await simulate(http, SMALL, FIRST, "x", told.append)
    assert (told[-1].commands, told[-1].done) == (result.commands, SMALL.days)
    assert 0 < result.setup_commands <= told[0].commands


def test_the_day_begins_when_offices_open() -> None:
    assert morning(date(2008, 6, 2)).isoformat() == "2008-06-02T09:00:00+08:00"
