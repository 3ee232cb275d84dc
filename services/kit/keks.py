"""Key-encryption keys: files `kek-1.key`, `kek-2.key` … of one folder; the newest one wraps.

They lie outside the key database, so that neither it nor its backups open anything by themselves.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

RETIRED = "retired"
_FILE = re.compile(r"kek-(\d{1,6})\.key")


class KeyFileMissingError(LookupError):
    """Rows are wrapped under a key-encryption key whose file is not in the folder."""

    def __init__(self, kek: str) -> None:
        super().__init__(f"the file {kek}.key is not in the folder of keys")
        self.kek = kek


class KeyFolder:
    """The keys of one folder; read again when a row names one that is not known yet."""

    def __init__(self, folder: Path) -> None:
        """Read the folder; the first key is made when there is none (mode 0600)."""
        self._folder = folder
        self._keys: dict[str, bytes] = {}
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.read()
        if not self._keys:
            self.make("kek-1")

    def read(self) -> None:
        """Read what another process may have added or retired."""
        files = {int(m[1]): f for f in self._folder.iterdir() if (m := _FILE.fullmatch(f.name))}
        ordered = [files[number] for number in sorted(files)]
        self._keys = {f.stem: bytes.fromhex(f.read_text().strip()) for f in ordered}

    @property
    def names(self) -> list[str]:
        """The keys at hand, oldest first."""
        return list(self._keys)

    @property
    def newest(self) -> str:
        """The key under which new rows are wrapped."""
        return self.names[-1]

    def __getitem__(self, kek: str) -> bytes:
        """Return a key; raises KeyFileMissingError."""
        if kek not in self._keys:
            self.read()
        if kek not in self._keys:
            raise KeyFileMissingError(kek)
        return self._keys[kek]

    def next(self) -> str:
        """Name the key that would follow the newest."""
        return f"kek-{int(self.newest.removeprefix('kek-')) + 1}"

    def make(self, kek: str) -> None:
        """Make a key unless its file is there; it is whole on the disk before it has its name."""
        file = self._folder / f"{kek}.key"
        if not file.exists():
            half = file.with_suffix(".new")
            half.touch(mode=0o600)
            with half.open("w") as out:
                out.write(os.urandom(32).hex())
                out.flush()
                os.fsync(out.fileno())
            half.rename(file)
            _flushed(self._folder)
        self.read()

    def retire(self, kek: str) -> None:
        """Put a key aside, where no process looks for it any more."""
        aside = self._folder / RETIRED
        aside.mkdir(exist_ok=True, mode=0o700)
        (self._folder / f"{kek}.key").rename(aside / f"{kek}.key")
        _flushed(self._folder)
        self.read()


def _flushed(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
