"""Writes an export for auditors: events, tiles, checkpoints and manifest; goes on after a break.

Memory is bounded by a page of events. What was written so far stands in `progress.json`, on the
disk before it is counted, so that the same call goes on where it ended; it goes with the last step.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from io import BufferedRandom
from pathlib import Path
from typing import Any

from events.log.book import Book
from events.log.checkpoints import write_whole
from events.log.lines import line_of
from events.log.manifest import (
    CHECKPOINTS,
    KEYS,
    MANIFEST,
    TILES,
    Manifest,
    events_file,
    tile_path,
)
from events.log.merkle import HASH_BYTES
from events.log.notes import VerifierKey
from events.log.told import ToldError

PROGRESS = "progress.json"
KEPT_EVERY = 50_000
READABLE = 0o666  # what the user's mask leaves of it
Tell = Callable[[int, int], None]


class ExportError(ToldError):
    """An export that cannot go on; `zh` and `en` say why and what to do."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to export: seq `first` to `last` (0: the newest), with bodies or headers alone."""

    first: int = 1
    last: int = 0
    headers_only: bool = False


@dataclass(slots=True)
class Progress:
    """How far an export got: all events up to `done` are the first `bytes` of its file."""

    source: str
    first: int
    last: int
    headers_only: bool
    done: int
    events: int = 0
    bytes: int = 0
    types: dict[str, int] = field(default_factory=dict)


async def export(
    book: Book,
    folder: Path,
    wanted: Wanted,
    keys: Sequence[VerifierKey] = (),
    software: dict[str, str] | None = None,
    tell: Tell = lambda _done, _all: None,
) -> Manifest:
    """Write the export, or go on with it. Raises ExportError; OSError only for odd faults."""
    try:
        progress = _begin(folder, wanted, book)
        digest = await _events(book, folder, progress, tell)
        return await _rest(book, folder, progress, digest, keys, software or {})
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise ExportError(
            f"磁盘已满：{folder}。已写部分保留；腾出空间后再次执行同一命令即可续写",
            f"no space left for {folder}. What was written is kept: free space, then give the same "
            "command again and it goes on",
        ) from error


def _begin(folder: Path, wanted: Wanted, book: Book) -> Progress:
    if (folder / MANIFEST).exists():
        raise ExportError(f"{folder} 中的导出已完成", f"the export in {folder} is complete already")
    if (folder / PROGRESS).exists():
        return _resume(folder, wanted, book)
    if folder.exists() and any(folder.iterdir()):
        raise ExportError(f"{folder} 不是空目录", f"{folder} is not empty; name a new folder")
    last = wanted.last or book.last
    if not 1 <= wanted.first <= last <= book.last:
        raise ExportError(
            f"没有可导出的事件：日志共 {book.last} 条，所选为 {wanted.first}–{last}",
            f"no such events: the log has {book.last}, {wanted.first} to {last} were asked for",
        )
    folder.mkdir(parents=True, exist_ok=True)
    progress = Progress(book.source, wanted.first, last, wanted.headers_only, wanted.first - 1)
    _keep(folder, progress)
    return progress


def _resume(folder: Path, wanted: Wanted, book: Book) -> Progress:
    progress = Progress(**json.loads((folder / PROGRESS).read_text()))
    same = (book.source, wanted.first, wanted.last or progress.last, wanted.headers_only)
    if same != (progress.source, progress.first, progress.last, progress.headers_only):
        raise ExportError(
            f"{folder} 中未完成的导出是 {progress.source} 的 {progress.first}–{progress.last}，"
            "与本次不同：请用原参数续写或另选目录",
            f"{folder} holds an unfinished export of {progress.source}, {progress.first} to "
            f"{progress.last}: go on with the same options, or name a new folder",
        )
    return progress


async def _events(book: Book, folder: Path, progress: Progress, tell: Tell) -> Any:  # noqa: ANN401 - hashlib's own
    total, types = progress.last - progress.first + 1, Counter(progress.types)
    with _opened(folder, progress) as file:
        digest = hashlib.file_digest(file, "sha256")
        kept = done = progress.done
        async for page in book.entries(progress.done, progress.last):
            lines = b"".join(line_of(e, headers_only=progress.headers_only) for e in page)
            file.write(lines)
            digest.update(lines)
            types.update(e.type.decode(errors="replace") for e in page)
            done = page[-1].seq
            progress.events += len(page)
            tell(done - progress.first + 1, total)
            if done - kept >= KEPT_EVERY or done == progress.last:
                file.flush()
                os.fsync(file.fileno())
                progress.bytes, progress.types = file.tell(), dict(types)
                progress.done = kept = done
                _keep(folder, progress)
    if done != progress.last:
        raise ExportError(
            f"日志在事件 {done} 之后中断，应至 {progress.last}：请先执行 bangfu audit verify",
            f"the log breaks off after event {done} instead of {progress.last}: "
            "see bangfu audit verify",
        )
    return digest


def _opened(folder: Path, progress: Progress) -> BufferedRandom:
    path = folder / events_file(headers_only=progress.headers_only)
    path.touch()
    file = path.open("r+b")
    if file.seek(0, os.SEEK_END) < progress.bytes:
        file.close()
        raise ExportError(f"{path} 被改动，请另选目录重新导出", f"{path} was changed; begin anew")
    file.truncate(progress.bytes)
    file.seek(0)
    return file


async def _rest(
    book: Book,
    folder: Path,
    progress: Progress,
    digest: Any,  # noqa: ANN401 - hashlib's own
    keys: Sequence[VerifierKey],
    software: dict[str, str],
) -> Manifest:
    notes = await book.notes()
    sizes = (s for s, _ in notes if progress.last <= s <= book.last)
    size = min(sizes, default=progress.last)
    notes = [(s, note) for s, note in notes if s <= size or s > book.last]  # the latter: evidence
    for count, note in notes:
        _write(folder / CHECKPOINTS / f"{count:012}.txt", note.encode())
    async for level, tile, hashes in book.tiles(size):
        _write(folder / TILES / tile_path(level, tile, len(hashes) // HASH_BYTES), hashes)
    _write(folder / KEYS, "".join(f"{key}\n" for key in keys).encode())
    manifest = Manifest(
        progress.source, progress.first, progress.last, progress.events, progress.headers_only,
        size, len(notes), progress.bytes, digest.hexdigest(),
    )  # fmt: skip
    more = {"types": dict(sorted(progress.types.items())), "software": software}
    write_whole(folder / MANIFEST, manifest.dump(more), READABLE)
    (folder / PROGRESS).unlink()
    return manifest


def _keep(folder: Path, progress: Progress) -> None:
    write_whole(folder / PROGRESS, json.dumps(asdict(progress)), READABLE)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
