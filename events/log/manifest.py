"""The form of an export's folder: names, manifest, places of tiles. Standard library only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from events.log.merkle import TILE_WIDTH
from events.log.told import ToldError

FORMAT = "bangfu audit export"
VERSION = 1
MANIFEST = "manifest.json"
CHECKPOINTS = "checkpoints"
TILES = "tiles"
KEYS = "keys.txt"


class UnusableError(ToldError):
    """An export that can prove nothing; `zh` and `en` say what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an export says of itself: nothing of it is signed, so all of it is checked."""

    source: str
    first: int
    last: int
    events: int
    headers_only: bool
    tree_size: int
    checkpoints: int
    bytes: int
    sha256: str

    @property
    def file(self) -> str:
        """The file that holds the events."""
        return events_file(headers_only=self.headers_only)

    def dump(self, more: Mapping[str, Any]) -> str:
        """Return the manifest as text; `more` are figures that no check needs."""
        told = {
            "format": FORMAT,
            "version": VERSION,
            "source": self.source,
            "from": self.first,
            "to": self.last,
            "events": self.events,
            "headers_only": self.headers_only,
            "tree_size": self.tree_size,
            "checkpoints": self.checkpoints,
            "files": {self.file: {"bytes": self.bytes, "sha256": self.sha256}},
        }
        return json.dumps(told | dict(more), ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def load(cls, text: str) -> Manifest:
        """Read a manifest. Raises UnusableError."""
        try:
            found: dict[str, Any] = json.loads(text)
            known = found["format"] == FORMAT, found["version"]
            if known != (True, VERSION):
                raise _foreign(*known)
            headers_only = found["headers_only"] is True
            file = found["files"][events_file(headers_only=headers_only)]
            manifest = cls(
                source=str(found["source"]),
                first=int(found["from"]),
                last=int(found["to"]),
                events=int(found["events"]),
                headers_only=headers_only,
                tree_size=int(found["tree_size"]),
                checkpoints=int(found["checkpoints"]),
                bytes=int(file["bytes"]),
                sha256=str(file["sha256"]),
            )
            fits = 1 <= manifest.first <= manifest.last <= manifest.tree_size
            fits = fits and 1 <= manifest.events <= manifest.last - manifest.first + 1
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UnusableError(
                f"{MANIFEST} 无法识别", f"{MANIFEST} cannot be read ({type(error).__name__})"
            ) from error
        if not fits:
            raise UnusableError(
                f"{MANIFEST} 中的事件范围、条数互相矛盾，或导出为空",
                f"{MANIFEST}: range, count and tree size contradict each other, or it is empty",
            )
        return manifest


def events_file(*, headers_only: bool) -> str:
    """Return the name of the file that holds the events."""
    return "headers.ndjson" if headers_only else "events.ndjson"


def tile_path(level: int, tile: int, width: int = TILE_WIDTH) -> str:
    """Return a tile's place as C2SP tlog-tiles has it: `0/x001/x234/067`, `1/000.p/8`."""
    groups = [f"{tile % 1000:03}"]
    while tile := tile // 1000:
        groups.insert(0, f"x{tile % 1000:03}")
    return f"{level}/{'/'.join(groups)}" + f".p/{width}" * (width < TILE_WIDTH)


def _foreign(ours: bool, version: object) -> UnusableError:
    if not ours:
        return UnusableError("不是本系统的审计导出", "this is no audit export of this system")
    return UnusableError(
        f"导出格式版本为 {version}，本程序只识别版本 {VERSION}：请用相应版本的核验程序",
        f"the export has format version {version}, this verifier reads {VERSION} alone: "
        "take the verifier of that version",
    )
