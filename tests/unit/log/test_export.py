"""An export goes on where it was broken off, and says what to do when it cannot."""

from __future__ import annotations

import errno
import hashlib
import io
import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from events.log import export as exporting
from events.log.export import PROGRESS, ExportError, Wanted, export
from events.log.manifest import Manifest
from events.log.offline import judge
from events.log.verify import Entry
from tests.support.histories import PUBLIC, ListBook, exported, made, note


@pytest.fixture(scope="module")
def history() -> list[Entry]:
    return made(600, people=50)


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "KEPT_EVERY", 100)


class Breaking(ListBook):
    """A log whose server goes away after some events."""

    after = 350

    async def entries(self, after: int, until: int) -> AsyncIterator[Sequence[Entry]]:
        async for page in super().entries(after, until):
            if page[-1].seq > self.after:
                raise ConnectionResetError
            yield page


def content(folder: Path) -> dict[str, str]:
    files = (p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def book(history: list[Entry], kind: type[ListBook] = ListBook) -> ListBook:
    return kind(history, [note(history, 300), note(history, 600)], page=50)


async def test_a_broken_export_goes_on_and_ends_as_an_unbroken_one(
    tmp_path: Path, history: list[Entry]
) -> None:
    folder, whole = tmp_path / "broken", tmp_path / "whole"
    with pytest.raises(ConnectionResetError):
        await export(book(history, Breaking), folder, Wanted(), [PUBLIC])
    done = json.loads((folder / PROGRESS).read_text())["done"]
    assert 0 < done <= 350
    with (folder / "events.ndjson").open("ab") as file:
        file.write(b'{"half of a li')  # what a kill leaves beyond what was counted

    seen: list[tuple[int, int]] = []
    manifest = await export(
        book(history), folder, Wanted(), [PUBLIC], tell=lambda *p: seen.append(p)
    )

    await export(book(history), whole, Wanted(), [PUBLIC])
    assert content(folder) == content(whole)
    assert seen[0] == (done + 50, 600)
    assert judge(folder, [PUBLIC]).clean
    assert (manifest.first, manifest.last, manifest.events) == (1, 600, 600)


async def test_going_on_keeps_the_end_that_was_begun(tmp_path: Path, history: list[Entry]) -> None:
    folder = tmp_path / "broken"
    with pytest.raises(ConnectionResetError):
        await export(book(history[:500], Breaking), folder, Wanted(), [PUBLIC])

    assert (await export(book(history), folder, Wanted(), [PUBLIC])).last == 500
    assert judge(folder, [PUBLIC]).clean


async def test_a_full_disk_is_told_and_the_same_command_goes_on(
    tmp_path: Path, history: list[Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, real = tmp_path / "full", exporting._opened  # noqa: SLF001 - the disk is stood in for

    class Full(io.BufferedRandom):
        def write(self, lines: Any) -> int:  # noqa: ANN401 - any buffer
            if self.tell() > 150_000:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(lines)

    def opened(*args: Any) -> io.BufferedRandom:  # noqa: ANN401 - passed through
        return Full(real(*args).detach())

    monkeypatch.setattr(exporting, "_opened", opened)
    with pytest.raises(ExportError) as told:
        await export(book(history), folder, Wanted(), [PUBLIC])
    assert "再次执行同一命令" in told.value.zh
    assert "same command again" in told.value.en
    assert not (folder / "manifest.json").exists()

    monkeypatch.setattr(exporting, "_opened", real)
    await export(book(history), folder, Wanted(), [PUBLIC])
    assert judge(folder, [PUBLIC]).clean


async def test_what_cannot_be_exported_is_refused_in_words(
    tmp_path: Path, history: list[Entry]
) -> None:
    done = await exported(tmp_path / "done", history, 600)
    busy, filled = tmp_path / "busy", tmp_path / "filled"
    with pytest.raises(ConnectionResetError):
        await export(book(history, Breaking), busy, Wanted())
    filled.mkdir()
    (filled / "notes.txt").write_text("mine")

    for folder, wanted, words in (
        (done, Wanted(), "complete already"),
        (filled, Wanted(), "not empty"),
        (busy, Wanted(headers_only=True), "unfinished export"),
        (busy, Wanted(2), "unfinished export"),
        (tmp_path / "none", Wanted(601), "no such events"),
        (tmp_path / "none", Wanted(5, 4), "no such events"),
        (tmp_path / "none", Wanted(1, 601), "no such events"),
    ):
        with pytest.raises(ExportError, match=words):
            await export(book(history), folder, wanted)
    with pytest.raises(ExportError, match="no such events"):
        await export(ListBook([]), tmp_path / "none", Wanted())
    assert not (tmp_path / "none").exists()


async def test_a_log_with_a_hole_is_not_passed_off_as_whole(
    tmp_path: Path, history: list[Entry]
) -> None:
    class Short(ListBook):
        @property
        def last(self) -> int:
            return 601

    with pytest.raises(ExportError, match="breaks off after event 600"):
        await export(Short(history, page=50), tmp_path / "hole", Wanted())


async def test_the_manifest_tells_counts_and_software(tmp_path: Path, history: list[Entry]) -> None:
    folder = tmp_path / "export"
    await export(book(history), folder, Wanted(11, 20), [PUBLIC], {"version": "1", "commit": "a"})
    told = json.loads((folder / "manifest.json").read_text())

    assert told["types"] == {"registry.wishes_recorded.v1": 10}
    assert told["software"] == {"version": "1", "commit": "a"}
    assert (told["from"], told["to"], told["events"], told["tree_size"]) == (11, 20, 10, 300)
    assert (folder / "keys.txt").read_text() == f"{PUBLIC}\n"
    assert Manifest.load((folder / "manifest.json").read_text()).file == "events.ndjson"
