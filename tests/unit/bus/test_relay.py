"""The relay record keeps marks, and topics keep their settings."""

from __future__ import annotations

from events.bus.relay import Mark, RelayRecord
from events.bus.topics import Bus, partition_of, topics


def test_a_record_is_read_as_written() -> None:
    record = RelayRecord(
        "node-1", 2, 184_203, "ab" * 32, {0: Mark(7, 184_203), 15: Mark(1, 4)}, {0: 3, 15: 0}
    )
    assert RelayRecord.from_bytes(record.to_bytes()) == record


def test_a_slice_keeps_its_partition() -> None:
    assert [partition_of(s) for s in (0, 15, 16, 255)] == [0, 15, 0, 15]


def test_events_are_kept_for_ever_and_progress_is_compacted() -> None:
    events, relay, *_ = topics(Bus("nowhere:1"))
    assert events.config["retention.ms"] == "-1"
    assert relay.config["cleanup.policy"] == "compact"
    assert (events.partitions, relay.partitions) == (16, 1)


def test_three_copies_need_two_in_step() -> None:
    assert {t.config["min.insync.replicas"] for t in topics(Bus("nowhere:1", 3))} == {"2"}


def test_a_token_must_be_valid_when_a_command_arrives() -> None:
    commands = topics(Bus("nowhere:1"))[2]
    assert commands.config["message.timestamp.type"] == "LogAppendTime"
