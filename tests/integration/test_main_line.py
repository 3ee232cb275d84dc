"""The main line on real PostgreSQL: a family's application to a job, every step an event."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from events.rules.idnumber import with_check_digit
from tests.support.node import SIBLING, TREE, Node, running_node
from tests.support.servers import Databases

pytestmark = pytest.mark.postgres
COMMUNITY, STREET, COUNTY = "140105001001", "140105001000", "140105000000"
CLERK, SIGNER = f"community_officer.{COMMUNITY}", f"street_signer.{STREET}"
CERTIFIER, PES = f"county_certifier.{COUNTY}", "pes_clerk.county"


def doc(kind: str, number: str = "") -> dict[str, Any]:
    made: dict[str, Any] = {
        "kind": kind, "issuer": "测试单位", "issued_on": "2008-05-30", "sha256": "ab" * 32,
    }  # fmt: skip
    return made | ({"number": number} if number else {})


PERSON: dict[str, Any] = {
    "name": "王秀英", "sex": "female", "birth_date": "1966-03-04",
    "national_id": with_check_digit("14999919660304002"), "phone": "13900000000",
    "address": "学府街一号", "residence": COMMUNITY,
    "hukou": {"division": "140105", "type": "urban"}, "worker_type": "worker",
    "special_work": False, "education": "junior_high",
}  # fmt: skip
REGISTRATION: dict[str, Any] = {
    "last_employer": "太原第一机床厂", "last_ownership": "state",
    "last_job_ended_on": "2008-05-31", "proof": [doc("registration_certificate")],
}  # fmt: skip
EVIDENCE = [
    doc("id_card", "1"), doc("household_book", "2"), doc("unemployment_certificate", "3"),
    doc("photos"), doc("last_employer_ownership", "4"),
]  # fmt: skip


@pytest.fixture
async def node(database: Databases, tmp_path: Path) -> AsyncIterator[Node]:
    async with running_node(database, tmp_path) as running:
        await running.office_tree(TREE)
        await running.office_tree(SIBLING)
        await running.staff(COUNTY, "county_certifier")
        await running.staff(STREET, "street_signer")
        await running.staff(COMMUNITY, "community_officer")
        yield running


def made(answer: dict[str, Any], kind: str) -> str:
    """Return the id of the aggregate that a command began."""
    streams = [e["stream"] for e in answer["events"] if e["stream"].startswith(f"{kind}-")]
    return str(streams[0].split("-", 1)[1])


async def filed(node: Node) -> tuple[str, str]:
    person = made(await node.do(CLERK, "registry.register_person", PERSON), "person")
    await node.do(
        CLERK, "registry.record_unemployment_registration", {"person": person, **REGISTRATION}
    )
    application = {
        "person": person, "categories": ["aged_4050"], "causes": ["skill"], "evidence": EVIDENCE,
        "attest_ability": True, "attest_wish": True, "signed": doc("application"),
    }  # fmt: skip
    answer = await node.do(CLERK, "certification.file_application", application)
    return person, made(answer, "certification")


async def noticed(node: Node, case: str) -> None:
    body = {"case": case, "originals_seen": [0, 1, 2], "opinion": "情况属实"}
    await node.do(CLERK, "certification.register_at_community", body)
    notice = {
        "case": case, "from": "2008-06-02", "until": "2008-06-12", "place": "社区公告栏",
        "channels": ["board"], "handler": node.accounts[CLERK], "office_phone": "0351-7000000",
        "sheet": "cd" * 32,
    }  # fmt: skip
    await node.do(CLERK, "certification.post_notice", notice)


async def certified(node: Node) -> tuple[str, str]:
    await node.at("2008-06-02")
    person, case = await filed(node)
    await noticed(node, case)
    await node.at("2008-06-13")
    review = {"case": case, "opinion": "agree", "text": "同意", "signature": doc("signature")}
    await node.do(SIGNER, "certification.street_review", review)
    await node.do(SIGNER, "certification.forward_to_county", {"case": case, "county": COUNTY})
    await node.do(CERTIFIER, "certification.certify", {"case": case, "category": "aged_4050"})
    return person, case


async def types(node: Node) -> list[str]:
    connection = await asyncpg.connect(node.log_dsn)
    try:
        rows = await connection.fetch("select type from log.events order by pos")
    finally:
        await connection.close()
    return [r["type"] for r in rows if not r["type"].startswith("registry.")]


@pytest.mark.requirement("R19", "R21", "R22", "R23")
async def test_an_application_travels_from_the_community_to_the_county(node: Node) -> None:
    await certified(node)
    assert await types(node) == [
        "certification.application_filed.v1",
        "certification.community_registered.v1",
        "certification.public_notice_posted.v1",
        "certification.public_notice_closed.v1",
        "certification.street_reviewed.v1",
        "certification.forwarded_to_county.v1",
        "certification.person_certified.v1",
        "assistance.file_opened.v1",
    ]


@pytest.mark.requirement("R43")
async def test_a_sibling_community_can_neither_file_nor_see_into_the_case(node: Node) -> None:
    await node.at("2008-06-02")
    _, case = await filed(node)
    other = "140105002001"
    await node.staff(other, "community_officer")
    body = {"case": case, "originals_seen": [0], "opinion": "情况属实"}
    answer = await node.ask(
        f"community_officer.{other}", "certification.register_at_community", body
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


@pytest.mark.requirement("X16")
async def test_a_form_built_on_an_older_version_is_told_who_acted_meanwhile(node: Node) -> None:
    await node.at("2008-06-02")
    _, case = await filed(node)
    body = {"case": case, "originals_seen": [0], "opinion": "情况属实"}
    await node.do(CLERK, "certification.register_at_community", body)
    stale = await node.ask(CLERK, "certification.register_at_community", body, expected=1)
    assert stale.status_code == 409
    newer = stale.json()["data"]["newer"]
    assert [n["type"] for n in newer] == ["certification.community_registered.v1"]


@pytest.mark.requirement("R59", "R69", "R83")
async def test_a_certified_person_signs_an_agreement_and_finds_work(node: Node) -> None:
    person, case = await certified(node)
    agreement = {
        "case": case, "template": "v2008", "helper": node.accounts[CLERK],
        "content": ["job_introduction"], "measures": "每月走访", "one_to_one": False,
        "scan": doc("agreement"),
    }  # fmt: skip
    await node.do(CLERK, "assistance.sign_agreement", agreement)
    work = {
        "person": person, "channel": "flexible", "flexible_kind": "part_time",
        "proof": doc("statement"), "work_division": "140105",
    }  # fmt: skip
    await node.do(CLERK, "posts.place_in_job", work)
    assert (await types(node))[-2:] == ["assistance.agreement_signed.v1", "posts.placed_in_job.v1"]
