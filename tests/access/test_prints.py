"""Role × level × relation over every document that is printed, against the papers' own table."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from events.rules.prints import DOCUMENTS
from tests.access.expected import PRINTED
from tests.access.people import HOME, Asker, Matrix
from tests.access.test_write_routes import registered
from tests.support.node import Node

pytestmark = [pytest.mark.postgres, pytest.mark.asyncio(loop_scope="package")]


async def printed(node: Node, login: str, document: str, *values: dict[str, Any]) -> httpx.Response:
    """Ask the write role to open values for a print."""
    wish = {"values": values, "page": document, "mode": "print"}
    return await node.http.post("/api/open", json=wish, headers=node.as_(login))


async def test_every_document_has_a_decision_and_every_decision_a_document() -> None:
    assert set(DOCUMENTS) == PRINTED.keys()


@pytest.mark.requirement("X20", "R43", "X14")
@pytest.mark.parametrize("document", PRINTED)
async def test_who_may_print_and_in_which_area(matrix: Matrix, document: str) -> None:
    names = {home: await registered(matrix, home) for home in matrix.cases}
    faults = []
    for asker in matrix.askers:
        for home in {HOME, matrix.beyond(asker) or HOME}:
            answer = await printed(matrix.node, asker.login, document, names[home])
            may = asker.role in PRINTED[document] and asker.sees(home)
            if (answer.status_code == 200) is not may or (not may and "王" in answer.text):
                faults.append(f"{asker.login} {home}: {answer.status_code}")
    assert faults == []


@pytest.mark.requirement("X20")
async def test_a_refusal_names_the_rule_and_who_may(matrix: Matrix) -> None:
    name = await registered(matrix, "140105001002")
    beyond = await printed(matrix.node, "m.community_officer.community", "notice", name)
    assert (beyond.status_code, beyond.json()["data"]["rule"]) == (403, "deny.area")
    assert "属地管理" in beyond.json()["zh"] + beyond.json()["clause"]
    other = await printed(matrix.node, "m.pes_clerk.county", "notice")
    told = other.json()["data"]
    assert (other.status_code, told["rule"], told["wanted"]) == (403, "deny.role", "labour")


@pytest.mark.requirement("X20")
async def test_a_document_without_a_decision_is_printed_by_nobody(matrix: Matrix) -> None:
    name = await registered(matrix, HOME)
    for asker in matrix.askers:
        answer = await printed(matrix.node, asker.login, "everything", name)
        assert answer.status_code == 403, told(asker, answer)


def told(asker: Asker, answer: httpx.Response) -> str:
    """Say who got what."""
    return f"{asker.login}: {answer.status_code} {answer.text[:200]}"
