"""The auditor's witness: it signs what a log shows, and never two histories (X13).

It keeps the newest checkpoint of each log that it signed, and signs another only with a proof that
the log merely grew. What it keeps is on the disk before the signature leaves, under a lock.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from events.log.checkpoints import private_key, write_whole
from events.log.merkle import (
    TILE_HEIGHT,
    TILE_WIDTH,
    ProofError,
    consistency_proof,
    nodes_of,
    perfect_root,
    verify_consistency,
)
from events.log.notes import (
    WITNESS_KEY,
    Checkpoint,
    NoteError,
    VerifierKey,
    cosign,
    parse,
    verify,
)
from events.log.offline import tile_in
from events.log.told import ToldError


class WitnessError(ToldError):
    """A checkpoint that is not signed; `code` is stable, `zh` and `en` say why."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.code = code


@dataclass(frozen=True, slots=True)
class Witness:
    """A name, a key, and what it has seen, all in one folder (a stick will do)."""

    name: str
    key: Ed25519PrivateKey
    folder: Path

    @classmethod
    def open(cls, name: str, folder: Path) -> Witness:
        """Load the key from the folder, or make one that only its owner may read."""
        folder.mkdir(parents=True, exist_ok=True)
        return cls(name, private_key(folder / "witness.key"), folder)

    @property
    def verifier(self) -> VerifierKey:
        """The public key to print and hand out."""
        return VerifierKey(self.name, self.key.public_key().public_bytes_raw(), WITNESS_KEY)

    def seen(self, origin: str) -> Checkpoint | None:
        """Return the newest checkpoint of a log that this witness signed."""
        note = self._kept().get(origin)
        return None if note is None else parse(note)

    def sign(self, note: str, keys: Sequence[VerifierKey], proof: Sequence[bytes], at: int) -> str:
        """Return the checkpoint with this witness's signature, made at a POSIX time.

        `proof` shows that the log grew from what was seen before. Raises WitnessError.
        """
        try:
            checkpoint = verify(note, *keys)
        except NoteError as error:
            raise WitnessError(
                "unsigned", "检查点没有该日志的有效签名", f"no good signature by the log: {error}"
            ) from error
        with self._locked():
            self._grown(checkpoint, note, proof)
            kept = self._kept() | {checkpoint.origin: note}
            write_whole(self._file, json.dumps(kept, ensure_ascii=False, indent=1))
        return cosign(note, self.name, self.key, at)

    def _grown(self, checkpoint: Checkpoint, note: str, proof: Sequence[bytes]) -> None:
        before = self.seen(checkpoint.origin)
        if before is None:
            return
        if checkpoint.size < before.size:
            raise WitnessError(
                "older",
                f"出示 {checkpoint.size} 条，此前已见 {before.size} 条：日志变短或重放旧检查点",
                f"{checkpoint.size} events are shown, {before.size} were seen before: the log "
                "became shorter, or an old checkpoint was played again",
            )
        try:
            verify_consistency(before.size, before.root, checkpoint.size, checkpoint.root, proof)
        except ProofError as error:
            path = self.folder / f"refused-{checkpoint.size}.txt"
            write_whole(path, self._kept()[checkpoint.origin] + "\n" + note)
            raise WitnessError(
                "forked",
                f"与此前所见第 {before.size} 条的历史不一致，拒绝联署；两份检查点存于 {path}",
                f"not a continuation of the {before.size} events seen before ({error}): refused; "
                f"both checkpoints are kept in {path}",
            ) from error

    @property
    def _file(self) -> Path:
        return self.folder / "witnessed.json"

    def _kept(self) -> dict[str, str]:
        kept: dict[str, str] = json.loads(self._file.read_text()) if self._file.exists() else {}
        return kept

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


@dataclass(frozen=True, slots=True)
class FolderTree:
    """The tree of an export, read from its tiles; its proofs are checked like any others."""

    folder: Path
    size: int

    async def consistency(self, old: int) -> list[bytes]:
        """Prove that the tree begins with its first `old` leaves. Raises UnusableError."""
        return await consistency_proof(self._node, old, self.size)

    async def _node(self, height: int, index: int) -> bytes:
        level, within = divmod(height, TILE_HEIGHT)
        first, count = index << within, 1 << within
        tile, skip = divmod(first, TILE_WIDTH)
        width = min(TILE_WIDTH, (self.size >> TILE_HEIGHT * level) - tile * TILE_WIDTH)
        hashes = tile_in(self.folder, level, tile, width)
        return perfect_root(nodes_of(hashes)[skip : skip + count])


def newest(notes: Sequence[str], keys: Sequence[VerifierKey]) -> str:
    """Return the note with the greatest size that a known key signed. Raises WitnessError."""
    good: list[tuple[int, str]] = []
    for note in notes:
        try:
            good.append((verify(note, *keys).size, note))
        except NoteError:
            continue
    if not good:
        raise WitnessError(
            "unsigned", "没有由所给公钥签名的检查点", "no checkpoint is signed by the given key"
        )
    return max(good)[1]
