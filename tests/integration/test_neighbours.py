"""A neighbour with every role of his level touches nobody's case: each command, on the real log."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from events.contracts.base import Ref
from events.contracts.classes import marks
from services.kit.decider import Command
from tests.integration.test_main_line import COMMUNITY, COUNTY, STREET, certified
from tests.support.examples import example
from tests.support.node import CONTEXTS, SIBLING, TREE, Node, running_node
from tests.support.servers import Databases

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(240)]
COMMANDS = [cls for context in CONTEXTS for cls in context.deciders.by_command]
OTHER_COUNTY = (("140106", "迎泽区", "county"),)
MEANT_FOR_OTHERS = {"registry.open_emergency_access"}
"""It opens another area's person for a stated reason and a short time, on the record (X14)."""
NEIGHBOURS = {
    "140105002001": ("community_officer", "community_head"),
    "140105002000": ("street_officer", "street_signer"),
    "140106000000": ("county_reviewer", "county_certifier", "county_head"),
}


@pytest.fixture
async def node(database: Databases, tmp_path: Path) -> AsyncIterator[Node]:
    async with running_node(database, tmp_path) as running:
        for rows in (TREE, SIBLING, OTHER_COUNTY):
            await running.office_tree(rows)
        await running.staff(COUNTY, "county_certifier")
        await running.staff(STREET, "street_signer")
        await running.staff(COMMUNITY, "community_officer")
        for office, roles in NEIGHBOURS.items():
            await running.staff(office, *roles, login=f"neighbour.{office}")
        yield running


def about(command: type[Command], known: dict[str, str]) -> dict[str, Any] | None:
    """Return a body that names the case at hand; None where a command names nothing of it."""
    body = example(command, sealed=False)
    for name in ("occurred_at", "reported_at", "on_behalf_of"):
        body.pop(name, None)
    named = False
    for name, info in command.model_fields.items():
        for mark in marks(info):
            if isinstance(mark, Ref) and mark.kind in known and isinstance(body.get(name), str):
                body[name] = known[mark.kind]
                named = named or mark.kind in {"person", "certification"}
    return body if named else None


@pytest.mark.requirement("R43", "X14")
async def test_no_command_of_a_neighbour_reaches_the_case(node: Node) -> None:
    person, case = await certified(node)
    known = {"person": person, "certification": case, "office": COMMUNITY}
    named = [c for c in COMMANDS if c.type not in MEANT_FOR_OTHERS]
    bodies = {c.type: body for c in named if (body := about(c, known)) is not None}
    told: dict[str, set[str]] = {}
    for office in NEIGHBOURS:
        for name, body in bodies.items():
            answer = await node.ask(f"neighbour.{office}", name, body, expected=0)
            told.setdefault(name, set()).add(
                f"{answer.status_code} {answer.json().get('code', answer.text[:200])}"
            )
    silent = {"403 forbidden", "400 malformed", "404 not_found", "400 offer_or_person"}
    assert {name: codes for name, codes in told.items() if codes - silent} == {}
    reached = {name for name, codes in told.items() if "403 forbidden" in codes}
    assert len(reached) > 0.8 * len(bodies), sorted(set(bodies) - reached)
