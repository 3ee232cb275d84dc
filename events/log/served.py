"""The log's proofs as the publish role serves them, held against the events themselves (P18)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from events.log.manifest import TILES, tile_path
from events.log.merkle import HASH_BYTES, TILE_HEIGHT, TILE_WIDTH
from events.log.notes import NoteError, VerifierKey, parse
from events.log.verify import Finding

MISSING = 404
SECONDS = 20
MOST_BYTES = 64 * 1024
"""Within which an answer is whole, and how long it may be: keys, notes and tiles are short."""


class ServedAwayError(Exception):
    """The publish role does not answer, or not with what a log answers."""


@dataclass(slots=True)
class Served:
    """Key and checkpoints as served at the beginning; `compared` counts tiles since then."""

    http: httpx.AsyncClient
    key: VerifierKey
    notes: tuple[str, ...]
    size: int
    compared: int = 0

    @classmethod
    async def ask(cls, http: httpx.AsyncClient) -> Served:
        """Ask for the key, the newest checkpoint and what the signer last signed.

        Raises ServedAwayError.
        """
        key, newest, signed = [await _get(http, p) for p in ("/key", "/checkpoint", "/signed")]
        if key is None:
            raise ServedAwayError("no key")
        try:
            notes = tuple(dict.fromkeys(note.decode() for note in (newest, signed) if note))
            size = parse(newest.decode()).size if newest else 0
            return cls(http, VerifierKey.parse(key.decode()), notes, size)
        except (NoteError, UnicodeDecodeError) as error:
            raise ServedAwayError(str(error)) from error

    async def differing(self, tiles: Sequence[tuple[int, int, bytes]]) -> list[Finding]:
        """Find tiles of the events that are served otherwise; those not yet signed are skipped."""
        found = await asyncio.gather(*(self._one(*tile) for tile in tiles))
        return [finding for finding in found if finding is not None]

    async def _one(self, level: int, tile: int, hashes: bytes) -> Finding | None:
        width = min(TILE_WIDTH, (self.size >> TILE_HEIGHT * level) - tile * TILE_WIDTH)
        if width <= 0:
            return None
        path = tile_path(level, tile, width)
        served = await _get(self.http, f"/tile/{path}")
        self.compared += 1
        if served == hashes[: width * HASH_BYTES]:
            return None
        first = tile * TILE_WIDTH ** (level + 1) + 1
        return Finding("served_differs", first, detail=f"{TILES}/{path}")


async def _get(http: httpx.AsyncClient, path: str) -> bytes | None:
    """Return what an address answers; None for what is not in the log. Raises ServedAwayError."""
    try:
        async with asyncio.timeout(SECONDS), http.stream("GET", path) as answer:
            if answer.status_code == MISSING:
                return None
            if not answer.is_success:
                raise ServedAwayError(f"status {answer.status_code}")
            return await _body(answer)
    except (httpx.HTTPError, TimeoutError) as error:
        raise ServedAwayError(type(error).__name__) from error


async def _body(answer: httpx.Response) -> bytes:
    found = bytearray()
    async for part in answer.aiter_bytes():
        found += part
        if len(found) > MOST_BYTES:
            raise ServedAwayError(f"more than {MOST_BYTES} bytes")
    return bytes(found)
