"""Applying a batch: rows, contributions, parked events and watermarks in one transaction.

One transaction covers every slice of the batch. Nothing is written unless the lease of all of
them is ours, so a displaced process can do no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic

import asyncpg

from events.bus.wire import Delivered
from events.contracts.base import Catalogue
from projections.engine.again import again
from projections.engine.database import QUERIES, fetch
from projections.engine.errors import BuildReplacedError, OwnershipLostError
from projections.engine.folding import Folded, Item, fold, prepare
from projections.engine.projection import Change, Contributing, Projection, R, Verbatim
from projections.engine.reference import Reference
from projections.engine.staging import forget
from projections.engine.unseen import Unseen, Watermark, unseen

CACHED_ROWS = 20_000
REFUSED = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
)
"""Errors of a row's content: they park its subject. Everything else stops the batch."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a batch: new events, events parked, and how its slices stand."""

    found: Unseen
    parked: int

    @property
    def events(self) -> int:
        """How many events were new."""
        return len(self.found.fresh)


class Applier(Generic[R]):
    """Applies batches to one build of a projection; rows seen lately are kept in memory."""

    def __init__(
        self,
        projection: Projection[R],
        build: int,
        catalogue: Catalogue[Any],
        *,
        follows_active: bool = True,
        cached_rows: int = CACHED_ROWS,
    ) -> None:
        self.projection = projection
        self.build = build
        self._catalogue = catalogue
        self._follows_active = follows_active
        self._cap = cached_rows
        self._rows: dict[str, R] = {}
        self._edits: dict[tuple[str, int], int] = {}
        self._careful = False
        self._parked = False
        self._at = {"projection": projection.name, "build": build}

    async def apply(
        self,
        connection: asyncpg.Connection,
        batch: Sequence[Delivered],
        lease: int,
        reference: Reference,
        hints: Mapping[int, int] | None = None,
    ) -> Applied:
        """Apply a batch of one node.

        Raises OwnershipLostError, BuildReplacedError, EpochChangedError, ForkedError, and driver
        errors; after any of them nothing was written. Holes are told in the answer.
        """
        try:
            return await self._whole(connection, batch, lease, reference, hints)
        except REFUSED:
            self._careful = True
            return await self._whole(connection, batch, lease, reference, hints)
        finally:
            self._careful = False

    async def edit(
        self,
        connection: asyncpg.Connection,
        source: str,
        lease: int,
        slices: Mapping[str, int],
        work: Callable[[R], R],
    ) -> int:
        """Change rows beside the flow, by key with their slices; return how many came out new.

        Raises OwnershipLostError, BuildReplacedError; then nothing was written.
        """
        try:
            async with connection.transaction():
                await self._lock(connection, source, set(slices.values()), lease)
                rows = await self._load(connection, slices)
                changes = {
                    key: Change(key, rows[key], new, source, key, slices[key])
                    for key in slices
                    if key in rows and (new := work(rows[key])) is not rows[key]
                }
                await self.projection.save(connection, list(changes.values()))
        except BaseException:
            self._rows.clear()
            forget(connection)
            raise
        self._remember(changes)
        return len(changes)

    async def _whole(
        self,
        connection: asyncpg.Connection,
        batch: Sequence[Delivered],
        lease: int,
        reference: Reference,
        hints: Mapping[int, int] | None,
    ) -> Applied:
        """Apply in one transaction; only a careful one finds whose rows the database refuses."""
        try:
            async with connection.transaction():
                applied, changes = await self._apply(connection, batch, lease, reference)
                await self._keep_hints(connection, hints)
        except BaseException:
            self._rows.clear()
            forget(connection)
            raise
        self._remember(changes)
        return applied

    async def _apply(
        self,
        connection: asyncpg.Connection,
        batch: Sequence[Delivered],
        lease: int,
        reference: Reference,
    ) -> tuple[Applied, Mapping[str, Change[R]]]:
        source = batch[0].source
        touched = {e.stored.slice for e in batch}
        found = unseen(await self._lock(connection, source, touched, lease), batch)
        if not found.fresh:
            return Applied(found, 0), {}
        if not isinstance(self.projection, Verbatim):
            await reference.upto(max(w.seq for w in found.moved.values()))
        items = prepare(self.projection, self._catalogue, found.fresh)
        await again(self.projection, self._catalogue, items, reference)
        folded = await self._fold_and_save(connection, source, items, reference)
        await self._park(connection, source, folded)
        await self._move(connection, source, lease, found.moved)
        return Applied(found, len(folded.parked)), folded.changes

    async def _lock(
        self,
        connection: asyncpg.Connection,
        source: str,
        slices: Set[int],
        lease: int,
    ) -> dict[int, Watermark]:
        rows = await fetch(connection, "lock_watermarks", *self._at.values(), source, list(slices))
        if self._follows_active and rows and rows[0]["seen"] != self.build:
            raise BuildReplacedError(self.projection.name, rows[0]["seen"])
        self._parked = bool(rows) and rows[0]["parked"]
        if len(rows) < len(slices) or any(r["lease"] != lease for r in rows):
            raise OwnershipLostError(self.projection.name, lease)
        self._notice_edits(source, {r["slice"]: r["edits"] for r in rows})
        return {r["slice"]: Watermark(r["seq"], r["position"], r["epoch"]) for r in rows}

    def _notice_edits(self, source: str, edits: Mapping[int, int]) -> None:
        for slice_, count in edits.items():
            if self._edits.setdefault((source, slice_), count) != count:
                self._rows.clear()
                self._edits[source, slice_] = count

    async def _fold_and_save(
        self,
        connection: asyncpg.Connection,
        source: str,
        items: Sequence[Item],
        reference: Reference,
    ) -> Folded[R]:
        if not items:
            return Folded()
        waiting = await self._waiting(connection, source) if self._parked else set()
        keys = {item.key for item in items if item.key is not None}
        rows = await self._load(connection, keys)
        poisoned: dict[str, str] = {}
        while True:
            folded = fold(self.projection, items, rows, waiting, poisoned, reference.at)
            refused = await self._save(connection, list(folded.changes.values()))
            if not refused:
                break
            poisoned |= refused
        if folded.deltas and isinstance(self.projection, Contributing):
            await self.projection.save_deltas(connection, folded.deltas)
        return folded

    async def _waiting(self, connection: asyncpg.Connection, source: str) -> set[str]:
        parked = await fetch(connection, "parked_subjects", *self._at.values(), source)
        return {r["subject"] for r in parked}

    async def _load(self, connection: asyncpg.Connection, keys: Iterable[str]) -> Mapping[str, R]:
        missing = [key for key in keys if key not in self._rows]
        if missing:
            self._rows |= await self.projection.load(connection, missing)
        return self._rows

    async def _save(
        self, connection: asyncpg.Connection, changes: Sequence[Change[R]]
    ) -> dict[str, str]:
        """Save changes; where the database refuses, find whose rows and write nothing."""
        if not changes:
            return {}
        if not self._careful:
            await self.projection.save(connection, changes)
            return {}
        try:
            async with connection.transaction():
                await self.projection.save(connection, changes)
        except REFUSED as bad:
            return await self._culprits(connection, changes, bad)
        return {}

    async def _culprits(
        self, connection: asyncpg.Connection, changes: Sequence[Change[R]], bad: Exception
    ) -> dict[str, str]:
        if len(changes) == 1:
            return {changes[0].subject: f"refused:{type(bad).__name__}"}
        middle = len(changes) // 2
        found: dict[str, str] = {}
        for half in (changes[:middle], changes[middle:]):
            trial = connection.transaction()
            await trial.start()
            try:
                found |= await self._save(connection, half)
            finally:
                await trial.rollback()
                forget(connection)
        return found or {changes[-1].subject: f"refused:{type(bad).__name__}"}

    async def _park(self, connection: asyncpg.Connection, source: str, folded: Folded[R]) -> None:
        if folded.parked:
            await QUERIES.park(
                connection,
                **self._at,
                source=source,
                subjects=[p.subject for p in folded.parked],
                seqs=[p.seq for p in folded.parked],
                slices=[p.slice for p in folded.parked],
                types=[p.type for p in folded.parked],
                reasons=[p.reason for p in folded.parked],
            )

    async def _move(
        self,
        connection: asyncpg.Connection,
        source: str,
        lease: int,
        moved: Mapping[int, Watermark],
    ) -> None:
        count = await QUERIES.move_watermarks(
            connection,
            **self._at,
            source=source,
            lease=lease,
            slices=list(moved),
            seqs=[w.seq for w in moved.values()],
            positions=[w.position for w in moved.values()],
        )
        if count != len(moved):
            raise OwnershipLostError(self.projection.name, lease)

    async def _keep_hints(
        self, connection: asyncpg.Connection, hints: Mapping[int, int] | None
    ) -> None:
        if hints:
            await QUERIES.keep_hints(
                connection, **self._at, partitions=list(hints), offsets=list(hints.values())
            )

    def _remember(self, changes: Mapping[str, Change[R]]) -> None:
        rows = self._rows
        for key, change in changes.items():
            rows.pop(key, None)
            if change.new is not None:
                rows[key] = change.new
        excess = len(rows) - self._cap
        if excess > 0:
            for key in list(islice(rows, excess)):
                del rows[key]
