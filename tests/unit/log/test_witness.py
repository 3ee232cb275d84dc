"""A witness signs what only grew, remembers before it answers, and keeps what convicts a forger."""

from __future__ import annotations

import multiprocessing
import sys
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from events.log.manifest import UnusableError
from events.log.notes import opened, parse
from events.log.offline import judge
from events.log.verify import Entry
from events.log.witness import FolderTree, Witness, WitnessError, newest
from tests.support.histories import OTHER, PUBLIC, exported, made, note, rehashed

AT = 1_212_300_000


@pytest.fixture(scope="module")
def history() -> list[Entry]:
    return made(600, people=40)


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return Witness.open("bureau.example", tmp_path / "stick")


async def proof(folder: Path, history: list[Entry], old: int, new: int) -> list[bytes]:
    if not (folder / "manifest.json").exists():
        await exported(folder, history[:new], new)
    return await FolderTree(folder, new).consistency(old)


@pytest.mark.requirement("X13")
async def test_a_log_that_grew_is_signed_and_remembered(
    witness: Witness, history: list[Entry], tmp_path: Path
) -> None:
    first = witness.sign(note(history, 300), [PUBLIC], [], AT)
    grown = await proof(tmp_path / "e", history, 300, 600)
    second = witness.sign(note(history, 600), [PUBLIC], grown, AT + 60)

    for signed, at in ((first, AT), (second, AT + 60)):
        _, [seen] = opened(signed, [witness.verifier])
        assert (seen.key.name, seen.at) == ("bureau.example", at)
    kept = Witness.open("bureau.example", witness.folder).seen(PUBLIC.name + "/events/1")
    assert kept == parse(note(history, 600))


@pytest.mark.requirement("X13")
async def test_a_rewritten_history_is_refused_and_both_checkpoints_are_kept(
    witness: Witness, history: list[Entry], tmp_path: Path
) -> None:
    witness.sign(note(history, 300), [PUBLIC], [], AT)
    forged = list(rehashed([*history[:99], history[99]._replace(data=b"{}"), *history[100:]]))

    for fork, size in ((forged, 600), (forged, 300)):
        offered = await proof(tmp_path / f"f{size}", fork, 300, size)
        with pytest.raises(WitnessError) as refused:
            witness.sign(note(fork, size), [PUBLIC], offered, AT)
        assert refused.value.code == "forked"
        evidence = (witness.folder / f"refused-{size}.txt").read_text()
        assert note(history, 300) in evidence
        assert note(fork, size) in evidence
    assert witness.seen("node/events/1") == parse(note(history, 300))


@pytest.mark.requirement("X13")
def test_an_older_checkpoint_played_again_is_refused(
    witness: Witness, history: list[Entry]
) -> None:
    witness.sign(note(history, 300), [PUBLIC], [], AT)

    with pytest.raises(WitnessError) as refused:
        witness.sign(note(history, 200), [PUBLIC], [], AT)
    assert refused.value.code == "older"
    assert opened(witness.sign(note(history, 300), [PUBLIC], [], AT), [witness.verifier])


async def test_a_checkpoint_of_another_key_is_refused(
    witness: Witness, history: list[Entry]
) -> None:
    with pytest.raises(WitnessError) as refused:
        witness.sign(note(history, 300, key=OTHER), [PUBLIC], [], AT)
    assert refused.value.code == "unsigned"
    assert witness.seen("node/events/1") is None
    with pytest.raises(WitnessError):
        newest([note(history, 9, key=OTHER), "no note"], [PUBLIC])
    assert newest([note(history, 9), note(history, 7)], [PUBLIC]) == note(history, 9)


async def test_a_proof_that_is_cut_padded_or_another_is_refused(
    witness: Witness, history: list[Entry], tmp_path: Path
) -> None:
    witness.sign(note(history, 300), [PUBLIC], [], AT)
    good = await proof(tmp_path / "e", history, 300, 600)

    for bad in ([], good[:-1], [*good, bytes(32)], good[::-1], [b"", *good[1:]]):
        with pytest.raises(WitnessError):
            witness.sign(note(history, 600), [PUBLIC], bad, AT)


async def test_an_export_whose_tile_was_cut_gives_no_proof_and_says_so(
    history: list[Entry], tmp_path: Path
) -> None:
    folder = await exported(tmp_path / "e", history, 600)
    tile = folder / "tiles" / "0" / "001"
    tile.write_bytes(tile.read_bytes()[:-32])

    with pytest.raises(UnusableError, match="another length"):
        await FolderTree(folder, 600).consistency(300)


def test_each_epoch_is_a_log_of_its_own(witness: Witness, history: list[Entry]) -> None:
    witness.sign(note(history, 300), [PUBLIC], [], AT)
    witness.sign(note(history, 200, epoch=2), [PUBLIC], [], AT)

    assert [getattr(witness.seen(f"node/events/{k}"), "size", 0) for k in (1, 2)] == [300, 200]


def _race(folder: str, size: int, barrier: Barrier) -> None:
    history = made(40)
    witness = Witness.open("bureau.example", Path(folder))
    barrier.wait()
    try:
        witness.sign(note(history, size), [PUBLIC], [], AT)
    except WitnessError:
        sys.exit(1)


def test_of_two_first_checkpoints_at_once_one_is_signed_and_that_one_is_kept(
    witness: Witness,
) -> None:
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(2)
    sizes = (20, 40)
    runs = [
        context.Process(target=_race, args=(str(witness.folder), size, barrier)) for size in sizes
    ]
    for run in runs:
        run.start()
    for run in runs:
        run.join(60)
    kept = witness.seen("node/events/1")

    [signed] = [size for size, run in zip(sizes, runs, strict=True) if run.exitcode == 0]
    assert kept is not None
    assert kept.size == signed


async def test_a_cosigned_checkpoint_bounds_the_unwitnessed_tail(
    witness: Witness, history: list[Entry], tmp_path: Path
) -> None:
    folder = await exported(tmp_path / "e", history, 300, 600)
    signed = tmp_path / "seen.txt"
    signed.write_text(witness.sign(note(history, 300), [PUBLIC], [], AT))

    report = judge(folder, [PUBLIC], [witness.verifier], [signed])
    assert report.clean
    assert (report.witnessed, report.tail) == ((("bureau.example", 300),), 300)


def test_the_key_is_readable_by_its_owner_alone(witness: Witness) -> None:
    assert (witness.folder / "witness.key").stat().st_mode & 0o777 == 0o600
