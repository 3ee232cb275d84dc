"""The key database lost and found again: "not available", never "deleted", and no help needed."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid5

import asyncpg
import httpx
import orjson
import pytest
from pydantic import SecretStr

from events.contracts.catalogue import ALL
from events.runtime.postgres import EmbeddedPostgres
from services.kit import keyring
from services.kit.keyring import KeysUnavailableError
from services.kit.role import KEYS_AWAY, open_write_role
from tests.support.clerk import CLERK, clerks_node, person
from tests.support.node import CONTEXTS, SPACE, Node
from tests.support.servers import Databases
from tests.support.until import until

pytestmark = [pytest.mark.postgres, pytest.mark.requirement("X15")]


@pytest.fixture(scope="module")
def keys_server(server_home: Path) -> Any:  # noqa: ANN401
    """Run a cluster for keys alone, so that it can be lost while the log goes on."""
    server = EmbeddedPostgres(server_home / "keys")
    server.start()
    yield server
    server.remove()


@pytest.fixture
async def node(
    database: Databases,
    keys_server: EmbeddedPostgres,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Node]:
    monkeypatch.setattr(keyring, "CACHE", 1)
    dsn = await keys_server.create_database(f"keys_{secrets.token_hex(4)}")
    told = {"keys_url": SecretStr(dsn)}
    async with clerks_node(database, tmp_path, told) as running:
        yield running


async def sealed_name(node: Node, stream: str) -> dict[str, Any]:
    connection = await asyncpg.connect(node.log_dsn)
    try:
        query = "select data from log.events where stream = $1 and version = 1"
        body = orjson.loads(await connection.fetchval(query, stream))
    finally:
        await connection.close()
    return {
        **body["name"],
        "type": "registry.person_registered.v1",
        "stream": stream,
        "version": 1,
        "field": "name",
        "subject": stream,
    }


async def asked(node: Node, path: str, body: dict[str, Any]) -> httpx.Response:
    """Ask under an id that belongs to what is asked: a second time is the same command."""
    headers = node.as_(CLERK) | {"idempotency-key": str(uuid5(SPACE, f"{path} {body}"))}
    return await node.http.post(path, json=body, headers=headers)


def unavailable(answer: httpx.Response) -> bool:
    """See that an answer says what is so: not available now, nothing deleted, try again."""
    body = answer.json()
    assert (answer.status_code, body["code"]) == (503, "keys_unavailable"), answer.text
    assert "retry-after" in answer.headers
    return "未被删除" in body["zh"] and "none was deleted" in body["en"]


REGISTER = "/api/commands/registry.register_person"
CHANGE = "/api/commands/registry.record_person_change"
CITY = {"name": "大同市", "kind": "labour", "level": "city", "code": "1402", "from": "2008-06-01"}


async def test_a_lost_key_database_stops_personal_data_alone_and_comes_back_by_itself(
    node: Node, keys_server: EmbeddedPostgres
) -> None:
    streams = []
    for number in range(2):
        done = await asked(node, REGISTER, person(number))
        streams.append(done.json()["events"][0]["stream"])
    name = await sealed_name(node, streams[0])
    last = {"person": streams[1].removeprefix("person-"), "fact": "address", "value": "别处"}
    keys_server.kill()
    await until(lambda: not node.role.keyring.up)

    assert unavailable(await asked(node, REGISTER, person(2)))
    assert unavailable(await asked(node, CHANGE, last)), "also under a key that is at hand"
    assert unavailable(await asked(node, "/api/open", {"values": [name], "page": "list"}))
    assert unavailable(await asked(node, "/api/search", {"text": "王第0"}))
    assert node.role.ready() == (True, KEYS_AWAY)
    opened = await node.ask("rules", "registry.open_office", CITY)
    assert opened.status_code == 200, opened.text
    with pytest.raises(KeysUnavailableError):
        async with open_write_role(node.role.settings, CONTEXTS, ALL):
            pass

    keys_server.start()
    await until(lambda: node.role.keyring.up, 30)
    assert node.role.ready()[1] != KEYS_AWAY
    assert (await asked(node, REGISTER, person(2))).status_code == 200
    assert (await asked(node, CHANGE, last)).status_code == 200
    found = await asked(node, "/api/open", {"values": [name], "page": "list"})
    assert found.json()["values"] == ["王第0"]


async def test_a_key_database_that_is_gone_whole_is_not_taken_for_destroyed_keys(
    node: Node,
) -> None:
    done = await asked(node, REGISTER, person(0))
    name = await sealed_name(node, done.json()["events"][0]["stream"])
    await asked(node, REGISTER, person(1))
    connection = await asyncpg.connect(node.role.settings.secret("keys_url"))
    try:
        await connection.execute("alter table subject_keys rename to lost")
        await until(lambda: not node.role.keyring.up)
        assert unavailable(await asked(node, "/api/open", {"values": [name], "page": "list"}))
        await connection.execute("alter table lost rename to subject_keys")
    finally:
        await connection.close()
    await until(lambda: node.role.keyring.up)
    found = await asked(node, "/api/open", {"values": [name], "page": "list"})
    assert found.json()["values"] == ["王第0"]
