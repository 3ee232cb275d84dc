"""Twenty persons over nine months on a real write role: every story, and only refusals it meant."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest
from jsonschema import Draft202012Validator

from events.audit.conformance.judge import judge
from events.audit.ocel import write_ocel
from events.audit.xes import write_xes
from services.conforming import live
from services.demo.advance import advance
from services.demo.driver import Result, simulate
from services.demo.plan import Plan
from tests.support.node import PASSWORD, Node, running_node
from tests.support.servers import Databases

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(300)]
PLAN = Plan(persons=20, last=date(2009, 2, 28), whole_tree=False)
MEANT = {
    ("certification.file_application", "evidence_missing"),
    ("certification.reject_exit", "version_conflict"),
    ("certification.decide_reassessment", "version_conflict"),
    ("assistance.end_follow_up", "not_stable_yet"),
    ("assistance.deliver_service", "no_startup_wish"),
}
"""Refusals that stories mean: forgotten papers, stale forms, haste, advice nobody wished."""
STORIES = {
    "household_in_time", "household_breached", "silent", "late_report", "follow_up_ended",
    "refusing", "again", "excused", "rejudged", "objection_upheld", "objection_dismissed",
    "returned", "disagree", "refused", "gave_up", "quick", "flexible",
}  # fmt: skip
HAPPENED = {
    "registry.household_formed.v1", "certification.public_notice_closed.v1",
    "certification.objection_decided.v1", "certification.application_returned.v1",
    "certification.application_resubmitted.v1", "certification.person_certified.v1",
    "certification.certification_refused.v1", "certification.household_certified.v1",
    "certification.household_cleared.v1", "certification.reassessment_proposed.v1",
    "certification.reassessed.v1", "certification.certificate_annotated.v1",
    "certification.refusal_counted.v1", "certification.exit_proposed.v1",
    "certification.exit_proposal_withdrawn.v1", "certification.withdrawn_by_person.v1",
    "certification.exited.v1", "certification.exit_rejected.v1", "certification.lapsed.v1",
    "certification.annotation_cancelled.v1", "assistance.file_opened.v1",
    "assistance.file_closed.v1", "assistance.agreement_signed.v1", "assistance.plan_made.v1",
    "assistance.measure_delivered.v1", "assistance.service_delivered.v1",
    "assistance.person_invited.v1", "assistance.attendance_recorded.v1",
    "assistance.status_reported.v1", "assistance.follow_up_done.v1",
    "assistance.follow_up_ended.v1", "posts.employer_registered.v1", "posts.vacancy_listed.v1",
    "posts.public_post_developed.v1", "posts.labour_export_organised.v1",
    "posts.job_offered.v1", "posts.offer_refused.v1", "posts.refusal_judged.v1",
    "posts.refusal_rejudged.v1", "posts.placed_in_job.v1", "posts.place_taken.v1",
    "posts.hire_registered.v1", "posts.employment_ended.v1", "posts.post_closed.v1",
}  # fmt: skip


@pytest.fixture
async def node(database: Databases, tmp_path: Path) -> AsyncIterator[Node]:
    async with running_node(database, tmp_path) as running:
        yield running


class Forgetful(httpx.AsyncBaseTransport):
    """Carries every request out, and loses the answer to each fifth bulk."""

    def __init__(self, node: Node) -> None:
        self._node, self.bulks, self.lost = node, 0, 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._node.http.send(request)
        self.bulks += request.url.path == "/api/commands"
        if request.url.path == "/api/commands" and self.bulks % 5 == 0:
            self.lost += 1
            raise httpx.ReadError("the answer is lost")
        return answer


async def simulated(http: httpx.AsyncClient, plan: Plan = PLAN) -> Result:
    first = dict.fromkeys(("operator", "rules", "head"), PASSWORD)
    return await simulate(http, plan, first, PASSWORD)


async def counted(node: Node, query: str) -> Counter[str]:
    connection = await asyncpg.connect(node.log_dsn)
    try:
        rows = await connection.fetch(query)
    finally:
        await connection.close()
    return Counter({str(r[0]): int(r[1]) for r in rows})


def judged_anew(node: Node, folder: Path) -> None:
    """Let the independent checker find nothing but late terms; write what tools of mining read."""
    with live(node.log_dsn) as (lines, last):
        verdict = judge(lines)
    assert verdict.last == last > 0
    grave = [found for found in verdict.findings if found.rule.severity not in {"late", "duty"}]
    assert grave == []
    with live(node.log_dsn) as (lines, last), (folder / "ocel.json").open("w") as out:
        assert write_ocel(lines, out)[0] == last
    with live(node.log_dsn) as (lines, _), (folder / "log.xes").open("w") as out:
        assert write_xes(lines, out)[1] == valid_cases(folder)
    written = (folder / "ocel.json").read_text() + (folder / "log.xes").read_text()
    assert "A256GCM" not in written  # no value of a person, not even sealed


def valid_cases(folder: Path) -> int:
    """Validate the object-centric log and count its certifications."""
    document = json.loads((folder / "ocel.json").read_text())
    schema = json.loads(Path("tests/contract/ocel20.schema.json").read_text())
    Draft202012Validator(schema).validate(document)
    return sum(found["type"] == "certification" for found in document["objects"])


@pytest.mark.requirement("R3", "R19", "R29", "R32", "R33", "R35", "R87", "R89", "X9", "X13")
async def test_a_small_county_lives_through_every_story_without_a_refusal_nobody_meant(
    node: Node, tmp_path: Path
) -> None:
    result = await simulated(node.http)
    assert (result.unexpected, result.given_up) == ([], [])
    assert set(result.refusals) <= MEANT
    assert result.logins["auditor"] == "auditor.140105"
    assert set(result.stories) >= STORIES
    assert result.accepted + result.refused == result.commands == sum(result.by_type.values())
    events = await counted(node, "select type, count(*) from log.events group by 1")
    assert set(events) >= HAPPENED
    assert await counted(node, "select code, count(*) from work.refused group by 1") == {}
    await asyncio.to_thread(judged_anew, node, tmp_path)


@pytest.mark.requirement("X16")
async def test_answers_lost_on_the_way_change_nothing_of_what_happens(
    database: Databases, tmp_path: Path
) -> None:
    plan = Plan(persons=8, last=date(2008, 9, 30), whole_tree=False)
    query = "select type, count(*) from log.events group by 1"
    async with running_node(database, tmp_path / "calm") as node:
        calm = await simulated(node.http, plan)
        expected = await counted(node, query)
    async with running_node(database, tmp_path / "rough") as node:
        way = Forgetful(node)
        async with httpx.AsyncClient(transport=way, base_url="http://node", timeout=60) as http:
            rough = await simulated(http, plan)
        assert way.lost > 5
        assert await counted(node, query) == expected
    assert rough.unexpected == calm.unexpected == []
    assert rough.by_type == calm.by_type


@pytest.mark.requirement("X9")
async def test_advancing_moves_the_clock_of_a_simulated_node_day_by_day(node: Node) -> None:
    days: list[datetime] = []
    before = node.role.clock.now()
    await advance(node.http, 3, PASSWORD, days.append)
    assert node.role.clock.now() == before + timedelta(days=3) == days[-1]
    assert len(days) == 3
