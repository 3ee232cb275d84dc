"""Our trees, proofs, tiles and notes are, byte for byte, those of another implementation.

`tests/oracle/` makes the vectors with golang.org/x/mod (tlog, note) and transparency-dev/formats.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from events.log.manifest import tile_path
from events.log.merkle import (
    HASH_BYTES,
    ProofError,
    Tiles,
    consistency_proof,
    inclusion_proof,
    perfect_root,
    verify_consistency,
    verify_inclusion,
)
from events.log.notes import WITNESS_KEY, VerifierKey, cosign, opened, parse, sign, verify

FILE = Path(__file__).parents[2] / "oracle" / "vectors.json"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
WITNESS = Ed25519PrivateKey.from_private_bytes(bytes(32))


@pytest.fixture(scope="module")
def vectors() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text())
    return found


class Tree:
    """The oracle's 70,000 records as nodes by (height, index)."""

    def __init__(self) -> None:
        self.leaves = [sha256(b"\x00event %d" % k).digest() for k in range(70_000)]
        self.tiles: dict[tuple[int, int], bytes] = {}
        grown = Tiles()
        for leaf in self.leaves:
            self.tiles |= {(level, tile): data for level, tile, data in grown.append(leaf)}
        for level, nodes in enumerate(grown.open):
            self.tiles[level, grown.first[level]] = b"".join(nodes)

    async def node(self, height: int, index: int) -> bytes:
        return perfect_root(self.leaves[index << height : (index + 1) << height])


@pytest.fixture(scope="module")
def tree() -> Tree:
    return Tree()


@pytest.fixture(scope="module")
def roots(vectors: dict[str, Any]) -> dict[int, bytes]:
    return {size: bytes.fromhex(root) for size, root in vectors["roots"]}


def test_roots_are_equal(tree: Tree, roots: dict[int, bytes]) -> None:
    grown = Tiles()
    for leaf in tree.leaves:
        grown.append(leaf)
        if grown.size in roots:
            assert grown.root() == roots[grown.size]
    assert max(roots) == grown.size


async def test_inclusion_proofs_are_equal_and_hold(
    vectors: dict[str, Any], tree: Tree, roots: dict[int, bytes]
) -> None:
    for index, size, texts in vectors["inclusion"]:
        theirs = [bytes.fromhex(t) for t in texts]
        assert await inclusion_proof(tree.node, index, size) == theirs
        verify_inclusion(tree.leaves[index], index, size, roots[size], theirs)
        for wrong in (theirs[:-1], [*theirs, bytes(32)], [bytes(32), *theirs]):
            if wrong != theirs:
                with pytest.raises(ProofError):
                    verify_inclusion(tree.leaves[index], index, size, roots[size], wrong)
        if index:
            with pytest.raises(ProofError):
                verify_inclusion(tree.leaves[index], index - 1, size, roots[size], theirs)


async def test_consistency_proofs_are_equal_and_hold(
    vectors: dict[str, Any], tree: Tree, roots: dict[int, bytes]
) -> None:
    for old, size, texts in vectors["consistency"]:
        theirs = [bytes.fromhex(t) for t in texts]
        assert await consistency_proof(tree.node, old, size) == theirs
        if old not in roots:
            continue
        verify_consistency(old, roots[old], size, roots[size], theirs)
        for wrong in (theirs[:-1], [*theirs, bytes(32)]):
            if wrong != theirs:
                with pytest.raises(ProofError):
                    verify_consistency(old, roots[old], size, roots[size], wrong)


def test_tiles_and_their_places_are_equal(vectors: dict[str, Any], tree: Tree) -> None:
    for level, tile, width, path, digest in vectors["tiles"]:
        assert f"tile/8/{tile_path(level, tile, width)}" == path
        if digest:
            data = tree.tiles[level, tile]
            assert len(data) == width * HASH_BYTES
            assert sha256(data).hexdigest() == digest


@pytest.mark.requirement("X13")
def test_keys_and_signed_checkpoints_are_equal(vectors: dict[str, Any]) -> None:
    key = VerifierKey.parse(vectors["key"])

    assert str(VerifierKey("node", KEY.public_key().public_bytes_raw())) == vectors["key"]
    assert verify(vectors["signed"], key).size == 600
    assert sign(parse(vectors["signed"]), "node", KEY) == vectors["signed"]


@pytest.mark.requirement("X13")
def test_a_witness_signs_as_another_witness_would(vectors: dict[str, Any]) -> None:
    public = WITNESS.public_key().public_bytes_raw()
    witness = VerifierKey(vectors["witness"], public, WITNESS_KEY)
    _, seen = opened(vectors["cosigned"], [witness])

    [signature] = seen
    assert signature.at is not None
    again = cosign(vectors["signed"], vectors["witness"], WITNESS, signature.at)
    assert again == vectors["cosigned"]


def test_the_specifications_own_example_has_the_form_we_read() -> None:
    """The checkpoint with a cosignature that tlog-cosignature prints."""
    example = (
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Z"
        "hcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
        "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJs"
        "X3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
    )
    point = parse(example)

    assert (point.origin, point.size) == ("example.com/behind-the-sofa", 20_852_163)
