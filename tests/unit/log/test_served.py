"""What is served is held against the events: a tile that differs, is missing, or nobody there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from events.log.merkle import TILE_WIDTH, Tiles
from events.log.notes import Checkpoint, VerifierKey, sign
from events.log.served import MOST_BYTES, Served, ServedAwayError

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
LEAVES = [bytes([n % 256]) * 32 for n in range(TILE_WIDTH + 3)]
NOTE = sign(Checkpoint("test/events/1", TILE_WIDTH + 2, bytes(32)), "test", KEY)
PUBLIC = VerifierKey("test", KEY.public_key().public_bytes_raw())
EDGE = b"".join(LEAVES[TILE_WIDTH:])
"""The last three leaves, of which two are signed."""


def answers() -> dict[str, bytes]:
    return {
        "/key": f"{PUBLIC}\n".encode(), "/checkpoint": NOTE.encode(), "/signed": NOTE.encode(),
        "/tile/0/000": b"".join(LEAVES[:TILE_WIDTH]), "/tile/0/001.p/2": EDGE[:64],
    }  # fmt: skip


async def served(found: dict[str, bytes]) -> Served:
    def answer(request: httpx.Request) -> httpx.Response:
        content = found.get(request.url.path)
        return httpx.Response(404) if content is None else httpx.Response(200, content=content)

    http = httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://log")
    return await Served.ask(http)


async def differing(served: Served) -> list[tuple[str, int, str]]:
    tree = Tiles()
    full = [tile for leaf in LEAVES for tile in tree.append(leaf)]
    edge = [(n, tree.first[n], b"".join(nodes)) for n, nodes in enumerate(tree.open)]
    return [(f.code, f.seq, f.detail) for f in await served.differing([*full, *edge])]


@pytest.mark.requirement("X13")
async def test_what_is_served_is_the_tree_of_the_events_as_far_as_it_is_signed() -> None:
    found = await served(answers() | {"/tile/1/000.p/1": _upper()})
    assert (found.size, found.notes) == (TILE_WIDTH + 2, (NOTE,))
    assert await differing(found) == []
    assert found.compared == 3


@pytest.mark.requirement("X13")
async def test_a_tile_that_is_served_otherwise_or_not_at_all_names_its_first_event() -> None:
    upper = {"/tile/1/000.p/1": _upper()}
    other = answers() | upper | {"/tile/0/001.p/2": EDGE[:63] + b"x"}
    assert await differing(await served(other)) == [
        ("served_differs", TILE_WIDTH + 1, "tiles/0/001.p/2")
    ]
    missing = {k: v for k, v in (answers() | upper).items() if k != "/tile/0/000"}
    assert await differing(await served(missing)) == [("served_differs", 1, "tiles/0/000")]


@pytest.mark.parametrize(
    "change",
    [
        {"/key": b"no key"},
        {"/checkpoint": b"no note"},
        {"/checkpoint": b"\xff"},
        {"/signed": b"\xff"},
        {"/tile/0/000": bytes(MOST_BYTES + 1)},
    ],
)
async def test_what_is_no_log_or_does_not_answer_proves_nothing(change: dict[str, bytes]) -> None:
    with pytest.raises(ServedAwayError):
        await differing(await served(answers() | change))
    with pytest.raises(ServedAwayError):
        await served({})


async def test_an_answer_that_never_ends_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("events.log.served.SECONDS", 0.05)

    async def drops() -> AsyncIterator[bytes]:
        while True:
            yield b"a"
            await asyncio.sleep(0.01)

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=drops())

    transport = httpx.MockTransport(answer)
    async with httpx.AsyncClient(transport=transport, base_url="http://log") as http:
        with pytest.raises(ServedAwayError):
            await asyncio.wait_for(Served.ask(http), 5)


def _upper() -> bytes:
    tree = Tiles()
    for leaf in LEAVES[:TILE_WIDTH]:
        tree.append(leaf)
    return tree.open[1][0]
