"""Checkpoint, tiles and proofs over HTTP, checked as a stranger with the public key would."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import asyncpg
import httpx
import pytest

from events.log.checkpoints import Signer
from events.log.http import log_app
from events.log.merkle import (
    HASH_BYTES,
    ProofError,
    perfect_root,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from events.log.notes import Checkpoint, VerifierKey, verify
from tests.support.logs import START, command, running, schema, touch
from tests.support.servers import Databases

pytestmark = pytest.mark.postgres
PUBLISHED = 700


@dataclass
class Served:
    """A log of 700 signed and 50 unsigned events, over HTTP."""

    http: httpx.AsyncClient
    key: VerifierKey

    async def checkpoint(self) -> Checkpoint:
        return verify((await self.http.get("/checkpoint")).text, self.key)

    async def leaves(self, size: int) -> list[bytes]:
        found: list[bytes] = []
        for tile in range(size // 256 + 1):
            width = min(256, size - 256 * tile)
            path = f"/tile/0/{tile:03}" + f".p/{width}" * (width < 256)
            content = (await self.http.get(path)).content
            assert len(content) == width * HASH_BYTES
            found += [content[i : i + HASH_BYTES] for i in range(0, len(content), HASH_BYTES)]
        return found


@pytest.fixture
async def served(database: Databases, tmp_path: Path) -> AsyncIterator[Served]:
    signer = Signer.open("test", tmp_path)
    dsn = await database(schema)
    async with running(dsn, signer=signer) as world:
        for k in range(7):
            batch = [touch(f"person-{n}", k, 100 * k + n) for n in range(100)]
            await world.log.append(command(k, *batch), START)
        await world.settle(PUBLISHED)
        assert world.sequencer is not None
        await world.sequencer.checkpoint()
        batch = [touch(f"person-{n}", 7, 700 + n) for n in range(50)]
        await world.log.append(command(7, *batch), START)
        await world.settle(PUBLISHED + 50)
    async with (
        asyncpg.create_pool(dsn, min_size=1, max_size=2) as pool,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=log_app(pool, signer.verifier)),
            base_url="http://log/api/log",
        ) as http,
    ):
        yield Served(http, signer.verifier)


@pytest.mark.requirement("X13")
async def test_the_tiles_are_the_tree_that_the_checkpoint_signs(served: Served) -> None:
    signed = await served.checkpoint()
    leaves = await served.leaves(signed.size)
    upper = (await served.http.get("/tile/1/000.p/2")).content

    assert signed.size == PUBLISHED
    assert root_of(leaves) == signed.root
    assert upper == perfect_root(leaves[:256]) + perfect_root(leaves[256:512])


@pytest.mark.requirement("X13")
async def test_proofs_hold_against_the_signed_checkpoint_and_nothing_else(served: Served) -> None:
    signed = await served.checkpoint()
    found = (await served.http.get("/proof/inclusion", params={"seq": 300})).json()
    leaf, proof = b64decode(found["leaf"]), [b64decode(p) for p in found["proof"]]

    verify_inclusion(leaf, 299, signed.size, signed.root, proof)
    assert verify(found["checkpoint"], served.key) == signed
    for index, size, wrong in (
        (298, signed.size, proof), (299, signed.size - 200, proof), (299, signed.size, proof[:-1]),
        (299, signed.size, [*proof, bytes(32)]), (299, signed.size, [bytes(32), *proof[1:]]),
    ):  # fmt: skip
        with pytest.raises(ProofError):
            verify_inclusion(leaf, index, size, signed.root, wrong)

    grown = (await served.http.get("/proof/consistency", params={"old": 300})).json()
    old = root_of((await served.leaves(signed.size))[:300])
    grown_proof = [b64decode(p) for p in grown["proof"]]
    verify_consistency(300, old, signed.size, signed.root, grown_proof)
    with pytest.raises(ProofError):
        verify_consistency(299, old, signed.size, signed.root, grown_proof)


UNCOVERED = [
    "/tile/0/003", "/tile/0/002.p/189", "/tile/0/002.p/0", "/tile/0/002.p/256", "/tile/0/2.p/1",
    "/tile/0/x000/002.p/1", "/tile/00/000", "/tile/0/000.p/08", "/tile/64/000", "/tile/2/000.p/1",
    "/tile/0/x999/x999/x999/x999/x999/999", "/tile/entries/000", "/checkpoint/699",
    "/checkpoint/x", "/proof/inclusion", "/proof/inclusion?seq=0", "/proof/inclusion?seq=701",
    "/proof/inclusion?seq=1&size=699", "/proof/inclusion?seq=1e3", "/proof/inclusion?seq=%D9%A1",
    "/proof/consistency?old=0", "/proof/consistency?old=701",
]  # fmt: skip


async def test_what_no_checkpoint_covers_is_not_shown(served: Served) -> None:
    for path in UNCOVERED:
        answer = await served.http.get(path)
        assert answer.status_code == 404, path
        problem = answer.json()
        assert problem["code"] == "not_in_log"
        assert problem["next_zh"]
        assert problem["next_en"]


async def test_answers_say_how_long_they_hold(served: Served) -> None:
    newest, fixed, tile = [
        await served.http.get(p) for p in ("/checkpoint", f"/checkpoint/{PUBLISHED}", "/tile/0/000")
    ]

    assert newest.text == fixed.text
    assert newest.headers["content-type"] == "text/plain; charset=utf-8"
    assert newest.headers["cache-control"] == "no-cache"
    assert "immutable" in fixed.headers["cache-control"]
    assert tile.headers["content-type"] == "application/octet-stream"
    assert len(tile.content) == 8_192
    assert (await served.http.get("/key")).text == f"{served.key}\n"


async def test_a_proof_takes_a_few_milliseconds(served: Served) -> None:
    await served.http.get("/proof/inclusion", params={"seq": 1})
    begun = perf_counter()
    for seq in range(1, 41):
        await served.http.get("/proof/inclusion", params={"seq": seq * 17})
    assert (perf_counter() - begun) / 40 < 0.05
