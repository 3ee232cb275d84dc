"""A neighbour with every role of his level touches nobody's case: each command, on the real log."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.test_main_line import COMMUNITY, COUNTY, STREET, certified
from tests.support.examples import naming
from tests.support.node import CONTEXTS, SIBLING, TREE, Node, running_node
from tests.support.servers import Databases

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(240)]
COMMANDS = [cls for context in CONTEXTS for cls in context.deciders.by_command]
OTHER_COUNTY = (("140106", "迎泽区", "county"),)
MEANT_FOR_OTHERS = {"registry.open_emergency_access"}
"""It opens another area's person for a stated reason and a short time, on the record (X14)."""
OF_THE_CASE = {"person", "certification"}
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


@pytest.mark.requirement("R43", "X14")
async def test_no_command_of_a_neighbour_reaches_the_case(node: Node) -> None:
    person, case = await certified(node)
    known = {"person": person, "certification": case, "office": COMMUNITY}
    made = {c.type: naming(c, known) for c in COMMANDS if c.type not in MEANT_FOR_OTHERS}
    bodies = {name: body for name, (body, kinds) in made.items() if kinds & OF_THE_CASE}
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
