"""Verifies an export from its folder and the public keys alone; 0 clean, 1 findings, 2 unusable.

Sizes and roots come only from checkpoints that a known key signed; the manifest and the tiles are
taken as claims and checked against them.
"""

from __future__ import annotations

import errno
import gc
import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from io import BufferedReader, FileIO
from pathlib import Path

from events.log.exported import LineError, entry_of
from events.log.manifest import CHECKPOINTS, MANIFEST, TILES, Manifest, UnusableError, tile_path
from events.log.merkle import HASH_BYTES, TILE_WIDTH
from events.log.notes import LOG_KEY, NoteError, VerifierKey
from events.log.verify import Finding, Report, Verifier

Tell = Callable[[int, int], None]
EVERY = 25
LONGEST_LINE = 1 << 26
LONGEST_TEXT = 1 << 22
"""Bytes of a line of events, and of any text beside them, beyond which an export is no export."""


def read_keys(paths: Sequence[Path], *, witnesses: bool = False) -> list[VerifierKey]:
    """Read public keys, one a line (`name+keyid+base64`). Raises UnusableError."""
    keys: list[VerifierKey] = []
    for path in paths:
        try:
            lines = [line for line in text_in(path).splitlines() if line and line[0] != "#"]
            keys += [VerifierKey.parse(line) for line in lines]
        except NoteError as error:
            raise UnusableError(
                f"{path} 不是公钥文件", f"{path} is no public key: {error}"
            ) from error
        if not lines:
            raise UnusableError(f"{path} 没有公钥", f"{path} holds no public key")
    if not witnesses and any(key.kind != LOG_KEY for key in keys):
        raise UnusableError(
            "--key 须为日志公钥，不是见证方公钥", "--key takes a log's key, no witness's"
        )
    return keys


def judge(
    folder: Path,
    keys: Sequence[VerifierKey],
    witnesses: Sequence[VerifierKey] = (),
    against: Sequence[Path] = (),
    tell: Tell = lambda _done, _all: None,
) -> Report:
    """Verify an export (steps 1 to 6). Raises UnusableError where it can prove nothing."""
    manifest = Manifest.load(text_in(folder / MANIFEST))
    names = sorted((folder / CHECKPOINTS).glob("*.txt"))
    if len(names) != manifest.checkpoints:
        raise UnusableError(
            f"检查点文件应有 {manifest.checkpoints} 个，实有 {len(names)} 个",
            f"{manifest.checkpoints} checkpoint files are announced, {len(names)} are here",
        )
    verifier = Verifier(
        manifest.source, [text_in(p) for p in (*names, *against)], keys, witnesses, manifest.first
    )
    _signed_at_all(verifier)
    return Walk(folder, manifest, verifier, tell).run()


def _signed_at_all(verifier: Verifier) -> None:
    if not verifier.good_notes:
        told = f" ({verifier.findings[0].detail})" if verifier.findings else ""
        raise UnusableError(
            "没有任何检查点由所给公钥签名：请核对 --key 的公钥与本导出是否属于同一日志",
            f"no checkpoint is signed by the given key{told}: is it the key of this log?",
        )
    missing = {w.name for w in verifier.witnesses} - verifier.witnessed_by
    if missing:
        raise UnusableError(
            f"没有任何检查点由见证方 {', '.join(sorted(missing))} 联署",
            f"no checkpoint is cosigned by the witness {', '.join(sorted(missing))}",
        )


@dataclass(slots=True)
class Walk:
    """One pass over an export: leaves before it from tiles, its events, leaves after it."""

    folder: Path
    manifest: Manifest
    verifier: Verifier
    tell: Tell

    def run(self) -> Report:
        """Verify and report. Raises UnusableError, unless something was found before that."""
        gc.disable()  # events make no cycles, and looking for some takes time
        try:
            with ThreadPoolExecutor(1) as beside:
                return self._run(beside.submit(self._digest))
        except UnusableError as error:
            if not self.verifier.findings:
                raise
            self.verifier.findings.append(Finding("export_not_whole", detail=error.en))
            return self.verifier.finish()
        finally:
            gc.enable()

    def _run(self, digest: Future[str]) -> Report:
        manifest, verifier = self.manifest, self.verifier
        for leaf in self._leaves(0, manifest.first - 1):
            self._compare(verifier.grow(leaf))
        self._events()
        for leaf in self._leaves(manifest.last, manifest.tree_size):
            self._compare(verifier.grow(leaf))
        for level, nodes in enumerate(verifier.tree.open):
            if nodes:
                self._compare([(level, verifier.tree.first[level], b"".join(nodes))])
        report = verifier.finish()
        if report.clean:
            self._same(digest.result())
            if report.signed < report.first:
                raise UnusableError(
                    f"没有有效检查点覆盖事件 {report.first} 及其后的任何事件",
                    f"no good checkpoint covers event {report.first} or any after it",
                )
        return report

    def _events(self) -> None:
        manifest, add = self.manifest, self.verifier.add
        total, seq = manifest.events, manifest.first - 1
        headers_only = manifest.headers_only
        try:
            with _opened(self.folder / manifest.file) as lines:
                read = partial(lines.readline, LONGEST_LINE)
                for seq, line in enumerate(iter(read, b""), manifest.first):
                    if full := add(entry_of(line, headers_only=headers_only)):
                        self._compare(full)
                        if not full[0][1] % EVERY:
                            self.tell(seq - manifest.first + 1, total)
        except LineError as error:
            raise UnusableError(
                f"{manifest.file} 中应为事件 {seq} 的一行无法识别",
                f"{manifest.file}: the line where event {seq} should be cannot be read ({error})",
            ) from error
        except OSError as error:
            raise _missing(self.folder / manifest.file, error) from error
        count = seq - manifest.first + 1
        if count != total:
            raise UnusableError(
                f"{manifest.file} 有 {count} 条事件，应为 {total} 条：导出不完整",
                f"{manifest.file} holds {count} events instead of {total}: not whole",
            )
        self.tell(total, total)

    def _leaves(self, start: int, stop: int) -> Iterator[bytes]:
        """Read leaf hashes start..stop-1 from the tiles."""
        while start < stop:
            tile, skip = divmod(start, TILE_WIDTH)
            width = min(TILE_WIDTH, self.manifest.tree_size - tile * TILE_WIDTH)
            hashes = tile_in(self.folder, 0, tile, width)
            for k in range(skip, min(width, stop - tile * TILE_WIDTH)):
                yield hashes[k * HASH_BYTES : (k + 1) * HASH_BYTES]
            start = (tile + 1) * TILE_WIDTH

    def _compare(self, tiles: Sequence[tuple[int, int, bytes]]) -> None:
        for level, tile, hashes in tiles:
            if tile_in(self.folder, level, tile, len(hashes) // HASH_BYTES) != hashes:
                first = tile * TILE_WIDTH ** (level + 1) + 1
                detail = f"{TILES}/{tile_path(level, tile)} is not the tile of these events"
                self.verifier.findings.append(Finding("tile_differs", first, detail=detail))

    def _digest(self) -> str:
        """Hash the file of events, beside the verification of what it says."""
        path = self.folder / self.manifest.file
        try:
            with _opened(path) as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise _missing(path, error) from error

    def _same(self, digest: str) -> None:
        """Find what no hash of the log covers: that the file is another than was written."""
        path = self.folder / self.manifest.file
        if digest != self.manifest.sha256 or path.stat().st_size != self.manifest.bytes:
            raise UnusableError(
                f"{path} 与 {MANIFEST} 所记的摘要不符：导出之后被改动",
                f"{path} is not the file that {MANIFEST} names: changed after the export",
            )


def tile_in(folder: Path, level: int, tile: int, width: int) -> bytes:
    """Read the hashes of a tile of an export. Raises UnusableError."""
    path = folder / TILES / tile_path(level, tile, width)
    try:
        with _opened(path) as file:
            hashes = file.read(width * HASH_BYTES + 1)
    except OSError as error:
        raise _missing(path, error) from error
    if len(hashes) != width * HASH_BYTES:
        raise UnusableError(f"{path} 长度不符", f"{path} has another length than a tile")
    return hashes


def text_in(path: Path) -> str:
    """Read a text of bounded length. Raises UnusableError."""
    try:
        with _opened(path) as file:
            content = file.read(LONGEST_TEXT + 1)
        if len(content) > LONGEST_TEXT:
            raise UnusableError(f"{path} 过长", f"{path} is too long")
        return content.decode()
    except OSError as error:
        raise _missing(path, error) from error
    except UnicodeDecodeError as error:
        raise UnusableError(f"{path} 不是文本", f"{path} is no text") from error


def _opened(path: Path) -> BufferedReader:
    """Open a file, no device or pipe, which might never end. Raises OSError."""
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "no regular file")
    return BufferedReader(FileIO(path), 1 << 20)


def _missing(path: Path, error: OSError) -> UnusableError:
    return UnusableError(f"无法读取 {path}", f"cannot read {path} ({error.strerror})")
