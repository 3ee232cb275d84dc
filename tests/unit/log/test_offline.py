"""An export judged from its folder alone: each attack is named, and nothing doubtful is clean."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from events.log.export import Wanted
from events.log.lines import line_of
from events.log.manifest import UnusableError
from events.log.notes import WITNESS_KEY, VerifierKey
from events.log.offline import LONGEST_TEXT, judge, read_keys
from events.log.verdict import CLEAN, FINDINGS, UNUSABLE, lines_of, main
from events.log.verify import Entry, Report
from tests.support.histories import OTHER, PUBLIC, exported, made, note, rehashed

EVENTS = 600
SIZES = (100, 300, 550)
Attack = Callable[[list[Entry]], list[Entry]]


@pytest.fixture(scope="module")
def history() -> list[Entry]:
    return made(EVENTS, people=50)


@pytest.fixture
async def export(tmp_path: Path, history: list[Entry]) -> Path:
    return await exported(tmp_path / "export", history, *SIZES)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "K.pub"
    path.write_text(f"# public key of the log\n{PUBLIC}\n")
    return path


def found(report: Report) -> list[tuple[str, int]]:
    return [(f.code, f.seq) for f in report.findings]


def rewrite(folder: Path, seq: int, old: bytes, new: bytes) -> None:
    path = folder / "events.ndjson"
    lines = path.read_bytes().splitlines(keepends=True)
    assert old in lines[seq - 1]
    lines[seq - 1] = lines[seq - 1].replace(old, new, 1)
    path.write_bytes(b"".join(lines))


def edit_manifest(folder: Path, **values: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_a_whole_export_is_clean_and_its_tail_is_told(export: Path) -> None:
    report = judge(export, [PUBLIC])

    assert report.clean
    assert (report.events, report.signed, report.tail) == (600, 550, 50)


async def test_headers_alone_prove_as_much_and_hold_no_body(
    tmp_path: Path, history: list[Entry]
) -> None:
    folder = await exported(tmp_path / "h", history, *SIZES, wanted=Wanted(headers_only=True))
    report = judge(folder, [PUBLIC])

    assert report.clean
    assert report.root == judge(await exported(tmp_path / "w", history, 550), [PUBLIC]).root
    written = (folder / "headers.ndjson").read_bytes()
    assert b"salt" not in written
    assert "保洁".encode() not in written


async def test_a_part_is_proved_by_the_tiles_around_it(
    tmp_path: Path, history: list[Entry]
) -> None:
    folder = await exported(tmp_path / "part", history, *SIZES, wanted=Wanted(200, 400))
    report = judge(folder, [PUBLIC])
    assert report.clean
    assert (report.first, report.last, report.signed, report.tail) == (200, 400, 550, 0)

    rewrite(folder, 1, b'"able_to_work":true', b'"able_to_work":null')
    assert ("data_changed", 200) in found(judge(folder, [PUBLIC]))


def edited(events: list[Entry]) -> list[Entry]:
    forged = events[199]._replace(data=b'{"forged":true}')
    return list(rehashed([*events[:199], forged, *events[200:]]))


def deleted(events: list[Entry]) -> list[Entry]:
    return list(rehashed([*events[:199], *events[200:]]))


def swapped(events: list[Entry]) -> list[Entry]:
    return list(rehashed([*events[:199], events[200], events[199], *events[201:]]))


def inserted(events: list[Entry]) -> list[Entry]:
    return list(rehashed([*events[:199], events[198]._replace(event_id=bytes(16)), *events[199:]]))


@pytest.mark.requirement("X13")
@pytest.mark.parametrize("attack", [edited, deleted, swapped, inserted], ids=lambda a: a.__name__)
async def test_a_rewritten_log_does_not_fit_the_checkpoint_an_auditor_kept(
    tmp_path: Path, history: list[Entry], attack: Attack
) -> None:
    """Recomputed to the last hash and signed anew by a stolen key: what was handed out tells."""
    folder = await exported(tmp_path / "forged", attack(history), *SIZES)
    kept = tmp_path / "kept.txt"
    kept.write_text(note(history, 300))

    assert judge(folder, [PUBLIC]).clean
    assert found(judge(folder, [PUBLIC], against=[kept])) == [("root_differs", 300)]


@pytest.mark.requirement("X13")
async def test_a_truncated_or_restored_log_is_shorter_than_what_was_kept(
    tmp_path: Path, history: list[Entry]
) -> None:
    folder = await exported(tmp_path / "restored", history[:400], 100, 300)
    kept = tmp_path / "kept.txt"
    kept.write_text(note(history, 550))

    assert found(judge(folder, [PUBLIC], against=[kept])) == [("log_shorter", 550)]


@pytest.mark.requirement("X13")
async def test_an_edited_covered_newest_event_is_found(
    tmp_path: Path, history: list[Entry]
) -> None:
    forged = list(rehashed([*history[:-1], history[-1]._replace(data=b'{"forged":1}')]))
    folder = await exported(tmp_path / "forged", forged, *SIZES)
    (folder / "checkpoints" / "000000000550.txt").write_text(note(history, EVENTS))

    assert found(judge(folder, [PUBLIC])) == [("root_differs", EVENTS)]


@pytest.mark.requirement("X13")
@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b'"able_to_work":true', b'"able_to_work":null', "data_changed"),
        (b'"actor":"user-1"', b'"actor":"user-2"', "header_changed"),
        (b'"recorded_at":"2000-01-01T04', b'"recorded_at":"2000-01-01T05', "header_changed"),
        (b'"slice":', b'"slice":1', "slice_wrong"),
        (b'"version":6', b'"version":7', "header_changed"),
        (b'"prev_seq":', b'"prev_seq":1', "prev_seq_wrong"),
        (b'"seq":', b'"seq":9', "seq_gap"),
        (b'"registry.wishes_recorded.v1"', b'"registry.wish\\u0065s_recorded.v2"', "unusable"),
    ],
)
def test_one_edited_field_of_a_line_names_its_event(
    export: Path, old: bytes, new: bytes, code: str
) -> None:
    rewrite(export, 280, old, new)

    if code == "unusable":
        with pytest.raises(UnusableError, match="event 280"):
            judge(export, [PUBLIC])
    else:
        where = 9280 if code == "seq_gap" else 280
        assert (code, where) in found(judge(export, [PUBLIC]))


@pytest.mark.parametrize("field", ["position", "sequenced_at"])
def test_an_edit_that_no_hash_covers_is_found_by_the_digest(export: Path, field: str) -> None:
    old = {"position": b'"position":560', "sequenced_at": b'"sequenced_at":"2000-01-01T04:40:00.0'}
    new = {"position": b'"position":561', "sequenced_at": b'"sequenced_at":"2000-01-01T04:40:00.1'}
    rewrite(export, 280, old[field], new[field])

    with pytest.raises(UnusableError, match="changed after the export"):
        judge(export, [PUBLIC])


def test_what_was_found_is_told_also_where_the_export_is_not_whole(export: Path) -> None:
    rewrite(export, 280, b'"able_to_work":true', b'"able_to_work":null')
    cut(export)

    assert found(judge(export, [PUBLIC])) == [("export_not_whole", 0), ("data_changed", 280)]


async def test_a_log_with_a_hole_is_exported_as_it_is_and_the_hole_is_named(
    tmp_path: Path, history: list[Entry]
) -> None:
    folder = await exported(tmp_path / "hole", history, 600)
    lines = (folder / "events.ndjson").read_bytes().splitlines(keepends=True)
    (folder / "events.ndjson").write_bytes(b"".join([*lines[:199], *lines[200:]]))
    edit_manifest(folder, events=599)

    assert ("seq_gap", 201) in found(judge(folder, [PUBLIC]))


def test_a_changed_tile_is_named(export: Path) -> None:
    tile = export / "tiles" / "0" / "001"
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])

    report = judge(export, [PUBLIC])
    assert found(report) == [("tile_differs", 257)]
    assert "tiles/0/001" in report.findings[0].detail


def drop(*parts: str) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        path = folder.joinpath(*parts)
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()

    return act


def cut(folder: Path) -> None:
    path = folder / "events.ndjson"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-3]))


def half_a_line(folder: Path) -> None:
    path = folder / "events.ndjson"
    path.write_bytes(path.read_bytes()[:-40])


def more_events(folder: Path) -> None:
    with (folder / "events.ndjson").open("ab") as file:
        file.write(line_of(made(601, people=50)[-1]))


def short_tile(folder: Path) -> None:
    (folder / "tiles" / "0" / "000").write_bytes(bytes(8191))


def device(*parts: str) -> Callable[[Path], None]:
    """Put a device in the place of a file: it might never end."""

    def act(folder: Path) -> None:
        path = folder.joinpath(*parts)
        path.unlink()
        path.symlink_to("/dev/null")

    return act


def long_text(folder: Path) -> None:
    (folder / "checkpoints" / "000000000300.txt").write_bytes(b"x" * (LONGEST_TEXT + 1))


@pytest.mark.requirement("X13")
@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (device("events.ndjson"), "no regular file"),
        (device("manifest.json"), "no regular file"),
        (device("tiles", "0", "000"), "no regular file"),
        (long_text, "too long"),
        (drop("events.ndjson"), "events.ndjson"),
        (drop("manifest.json"), "manifest.json"),
        (drop("tiles"), "tiles"),
        (drop("tiles", "1", "000.p", "2"), "tiles"),
        (drop("checkpoints", "000000000300.txt"), "announced"),
        (drop("checkpoints"), "announced"),
        (cut, "holds 597 events instead of 600"),
        (half_a_line, "event 600"),
        (more_events, "holds 601 events"),
        (short_tile, "another length"),
        (lambda f: edit_manifest(f, version=2), "version 2"),
        (lambda f: edit_manifest(f, format="other"), "no audit export"),
        (lambda f: edit_manifest(f, to=599), "contradict"),
        (lambda f: edit_manifest(f, events=599), "holds 600 events instead of 599"),
        (lambda f: edit_manifest(f, tree_size=3), "contradict"),
        (lambda f: (f / "manifest.json").write_text("{"), "manifest.json"),
        (lambda f: (f / "manifest.json").write_text("[]"), "manifest.json"),
        (lambda f: edit_manifest(f, events=0, to=0), "contradict"),
    ],
)
def test_what_is_not_whole_is_never_called_clean(
    export: Path, key: Path, damage: Callable[[Path], object], words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    damage(export)

    assert main([str(export), "--key", str(key)]) == UNUSABLE
    told = capsys.readouterr().err
    assert words in told
    assert "无法核验" in told


@pytest.mark.requirement("X13")
def test_a_wrong_key_is_no_verdict_about_the_log(export: Path, tmp_path: Path) -> None:
    other = VerifierKey("node", OTHER.public_key().public_bytes_raw())
    with pytest.raises(UnusableError, match="no checkpoint is signed by the given key"):
        judge(export, [other])

    for words in ("", "# nothing\n", "node+00000000+AQ==\n", "-----BEGIN PRIVATE KEY-----\n"):
        bad = tmp_path / "bad.pub"
        bad.write_text(words)
        with pytest.raises(UnusableError):
            read_keys([bad])
    witness = tmp_path / "W.pub"
    witness.write_text(str(VerifierKey("node", PUBLIC.public, WITNESS_KEY)))
    with pytest.raises(UnusableError, match="takes a log's key"):
        read_keys([witness])
    with pytest.raises(UnusableError, match=r"none\.pub"):
        read_keys([tmp_path / "none.pub"])


async def test_an_export_that_no_checkpoint_covers_proves_nothing(
    tmp_path: Path, history: list[Entry]
) -> None:
    with pytest.raises(UnusableError, match="no checkpoint is signed"):
        judge(await exported(tmp_path / "unsigned", history), [PUBLIC])
    late = await exported(tmp_path / "late", history, 100, wanted=Wanted(200, 400))
    with pytest.raises(UnusableError, match="no good checkpoint covers event 200"):
        judge(late, [PUBLIC])


def test_a_witness_that_signed_nothing_is_told(export: Path) -> None:
    witness = VerifierKey("bureau", OTHER.public_key().public_bytes_raw(), WITNESS_KEY)

    with pytest.raises(UnusableError, match="no checkpoint is cosigned by the witness bureau"):
        judge(export, [PUBLIC], [witness])


def test_the_three_ways_to_end(export: Path, key: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(export), "--key", str(key), "--json"]) == CLEAN
    told = json.loads(capsys.readouterr().out)
    assert (told["audit"], told["unwitnessed_tail"], told["findings"]) == ("clean", 50, [])

    rewrite(export, 280, b'"able_to_work":true', b'"able_to_work":null')
    assert main([str(export), "--key", str(key)]) == FINDINGS
    told_in_words = capsys.readouterr().out
    assert "data_changed event 280" in told_in_words
    assert "unwitnessed tail: 50" in told_in_words


def test_an_empty_log_is_not_called_clean_in_words_either() -> None:
    for events, word in ((0, "empty"), (1, "clean")):
        last = lines_of(Report(events, b"", events, ()))[-1]
        assert [w for w in ("empty", "clean", "findings") if w in last] == [word]


async def test_bytes_that_are_no_json_are_kept_as_they_are(
    tmp_path: Path, history: list[Entry]
) -> None:
    """A forger's bytes go into the export unharmed: the event is named, the export is not lost."""
    for k, data in enumerate((b"\x00\xff{", b'{"a":"},"salt":"x"}', b'{\n"a":1}', b"[1]"), 1):
        events = list(rehashed([*history[:9], history[9]._replace(data=data), *history[10:]]))
        folder = await exported(tmp_path / f"odd{k}", events, *SIZES)
        assert judge(folder, [PUBLIC]).clean

        bad = [e._replace(data=data) if e.seq == 10 else e for e in history]
        folder = await exported(tmp_path / f"bad{k}", bad, *SIZES)
        assert ("data_changed", 10) in found(judge(folder, [PUBLIC]))
    odd = history[9]._replace(type='a"b\\\n错'.encode())
    events = list(rehashed([*history[:9], odd, *history[10:]]))
    assert judge(await exported(tmp_path / "name", events, *SIZES), [PUBLIC]).clean


@pytest.mark.requirement("X13")
def test_no_flipped_bit_of_events_tiles_or_signed_text_is_called_clean(export: Path) -> None:
    """A hundred and twenty bits, drawn with a fixed seed over all files that prove something."""
    draw = random.Random(20_081_128)  # noqa: S311 - a fixed draw, nothing secret
    files = [export / "events.ndjson"] * 4
    files += sorted(p for p in (export / "tiles").rglob("*") if p.is_file())
    files += sorted((export / "checkpoints").iterdir())
    for _ in range(120):
        path = draw.choice(files)
        whole = path.read_bytes()
        end = whole.find(b"\n\n") if path.suffix == ".txt" else len(whole)
        at = draw.randrange(end)
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << draw.randrange(8)]) + whole[at + 1 :])
        try:
            assert not judge(export, [PUBLIC]).clean, f"{path.name}, byte {at}"
        except UnusableError:
            continue
        finally:
            path.write_bytes(whole)
    assert judge(export, [PUBLIC]).clean
