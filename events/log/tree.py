"""The stored Merkle tree: nodes from full tiles and leaves, roots and proofs of any size."""

from __future__ import annotations

from typing import TypeAlias

import asyncpg

from events.log.errors import LogRefusedError
from events.log.merkle import (
    HASH_BYTES,
    TILE_HEIGHT,
    TILE_WIDTH,
    Frontier,
    Tiles,
    consistency_proof,
    inclusion_proof,
    range_root,
    root_of,
)

Reader: TypeAlias = asyncpg.Connection | asyncpg.Pool


class StoredTree:
    """Reads the tree over the numbered events of a database."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def root(self, size: int) -> bytes:
        """Return the root of the first `size` events."""
        return await range_root(self.node, 0, size)

    async def inclusion(self, seq: int, size: int) -> list[bytes]:
        """Prove that event `seq` is among the first `size`."""
        return await inclusion_proof(self.node, seq - 1, size)

    async def consistency(self, old: int, new: int) -> list[bytes]:
        """Prove that the first `new` events begin with the first `old`."""
        return await consistency_proof(self.node, old, new)

    async def node(self, height: int, index: int) -> bytes:
        """Return the root of the perfect subtree at a height; LogRefusedError when it is gone."""
        level, within = divmod(height, TILE_HEIGHT)
        return root_of(await self.nodes(level, index << within, 1 << within))

    async def nodes(self, level: int, first: int, count: int) -> list[bytes]:
        """Return neighbouring nodes of a level, all of one tile."""
        if level == 0:
            return await self._leaves(first, count)
        tile = await self._tile(level, first // TILE_WIDTH)
        if tile is not None:
            start = first % TILE_WIDTH
            return tile[start : start + count]
        below = [await self._tile(level - 1, i) for i in range(first, first + count)]
        if any(nodes is None for nodes in below):
            raise LogRefusedError("log_damaged", f"a tile of level {level - 1} is missing")
        return [root_of(nodes) for nodes in below if nodes is not None]

    async def _leaves(self, first: int, count: int) -> list[bytes]:
        rows = await self._reader.fetch(
            "select leaf from log.numbering where seq > $1 and seq <= $2 order by seq",
            first,
            first + count,
        )
        if len(rows) != count:
            raise LogRefusedError("log_damaged", f"leaves after {first} are missing")
        return [row[0] for row in rows]

    async def _tile(self, level: int, tile: int) -> list[bytes] | None:
        hashes: bytes | None = await self._reader.fetchval(
            "select hashes from log.tree where level = $1 and tile = $2", level, tile
        )
        if hashes is None:
            return None
        return [hashes[i : i + HASH_BYTES] for i in range(0, len(hashes), HASH_BYTES)]


async def open_tiles(tree: StoredTree, size: int) -> Tiles:
    """Rebuild the unfinished right edge of every level."""
    tiles = Tiles()
    level = 0
    while size >> (TILE_HEIGHT * level):
        nodes = size >> (TILE_HEIGHT * level)
        tile, left = divmod(nodes, TILE_WIDTH)
        tiles.load(level, tile, await tree.nodes(level, nodes - left, left) if left else [])
        level += 1
    return tiles


async def checked_frontier(tree: StoredTree, size: int, hashes: bytes, root: bytes) -> Frontier:
    """Load the frontier; raises LogRefusedError unless it, the root and the tree agree."""
    try:
        frontier = Frontier(size, hashes)
    except ValueError as error:
        raise LogRefusedError("log_damaged", str(error)) from error
    if frontier.root() != root or await tree.root(size) != root:
        raise LogRefusedError("log_damaged", "the stored root is not the root of the tree")
    return frontier
