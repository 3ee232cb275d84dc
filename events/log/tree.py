"""The stored Merkle tree: nodes from full tiles and leaves, roots and proofs of any size."""

from __future__ import annotations

from typing import TypeAlias

import asyncpg

from events.log.errors import LogRefusedError
from events.log.merkle import (
    TILE_HEIGHT,
    TILE_WIDTH,
    Frontier,
    Tiles,
    consistency_proof,
    inclusion_proof,
    nodes_of,
    perfect_root,
    range_root,
)

Reader: TypeAlias = asyncpg.Connection | asyncpg.Pool
KEPT_TILES = 1_024
TILE = "select hashes from log.tree where level = $1 and tile = $2"
TILES_BELOW = """select tile, hashes from log.tree
 where level = $1 and tile >= $2 and tile < $3 order by tile"""
LEAVES = "select seq, leaf from log.numbering where seq > $1 and seq <= $2 order by seq"


class StoredTree:
    """Reads the tree over the numbered events of a database; keeps the tiles it has read.

    A tile only ever grows at its end, so a tree that is kept answers most proofs from memory.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

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
        return perfect_root(await self.nodes(level, index << within, 1 << within))

    async def nodes(self, level: int, first: int, count: int) -> list[bytes]:
        """Return neighbouring nodes of a level, all of one tile; LogRefusedError if not there."""
        tile, start = divmod(first, TILE_WIDTH)
        kept = self._tiles.get((level, tile), [])
        if len(kept) < start + count:
            kept = await self._read(level, tile, kept)
            if len(self._tiles) >= KEPT_TILES:
                del self._tiles[next(iter(self._tiles))]
            self._tiles[level, tile] = kept
        if len(kept) < start + count:
            raise LogRefusedError(
                "log_damaged", f"nodes of level {level} after {first} are missing"
            )
        return kept[start : start + count]

    async def _read(self, level: int, tile: int, kept: list[bytes]) -> list[bytes]:
        """Read a tile as far as it goes: whole where it is full, else what it gained."""
        hashes: bytes | None = await self._reader.fetchval(TILE, level, tile)
        if hashes is not None:
            return nodes_of(hashes)
        first, end = tile * TILE_WIDTH + len(kept), (tile + 1) * TILE_WIDTH
        if level == 0:
            rows = await self._reader.fetch(LEAVES, first, end)
            found = [(seq - 1, leaf) for seq, leaf in rows]
        else:
            rows = await self._reader.fetch(TILES_BELOW, level - 1, first, end)
            found = [(number, perfect_root(nodes_of(nodes))) for number, nodes in rows]
        gained = [node for k, (number, node) in enumerate(found) if number == first + k]
        return kept + gained


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
