"""An event on Kafka: CloudEvents 1.0 in binary mode, body untouched.

Attributes are `ce_` headers without underscores, since CloudEvents forbids them; key = subject.
Both directions are the hot path of the bus and take a few microseconds.
"""

from __future__ import annotations

from binascii import hexlify, unhexlify
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeAlias

import orjson
from asyncpg.pgproto.pgproto import UUID as FAST_UUID

from events.contracts.base import Catalogue, E, Recorded, StreamId
from events.log.port import Stored
from events.rules.time import in_text

Header: TypeAlias = tuple[str, bytes]

FROM_META = (
    ("occurred_at", "ce_time"),
    ("reported_at", "ce_reportedat"),
    ("causation_id", "ce_causationid"),
    ("correlation_id", "ce_correlationid"),
    ("actor", "ce_actor"),
    ("on_behalf_of", "ce_onbehalfof"),
    ("role", "ce_role"),
    ("office", "ce_office"),
    ("area", "ce_area"),
    ("auth", "ce_auth"),
    ("rule_set", "ce_ruleset"),
)
"""Envelope attributes that the log keeps in `meta`, and their headers."""

_NAMES = dict(FROM_META)
_FIXED = (("content-type", b"application/json"), ("ce_specversion", b"1.0"))


class UnreadableRecordError(Exception):
    """A record on the events topic is not one of ours; its payload is never quoted."""

    def __init__(self, partition: int, offset: int, why: str) -> None:
        super().__init__(f"record {partition}/{offset} is unreadable: {why}")
        self.partition = partition
        self.offset = offset
        self.why = why


class Record(Protocol):
    """What we read of a Kafka record."""

    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Iterable[Header]


@dataclass(slots=True)
class Delivered:
    """An event as it came off the bus or out of the log: with its node and epoch.

    `recorded` keeps the decoded form for the next reader in the same process.
    """

    stored: Stored
    source: str
    epoch: int
    recorded: Recorded[Any] | None = field(default=None, compare=False)


class Encoder:
    """Writes one node's events; the node and its epoch are the same in every record."""

    def __init__(self, source: str, epoch: int) -> None:
        self._node = (("ce_source", source.encode()), ("ce_epoch", b"%d" % epoch))
        self._types: dict[str, tuple[Header, Header]] = {}

    def headers(self, event: Stored) -> list[Header]:
        """Return the headers of one event, CloudEvents' own attributes first."""
        kind = self._types.get(event.type)
        if kind is None:
            kind = self._types[event.type] = _type_headers(event.type)
        out = [
            *_FIXED,
            ("ce_id", str(event.event_id).encode()),
            *self._node,
            *kind,
            ("ce_subject", event.subject.encode()),
            ("ce_stream", event.stream.encode()),
            ("ce_version", b"%d" % event.version),
            ("ce_position", b"%d" % event.position),
            ("ce_seq", b"%d" % event.seq),
            ("ce_prevseq", b"%d" % event.prev_seq),
            ("ce_slice", b"%d" % event.slice),
            ("ce_commandid", str(event.command_id).encode()),
            ("ce_recordedat", in_text(event.recorded_at).encode()),
            ("ce_salt", hexlify(event.salt)),
            ("ce_datahash", hexlify(event.data_hash)),
            ("ce_prevhash", hexlify(event.prev_hash)),
            ("ce_hash", hexlify(event.hash)),
            ("ce_meta", event.meta),
        ]
        names = _NAMES
        for name, value in orjson.loads(event.meta).items():
            if name in names:
                out.append((names[name], value.encode()))
        return out


def decode(record: Record) -> Delivered:
    """Read one record back into the stored form, byte for byte.

    Raises UnreadableRecordError for a record that is not one of ours.
    """
    try:
        return _decode(dict(record.headers), record.value or b"")
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError) as bad:
        why = type(bad).__name__
        raise UnreadableRecordError(record.partition, record.offset, why) from None


def _decode(h: dict[str, bytes], data: bytes) -> Delivered:
    stored = Stored(
        int(h["ce_position"]),
        StreamId(h["ce_stream"].decode()),
        int(h["ce_version"]),
        h["ce_subject"].decode(),
        int(h["ce_slice"]),
        h["ce_type"].decode(),
        FAST_UUID(h["ce_id"].decode()),
        FAST_UUID(h["ce_commandid"].decode()),
        datetime.fromisoformat(h["ce_recordedat"].decode()),
        h["ce_meta"],
        data,
        unhexlify(h["ce_salt"]),
        unhexlify(h["ce_datahash"]),
        unhexlify(h["ce_prevhash"]),
        unhexlify(h["ce_hash"]),
        int(h["ce_seq"]),
        int(h["ce_prevseq"]),
    )
    return Delivered(stored, h["ce_source"].decode(), int(h["ce_epoch"]))


def to_recorded(delivered: Delivered, catalogue: Catalogue[E]) -> Recorded[E]:
    """Read the envelope and the body of an event.

    Raises KeyError for an unknown wire name, ValueError for a body or meta of another shape.
    """
    e = delivered.stored
    return in_envelope(delivered, catalogue.read(e.type, e.data))


def in_envelope(delivered: Delivered, event: E) -> Recorded[E]:
    """Read the envelope of an event whose body is at hand, or is not needed.

    Raises ValueError for a meta of another shape.
    """
    e = delivered.stored
    meta: dict[str, str] = orjson.loads(e.meta)
    return Recorded(
        event,
        str(e.event_id),
        e.type,
        delivered.source,
        e.stream,
        e.subject,
        e.version,
        e.position,
        e.slice,
        str(e.command_id),
        datetime.fromisoformat(meta["occurred_at"]),
        e.recorded_at,
        meta["actor"],
        meta["role"],
        meta["office"],
        meta["area"],
        delivered.epoch,
        e.seq,
        e.prev_seq,
        meta,
        e.hash.hex(),
        e.data,
    )


def _type_headers(name: str) -> tuple[Header, Header]:
    return ("ce_type", name.encode()), ("ce_dataschema", f"urn:bangfu:event:{name}".encode())
