"""The hash of an event is fixed for ever, byte by byte."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from events.log.hashing import body_hash, event_hash, leaf_hash, microseconds, slice_of

EVENT, COMMAND = UUID(int=1), UUID(int=2)


def test_the_header_is_length_prefixed_and_big_endian() -> None:
    header = (
        EVENT.bytes
        + COMMAND.bytes
        + b"\x00\x00\x00\x01n"
        + b"\x00\x00\x00\x08person-1"
        + b"\x00\x00\x00\x03"
        + b"\x00\x00\x00\x06a.b.v1"
        + b"\x00\x00\x00\x08person-2"
        + b"\x00\x00\x00\x00\x00\x0f\x42\x41"
        + b"\x00\x00\x00\x02{}"
        + b"D" * 32
    )

    assert (
        event_hash(
            event_id=EVENT,
            command_id=COMMAND,
            source="n",
            stream="person-1",
            version=3,
            type_="a.b.v1",
            subject="person-2",
            recorded_at=datetime(2000, 1, 1, 0, 0, 1, 1, tzinfo=UTC),
            meta=b"{}",
            data_hash=b"D" * 32,
            prev_hash=b"P" * 32,
        )
        == sha256(b"evt/v1\n" + header + b"P" * 32).digest()
    )


def test_the_salt_stands_before_the_body() -> None:
    assert body_hash(b"s" * 16, b"{}") == sha256(b"s" * 16 + b"{}").digest()


def test_a_leaf_is_marked_as_one() -> None:
    assert leaf_hash(b"h" * 32) == sha256(b"\x00" + b"h" * 32).digest()


def test_instants_before_2000_count_backwards() -> None:
    assert microseconds(datetime(2000, 1, 1, tzinfo=UTC) - timedelta(microseconds=1)) == -1


def test_a_slice_is_fixed_for_ever() -> None:
    assert slice_of("123456789") == 0xCBF43926 % 256
