"""Many hands at one moment: one wish comes true, the others are told, nothing is half-written."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import httpx
import pytest

from tests.integration.test_main_line import (
    CERTIFIER,
    CLERK,
    COMMUNITY,
    COUNTY,
    PERSON,
    SIGNER,
    STREET,
    doc,
    filed,
    noticed,
    types,
)
from tests.support.node import SIBLING, TREE, Node, running_node
from tests.support.servers import Databases

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(120)]
SPACE = UUID("6ba7b814-9dad-11d1-80b4-00c04fd430c8")
HANDS = 12
OTHER = f"community_officer.{SIBLING[-1][0].ljust(12, '0')}"


@pytest.fixture
async def node(database: Databases, tmp_path: Path) -> AsyncIterator[Node]:
    async with running_node(database, tmp_path) as running:
        await running.office_tree(TREE)
        other = await running.office_tree(SIBLING)
        await running.staff(COUNTY, "county_certifier")
        await running.staff(STREET, "street_signer")
        await running.staff(COMMUNITY, "community_officer")
        await running.staff(other, "community_officer")
        yield running


async def at_once(node: Node, *wishes: tuple[str, str, dict[str, Any]]) -> list[httpx.Response]:
    async def one(n: int, login: str, name: str, body: dict[str, Any]) -> httpx.Response:
        headers = {"idempotency-key": str(uuid5(SPACE, f"{name}/{n}")), **node.as_(login)}
        return await node.http.post(f"/api/commands/{name}", json=body, headers=headers)

    return await asyncio.gather(*(one(n, *wish) for n, wish in enumerate(wishes)))


def accepted(answers: list[httpx.Response]) -> int:
    """Count wishes that came true; every other answer must be a rule's, with a next step."""
    for answer in answers:
        assert answer.status_code in {200, 409, 422}, answer.text
        assert answer.status_code == 200 or answer.json()["next_zh"]
    return sum(bool(a.status_code == 200 and a.json()["events"]) for a in answers)


@pytest.mark.requirement("R17", "X8")
async def test_one_id_number_is_registered_once_however_many_clerks_type_it(node: Node) -> None:
    body = PERSON | {"residence": SIBLING[-1][0].ljust(12, "0")}
    wishes = [
        (CLERK, "registry.register_person", PERSON) if n % 2 else
        (OTHER, "registry.register_person", body) for n in range(HANDS)
    ]  # fmt: skip
    assert accepted(await at_once(node, *wishes)) == 1


@pytest.mark.requirement("R22", "R23")
async def test_a_case_is_certified_once_and_opens_one_file(node: Node) -> None:
    await node.at("2008-06-02")
    _, case = await filed(node)
    await noticed(node, case)
    await node.at("2008-06-13")
    review = {"case": case, "opinion": "agree", "text": "同意", "signature": doc("signature")}
    reviews = [(SIGNER, "certification.street_review", review)] * HANDS
    assert accepted(await at_once(node, *reviews)) == 1
    await node.do(SIGNER, "certification.forward_to_county", {"case": case, "county": COUNTY})
    certify = (CERTIFIER, "certification.certify", {"case": case, "category": "aged_4050"})
    assert accepted(await at_once(node, *[certify] * HANDS)) == 1
    await node.role.follower.settle(0)
    written = await types(node)
    assert written.count("certification.person_certified.v1") == 1
    assert written.count("assistance.file_opened.v1") == 1
