"""The stored Merkle tree: nodes from full tiles and leaves, roots and proofs of any size."""

from __future__ import annotations

from typing import TypeAlias, TypeVar

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
    perfect_root,
    range_root,
)

Reader: TypeAlias = asyncpg.Connection | asyncpg.Pool
K = TypeVar("K")
V = TypeVar("V")
KEPT_TILES, KEPT_ROOTS = 1_024, 65_536


class StoredTree:
    """Reads the tree over the numbered events of a database; keeps the full tiles it has read.

    Full tiles never change, so a tree that is kept answers proofs from a few reads of leaves.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._tiles: dict[tuple[int, int], list[bytes]] = {}
        self._roots: dict[tuple[int, int], bytes] = {}

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
        """Return neighbouring nodes of a level, all of one tile."""
        tile = await self._tile(level, first // TILE_WIDTH)
        if tile is not None:
            start = first % TILE_WIDTH
            return tile[start : start + count]
        if level == 0:
            return await self._leaves(first, count)
        return await self._tile_roots(level - 1, range(first, first + count))

    async def _leaves(self, first: int, count: int) -> list[bytes]:
        rows = await self._reader.fetch(
            "select leaf from log.numbering where seq > $1 and seq <= $2 order by seq",
            first,
            first + count,
        )
        if len(rows) != count:
            raise LogRefusedError("log_damaged", f"leaves after {first} are missing")
        return [row[0] for row in rows]

    async def _tile_roots(self, level: int, tiles: range) -> list[bytes]:
        missing = [tile for tile in tiles if (level, tile) not in self._roots]
        query = "select tile, hashes from log.tree where level = $1 and tile = any($2)"
        for tile, hashes in await self._reader.fetch(query, level, missing) if missing else ():
            _keep(self._roots, (level, tile), perfect_root(nodes_of(hashes)), KEPT_ROOTS)
        found = [self._roots.get((level, tile)) for tile in tiles]
        if None in found:
            raise LogRefusedError("log_damaged", f"a tile of level {level} is missing")
        return [root for root in found if root is not None]

    async def _tile(self, level: int, tile: int) -> list[bytes] | None:
        kept = self._tiles.get((level, tile))
        if kept is not None:
            return kept
        hashes: bytes | None = await self._reader.fetchval(
            "select hashes from log.tree where level = $1 and tile = $2", level, tile
        )
        if hashes is None:
            return None
        return _keep(self._tiles, (level, tile), nodes_of(hashes), KEPT_TILES)


def nodes_of(hashes: bytes) -> list[bytes]:
    """Cut a tile into its nodes."""
    return [hashes[i : i + HASH_BYTES] for i in range(0, len(hashes), HASH_BYTES)]


def _keep(kept: dict[K, V], key: K, value: V, most: int) -> V:
    """Keep a value, and let the oldest go when there are too many."""
    if len(kept) >= most:
        del kept[next(iter(kept))]
    kept[key] = value
    return value


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
