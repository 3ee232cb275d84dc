r"""The hashes of an event, byte for byte as `append_many` makes them (standard library only).

data_hash = SHA-256(salt ‖ data); hash = SHA-256("evt/v1\n" ‖ header ‖ prev_hash), where the header
holds the event's names, its version, time, meta and data_hash, big-endian and length-prefixed.
"""

from __future__ import annotations

from binascii import crc32
from datetime import UTC, datetime
from hashlib import sha256
from struct import Struct
from uuid import UUID

ZERO = bytes(32)
"""The prev_hash of a stream's first event."""
SLICES = 256
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""What `recorded_at` counts from, as PostgreSQL does."""

_DOMAIN = b"evt/v1\n"
_INT4 = Struct(">i").pack
_INT8_INT4 = Struct(">qi").pack


def slice_of(subject: str) -> int:
    """Return the slice of a subject, fixed for ever: crc32(subject) % 256."""
    return crc32(subject.encode()) % SLICES


def microseconds(instant: datetime) -> int:
    """Return µs since 2000-01-01 UTC, as PostgreSQL counts them."""
    since = instant - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def body_hash(salt: bytes, data: bytes) -> bytes:
    """Hash a body with its salt, which keeps short bodies from being guessed."""
    return sha256(salt + data).digest()


def event_hash(
    *,
    event_id: UUID,
    command_id: UUID,
    source: str,
    stream: str,
    version: int,
    type_: str,
    subject: str,
    recorded_at: datetime,
    meta: bytes,
    data_hash: bytes,
    prev_hash: bytes,
) -> bytes:
    """Chain an event to the one before it in its stream."""
    return chained(
        event_id.bytes,
        command_id.bytes,
        source.encode(),
        stream.encode(),
        version,
        type_.encode(),
        subject.encode(),
        microseconds(recorded_at),
        meta,
        data_hash,
        prev_hash,
    )


def chained(
    event_id: bytes,
    command_id: bytes,
    source: bytes,
    stream: bytes,
    version: int,
    type_: bytes,
    subject: bytes,
    recorded: int,
    meta: bytes,
    data_hash: bytes,
    prev_hash: bytes,
) -> bytes:
    """Hash an event whose names are bytes and whose time is µs since 2000-01-01 UTC."""
    return sha256(
        b"".join(
            (
                _DOMAIN,
                event_id,
                command_id,
                _INT4(len(source)),
                source,
                _INT4(len(stream)),
                stream,
                _INT4(version),
                _INT4(len(type_)),
                type_,
                _INT4(len(subject)),
                subject,
                _INT8_INT4(recorded, len(meta)),
                meta,
                data_hash,
                prev_hash,
            )
        )
    ).digest()


def leaf_hash(event: bytes) -> bytes:
    """Hash an event's hash as a leaf of the tree (RFC 6962)."""
    return sha256(b"\x00" + event).digest()
