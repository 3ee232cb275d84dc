"""The verifier's core: a history must be whole, in order, unchanged, and the one signed.

Standard library and `cryptography` only, so that an auditor can read all of it. It streams: memory
grows with the number of streams and 16 bytes per event, not with the size of the history.
"""

from __future__ import annotations

from array import array
from binascii import crc32
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from struct import Struct
from typing import NamedTuple

from events.log.hashing import SLICES, ZERO, body_hash, chained, leaf_hash
from events.log.merkle import Tiles
from events.log.notes import NoteError, VerifierKey, opened, parse

MOST_FINDINGS = 100
FORKED = b"registry.log_forked.v1"
_HEAD = Struct(">iIq32s")


class Entry(NamedTuple):
    """An event as exported, names as UTF-8; data and salt are None in an export of headers alone.

    `recorded` counts µs since 2000-01-01 UTC; `sequenced` is an instant as ISO text of one length.
    """

    seq: int
    prev_seq: int
    position: int
    slice: int
    version: int
    stream: bytes
    type: bytes
    subject: bytes
    event_id: bytes
    command_id: bytes
    recorded: int
    sequenced: bytes
    data_hash: bytes
    prev_hash: bytes
    hash: bytes
    meta: bytes
    salt: bytes | None
    data: bytes | None
    leaf: bytes | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong: a stable code, and the event it shows at (seq 0: no single event)."""

    code: str
    seq: int = 0
    stream: str = ""
    version: int = 0
    detail: str = ""

    def __str__(self) -> str:
        """Return the finding as one line."""
        where = f" event {self.seq}" * bool(self.seq)
        what = f" ({self.stream}, version {self.version})" * bool(self.stream)
        return f"{self.code}{where}{what}{': ' * bool(self.detail)}{self.detail}"


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked and found; `signed` is the size of the greatest good checkpoint.

    `witnessed` tells the same of each witness; `forks` are the seqs of declared forks.
    """

    events: int
    root: bytes
    signed: int
    findings: tuple[Finding, ...]
    first: int = 1
    witnessed: tuple[tuple[str, int], ...] = ()
    forks: tuple[int, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    @property
    def last(self) -> int:
        """The seq of the last event that was read."""
        return self.first + self.events - 1

    @property
    def tail(self) -> int:
        """How many events at the end no checkpoint covers: their forging would not show.

        Where witnesses were named, a checkpoint counts once all of them have signed it.
        """
        covered = min([self.signed, *(size for _, size in self.witnessed)])
        return min(self.events, max(0, self.last - covered))


@dataclass(frozen=True, slots=True)
class _Signed:
    epoch: int
    root: bytes
    witnesses: frozenset[str]


@dataclass
class Verifier:
    """Takes the events in seq order, one by one, from `first` on.

    The leaves before `first` come through `grow`, from tiles: only a signed root proves them.
    """

    source: str
    notes: Iterable[str] = ()
    keys: Sequence[VerifierKey] = ()
    witnesses: Sequence[VerifierKey] = ()
    first: int = 1
    tree: Tiles = field(default_factory=Tiles)
    findings: list[Finding] = field(default_factory=list)
    good_notes: int = 0
    events: int = 0
    _heads: dict[bytes, bytes] = field(default_factory=dict)
    _last: dict[int, int] = field(default_factory=dict)
    _signed: dict[int, set[_Signed]] = field(default_factory=dict)
    _good: int = 0
    _witnessed: dict[str, int] = field(default_factory=dict)
    _forks: list[int] = field(default_factory=list)
    _differs: bool = False
    _size: int = 0
    _position: int = 0
    _sequenced: bytes = b""
    _ids: list[tuple[array[int], array[int]]] = field(
        default_factory=lambda: [(array("Q"), array("Q")) for _ in range(256)]
    )

    def __post_init__(self) -> None:
        """Check the signatures of the checkpoints (step 1)."""
        self._source = self.source.encode()
        self._witnessed = {key.name: 0 for key in self.witnesses}
        for note in self.notes:
            self.expect(note)

    def expect(self, note: str) -> None:
        """Hold the history to a checkpoint, if a key of the log signed it."""
        try:
            size, point = self._point(note)
        except NoteError as error:
            self._found(Finding("checkpoint_invalid", detail=str(error)))
            return
        self._signed.setdefault(size, set()).add(point)
        self.good_notes += 1

    def _point(self, note: str) -> tuple[int, _Signed]:
        _, seen = opened(note, [*self.keys, *self.witnesses])
        checkpoint = parse(note)
        if not any(s.key in self.keys for s in seen):
            raise NoteError("no key of the log signed this checkpoint")
        source, _, epoch = checkpoint.origin.rpartition("/events/")
        if source != self.source or not (epoch.isascii() and epoch.isdigit()):
            raise NoteError(f"{checkpoint.origin} is another log")
        witnesses = frozenset(s.key.name for s in seen if s.key in self.witnesses)
        return checkpoint.size, _Signed(int(epoch), checkpoint.root, witnesses)

    @property
    def witnessed_by(self) -> set[str]:
        """The witnesses that signed any of the good checkpoints."""
        points = (point for points in self._signed.values() for point in points)
        return {name for point in points for name in point.witnesses}

    def grow(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add a leaf hash; return the tiles it filled. Checks the root at signed sizes (step 4)."""
        full = self.tree.append(leaf)
        self._size += 1
        if self._size in self._signed:
            self._root(self._size)
        return full

    def add(self, entry: Entry) -> list[tuple[int, int, bytes]]:
        """Check one event (steps 2 to 4, 6); return the tiles it filled."""
        if entry.seq != self._size + 1:
            self._bad(entry, "seq_gap", f"expected seq {self._size + 1}")
        self._number(entry)
        leaf = self._hashes(entry)
        self._chain(entry)
        ids, seqs = self._ids[entry.event_id[15]]
        ids.append(int.from_bytes(entry.event_id[8:], "big"))
        seqs.append(entry.seq)
        if entry.type == FORKED:
            self._forks.append(entry.seq)
        self.events += 1
        return self.grow(leaf)

    def finish(self) -> Report:
        """Check what only the whole shows, and report."""
        size = self._size
        for signed, points in sorted(self._signed.items()):
            for point in points if signed > size else ():
                if point.epoch > len(self._forks):
                    detail = f"a checkpoint covers {signed} events, here are {size}"
                    self._found(Finding("log_shorter", signed, detail=detail))
                else:
                    self._forked(signed, point)
        for ids, seqs in self._ids:
            if len(set(ids)) != len(ids):
                self._found(Finding("event_id_twice", _second(ids, seqs)))
        return Report(
            self.events,
            self.tree.root(),
            self._good,
            tuple(sorted(self.findings, key=lambda f: f.seq)),
            self.first,
            tuple(self._witnessed.items()),
            tuple(self._forks),
        )

    def _number(self, entry: Entry) -> None:
        before = self._last.get(entry.slice, 0 if self.first == 1 else entry.prev_seq)
        if entry.prev_seq != before:
            self._bad(entry, "prev_seq_wrong", f"expected {before}")
        self._last[entry.slice] = entry.seq
        if entry.position <= self._position:
            self._bad(entry, "position_falls")
        self._position = entry.position
        if entry.sequenced < self._sequenced:
            self._bad(entry, "sequenced_at_falls")
        self._sequenced = entry.sequenced

    def _hashes(self, entry: Entry) -> bytes:
        data, salt = entry.data, entry.salt
        if data is not None and salt is not None and body_hash(salt, data) != entry.data_hash:
            self._bad(entry, "data_changed")
        expected = chained(
            entry.event_id, entry.command_id, self._source, entry.stream, entry.version,
            entry.type, entry.subject, entry.recorded, entry.meta, entry.data_hash, entry.prev_hash,
        )  # fmt: skip
        if expected != entry.hash:
            self._bad(entry, "header_changed")
        leaf = leaf_hash(entry.hash)
        if entry.leaf is not None and entry.leaf != leaf:
            self._bad(entry, "leaf_wrong")
        return leaf

    def _chain(self, entry: Entry) -> None:
        about = crc32(entry.subject)
        if about % SLICES != entry.slice:
            self._bad(entry, "slice_wrong")
        head = self._heads.get(entry.stream)
        self._heads[entry.stream] = _HEAD.pack(entry.version, about, entry.recorded, entry.hash)
        if head is None:
            if self.first == 1 and (entry.version != 1 or entry.prev_hash != ZERO):
                self._bad(entry, "chain_broken", "the stream does not begin at version 1")
            return
        version, subject, recorded, digest = _HEAD.unpack(head)
        if entry.version != version + 1 or entry.prev_hash != digest:
            self._bad(entry, "chain_broken", f"does not follow version {version}")
        if entry.recorded < recorded:
            self._bad(entry, "recorded_at_falls")
        if about != subject:
            self._bad(entry, "subject_changed")

    def _root(self, size: int) -> None:
        root = self.tree.root()
        for point in self._signed[size]:
            if point.epoch <= len(self._forks):
                self._forked(size, point)
            elif point.root == root:
                self._good = size
                self._witnessed |= dict.fromkeys(point.witnesses, size)
            elif not self._differs:
                self._differs = True
                detail = (
                    "the signed checkpoint has another root: the first changed event is one of "
                    f"{self._good + 1}..{size}"
                )
                self._found(Finding("root_differs", size, detail=detail))

    def _forked(self, size: int, point: _Signed) -> None:
        """Name what a checkpoint of an ended epoch covers beyond that end: it is lost."""
        fork = self._forks[point.epoch - 1]
        detail = f"by a declared fork the events {fork}..{size} of epoch {point.epoch} are lost"
        self._found(Finding("log_forked", fork, detail=detail))

    def _bad(self, entry: Entry, code: str, detail: str = "") -> None:
        stream = entry.stream.decode(errors="backslashreplace")
        self._found(Finding(code, entry.seq, stream, entry.version, detail))

    def _found(self, finding: Finding) -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(finding)


def _second(ids: Sequence[int], seqs: Sequence[int]) -> int:
    """Return the seq at which an id came for the second time."""
    seen: set[int] = set()
    for ident, seq in zip(ids, seqs, strict=True):
        if ident in seen:
            return seq
        seen.add(ident)
    return 0
