"""The signer: its key, and its own file of what it signed, which outlives any database."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from events.log.arming import Identity, Witness
from events.log.errors import LogRefusedError
from events.log.notes import Checkpoint, VerifierKey, sign

EVERY_EVENTS = 1_000
EVERY_SECONDS = 60.0


@dataclass
class Signer:
    """Signs checkpoints under a name; never two roots for one size, never a smaller size (X13)."""

    name: str
    key: Ed25519PrivateKey
    file: Path
    _kept: dict[str, tuple[int, str]] | None = field(default=None, init=False)

    @classmethod
    def open(cls, name: str, folder: Path) -> Signer:
        """Load the key from the folder, or make one that only its owner may read."""
        folder.mkdir(parents=True, exist_ok=True)
        return cls(name, private_key(folder / "signer.key"), folder / "signed.json")

    @classmethod
    def known(cls, name: str, folder: Path) -> Signer | None:
        """Load the key from the folder; None where there is none, for a new one proves nothing."""
        return cls.open(name, folder) if (folder / "signer.key").exists() else None

    @property
    def verifier(self) -> VerifierKey:
        """The public key to print and hand out."""
        return VerifierKey(self.name, self.key.public_key().public_bytes_raw())

    def signed(self, origin: str) -> tuple[int, bytes]:
        """Return the last size and root signed for an origin; (0, b"") before the first."""
        size, root = self._all().get(origin, (0, ""))
        return size, bytes.fromhex(root)

    async def witness(self, identity: Identity) -> Witness | None:
        """Tell the sequencer what was signed, so that a restored log is refused."""
        size, root = self.signed(identity.origin)
        return Witness("the signer's file", size, root=root) if size else None

    def newest(self, origin: str) -> list[str]:
        """Return the last checkpoint signed for an origin, signed alike; none before the first."""
        size, root = self.signed(origin)
        return [self.sign(Checkpoint(origin, size, root))] if size else []

    def sign(self, checkpoint: Checkpoint) -> str:
        """Write down size and root, then return the signed note; raises LogRefusedError."""
        size, root = self.signed(checkpoint.origin)
        if checkpoint.size < size or (checkpoint.size == size and checkpoint.root != root):
            raise LogRefusedError("two_roots", f"{checkpoint.origin}, size {checkpoint.size}")
        if checkpoint.size > size:
            kept = self._all() | {checkpoint.origin: (checkpoint.size, checkpoint.root.hex())}
            write_whole(self.file, json.dumps(kept))
            self._kept = kept
        return sign(checkpoint, self.name, self.key)

    def _all(self) -> dict[str, tuple[int, str]]:
        if self._kept is None:
            text = self.file.read_text() if self.file.exists() else "{}"
            self._kept = {k: (size, root) for k, (size, root) in json.loads(text).items()}
        return self._kept


def private_key(path: Path) -> Ed25519PrivateKey:
    """Load a key, or make one that only its owner may read."""
    if not path.exists():
        write_whole(path, Ed25519PrivateKey.generate().private_bytes_raw().hex())
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text()))


def write_whole(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a file, private unless told, whole or not at all, and on the disk before we go on."""
    fresh = path.with_suffix(".new")
    opened = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(opened, "w", encoding="utf-8") as target:
        target.write(text)
        target.flush()
        os.fsync(target.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
