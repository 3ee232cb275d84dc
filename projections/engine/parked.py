"""Parked subjects: seen by the operator, applied again in order once their cause is mended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from events.bus.wire import Delivered
from events.contracts.base import Catalogue
from events.log.port import Stored
from projections.engine import builds
from projections.engine.again import again
from projections.engine.database import QUERIES, connect, fetch, schema_of
from projections.engine.folding import BEHIND, Item, fold, prepare
from projections.engine.node import Node
from projections.engine.projection import Change, Contributing, Planned, Projection


@dataclass(frozen=True, slots=True)
class ParkedSubject:
    """A subject that a projection put aside: since which event, why, and how many wait."""

    projection: str
    source: str
    subject: str
    events: int
    first_seq: int
    reason: str
    type: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay came to: events applied, events still parked, and the reason they are."""

    applied: int
    left: int
    reason: str = ""


async def parked(
    connection: asyncpg.Connection, projection: str | None = None, limit: int = 500
) -> list[ParkedSubject]:
    """Return the parked subjects of what readers see, oldest first; None = of every projection."""
    rows = await fetch(connection, "parked_list", projection, limit)
    return [ParkedSubject(**dict(r)) for r in rows]


async def replay(
    dsn: str, projection: Projection[Any], node: Node, subject: str, catalogue: Catalogue[Any]
) -> Replayed:
    """Apply a subject's parked events again, in order, as far as they go.

    The slice's watermark is held meanwhile, so the flow waits; events come from the log.
    """
    admin = await connect(dsn)
    try:
        found = await builds.active(admin, projection.name)
    finally:
        await admin.close()
    if found is None:
        raise builds.NotBuiltError(projection.name)
    connection = await connect(dsn, schema_of(projection.name, found.build))
    try:
        async with connection.transaction():
            replaying = _Replay(connection, projection, found.build, node, subject)
            return await replaying.run(catalogue)
    finally:
        await connection.close()


class _Replay:
    def __init__(
        self,
        connection: asyncpg.Connection,
        projection: Projection[Any],
        build: int,
        node: Node,
        subject: str,
    ) -> None:
        self._connection = connection
        self._projection = projection
        self._node = node
        self._subject = subject
        self._at = {"projection": projection.name, "build": build, "source": node.source}

    async def run(self, catalogue: Catalogue[Any]) -> Replayed:
        """Replay inside the caller's transaction."""
        waiting = await self._waiting()
        if not waiting:
            return Replayed(0, 0)
        slice_ = waiting[0]["slice"]
        await self._hold(slice_)
        waiting = await self._waiting()
        events = await self._events(slice_, [r["seq"] for r in waiting])
        delivered = [Delivered(e, self._node.source, self._node.epoch) for e in events]
        await self._node.reference.upto(events[-1].seq)
        items = prepare(self._projection, catalogue, delivered)
        await again(self._projection, catalogue, items, self._node.reference)
        return await self._apply(items, events)

    async def _waiting(self) -> list[asyncpg.Record]:
        at = self._at.values()
        return await fetch(self._connection, "parked_events", *at, self._subject)

    async def _hold(self, slice_: int) -> None:
        await fetch(self._connection, "lock_watermarks", *self._at.values(), [slice_])
        await QUERIES.note_edit(self._connection, **self._at, slice=slice_)

    async def _events(self, slice_: int, seqs: Sequence[int]) -> list[Stored]:
        wanted, found = set(seqs), list[Stored]()
        first = await self._node.log.after(seqs[0] - 1, 1)
        after = first[0].prev_seq
        while wanted:
            page = await self._node.log.slice_after(slice_, after, 1_000)
            if not page:
                break
            found += [e for e in page if e.seq in wanted]
            wanted -= {e.seq for e in page}
            after = page[-1].seq
        return found

    async def _apply(self, items: Sequence[Item], events: Sequence[Stored]) -> Replayed:
        projection, connection = self._projection, self._connection
        rows = await projection.load(connection, [i.key for i in items if i.key is not None])
        folded = fold(projection, items, rows, set(), {}, self._node.reference.at)
        changes = list(folded.changes.values())
        self._plan_anew(changes)
        await projection.save(connection, changes)
        if folded.deltas and isinstance(projection, Contributing):
            await projection.save_deltas(connection, folded.deltas)
        still = {p.seq: p for p in folded.parked}
        done = [e.seq for e in events if e.seq not in still]
        await QUERIES.unpark(connection, **self._at, subject=self._subject, seqs=done)
        first = next((p for p in folded.parked if p.reason != BEHIND), None)
        if first is not None:
            await QUERIES.mark_parked(
                connection, **self._at, subject=self._subject, seq=first.seq, reason=first.reason
            )
        return Replayed(len(done), len(still), first.reason if first else "")

    def _plan_anew(self, changes: Iterable[Change[Any]]) -> None:
        """Give open days what the rest of the slice got while these rows stood aside (X18)."""
        model, reference = self._projection, self._node.reference
        seq = reference.changed(reference.known)
        if not isinstance(model, Planned) or seq == 0:
            return
        for change in changes:
            if change.new is not None:
                change.new = model.replan(change.new, seq, reference.at)
