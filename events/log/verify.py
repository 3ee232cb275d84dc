"""The offline verifier: a history must be whole, in order, unchanged, and the one signed.

Standard library and `cryptography` only, so that an auditor can read all of it. It streams: memory
grows with the number of streams (and 8 bytes per event), not with the size of the history.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from events.log.hashing import ZERO, body_hash, event_hash, leaf_hash, slice_of
from events.log.merkle import Frontier
from events.log.notes import Checkpoint, NoteError, VerifierKey, verify

MOST_FINDINGS = 100


@dataclass(slots=True)
class Entry:
    """An event as exported; data and salt are None in an export of headers alone."""

    seq: int
    prev_seq: int
    position: int
    stream: str
    version: int
    subject: str
    slice: int
    type: str
    event_id: UUID
    command_id: UUID
    recorded_at: datetime
    meta: bytes
    data: bytes | None
    salt: bytes | None
    data_hash: bytes
    prev_hash: bytes
    hash: bytes
    leaf: bytes | None = None
    sequenced_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong: a stable code, and the event it shows at (seq 0: no single event)."""

    code: str
    seq: int = 0
    stream: str = ""
    version: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked and found; `tail` events are newer than any good signed checkpoint."""

    events: int
    root: bytes
    signed: int
    findings: tuple[Finding, ...]

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    @property
    def tail(self) -> int:
        """How many events at the end no checkpoint covers: their forging would not show."""
        return self.events - self.signed


@dataclass(slots=True)
class _Head:
    version: int
    hash: bytes
    recorded_at: datetime
    subject: str


@dataclass
class Verifier:
    """Takes the events in seq order, one by one, from 1 (or from after a trusted frontier)."""

    source: str
    notes: Iterable[str] = ()
    keys: Sequence[VerifierKey] = ()
    tree: Frontier = field(default_factory=Frontier)
    findings: list[Finding] = field(default_factory=list)
    heads: dict[str, _Head] = field(default_factory=dict)
    _last: dict[int, int] = field(default_factory=dict)
    _signed: dict[int, set[bytes]] = field(default_factory=dict)
    _good: int = 0
    _position: int = 0
    _sequenced_at: datetime | None = None
    _ids: array[int] = field(default_factory=lambda: array("Q"))

    def __post_init__(self) -> None:
        """Check the signatures of the checkpoints (step 1)."""
        for note in self.notes:
            try:
                self._expect(verify(note, *self.keys))
            except NoteError as error:
                self._found(Finding("checkpoint_invalid", detail=str(error)))

    def _expect(self, checkpoint: Checkpoint) -> None:
        if checkpoint.origin.rpartition("/events/")[0] != self.source:
            detail = f"{checkpoint.origin} is another log"
            self._found(Finding("checkpoint_invalid", checkpoint.size, detail=detail))
        self._signed.setdefault(checkpoint.size, set()).add(checkpoint.root)

    def add(self, entry: Entry) -> None:
        """Check one event (steps 2 to 4, 6)."""
        seq = self.tree.size + 1
        if entry.seq != seq:
            self._bad(entry, "seq_gap", f"expected seq {seq}")
        self._number(entry)
        leaf = self._hashes(entry)
        self._chain(entry)
        self.tree.append(leaf)
        self._ids.append(entry.event_id.int & 0xFFFFFFFFFFFFFFFF)
        if seq in self._signed:
            self._root(entry)

    def finish(self) -> Report:
        """Check what only the whole shows, and report."""
        size = self.tree.size
        for signed in sorted(self._signed):
            if signed > size:
                detail = f"a checkpoint covers {signed} events, here are {size}"
                self._found(Finding("log_shorter", signed, detail=detail))
        ids = sorted(self._ids)
        if any(a == b for a, b in pairwise(ids)):
            self._found(Finding("event_id_twice"))
        return Report(size, self.tree.root(), self._good, tuple(self.findings))

    def _number(self, entry: Entry) -> None:
        if entry.slice != slice_of(entry.subject):
            self._bad(entry, "slice_wrong")
        before = self._last.get(entry.slice, 0 if self._whole else entry.prev_seq)
        if entry.prev_seq != before:
            self._bad(entry, "prev_seq_wrong", f"expected {before}")
        self._last[entry.slice] = entry.seq
        if entry.position <= self._position:
            self._bad(entry, "position_falls")
        self._position = entry.position
        if entry.sequenced_at is not None:
            if self._sequenced_at is not None and entry.sequenced_at < self._sequenced_at:
                self._bad(entry, "sequenced_at_falls")
            self._sequenced_at = entry.sequenced_at

    def _hashes(self, entry: Entry) -> bytes:
        data, salt = entry.data, entry.salt
        if data is not None and salt is not None and body_hash(salt, data) != entry.data_hash:
            self._bad(entry, "data_changed")
        expected = event_hash(
            event_id=entry.event_id,
            command_id=entry.command_id,
            source=self.source,
            stream=entry.stream,
            version=entry.version,
            type_=entry.type,
            subject=entry.subject,
            recorded_at=entry.recorded_at,
            meta=entry.meta,
            data_hash=entry.data_hash,
            prev_hash=entry.prev_hash,
        )
        if expected != entry.hash:
            self._bad(entry, "header_changed")
        leaf = leaf_hash(entry.hash)
        if entry.leaf is not None and entry.leaf != leaf:
            self._bad(entry, "leaf_wrong")
        return leaf

    def _chain(self, entry: Entry) -> None:
        head = self.heads.get(entry.stream)
        if head is None:
            self.heads[entry.stream] = _Head(
                entry.version, entry.hash, entry.recorded_at, entry.subject
            )
            if self._whole and (entry.version != 1 or entry.prev_hash != ZERO):
                self._bad(entry, "chain_broken", "the stream does not begin at version 1")
            return
        if entry.version != head.version + 1 or entry.prev_hash != head.hash:
            self._bad(entry, "chain_broken", f"does not follow version {head.version}")
        if entry.recorded_at < head.recorded_at:
            self._bad(entry, "recorded_at_falls")
        if entry.subject != head.subject:
            self._bad(entry, "subject_changed", head.subject)
        head.version, head.hash, head.recorded_at = entry.version, entry.hash, entry.recorded_at

    @property
    def _whole(self) -> bool:
        """Whether the events came from the first on, so that every beginning was seen."""
        return self.tree.size == len(self._ids)

    def _root(self, entry: Entry) -> None:
        if self._signed[self.tree.size] == {self.tree.root()}:
            self._good = self.tree.size
        else:
            self._bad(entry, "root_differs", "the signed checkpoint of this size has another root")

    def _bad(self, entry: Entry, code: str, detail: str = "") -> None:
        self._found(Finding(code, entry.seq, entry.stream, entry.version, detail))

    def _found(self, finding: Finding) -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(finding)


def verify_entries(
    source: str,
    entries: Iterable[Entry],
    notes: Iterable[str] = (),
    keys: Sequence[VerifierKey] = (),
) -> Report:
    """Check a whole history from seq 1 against signed checkpoints (X13)."""
    verifier = Verifier(source, notes, keys)
    for entry in entries:
        verifier.add(entry)
    return verifier.finish()
