"""Turns what the log stored into facts, opened as far as the keys at hand allow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson

from events.contracts.base import Catalogue, Event, Recorded
from events.contracts.classes import steps
from events.log.port import Stored
from services.kit.sealing import Place, SubjectKey, key_ids, unseal


def keys_needed(stored: Iterable[Stored], catalogue: Catalogue[Event]) -> set[str]:
    """Return the ids of the keys that the bodies of some events are sealed with."""
    needed: set[str] = set()
    for event in stored:
        cls = catalogue.classes[event.type]
        if steps(cls):
            needed |= key_ids(cls, orjson.loads(event.data))
    return needed


def recorded(
    stored: Stored,
    catalogue: Catalogue[Event],
    source: str,
    keys: Mapping[str, SubjectKey] | None = None,
) -> Recorded[Any]:
    """Return an event in its envelope; sealed fields are opened where `keys` has their key."""
    data = stored.data
    cls = catalogue.classes[stored.type]
    if keys and steps(cls):
        body = orjson.loads(data)
        place = Place(stored.type, stored.stream, stored.version)
        unseal(cls, body, stored.subject, place, keys)
        data = orjson.dumps(body)
    meta: dict[str, str] = orjson.loads(stored.meta)
    return Recorded(
        event=catalogue.read(stored.type, data),
        event_id=str(stored.event_id),
        type=stored.type,
        source=source,
        stream=stored.stream,
        subject=stored.subject,
        version=stored.version,
        position=stored.position,
        slice=stored.slice,
        command_id=str(stored.command_id),
        occurred_at=datetime.fromisoformat(meta["occurred_at"]),
        recorded_at=stored.recorded_at,
        actor=meta["actor"],
        role=meta["role"],
        office=meta["office"],
        area=meta["area"],
        seq=stored.seq,
        prev_seq=stored.prev_seq,
        meta=meta,
    )
