"""Histories made up for proofs: true to every rule of the log, in memory, forged on demand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from events.log.export import Wanted, export
from events.log.exported import instant
from events.log.hashing import body_hash, chained, leaf_hash, slice_of
from events.log.merkle import Tiles
from events.log.notes import Checkpoint, VerifierKey, sign
from events.log.verify import Entry

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = VerifierKey("node", KEY.public_key().public_bytes_raw())
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
SOURCE = "node"
META = b'{"actor":"user-1","area":"140105001","office":"140105001001","rule_set":"2008"}'
MINUTE = 60_000_000


def made(count: int, people: int = 3, type_: bytes = b"registry.wishes_recorded.v1") -> list[Entry]:
    """Make a history: event k belongs to the k-th person in turn."""
    bare = (
        Entry(
            seq=k, prev_seq=0, position=2 * k, slice=0, version=0,
            stream=b"person-%d" % (k % people), type=type_, subject=b"person-%d" % (k % people),
            event_id=sha256(b"e%d" % k).digest()[:16], command_id=sha256(b"c%d" % k).digest()[:16],
            recorded=k * MINUTE, sequenced=instant(k * MINUTE).encode(),
            data_hash=b"", prev_hash=b"", hash=b"",
            meta=META, salt=sha256(b"s%d" % k).digest()[:16],
            data=b'{"able_to_work":true,"wish":"\xe4\xbf\x9d\xe6\xb4\x81","n":%d}' % k,
        )
        for k in range(1, count + 1)
    )  # fmt: skip
    return list(rehashed(bare))


def rehashed(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield events numbered, linked and chained anew, as by a careful forger."""
    heads: dict[bytes, tuple[int, bytes]] = {}
    last: dict[int, int] = {}
    for seq, e in enumerate(entries, 1):
        version, prev = heads.get(e.stream, (0, bytes(32)))
        body = body_hash(e.salt or b"", e.data or b"")
        digest = chained(
            e.event_id, e.command_id, SOURCE.encode(), e.stream, version + 1, e.type, e.subject,
            e.recorded, e.meta, body, prev,
        )  # fmt: skip
        slice_ = slice_of(e.subject.decode())
        yield e._replace(
            seq=seq, position=2 * seq, slice=slice_, prev_seq=last.get(slice_, 0),
            version=version + 1, data_hash=body, prev_hash=prev, hash=digest,
            sequenced=instant(seq * MINUTE).encode(),
        )  # fmt: skip
        heads[e.stream] = version + 1, digest
        last[slice_] = seq


def note(entries: Sequence[Entry], size: int, epoch: int = 1, key: Ed25519PrivateKey = KEY) -> str:
    """Sign the tree of the first `size` events."""
    tree = Tiles()
    for e in entries[:size]:
        tree.append(leaf_hash(e.hash))
    return sign(Checkpoint(f"{SOURCE}/events/{epoch}", size, tree.root()), SOURCE, key)


@dataclass
class ListBook:
    """A log in lists, to export from; `page` events come at a time."""

    events: list[Entry]
    signed: list[str] = field(default_factory=list)
    page: int = 100
    source: str = SOURCE

    @property
    def last(self) -> int:
        """The newest seq."""
        return len(self.events)

    async def entries(self, after: int, until: int) -> AsyncIterator[Sequence[Entry]]:
        """Stream events page by page."""
        for start in range(after, min(until, len(self.events)), self.page):
            yield self.events[start : min(start + self.page, until)]

    async def notes(self) -> list[tuple[int, str]]:
        """Return the signed checkpoints."""
        return [(int(n.split("\n")[1]), n) for n in self.signed]

    async def tiles(self, size: int) -> AsyncIterator[tuple[int, int, bytes]]:
        """Stream the tiles of the tree of a size."""
        tree = Tiles()
        for e in self.events[:size]:
            for tile in tree.append(leaf_hash(e.hash)):
                yield tile
        for level, nodes in enumerate(tree.open):
            if nodes:
                yield level, tree.first[level], b"".join(nodes)


async def exported(
    folder: Path, events: list[Entry], *sizes: int, wanted: Wanted | None = None
) -> Path:
    """Export a history with checkpoints of these sizes; return the folder."""
    book = ListBook(events, [note(events, size) for size in sizes])
    await export(book, folder, wanted or Wanted(), [PUBLIC])
    return folder
