"""Trials of rules on a real node: asked, let by another, run, recorded, and the same again."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.demo.driver import Result, simulate
from services.demo.plan import Plan
from services.kit.decider import DomainError
from services.trials.running import Outcome, open_runner
from tests.support.node import CONTEXTS, PASSWORD, Node, running_node
from tests.support.servers import Databases

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(180)]
PLAN = Plan(persons=10, last=date(2008, 9, 30), whole_tree=False)


@pytest.fixture
async def node(database: Databases, tmp_path: Path) -> AsyncIterator[Node]:
    async with running_node(database, tmp_path) as running:
        yield running


async def ran(
    node: Node, trial: str, processes: int = 1, proposal: str = ""
) -> tuple[Outcome, list[dict[str, Any]], bytes]:
    """Run a trial and read its list."""
    out, told = io.BytesIO(), list[tuple[int, int, int]]()
    async with open_runner(node.role.settings, CONTEXTS, processes) as runner:
        outcome = await runner.run(trial, out, lambda *at: told.append(at), proposal)
    assert told[-1][:2] == (256, 256)
    return outcome, [json.loads(line) for line in out.getvalue().splitlines()], out.getvalue()


async def asked(node: Node, who: Result, **wish: object) -> tuple[str, str]:
    """Ask for a trial as a county's reviewer; return its id and the proposal."""
    login = who.logins["county_reviewer"]
    await node.sign_in(login)
    found = await node.do(login, "registry.propose_trial", {"reason": "比较办法", **wish})
    event = found["events"][0]
    return event["stream"].partition("-")[2], event["event_id"]


@pytest.mark.requirement("X17", "R2", "R14")
async def test_a_trial_runs_after_a_second_signature_and_gives_the_same_list_again(
    node: Node,
) -> None:
    first = dict.fromkeys(("operator", "rules", "head"), PASSWORD)
    result = await simulate(node.http, PLAN, first, PASSWORD)
    trial, proposal = await asked(node, result, rule_set="2024")
    with pytest.raises(DomainError, match="trial_not_approved"):
        await ran(node, trial)
    for unknown in ((proposal, ""), (trial, trial)):
        with pytest.raises(DomainError, match="not_found"):
            await ran(node, unknown[0], proposal=unknown[1])
    own = {"trial": trial, "proposal": proposal}
    refused = await node.ask(result.logins["county_reviewer"], "registry.approve_trial", own)
    assert refused.status_code == 403
    head = result.logins["county_head"]
    await node.sign_in(head)
    await node.do(head, "registry.approve_trial", own)

    outcome, differing, raw = await ran(node, trial, proposal=proposal)
    assert outcome.counts["cases"] >= 8
    assert outcome.counts.get("not_reproduced", 0) == 0
    assert outcome.differing == len(differing) > 0
    assert outcome.sha256 == hashlib.sha256(raw).hexdigest()
    assert all(one["lines"] and one["seq"] <= outcome.known for one in differing)
    second = next(o for o in differing if o["categories"]["recorded"] == ["zero_household"])
    lines = {line["condition"]: line for line in second["lines"]}
    assert lines["household_applicant"]["supposed"] is False
    assert "只限1人" in lines["household_applicant"]["clause"]
    assert outcome.sha256.encode() in await node.everything()

    await node.at("2008-12-15")
    again, _, same = await ran(node, trial, processes=2)
    assert same == raw
    assert again.repeats is True

    other, of = await asked(node, result, key="text.aged_male", value=60, known=outcome.known)
    await node.do(head, "registry.approve_trial", {"trial": other, "proposal": of})
    older, told, _ = await ran(node, other)
    assert older.known == outcome.known
    assert all(one["supposed"] == "not_eligible" for one in told)
    for one in (*differing, *told):
        assert {"value", "boundary"}.isdisjoint(one["lines"][0])
