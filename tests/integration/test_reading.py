"""Every read of personal data is on record before it is shown; numbers need a ticket (X14, X15)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import orjson
import pytest

from events.log.port import LogClosedError
from events.rules.idnumber import with_check_digit
from services.kit.answers import Accepted, Sent
from tests.support.node import SIBLING, Node, running_node
from tests.support.servers import Databases

pytestmark = pytest.mark.postgres
NUMBER = with_check_digit("14999919660304002")
CLERK, OTHER, FAR = "clerk", "other", "far"
KIND = "registry.person_registered.v1"


@pytest.fixture
async def node(database: Databases, tmp_path: Path) -> AsyncIterator[Node]:
    async with running_node(database, tmp_path) as running:
        community = await running.office_tree()
        for login in (CLERK, OTHER):
            await running.staff(community, "community_officer", login=login)
        await running.staff(await running.office_tree(SIBLING), "community_officer", login=FAR)
        yield running


@pytest.fixture
async def person(node: Node) -> str:
    body = {
        "name": "李金丝雀", "sex": "female", "birth_date": "1966-03-04", "national_id": NUMBER,
        "address": "金丝雀路一号", "residence": "140105001001",
        "hukou": {"division": "140105", "type": "urban"}, "worker_type": "worker",
        "special_work": False,
    }  # fmt: skip
    done = await node.do(CLERK, "registry.register_person", body)
    return str(done["events"][0]["stream"]).split("-", 1)[1]


async def rows(node: Node, stream: str) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Return (type, meta, body) of a stream's events as the log keeps them."""
    connection = await asyncpg.connect(node.log_dsn)
    try:
        query = "select type, meta, data from log.events where stream = $1 order by version"
        found = await connection.fetch(query, stream)
    finally:
        await connection.close()
    return [(r["type"], orjson.loads(r["meta"]), orjson.loads(r["data"])) for r in found]


async def show(node: Node, login: str, person: str, *fields: str, **more: str) -> httpx.Response:
    """Ask the write role to open fields of the person's registration."""
    stream = f"person-{person}"
    (_, _, body), *_ = await rows(node, stream)
    place = {"type": KIND, "stream": stream, "version": 1, "subject": stream}
    values = [{**body[field], **place, "field": field} for field in fields]
    wish = {"values": values, "page": "person"} | more
    return await node.http.post("/api/open", json=wish, headers=node.as_(login))


def opened(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    values: list[str] = answer.json()["values"]
    return values


async def ticket_for(node: Node, login: str, person: str) -> str:
    wish = {"person": person, "fields": ["national_id"], "reason": "identity_check"}
    done = await node.do(login, "registry.reveal_fields", wish)
    return str(done["events"][0]["event_id"])


@pytest.mark.requirement("X14")
@pytest.mark.requirement("X15")
async def test_a_read_is_recorded_under_the_readers_name_and_numbers_stay_masked(
    node: Node, person: str
) -> None:
    assert opened(await show(node, CLERK, person, "name", "national_id")) == [
        "李金丝雀",
        f"{NUMBER[:6]}********{NUMBER[-4:]}",
    ]
    ((wire, meta, body),) = await rows(node, f"access-{person}")
    assert wire == "registry.person_read.v1"
    assert (meta["actor"], meta["office"]) == (node.accounts[CLERK], "140105001001")
    assert body == {
        "person": person, "page": "person", "fields": ["name", "national_id"], "mode": "view"
    }  # fmt: skip


@pytest.mark.requirement("X14")
async def test_a_ticket_shows_its_number_to_its_asker_once(node: Node, person: str) -> None:
    ticket = await ticket_for(node, CLERK, person)
    stolen = await show(node, OTHER, person, "national_id", ticket=ticket)
    assert (stolen.status_code, stolen.json()["code"]) == (403, "ticket_unknown")
    assert opened(await show(node, CLERK, person, "national_id", ticket=ticket)) == [NUMBER]
    again = await show(node, CLERK, person, "national_id", ticket=ticket)
    assert (again.status_code, again.json()["code"]) == (409, "ticket_used")
    assert NUMBER not in again.text


@pytest.mark.requirement("X14")
async def test_an_emergency_opens_a_person_elsewhere_until_it_ends(node: Node, person: str) -> None:
    assert (await show(node, FAR, person, "name")).status_code == 403
    wish = {"person": person, "reason": "本人在外地求助"}
    await node.do(FAR, "registry.open_emergency_access", wish)
    assert opened(await show(node, FAR, person, "name")) == ["李金丝雀"]
    await node.at("2008-06-01", 5)
    assert (await show(node, FAR, person, "name")).status_code == 403


@pytest.mark.requirement("X20", "X14")
async def test_a_print_is_a_read_on_record_as_such(node: Node, person: str) -> None:
    wish = {"page": "notice", "mode": "print"}
    assert opened(await show(node, CLERK, person, "name", **wish)) == ["李金丝雀"]
    ((wire, meta, body),) = await rows(node, f"access-{person}")
    assert (wire, meta["actor"]) == ("registry.person_read.v1", node.accounts[CLERK])
    assert body == {"person": person, "page": "notice", "fields": ["name"], "mode": "print"}


@pytest.mark.requirement("X20", "X14")
async def test_an_emergency_shows_a_person_and_prints_nothing_of_her(
    node: Node, person: str
) -> None:
    wish = {"person": person, "reason": "本人在外地求助"}
    await node.do(FAR, "registry.open_emergency_access", wish)
    refused = await show(node, FAR, person, "name", page="notice", mode="print")
    assert (refused.status_code, refused.json()["data"]["rule"]) == (403, "deny.paper")
    assert [wire for wire, *_ in await rows(node, f"access-{person}")] == [
        "registry.emergency_access_opened.v1"
    ]


@pytest.mark.requirement("X15")
async def test_restricted_data_is_not_opened(node: Node, person: str) -> None:
    head = "county_head.140105000000"
    if head not in node.tokens:
        await node.staff("140105000000", "county_head")
    wish = {"person": person, "basis": "objection", "from": "2008-06-01"}
    await node.do(head, "registry.restrict_processing", wish)
    assert opened(await show(node, CLERK, person, "name")) == [None]
    assert await rows(node, f"access-{person}") == []


@pytest.mark.requirement("X14", "X15")
async def test_restricted_data_opens_to_the_audit_alone_for_a_stated_purpose(
    node: Node, person: str
) -> None:
    await node.staff("140105001000", "auditor", login="auditor")
    refused = await show(node, "auditor", person, "name")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    wish = {"person": person, "basis": "objection", "from": "2008-06-01"}
    await node.do("county_head.140105000000", "registry.restrict_processing", wish)
    for login in (CLERK, "street_signer.140105001000"):
        assert opened(await show(node, login, person, "name", purpose="audit")) == [None]
    assert opened(await show(node, "auditor", person, "name", purpose="audit")) == ["李金丝雀"]
    ((_, meta, body),) = await rows(node, f"access-{person}")
    assert (meta["actor"], body["purpose"]) == (node.accounts["auditor"], "audit")


@pytest.mark.requirement("X15", "X23")
async def test_a_restricted_person_is_not_searched_for(node: Node, person: str) -> None:
    async def found() -> dict[str, Any]:
        wish = {"text": "李金丝雀"}
        answer = await node.http.post("/api/search", json=wish, headers=node.as_(CLERK))
        hits: dict[str, Any] = answer.json()
        return hits

    assert await found() == {"subjects": [f"person-{person}"], "outside": 0, "restricted": 0}
    wish = {"person": person, "basis": "objection", "from": "2008-06-01"}
    await node.do("county_head.140105000000", "registry.restrict_processing", wish)
    assert await found() == {"subjects": [], "outside": 0, "restricted": 1}


@pytest.mark.requirement("X14")
async def test_what_cannot_be_recorded_is_not_shown(
    node: Node, person: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def closed(_: Sent) -> Accepted:
        raise LogClosedError

    monkeypatch.setattr(node.role.handler, "handle", closed)
    answer = await show(node, CLERK, person, "name")
    assert answer.status_code == 503
    assert "金丝雀" not in answer.text


@pytest.mark.requirement("X14")
async def test_nobody_records_a_read_by_hand(node: Node, person: str) -> None:
    wish = {"person": person, "page": "person", "fields": ["name"], "mode": "view"}
    answer = await node.ask(CLERK, "registry.record_read", wish)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
