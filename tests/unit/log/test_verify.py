"""The attack table: what a database administrator may try, and what the verifier says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from events.log.hashing import body_hash, event_hash, leaf_hash
from events.log.memory import MemoryLog
from events.log.merkle import root_of
from events.log.notes import Checkpoint, VerifierKey, sign
from events.log.verify import Entry, Report, verify_entries
from tests.support.logs import START, command, fixed_clock, touch, uid

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = VerifierKey("node", KEY.public_key().public_bytes_raw())
NAMES = [f.name for f in fields(Entry) if f.name not in {"leaf", "sequenced_at"}]
EVENTS = 12
Attack = Callable[[list[Entry]], list[Entry]]


@pytest.fixture
async def history() -> list[Entry]:
    log = MemoryLog(fixed_clock, source="node")
    for k in range(EVENTS):
        at = START + timedelta(minutes=k)
        await log.append(command(k, touch(f"person-{k % 3}", k // 3, 100 + k)), at)
    return [Entry(**{n: getattr(e, n) for n in NAMES}) for e in log.events]


def note(entries: list[Entry], size: int) -> str:
    root = root_of([leaf_hash(e.hash) for e in entries[:size]])
    return sign(Checkpoint("node/events/1", size, root), "node", KEY)


def judge(entries: list[Entry], *notes: str) -> Report:
    return verify_entries("node", entries, notes, [PUBLIC])


def rehashed(entries: list[Entry]) -> list[Entry]:
    """Forge a history with care: numbered and chained anew."""
    heads: dict[str, tuple[int, bytes]] = {}
    last: dict[int, int] = {}
    result = []
    for seq, e in enumerate(entries, 1):
        version, prev = heads.get(e.stream, (0, bytes(32)))
        body = body_hash(e.salt or b"", e.data or b"")
        digest = event_hash(
            event_id=e.event_id, command_id=e.command_id, source="node", stream=e.stream,
            version=version + 1, type_=e.type, subject=e.subject, recorded_at=e.recorded_at,
            meta=e.meta, data_hash=body, prev_hash=prev,
        )  # fmt: skip
        result.append(
            replace(
                e, seq=seq, position=seq, prev_seq=last.get(e.slice, 0), version=version + 1,
                data_hash=body, prev_hash=prev, hash=digest,
            )
        )  # fmt: skip
        heads[e.stream] = version + 1, digest
        last[e.slice] = seq
    return result


def changed(entries: list[Entry], which: int, **values: Any) -> list[Entry]:  # noqa: ANN401 - any field
    return [replace(e, **values) if e.seq == which else e for e in entries]


def edited(entries: list[Entry]) -> list[Entry]:
    return rehashed(changed(entries, 5, data=b'{"forged":true}'))


def deleted(entries: list[Entry]) -> list[Entry]:
    return rehashed([e for e in entries if e.seq != 5])


def truncated(entries: list[Entry]) -> list[Entry]:
    return entries[:-2]


def swapped(entries: list[Entry]) -> list[Entry]:
    entries = [*entries]
    entries[4], entries[5] = entries[5], entries[4]
    return rehashed(entries)


def inserted(entries: list[Entry]) -> list[Entry]:
    forged = replace(entries[3], event_id=uid(900), data=b"{}")
    return rehashed([*entries[:4], forged, *entries[4:]])


def newest_edited(entries: list[Entry]) -> list[Entry]:
    return rehashed(changed(entries, EVENTS, data=b'{"forged":true}'))


def test_an_untouched_history_is_clean(history: list[Entry]) -> None:
    report = judge(history, note(history, 7), note(history, 10))

    assert report.clean
    assert (report.events, report.signed, report.tail) == (12, 10, 2)


@pytest.mark.requirement("X13")
@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("data_changed", {"data": b"{ }"}),
        ("data_changed", {"salt": b"x" * 16}),
        ("header_changed", {"meta": b"{}"}),
        ("header_changed", {"type": "registry.other.v1"}),
        ("header_changed", {"recorded_at": START + timedelta(minutes=4, seconds=1)}),
        ("header_changed", {"hash": bytes(32)}),
        ("prev_seq_wrong", {"prev_seq": 0}),
        ("slice_wrong", {"slice": 256}),
        ("seq_gap", {"seq": 50}),
        ("position_falls", {"position": 1}),
        ("leaf_wrong", {"leaf": bytes(32)}),
    ],
)
def test_a_changed_field_is_found_at_its_event(
    history: list[Entry], code: str, values: dict[str, object]
) -> None:
    report = judge(changed(history, 5, **values))

    assert code in {f.code for f in report.findings if f.stream == "person-1" and f.version == 2}


@pytest.mark.requirement("X13")
@pytest.mark.parametrize(
    "attack",
    [edited, deleted, truncated, swapped, inserted, newest_edited],
    ids=lambda a: a.__name__,
)
def test_a_rehashed_forgery_passes_the_chains_but_not_the_checkpoint(
    history: list[Entry], attack: Attack
) -> None:
    forged = attack(history)

    assert judge(forged).clean
    report = judge(forged, note(history, 4), note(history, EVENTS))
    assert {f.code for f in report.findings} <= {"root_differs", "log_shorter"}
    assert not report.clean
    assert report.signed == 4


def test_an_edit_no_checkpoint_covers_is_reported_as_tail(history: list[Entry]) -> None:
    report = judge(newest_edited(history), note(history, 11))

    assert report.clean
    assert report.tail == 1


def test_headers_alone_prove_chain_and_tree(history: list[Entry]) -> None:
    bare = [replace(e, data=None, salt=None) for e in history]

    assert judge(bare, note(history, EVENTS)).clean


def test_a_forged_or_foreign_checkpoint_is_found(history: list[Entry]) -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    root = root_of([leaf_hash(e.hash) for e in history])
    forged = sign(Checkpoint("node/events/1", EVENTS, root), "node", other)
    foreign = sign(Checkpoint("elsewhere/events/1", EVENTS, root), "node", KEY)

    for bad in (forged, foreign, "no note"):
        assert "checkpoint_invalid" in {f.code for f in judge(history, bad).findings}


def test_an_event_id_used_twice_is_found(history: list[Entry]) -> None:
    twice = rehashed(changed(history, 5, event_id=history[0].event_id))

    assert [f.code for f in judge(twice).findings] == ["event_id_twice"]


def test_time_never_falls_within_a_stream_nor_along_the_line(history: list[Entry]) -> None:
    early = rehashed(changed(history, 5, recorded_at=START - timedelta(days=1)))
    assert [(f.code, f.seq) for f in judge(early).findings] == [("recorded_at_falls", 5)]

    at = [replace(e, sequenced_at=START - timedelta(days=e.seq == 7)) for e in history]
    assert [(f.code, f.seq) for f in judge(at).findings] == [("sequenced_at_falls", 7)]
