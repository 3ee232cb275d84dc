"""A destroyed key on real PostgreSQL: unreadable for ever, every proof valid, others readable."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import pytest

from events.contracts.catalogue import ALL
from events.log.audit import audit
from events.rules.idnumber import with_check_digit
from events.runtime.clock import SystemClock
from events.runtime.ids import RandomIds
from services.kit.keks import KeyFolder
from services.kit.keyring import Keyring, SubjectShreddedError
from services.kit.role import PURPOSES
from services.kit.sealing import key_ids
from tests.support.node import Node, running_node
from tests.support.servers import Databases

pytestmark = pytest.mark.postgres
NAMES = {"anna": "李金丝雀", "berta": "王百灵"}
CLERK = "community_officer.140105001001"
COUNTY_HEAD, CITY_HEAD = "county_head.140105000000", "city_head.140100000000"
DOC = {"kind": "household_book", "issuer": "派出所", "issued_on": "2008-06-01", "sha256": "a" * 64}


@pytest.fixture
async def node(database: Databases, tmp_path: Path) -> AsyncIterator[Node]:
    async with running_node(database, tmp_path) as running:
        community = await running.office_tree()
        await running.staff(community, "community_officer")
        for login in (COUNTY_HEAD, CITY_HEAD):
            if login not in running.tokens:
                role, _, office = login.partition(".")
                await running.staff(office, role)
        yield running


async def register(node: Node, name: str, tail: str) -> str:
    body = {
        "name": NAMES[name], "sex": "female", "birth_date": "1966-03-04",
        "national_id": with_check_digit(f"14999919660304{tail}"), "address": "金丝雀路一号",
        "residence": "140105001001", "hukou": {"division": "140105", "type": "urban"},
        "worker_type": "worker", "special_work": False,
    }  # fmt: skip
    done = await node.do(CLERK, "registry.register_person", body)
    return str(done["events"][0]["stream"]).split("-", 1)[1]


async def household(node: Node, *persons: str) -> str:
    members = [{"person": p, "relation": "sibling", "counts_as": "normal"} for p in persons]
    body = {"community": "140105001001", "address": "金丝雀路一号", "members": members, "book": DOC}
    done = await node.do(CLERK, "registry.form_household", body)
    return str(done["events"][0]["stream"])


async def end_retention_at_once(node: Node) -> None:
    """Let retention end with the last matter: the province sets its months to none (X17)."""
    wish = {"key": "registry.retention_months", "value": 0, "from": "2008-06-01", "reason": "测试"}
    proposed = await node.do("rules", "registry.propose_rule_parameter", wish)
    event = proposed["events"][0]
    body = {"office": "140000000000", "key": wish["key"], "proposal": event["event_id"],
            "preview": {"cases": 0, "known": 1, "sha256": "a" * 64}}  # fmt: skip
    await node.do("head", "registry.approve_rule_parameter", body)


async def shred(node: Node, person: str) -> None:
    await end_retention_at_once(node)
    wish = {"person": person, "basis": "retention_ended"}
    proposed = await node.do(COUNTY_HEAD, "registry.propose_shredding", {**wish, "document": DOC})
    await node.at("2008-07-02")
    for login in (COUNTY_HEAD, CITY_HEAD):
        await node.sign_in(login)
    approval = {"person": person, "proposal": proposed["events"][0]["event_id"]}
    await node.do(CITY_HEAD, "registry.approve_shredding", approval)


async def stored(node: Node, stream: str) -> dict[str, Any]:
    """Return the body of a stream's first event as the log keeps it."""
    connection = await asyncpg.connect(node.log_dsn)
    try:
        query = "select data from log.events where stream = $1 and version = 1"
        body: dict[str, Any] = orjson.loads(await connection.fetchval(query, stream))
    finally:
        await connection.close()
    return body


async def read(
    node: Node, box: dict[str, str], *, kind: str, stream: str, field: str, subject: str
) -> object:
    """Ask the write role to open one sealed value of a stream's first event."""
    value = {**box, "type": kind, "stream": stream, "version": 1, "field": field,
             "subject": subject}  # fmt: skip
    await node.sign_in(CLERK)
    answer = await node.http.post("/api/open", json={"values": [value]}, headers=node.as_(CLERK))
    assert answer.status_code == 200, answer.text
    return answer.json()["values"][0]


async def name_of(node: Node, person: str) -> object:
    stream = f"person-{person}"
    box = (await stored(node, stream))["name"]
    kind = "registry.person_registered.v1"
    return await read(node, box, kind=kind, stream=stream, field="name", subject=stream)


async def relation(node: Node, home: str, person: str, at: int) -> object:
    box = (await stored(node, home))["members"][at]["relation"]
    field, kind = f"members[{at}].relation", "registry.household_formed.v1"
    subject = f"person-{person}"
    return await read(node, box, kind=kind, stream=home, field=field, subject=subject)


async def found(node: Node, name: str) -> list[str]:
    body = {"text": NAMES[name]}
    answer = await node.http.post("/api/search", json=body, headers=node.as_(CLERK))
    subjects: list[str] = answer.json()["subjects"]
    return subjects


@pytest.mark.requirement("X15")
@pytest.mark.requirement("X13")
async def test_a_shredded_person_is_unreadable_and_the_log_is_still_proven(
    node: Node, tmp_path: Path
) -> None:
    anna, berta = await register(node, "anna", "002"), await register(node, "berta", "004")
    home = await household(node, anna, berta)
    assert await name_of(node, anna) == NAMES["anna"]
    assert await relation(node, home, anna, 0) == "sibling"
    assert await found(node, "anna") == [f"person-{anna}"]

    await shred(node, anna)

    assert await name_of(node, anna) is None
    assert await relation(node, home, anna, 0) is None
    assert await found(node, "anna") == []
    assert await name_of(node, berta) == NAMES["berta"]
    assert await relation(node, home, berta, 1) == "sibling"
    assert await found(node, "berta") == [f"person-{berta}"]
    assert (await audit(node.log_dsn, [])).clean
    await stays_destroyed(node, tmp_path, anna)


async def stays_destroyed(node: Node, home: Path, person: str) -> None:
    """See that a keyring without any memory opens nothing, makes no new key, and wipes once."""
    subject = f"person-{person}"
    body = await stored(node, subject)
    used = key_ids(ALL.classes["registry.person_registered.v1"], body)
    dsn = node.role.settings.secret("keys_url")
    async with asyncpg.create_pool(dsn, min_size=1, max_size=1) as pool:
        keyring = Keyring(pool, KeyFolder(home / "keys"), RandomIds(SystemClock()), bytes)
        await keyring.prepare(*PURPOSES)
        assert await keyring.by_id(used) == {}
        with pytest.raises(SubjectShreddedError):
            await keyring.of([subject])
        query = "select wrapped, destroyed_at from subject_keys where subject = $1"
        before = await pool.fetchrow(query, subject)
        await keyring.destroy([subject])
        assert before is not None
        assert before["wrapped"] is None
        assert await pool.fetchrow(query, subject) == before


@pytest.mark.requirement("X15")
async def test_no_command_about_a_shredded_person_is_taken(node: Node) -> None:
    anna = await register(node, "anna", "002")
    await shred(node, anna)
    await node.sign_in(CLERK)
    wish = {"person": anna, "fact": "address", "value": "别处"}
    answer = await node.ask(CLERK, "registry.record_person_change", wish)
    assert (answer.status_code, answer.json()["code"]) == (410, "person_shredded")
