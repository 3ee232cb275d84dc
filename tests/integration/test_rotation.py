"""A new key-encryption key beside a running write role: keys stay, their wrapping changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from uuid import uuid5

import asyncpg
import pytest
from typer.testing import CliRunner

from events.log.audit import audit
from events.runtime.clock import SystemClock
from events.runtime.ids import RandomIds
from services.__main__ import cli
from services.kit.keks import KeyFolder
from services.kit.keyring import Keyring
from services.kit.role import PURPOSES
from services.kit.rotation import RotationUnderWayError, rotate
from tests.support.clerk import CLERK, clerks_node, person
from tests.support.node import SPACE, Node
from tests.support.servers import Databases

pytestmark = [pytest.mark.postgres, pytest.mark.requirement("X15")]


@pytest.fixture
async def node(database: Databases, tmp_path: Path) -> AsyncIterator[Node]:
    async with clerks_node(database, tmp_path) as running:
        yield running


async def register(node: Node, number: int) -> dict[str, Any]:
    """Register a person under a command id of the number's own; a resend answers the same."""
    headers = {"idempotency-key": str(uuid5(SPACE, f"rotation/{number}")), **node.as_(CLERK)}
    path = "/api/commands/registry.register_person"
    answer = await node.http.post(path, json=person(number), headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def found(node: Node, number: int) -> int:
    answer = await node.http.post(
        "/api/search", json={"text": f"王第{number}"}, headers=node.as_(CLERK)
    )
    return len(answer.json()["subjects"])


async def rows(node: Node, query: str) -> list[Any]:
    connection = await asyncpg.connect(node.role.settings.secret("keys_url"))
    try:
        return [tuple(row) for row in await connection.fetch(query)]
    finally:
        await connection.close()


async def wrapped_under(node: Node) -> set[str]:
    return {kek for kek, *_ in await rows(node, UNDER)}


UNDER = """select kek from subject_keys where wrapped is not null
union select kek from purpose_keys"""


def folder(node: Node) -> KeyFolder:
    """Read the folder of keys as another process would."""
    return KeyFolder(node.role.settings.home / "keys")


async def rotated(node: Node, tell: Callable[[int, int], None] = lambda *_: None) -> Any:  # noqa: ANN401
    return await rotate(node.role.settings.secret("keys_url"), folder(node), tell, batch=2)


async def purposes(node: Node) -> list[str]:
    """Return a hash under each purpose's key, by a keyring without any memory."""
    dsn = node.role.settings.secret("keys_url")
    async with asyncpg.create_pool(dsn, min_size=1, max_size=1) as pool:
        keyring = Keyring(pool, folder(node), RandomIds(SystemClock()), bytes)
        await keyring.prepare(*PURPOSES)
        return [keyring.keyed(purpose, "one value") for purpose in PURPOSES]


async def test_rows_are_wrapped_anew_while_people_work_and_no_event_is_touched(node: Node) -> None:
    first = [await register(node, number) for number in range(6)]
    before, hashes = await node.everything(), await purposes(node)

    rotation, more = await asyncio.gather(
        rotated(node), asyncio.gather(*(register(node, number) for number in range(10, 30)))
    )
    assert (rotation.kek, rotation.retired) == ("kek-2", ("kek-1",))
    assert await wrapped_under(node) == {"kek-2"}
    assert folder(node).names == ["kek-2"]
    assert (node.role.settings.home / "keys" / "retired" / "kek-1.key").exists()
    assert (await node.everything()).startswith(before[:1000])
    assert await purposes(node) == hashes
    assert [await register(node, number) for number in range(6)] == first
    assert len(more) == 20
    await node.role.follower.settle(0)
    assert [await found(node, number) for number in (0, 10, 29)] == [1, 1, 1]
    await register(node, 40)
    assert await wrapped_under(node) == {"kek-2"}
    assert (await audit(node.log_dsn, [])).clean


class StopError(Exception):
    """The process ends here."""


def stopping(after: int) -> Callable[[int, int], None]:
    """Listen to a rotation, and end its process at the given word."""
    heard: list[int] = []

    def tell(done: int, _: int) -> None:
        heard.append(done)
        if len(heard) > after:
            raise StopError

    return tell


async def test_a_rotation_broken_off_anywhere_harms_nothing_and_is_finished_by_the_next(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        await register(node, number)
    hashes = await purposes(node)
    for round_, at in enumerate((0, 1, 3)):
        with pytest.raises(StopError):
            await rotated(node, stopping(at))
        await register(node, 10 + round_)
        assert await found(node, 3) == 1
        assert (await rotated(node)).kek == f"kek-{round_ + 2}"
        await register(node, 20 + round_)
        assert await wrapped_under(node) == {f"kek-{round_ + 2}"}
    with monkeypatch.context() as broken:
        broken.setattr(KeyFolder, "retire", lambda *_: stopping(0)(0, 0))
        with pytest.raises(StopError):
            await rotated(node)
    await register(node, 30)
    assert (await rotated(node)).retired == ("kek-4",)
    assert await wrapped_under(node) == {"kek-5"}
    assert await purposes(node) == hashes


async def test_a_destroyed_key_stays_destroyed_and_two_rotations_do_not_meet(node: Node) -> None:
    stream = (await register(node, 0))["events"][0]["stream"]
    await node.role.keyring.destroy([stream])
    connection = await asyncpg.connect(node.role.settings.secret("keys_url"))
    try:
        assert await connection.fetchval("select pg_try_advisory_lock(8, 17)")
        with pytest.raises(RotationUnderWayError):
            await rotated(node)
    finally:
        await connection.close()
    await rotated(node)
    query = "select subject from subject_keys where wrapped is null"
    assert await rows(node, query) == [(stream,)]
    told = {
        "BANGFU_HOME": str(node.role.settings.home),
        "BANGFU_KEYS_URL": node.role.settings.secret("keys_url"),
    }
    verb = await asyncio.to_thread(CliRunner().invoke, cli, ["keys", "rotate"], env=told)
    assert verb.exit_code == 0, verb.output
    assert await wrapped_under(node) == {"kek-3"}
