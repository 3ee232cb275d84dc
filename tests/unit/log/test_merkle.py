"""The tree is RFC 6962's, and its proofs are checked strictly."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import pytest

from events.log.merkle import (
    EMPTY_ROOT,
    Frontier,
    ProofError,
    Tiles,
    consistency_proof,
    inclusion_proof,
    root_of,
    verify_consistency,
    verify_inclusion,
)

INPUTS = (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
SIZE = 19


class Tree:
    """Leaves in memory, read as perfect subtrees."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.leaves = leaves

    async def node(self, height: int, index: int) -> bytes:
        return root_of(self.leaves[index << height : (index + 1) << height])

    def root(self, size: int) -> bytes:
        return root_of(self.leaves[:size])


@pytest.fixture
def tree() -> Tree:
    return Tree([sha256(b"\x00" + bytes([k])).digest() for k in range(SIZE)])


def test_the_roots_are_those_of_certificate_transparency() -> None:
    leaves = [sha256(b"\x00" + bytes.fromhex(text)).digest() for text in INPUTS]

    assert [root_of(leaves[: k + 1]).hex() for k in range(8)] == list(ROOTS)
    assert root_of([]) == EMPTY_ROOT == sha256(b"").digest()


def test_a_stored_frontier_grows_like_the_tree_it_came_from(tree: Tree) -> None:
    for cut in range(SIZE):
        before = Frontier()
        before.extend(tree.leaves[:cut])
        after = Frontier(cut, before.dump())
        after.extend(tree.leaves[cut:])
        assert after.root() == tree.root(SIZE)


def test_a_frontier_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Frontier(3, bytes(32))


def test_full_tiles_come_out_level_by_level() -> None:
    leaves = [sha256(k.to_bytes(4, "big")).digest() for k in range(65_536)]
    tiles = Tiles()

    full = [tile for leaf in leaves for tile in tiles.append(leaf)]

    assert [(level, index) for level, index, _ in full][-2:] == [(0, 255), (1, 0)]
    assert len(full) == 257
    assert full[0][2] == b"".join(leaves[:256])
    assert full[-1][2][:32] == root_of(leaves[:256])
    assert [len(nodes) for nodes in tiles.open] == [0, 0, 1]


async def test_every_leaf_is_proved_in_every_tree(tree: Tree) -> None:
    for size in range(1, SIZE + 1):
        for index in range(size):
            proof = await inclusion_proof(tree.node, index, size)
            verify_inclusion(tree.leaves[index], index, size, tree.root(size), proof)


async def test_every_tree_is_proved_to_begin_with_every_older_one(tree: Tree) -> None:
    for new in range(1, SIZE + 1):
        for old in range(1, new + 1):
            proof = await consistency_proof(tree.node, old, new)
            verify_consistency(old, tree.root(old), new, tree.root(new), proof)


async def test_a_wrong_inclusion_proof_is_refused(tree: Tree) -> None:
    for size in range(2, SIZE + 1):
        for index in range(size):
            proof = await inclusion_proof(tree.node, index, size)
            leaf, root = tree.leaves[index], tree.root(size)
            for wrong in (proof[:-1], [*proof, bytes(32)], [bytes(32), *proof[1:]], [*proof, b""]):
                with pytest.raises(ProofError):
                    verify_inclusion(leaf, index, size, root, wrong)
            with pytest.raises(ProofError):
                verify_inclusion(leaf, (index + 1) % size, size, root, proof)
            with pytest.raises(ProofError):
                verify_inclusion(leaf, size, size, root, proof)


async def test_a_wrong_consistency_proof_is_refused(tree: Tree) -> None:
    for new in range(2, SIZE + 1):
        for old in range(1, new):
            proof = await consistency_proof(tree.node, old, new)
            roots = tree.root(old), tree.root(new)
            for wrong in (proof[:-1], [*proof, bytes(32)], [bytes(32), *proof[1:]]):
                with pytest.raises(ProofError):
                    verify_consistency(old, roots[0], new, roots[1], wrong)
            with pytest.raises(ProofError):
                verify_consistency(old, bytes(32), new, roots[1], proof)
            with pytest.raises(ProofError):
                verify_consistency(old, roots[0], new, bytes(32), proof)


def test_two_roots_of_one_size_are_never_consistent(tree: Tree) -> None:
    with pytest.raises(ProofError):
        verify_consistency(5, tree.root(5), 5, bytes(32), [])


async def test_no_proof_is_made_for_what_is_not_there(tree: Tree) -> None:
    with pytest.raises(ProofError):
        await inclusion_proof(tree.node, 5, 5)
    with pytest.raises(ProofError):
        await consistency_proof(tree.node, 0, 5)
    with pytest.raises(ProofError):
        await consistency_proof(tree.node, 6, 5)
