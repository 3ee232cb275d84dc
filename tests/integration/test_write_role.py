"""The write role on real PostgreSQL: from a token to durable events, and nothing half-written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from uuid import UUID, uuid5

import httpx
import pytest

from events.rules.idnumber import with_check_digit
from tests.support.node import Node, running_node
from tests.support.servers import Databases

pytestmark = pytest.mark.postgres
NUMBER = with_check_digit("14999919660304002")
SPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")


@pytest.fixture
async def node(database: Databases, tmp_path: Path) -> AsyncIterator[Node]:
    async with running_node(database, tmp_path) as running:
        yield running


def open_city(code: str = "1401") -> dict[str, object]:
    return {"name": "太原市", "kind": "labour", "level": "city", "code": code, "from": "2008-06-01"}


async def send(
    node: Node, name: str, body: dict[str, object], ident: str, **headers: str
) -> httpx.Response:
    return await node.http.post(
        f"/api/commands/{name}",
        json=body,
        headers={"idempotency-key": str(uuid5(SPACE, ident)), **node.as_("rules"), **headers},
    )


async def test_a_command_is_answered_with_its_events_and_a_token_to_wait_for(node: Node) -> None:
    answer = await send(node, "registry.open_office", open_city(), "a")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert [e["type"] for e in body["events"]] == ["registry.office_opened.v1"]
    assert body["after"].startswith("test:")


@pytest.mark.requirement("X16")
async def test_the_same_id_is_answered_the_same_and_another_body_is_refused(node: Node) -> None:
    first = await send(node, "registry.open_office", open_city(), "a")
    again = await send(node, "registry.open_office", open_city(), "a")
    other = await send(node, "registry.open_office", open_city("1402"), "a")
    assert again.json() == first.json()
    assert (other.status_code, other.json()["code"]) == (422, "command_id_reused")


@pytest.mark.requirement("X16")
async def test_the_id_of_an_accepted_wish_is_nobody_elses(node: Node) -> None:
    await send(node, "registry.open_office", open_city(), "a")
    borrowed = await send(node, "registry.open_office", open_city(), "a", **node.as_("operator"))
    assert (borrowed.status_code, borrowed.json()["code"]) == (422, "command_id_reused")


async def test_refusals_name_code_and_next_step_in_both_languages(node: Node) -> None:
    unknown = await send(node, "registry.fly", {}, "b")
    wrong = await send(node, "registry.open_office", open_city() | {"colour": "red"}, "c")
    nobody = await node.http.post("/api/commands/registry.open_office", json=open_city())
    for answer, status, code in (
        (unknown, 404, "unknown_command"),
        (wrong, 400, "malformed"),
        (nobody, 401, "unauthenticated"),
    ):
        body = answer.json()
        assert (answer.status_code, body["code"]) == (status, code)
        assert body["zh"]
        assert body["next_en"]


async def test_control_characters_are_refused_before_any_database_sees_them(node: Node) -> None:
    named = await send(node, "registry.open_office", open_city() | {"name": "太\0原"}, "d")
    login = await node.http.post("/api/token", json={"login": "a\0b", "password": "x"})
    for answer in (named, login):
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


async def test_many_commands_are_answered_line_by_line_in_order(node: Node) -> None:
    codes = ["1401", "1402", "xx", "1403"]
    lines = [
        {"id": str(uuid5(SPACE, c)), "type": "registry.open_office", "data": open_city(c)}
        for c in codes
    ]
    text = "\n".join(
        httpx.Request("POST", "http://x", json=line).content.decode() for line in lines
    )
    answer = await node.http.post("/api/commands", content=text, headers=node.as_("rules"))
    got = [httpx.Response(200, content=row).json() for row in answer.text.splitlines()]
    assert [row["id"] for row in got] == [line["id"] for line in lines]
    assert [row["status"] for row in got] == [200, 200, 400, 200]


@pytest.mark.requirement("R17")
async def test_no_personal_datum_reaches_the_log_in_clear(node: Node) -> None:
    community = await node.office_tree()
    person = {
        "name": "李金丝雀",
        "sex": "female",
        "birth_date": "1966-03-04",
        "national_id": NUMBER,
        "address": "金丝雀路一号",
        "residence": community,
        "hukou": {"division": "140105", "type": "urban"},
        "worker_type": "worker",
        "special_work": False,
    }
    token = await node.staff(community, "community_officer")
    answer = await node.http.post(
        "/api/commands/registry.register_person",
        json=person,
        headers={"idempotency-key": str(uuid5(SPACE, "p")), **token},
    )
    assert answer.status_code == 200, answer.text
    dump = await node.everything()
    assert NUMBER.encode() not in dump
    assert "金丝雀".encode() not in dump
    assert date.fromisoformat("1966-03-04").isoformat().encode() not in dump


async def occurred(node: Node, ident: str, **times: str) -> httpx.Response:
    return await send(node, "registry.open_office", open_city("1403") | times, ident)


async def test_an_instant_with_an_offset_is_kept_in_utc(node: Node) -> None:
    answer = await occurred(node, "e", occurred_at="2008-06-01T01:00:00+08:00")
    assert answer.status_code == 200, answer.text
    assert b'"occurred_at":"2008-05-31T17:00:00.000000Z"' in await node.everything()


@pytest.mark.parametrize(
    "times",
    [
        {"occurred_at": "0001-01-01T00:00:00Z"},
        {"occurred_at": "0001-01-01T00:00:00+14:00"},
        {"reported_at": "9999-12-31T23:59:59Z"},
        {"from": "9999-12-31"},
    ],
)
async def test_a_day_at_the_edge_of_the_calendar_is_refused(
    node: Node, times: dict[str, str]
) -> None:
    answer = await occurred(node, "f", **times)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


async def test_a_report_from_the_future_is_refused(node: Node) -> None:
    answer = await occurred(node, "g", reported_at="2099-01-01T00:00:00Z")
    assert (answer.status_code, answer.json()["code"]) == (422, "date_in_future")


async def test_who_may_not_act_learns_nothing_from_a_stale_version(node: Node) -> None:
    opened = (await send(node, "registry.open_office", open_city(), "a")).json()
    office = opened["events"][0]["stream"].partition("-")[2]
    body = {"office": office, "name": "新", "from": "2008-07-01"}
    plain = await send(node, "registry.rename_office", body, "h", **node.as_("operator"))
    asked = await send(
        node, "registry.rename_office", body, "i", **node.as_("operator"), **{"if-match": "0"}
    )
    assert (plain.status_code, asked.status_code) == (403, 403)
    assert asked.json() == plain.json()
