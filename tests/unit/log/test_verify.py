"""The attack table: what a database administrator may try, and what the verifier says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from events.log.hashing import leaf_hash
from events.log.merkle import Tiles, root_of
from events.log.notes import WITNESS_KEY, Checkpoint, VerifierKey, cosign, sign
from events.log.verify import FORKED, Entry, Report, Verifier
from tests.support.histories import KEY, MINUTE, OTHER, PUBLIC, SOURCE, made, note, rehashed

EVENTS = 12
WITNESS = VerifierKey("bureau", OTHER.public_key().public_bytes_raw(), WITNESS_KEY)
Attack = Callable[[list[Entry]], list[Entry]]


@pytest.fixture
def history() -> list[Entry]:
    return made(EVENTS)


def judge(
    entries: list[Entry], *notes: str, witnesses: tuple[VerifierKey, ...] = (), first: int = 1
) -> Report:
    verifier = Verifier(SOURCE, notes, [PUBLIC], witnesses, first)
    for entry in entries:
        verifier.add(entry)
    return verifier.finish()


def changed(entries: list[Entry], which: int, **values: Any) -> list[Entry]:  # noqa: ANN401 - any field
    return [e._replace(**values) if e.seq == which else e for e in entries]


def edited(entries: list[Entry]) -> list[Entry]:
    return list(rehashed(changed(entries, 5, data=b'{"forged":true}')))


def deleted(entries: list[Entry]) -> list[Entry]:
    return list(rehashed(e for e in entries if e.seq != 5))


def truncated(entries: list[Entry]) -> list[Entry]:
    return entries[:-2]


def swapped(entries: list[Entry]) -> list[Entry]:
    return list(rehashed([*entries[:4], entries[5], entries[4], *entries[6:]]))


def inserted(entries: list[Entry]) -> list[Entry]:
    forged = entries[3]._replace(event_id=bytes(16), data=b"{}")
    return list(rehashed([*entries[:4], forged, *entries[4:]]))


def newest_edited(entries: list[Entry]) -> list[Entry]:
    return list(rehashed(changed(entries, EVENTS, data=b'{"forged":true}')))


ATTACKS = [edited, deleted, truncated, swapped, inserted, newest_edited]


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
        ("header_changed", {"type": b"registry.other.v1"}),
        ("header_changed", {"recorded": 5 * MINUTE + 1}),
        ("header_changed", {"hash": bytes(32)}),
        ("prev_seq_wrong", {"prev_seq": 0}),
        ("slice_wrong", {"slice": 255}),
        ("seq_gap", {"seq": 50}),
        ("position_falls", {"position": 1}),
        ("leaf_wrong", {"leaf": bytes(32)}),
    ],
)
def test_a_changed_field_is_found_at_its_event(
    history: list[Entry], code: str, values: dict[str, object]
) -> None:
    report = judge(changed(history, 5, **values))

    assert code in {f.code for f in report.findings if f.stream == "person-2" and f.version == 2}


@pytest.mark.requirement("X13")
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: a.__name__)
def test_a_rehashed_forgery_passes_the_chains_but_not_the_checkpoint(
    history: list[Entry], attack: Attack
) -> None:
    forged = attack(history)

    assert judge(forged).clean
    report = judge(forged, note(history, 4), note(history, EVENTS))
    assert {f.code for f in report.findings} <= {"root_differs", "log_shorter"}
    assert not report.clean
    assert report.signed == 4


@pytest.mark.requirement("X13")
def test_a_forgery_is_narrowed_to_the_events_between_two_checkpoints(history: list[Entry]) -> None:
    report = judge(edited(history), *(note(history, size) for size in (2, 4, 8, 12)))

    [finding] = report.findings
    assert (finding.code, finding.seq) == ("root_differs", 8)
    assert "one of 5..8" in finding.detail


def test_an_edit_no_checkpoint_covers_is_reported_as_tail(history: list[Entry]) -> None:
    report = judge(newest_edited(history), note(history, 11))

    assert report.clean
    assert report.tail == 1


def test_the_tail_counts_from_what_every_witness_has_signed(history: list[Entry]) -> None:
    seen = cosign(note(history, 6), "bureau", OTHER, 1_200_000_000)
    report = judge(history, seen, note(history, 12), witnesses=(WITNESS,))

    assert report.clean
    assert (report.signed, report.witnessed, report.tail) == (12, (("bureau", 6),), 6)


def test_a_witness_alone_does_not_speak_for_the_log(history: list[Entry]) -> None:
    body, _, _ = note(history, 12).rpartition("\n\n")
    alone = cosign(body + "\n\n— nobody AAAAAAAA\n", "bureau", OTHER, 1_200_000_000)

    report = judge(history, alone, witnesses=(WITNESS,))

    assert [f.code for f in report.findings] == ["checkpoint_invalid"]


def test_headers_alone_prove_chain_and_tree(history: list[Entry]) -> None:
    bare = [e._replace(data=None, salt=None) for e in history]

    assert judge(bare, note(history, EVENTS)).clean


def test_a_forged_or_foreign_checkpoint_is_found(history: list[Entry]) -> None:
    forged = note(history, EVENTS, key=OTHER)
    foreign = sign(Checkpoint("elsewhere/events/1", EVENTS, bytes(32)), SOURCE, KEY)

    for bad in (forged, foreign, "no note"):
        assert "checkpoint_invalid" in {f.code for f in judge(history, bad).findings}


@pytest.mark.requirement("X13")
def test_an_old_checkpoint_played_again_does_not_hide_that_the_log_is_shorter(
    history: list[Entry],
) -> None:
    kept = note(history, EVENTS)
    report = judge(history[:8], note(history, 8), kept)

    assert [(f.code, f.seq) for f in report.findings] == [("log_shorter", EVENTS)]
    assert report.signed == 8


def test_two_roots_for_one_size_are_a_finding_whichever_is_right(history: list[Entry]) -> None:
    fork = note(newest_edited(history), EVENTS)

    assert [f.code for f in judge(history, note(history, EVENTS), fork).findings] == [
        "root_differs"
    ]


def test_an_event_id_used_twice_is_found_at_the_second(history: list[Entry]) -> None:
    twice = list(rehashed(changed(history, 5, event_id=history[0].event_id)))

    assert [(f.code, f.seq) for f in judge(twice).findings] == [("event_id_twice", 5)]


def test_time_never_falls_within_a_stream_nor_along_the_line(history: list[Entry]) -> None:
    early = list(rehashed(changed(history, 5, recorded=-MINUTE)))
    assert [(f.code, f.seq) for f in judge(early).findings] == [("recorded_at_falls", 5)]

    back = changed(history, 7, sequenced=history[0].sequenced)
    assert [(f.code, f.seq) for f in judge(back).findings] == [("sequenced_at_falls", 7)]


def forked(history: list[Entry]) -> list[Entry]:
    """Return a log restored to its first 8 events, with a declared fork as the ninth."""
    fork = history[8]._replace(stream=b"node-node", subject=b"node-node", type=FORKED, data=b"{}")
    return list(rehashed([*history[:8], fork, *made(15)[12:]]))


def test_a_declared_fork_goes_on_under_its_new_origin(history: list[Entry]) -> None:
    log = forked(history)
    report = judge(log, note(history, 8), note(log, 12, epoch=2))

    assert report.clean
    assert (report.forks, report.signed) == ((9,), 12)


@pytest.mark.requirement("X13")
@pytest.mark.parametrize("kept", [10, 12])
def test_what_a_declared_fork_lost_is_still_named(history: list[Entry], kept: int) -> None:
    log = forked(history)
    report = judge(log, note(history, 8), note(history, kept), note(log, 12, epoch=2))

    [finding] = report.findings
    assert (finding.code, finding.seq) == ("log_forked", 9)
    assert f"9..{kept}" in finding.detail


def test_a_part_is_proved_by_the_leaves_before_it(history: list[Entry]) -> None:
    verifier = Verifier(SOURCE, [note(history, EVENTS)], [PUBLIC], first=5)
    for e in history[:4]:
        verifier.grow(leaf_hash(e.hash))
    for e in history[4:]:
        verifier.add(e)
    report = verifier.finish()

    assert report.clean
    assert (report.first, report.last, report.events) == (5, 12, 8)


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 700])
def test_a_tree_of_tiles_has_the_root_of_the_tree_of_leaves(size: int) -> None:
    leaves = [leaf_hash(b"%d" % k) for k in range(size)]
    tree = Tiles()
    for leaf in leaves:
        tree.append(leaf)

    assert (tree.size, tree.root()) == (size, root_of(leaves))


def test_a_key_that_is_not_the_logs_signs_nothing(history: list[Entry]) -> None:
    key = Ed25519PrivateKey.from_private_bytes(b"k" * 32)

    report = judge(history, note(history, EVENTS, key=key))
    assert (report.signed, [f.code for f in report.findings]) == (0, ["checkpoint_invalid"])
