"""A story of facts as a node's log would keep it, and read models filled from it by the engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson

from events.bus.wire import Delivered
from events.contracts.base import Recorded
from events.contracts.catalogue import ALL
from events.log.hashing import slice_of
from events.log.port import Stored
from events.rules.time import in_text
from projections.engine import builds
from projections.engine.database import connect, install
from projections.engine.node import node_of
from projections.engine.projection import Projection
from projections.engine.runner import Runner
from tests.support.numbered import NumberedLog


def stored(fact: Recorded[Any], prev_seq: int) -> Stored:
    """Return a fact as the log keeps it."""
    meta = {
        "actor": fact.actor,
        "role": fact.role,
        "office": fact.office,
        "area": fact.area,
        "auth": "allow.area/1",
        "occurred_at": in_text(fact.occurred_at),
    }
    return Stored(
        position=fact.seq * 2,
        stream=fact.stream,
        version=fact.version,
        subject=fact.subject,
        slice=slice_of(fact.subject),
        type=fact.type,
        event_id=UUID(fact.event_id),
        command_id=UUID(fact.command_id),
        recorded_at=fact.recorded_at,
        meta=orjson.dumps(meta),
        data=fact.event.model_dump_json(exclude_none=True).encode(),
        salt=bytes(16),
        data_hash=bytes(32),
        prev_hash=bytes(32),
        hash=fact.seq.to_bytes(32),
        seq=fact.seq,
        prev_seq=prev_seq,
    )


def numbered(facts: Sequence[Recorded[Any]], source: str = "test") -> NumberedLog:
    """Return a log that holds the facts."""
    log = NumberedLog(source)
    extend(log, facts)
    return log


def extend(log: NumberedLog, facts: Sequence[Recorded[Any]]) -> None:
    """Add what the log does not hold yet."""
    for fact in facts[len(log.events) :]:
        log.keep(stored(fact, log.heads.get(slice_of(fact.subject), 0)))


async def fill(
    dsn: str, log: NumberedLog, models: Sequence[Projection[Any]], batch: int = 10_000
) -> None:
    """Let the engine apply the log to read models and note how far they are known."""
    await install(dsn)
    node = node_of(log, ALL)
    events = [Delivered(e, log.source, log.epoch) for e in log.events]
    for model in models:
        connection = await connect(dsn)
        try:
            if await builds.active(connection, model.name) is None:
                build = await builds.create(connection, model, {log.source: log.epoch})
                await builds.activate(connection, model, build)
        finally:
            await connection.close()
        runner = Runner(dsn, model, {log.source: node}, ALL)
        await runner.hints()
        for start in range(0, len(events), batch):
            await runner.take(events[start : start + batch], {})
        await runner.note_known()
        assert not runner.state.stopped, runner.state.stopped
        assert not runner.state.parked, f"{model.name} parked {runner.state.parked}"
        await runner.close()
