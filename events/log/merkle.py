"""The Merkle tree of RFC 6962 over leaf hashes: frontier, roots, proofs, strict verification.

A root does not commit to the size of its tree: take the size from a signed checkpoint alone, never
from a proof.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()
HASH_BYTES = 32
TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT

NodeAt = Callable[[int, int], Awaitable[bytes]]
"""Reads the root of a perfect subtree by (height, index)."""


class ProofError(ValueError):
    """A proof that does not fit: wrong root, index, size or length."""


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into their parent."""
    return sha256(b"\x01" + left + right).digest()


def nodes_of(hashes: bytes) -> list[bytes]:
    """Cut a tile, or a stored frontier, into its nodes."""
    return [hashes[i : i + HASH_BYTES] for i in range(0, len(hashes), HASH_BYTES)]


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes held in memory."""
    frontier = Frontier()
    frontier.extend(leaves)
    return frontier.root()


class Frontier:
    """The roots of a tree's perfect subtrees, largest first: all that appending needs."""

    __slots__ = ("hashes", "size")

    def __init__(self, size: int = 0, hashes: bytes = b"") -> None:
        """Load a stored frontier; raises ValueError when it does not fit the size."""
        if len(hashes) != size.bit_count() * HASH_BYTES:
            raise ValueError("the frontier does not fit the size of the tree")
        self.size = size
        self.hashes = nodes_of(hashes)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash on the right."""
        hashes, size = self.hashes, self.size
        while size & 1:
            leaf = sha256(b"\x01" + hashes.pop() + leaf).digest()
            size >>= 1
        hashes.append(leaf)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes in order."""
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        """Return the tree's root."""
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root

    def dump(self) -> bytes:
        """Return the hashes as stored."""
        return b"".join(self.hashes)


class Tiles:
    """A growing tree as its open tiles; full ones (256 nodes, 8,192 bytes) come out."""

    def __init__(self) -> None:
        self.open: list[list[bytes]] = [[]]
        self.first: list[int] = [0]

    def load(self, level: int, tile: int, nodes: Sequence[bytes]) -> None:
        """Set the open tile of a level, which has fewer than 256 nodes."""
        while len(self.open) <= level:
            self.open.append([])
            self.first.append(0)
        self.open[level], self.first[level] = list(nodes), tile

    @property
    def size(self) -> int:
        """The number of leaves."""
        return self.first[0] * TILE_WIDTH + len(self.open[0])

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add a leaf hash; return the (level, tile, hashes) that became full."""
        nodes = self.open[0]
        nodes.append(leaf)
        return self._close() if len(nodes) == TILE_WIDTH else []

    def _close(self) -> list[tuple[int, int, bytes]]:
        full: list[tuple[int, int, bytes]] = []
        level = 0
        while len(self.open[level]) == TILE_WIDTH:
            nodes = self.open[level]
            full.append((level, self.first[level], b"".join(nodes)))
            self.open[level] = []
            self.first[level] += 1
            level += 1
            if level == len(self.open):
                self.open.append([])
                self.first.append(0)
            self.open[level].append(perfect_root(nodes))
        return full

    def root(self) -> bytes:
        """Return the tree's root."""
        hashes: list[bytes] = []
        for nodes in reversed(self.open):
            edge = Frontier()
            edge.extend(nodes)
            hashes += edge.hashes
        root = hashes.pop() if hashes else EMPTY_ROOT
        while hashes:
            root = node_hash(hashes.pop(), root)
        return root


def perfect_root(nodes: Sequence[bytes]) -> bytes:
    """Return the root over a number of nodes that is a power of two."""
    while len(nodes) > 1:
        pairs = zip(nodes[::2], nodes[1::2], strict=True)
        nodes = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
    return nodes[0]


def perfect_subtrees(start: int, stop: int) -> list[tuple[int, int]]:
    """Cut leaves start..stop-1 into perfect subtrees (height, index), left to right.

    `start` must be a multiple of the largest power of two that fits (as in RFC 6962).
    """
    parts: list[tuple[int, int]] = []
    while start < stop:
        height = (stop - start).bit_length() - 1
        parts.append((height, start >> height))
        start += 1 << height
    return parts


async def range_root(node_at: NodeAt, start: int, stop: int) -> bytes:
    """Return the root over leaves start..stop-1 as one side of a proof needs it."""
    if start == stop:
        return EMPTY_ROOT
    hashes = [await node_at(height, index) for height, index in perfect_subtrees(start, stop)]
    root = hashes.pop()
    while hashes:
        root = node_hash(hashes.pop(), root)
    return root


def _split(size: int) -> int:
    """Return the largest power of two below the size."""
    return 1 << ((size - 1).bit_length() - 1)


async def inclusion_proof(node_at: NodeAt, index: int, size: int) -> list[bytes]:
    """Prove that the leaf at `index` is in the tree of `size` leaves; raises ProofError."""
    if not 0 <= index < size:
        raise ProofError("no such leaf")
    proof: list[bytes] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            proof.append(await range_root(node_at, middle, stop))
            stop = middle
        else:
            proof.append(await range_root(node_at, start, middle))
            start = middle
    return proof[::-1]


async def consistency_proof(node_at: NodeAt, old: int, new: int) -> list[bytes]:
    """Prove that the tree of `old` leaves is the beginning of that of `new`; raises ProofError."""
    if not 0 < old <= new:
        raise ProofError("no such tree")
    proof: list[bytes] = []
    start, stop, whole = 0, new, True
    while old < stop:
        middle = start + _split(stop - start)
        if old <= middle:
            proof.append(await range_root(node_at, middle, stop))
            stop = middle
        else:
            proof.append(await range_root(node_at, start, middle))
            start, whole = middle, False
    if not whole:
        proof.append(await range_root(node_at, start, stop))
    return proof[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, root: bytes, proof: Sequence[bytes]
) -> None:
    """Check an inclusion proof (RFC 9162 2.1.3.2); raises ProofError."""
    if not 0 <= index < size or any(len(p) != HASH_BYTES for p in proof):
        raise ProofError("no such leaf")
    fn, sn, result = index, size - 1, leaf
    for part in proof:
        if sn == 0:
            raise ProofError("the proof is too long")
        if fn & 1 or fn == sn:
            result = node_hash(part, result)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            result = node_hash(result, part)
        fn, sn = fn >> 1, sn >> 1
    if sn or result != root:
        raise ProofError("the leaf is not in this tree")


def verify_consistency(
    old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Check a consistency proof (RFC 9162 2.1.4.2); raises ProofError."""
    if not 0 < old <= new or any(len(p) != HASH_BYTES for p in proof):
        raise ProofError("no such tree")
    if old == new:
        if proof or old_root != new_root:
            raise ProofError("two roots for one size")
        return
    if not proof:
        raise ProofError("the proof is empty")
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = path[0]
    for part in path[1:]:
        if sn == 0:
            raise ProofError("the proof is too long")
        if fn & 1 or fn == sn:
            first, second = node_hash(part, first), node_hash(part, second)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = node_hash(second, part)
        fn, sn = fn >> 1, sn >> 1
    if sn or first != old_root or second != new_root:
        raise ProofError("the older tree is not the beginning of the newer")
