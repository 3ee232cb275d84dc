"""An event crosses the bus byte for byte, and any CloudEvents reader understands it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event

from events.bus.wire import (
    Delivered,
    Encoder,
    Header,
    UnreadableRecordError,
    decode,
    to_recorded,
)
from events.log.port import Stored
from events.rules.time import in_text
from tests.support.numbered import NumberedLog
from tests.support.tally import CATALOGUE, Counted, counted

AT = datetime(2009, 3, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass
class Sent:
    """A Kafka record."""

    headers: Iterable[Header] = field(default_factory=list)
    value: bytes | None = None
    key: bytes | None = None
    partition: int = 3
    offset: int = 9


def an_event() -> Stored:
    log = NumberedLog()
    log.add("person-a-1", Counted.type, counted(1))
    return log.add("person-a-1", Counted.type, counted(2), AT)


def sent(event: Stored) -> Sent:
    headers = Encoder("node-1", 3).headers(event)
    return Sent(headers, event.data, event.subject.encode())


def test_what_is_read_is_what_was_written() -> None:
    event = an_event()
    assert decode(sent(event)) == Delivered(event, "node-1", 3)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("ce_prevseq", b"1"),
        ("ce_seq", b"2"),
        ("ce_source", b"node-1"),
        ("ce_epoch", b"3"),
        ("ce_recordedat", b"2009-03-01T02:03:04.000005Z"),
        ("ce_time", b"2009-03-01T02:03:04.000005Z"),
        ("ce_office", b"140105001001"),
        ("ce_specversion", b"1.0"),
    ],
)
def test_attributes_are_headers_without_underscores(header: str, value: bytes) -> None:
    assert dict(sent(an_event()).headers)[header] == value


def test_every_byte_that_the_hash_covers_is_on_the_wire() -> None:
    event, headers = an_event(), dict(sent(an_event()).headers)
    assert headers["ce_meta"] == event.meta
    assert bytes.fromhex(headers["ce_salt"].decode()) == event.salt
    assert bytes.fromhex(headers["ce_prevhash"].decode()) == event.prev_hash
    assert bytes.fromhex(headers["ce_hash"].decode()) == event.hash


def test_the_cloudevents_sdk_reads_our_records() -> None:
    event = an_event()
    record = sent(event)
    read = from_binary_event(KafkaMessage(dict(record.headers), record.key, event.data))
    assert read.get_id() == str(event.event_id)
    assert read.get_type() == Counted.type
    assert read.get_subject() == event.subject
    assert read.get_time() == AT
    assert read.get_extension("prevseq") == "1"
    assert read.get_data() == {"amount": 2}


def test_a_foreign_record_is_told_without_its_payload() -> None:
    with pytest.raises(UnreadableRecordError, match="record 3/9") as told:
        decode(Sent([("x", b"1")], b"secret"))
    assert "secret" not in str(told.value)


@pytest.mark.parametrize("value", [None, b"x", b"9" * 5_000])
def test_a_record_with_an_odd_header_is_foreign_too(value: bytes | None) -> None:
    headers: Any = [*sent(an_event()).headers, ("ce_position", value)]
    with pytest.raises(UnreadableRecordError):
        decode(Sent(headers, b"{}"))


def test_the_envelope_is_read_from_meta() -> None:
    fact = to_recorded(decode(sent(an_event())), CATALOGUE)
    assert fact.event == Counted(amount=2)
    assert (fact.office, fact.role, fact.occurred_at) == ("140105001001", "clerk", AT)
    assert fact.attribute("rule_set") == "2008"


def test_an_instant_is_written_in_utc() -> None:
    shanghai = AT.astimezone(timezone(timedelta(hours=8)))
    assert in_text(shanghai) == "2009-03-01T02:03:04.000005Z"
