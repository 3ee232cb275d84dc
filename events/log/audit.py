"""Checks the live database with the offline verifier, and what only the database can show."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import asyncpg

from events.log.arming import Identity
from events.log.errors import LogRefusedError
from events.log.exported import text_of
from events.log.hashing import microseconds
from events.log.merkle import TILE_WIDTH
from events.log.notes import VerifierKey
from events.log.tree import TILE
from events.log.verify import Entry, Finding, Report, Verifier

CHUNK = 2_000
UNHURRIED = {"transaction_timeout": "0", "idle_in_transaction_session_timeout": "0"}
"""The limits of an appender's login are no limits of an audit, which holds up nobody."""
Tile = tuple[int, int, bytes]
Compare = Callable[[Sequence[Tile]], Awaitable[Sequence[Finding]]]
ENTRIES = """select l.seq, l.prev_seq, e.pos, e.slice, e.version, e.stream, e.type, e.subject,
 e.event_id, e.command_id, e.recorded_at, l.sequenced_at, e.data_hash, e.prev_hash, e.hash, e.meta,
 e.salt, e.data, l.leaf
from log.numbering l join log.events e using (pos)
where l.seq > $1 and l.seq <= $2 order by l.seq limit $3"""
_SKIPPED = """select e.pos, e.stream, e.version
from log.events e left join log.numbering l using (pos)
where l.pos is null and e.pos < (select max(pos) from log.numbering) order by e.pos limit 1"""
_HEADS = """select s.stream, s.version from log.streams s
left join lateral (select version, hash from log.events e where e.stream = s.stream
 order by version desc limit 1) e on true
where s.version <> coalesce(e.version, 0) or (s.version > 0 and s.hash <> e.hash) limit 1"""


async def whose(dsn: str) -> Identity:
    """Return whose log this is and in which epoch; its checkpoints are signed under both."""
    connection = await asyncpg.connect(dsn)
    try:
        node = await connection.fetchrow("select source, epoch from log.node")
    finally:
        await connection.close()
    if node is None:
        raise LogRefusedError("log_unnamed")
    return Identity(node["source"], node["epoch"])


async def audit(
    dsn: str,
    keys: Sequence[VerifierKey],
    *,
    notes: Sequence[str] = (),
    progress: Callable[[int, int], None] = lambda _, __: None,
    compare: Compare | None = None,
) -> Report:
    """Verify the whole log as of one snapshot; `notes` are checkpoints the auditor brings.

    `progress(done, all)` is called after each chunk, `compare` finds tiles that differ elsewhere.
    The log's own checkpoints are checked too.
    """
    connection = await asyncpg.connect(dsn, server_settings=UNHURRIED)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return await _audit(connection, keys, notes, progress, compare or _nothing)
    finally:
        await connection.close()


async def _nothing(_: Sequence[Tile]) -> Sequence[Finding]:
    return ()


def entry_of_row(row: asyncpg.Record) -> Entry:
    """Return a row of `ENTRIES` as the verifier takes it."""
    (
        seq, prev_seq, position, slice_, version, stream, type_, subject, event_id, command_id,
        recorded, sequenced, data_hash, prev_hash, digest, meta, salt, data, leaf,
    ) = row  # fmt: skip
    return Entry(
        seq, prev_seq, position, slice_, version, stream.encode(), type_.encode(),
        subject.encode(), event_id.bytes, command_id.bytes, microseconds(recorded),
        text_of(sequenced).encode(), data_hash, prev_hash, digest, meta, salt, data, leaf,
    )  # fmt: skip


async def _audit(
    connection: asyncpg.Connection,
    keys: Sequence[VerifierKey],
    notes: Sequence[str],
    progress: Callable[[int, int], None],
    compare: Compare,
) -> Report:
    source = await connection.fetchval("select source from log.node")
    total = await connection.fetchval("select coalesce(max(seq), 0) from log.numbering")
    own = await connection.fetch("select note from log.checkpoints order by size")
    verifier = Verifier(source, [*notes, *(row[0] for row in own)], keys)
    seq = 0
    while rows := await connection.fetch(ENTRIES, seq, total, CHUNK):
        full = [tile for row in rows for tile in verifier.add(entry_of_row(row))]
        verifier.findings += [*await _tiles(connection, full), *await compare(full)]
        seq = rows[-1]["seq"]
        progress(seq, total)
    tree = verifier.tree
    edge = [(level, tree.first[level], b"".join(nodes)) for level, nodes in enumerate(tree.open)]
    verifier.findings += await compare([tile for tile in edge if tile[2]])
    report = verifier.finish()
    return replace(report, findings=(*report.findings, *await _state(connection, report)))


async def _tiles(connection: asyncpg.Connection, full: Sequence[Tile]) -> list[Finding]:
    """Find stored tiles that are not those of the events."""
    found: list[Finding] = []
    for level, tile, hashes in full:
        if await connection.fetchval(TILE, level, tile) != hashes:
            first = tile * TILE_WIDTH ** (level + 1) + 1
            found.append(Finding("tile_differs", first, detail=f"level {level}, tile {tile}"))
    return found


async def _state(connection: asyncpg.Connection, report: Report) -> list[Finding]:
    """Find events without a number, heads and tree state that the events contradict."""
    found: list[Finding] = []
    for code, query in (("event_unnumbered", _SKIPPED), ("head_differs", _HEADS)):
        if row := await connection.fetchrow(query):
            found.append(Finding(code, 0, row["stream"], row["version"]))
    state = await connection.fetchrow("select n, root from log.sequencer")
    if state is None or tuple(state) != (report.events, report.root):
        found.append(Finding("tree_state_differs"))
    if not report.events and await connection.fetchval("select 1 from log.checkpoints limit 1"):
        found.append(Finding("log_shorter"))
    return found
