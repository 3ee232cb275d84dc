"""A real log exported and judged offline, before and after what an administrator may do to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from events.log.audit import ENTRIES, audit, entry_of_row
from events.log.book import database_book
from events.log.checkpoints import Signer
from events.log.export import Wanted, export
from events.log.hashing import body_hash, chained, leaf_hash
from events.log.merkle import Frontier, Tiles
from events.log.notes import Checkpoint, sign
from events.log.offline import judge
from events.log.verify import Report
from events.runtime.postgres import EmbeddedPostgres
from tests.support.logs import connected, filled, schema
from tests.support.servers import Databases

pytestmark = pytest.mark.postgres
SHUT = ("events", "numbering", "tree", "checkpoints", "commands")
EVENTS = 600


@dataclass
class Log:
    """A signed log of 600 events, copies of it for attackers, and the checkpoint kept outside."""

    dsn: str
    server: EmbeddedPostgres
    signer: Signer
    kept: Path
    folder: Path
    copies: list[str]

    async def copy(self, *statements: str) -> str:
        """Copy the database and do there what only its owner can."""
        name = f"{self.dsn.rpartition('/')[2]}_{len(self.copies)}"
        self.copies.append(name)
        dsn = await self.server.create_database(name, template=self.dsn.rpartition("/")[2])
        async with connected(dsn) as admin:
            for table in SHUT:
                await admin.execute(f"alter table log.{table} disable trigger append_only")
            for statement in statements:
                await admin.execute(statement)
        return dsn

    async def live(self, dsn: str) -> Report:
        return await audit(dsn, [self.signer.verifier])

    async def offline(
        self, dsn: str, wanted: Wanted | None = None, against: tuple[Path, ...] = ()
    ) -> Report:
        folder = self.folder / f"export-{len(list(self.folder.iterdir()))}"
        async with database_book(dsn) as book:
            await export(book, folder, wanted or Wanted())
        return judge(folder, [self.signer.verifier], against=against)


@pytest.fixture
async def log(
    database: Databases, postgres: EmbeddedPostgres, tmp_path: Path
) -> AsyncIterator[Log]:
    signer = Signer.open("test", tmp_path / "signer")
    dsn = await database(schema)
    kept = tmp_path / "kept.txt"
    kept.write_text(await filled(dsn, signer, events=EVENTS))
    made = Log(dsn, postgres, signer, kept, tmp_path, [])
    yield made
    for name in made.copies:
        await postgres.drop_database(name)


def codes(report: Report) -> set[tuple[str, int]]:
    return {(f.code, f.seq) for f in report.findings}


@pytest.mark.requirement("X13")
async def test_an_export_of_a_real_log_is_clean_in_each_of_its_forms(log: Log) -> None:
    whole = await log.offline(log.dsn, against=(log.kept,))
    bare = await log.offline(log.dsn, Wanted(headers_only=True))
    part = await log.offline(log.dsn, Wanted(250, 300))

    assert whole.clean
    assert bare.clean
    assert part.clean
    assert whole.root == bare.root == part.root == (await log.live(log.dsn)).root
    assert (whole.tail, part.first, part.last) == (0, 250, 300)


ATTACKS: dict[str, tuple[list[str], tuple[str, int]]] = {
    "an edited body": (
        ["update log.events set data = '{\"forged\":1}' where pos = 200"],
        ("data_changed", 200),
    ),
    "a body and its hash edited": (
        ["update log.events set data = '{}', salt = '0123456789abcdef', data_hash ="
         " sha256('0123456789abcdef{}') where pos = 200"],
        ("header_changed", 200),
    ),
    "an edited header": (
        ["update log.events set type = 'registry.other.v1' where pos = 200"],
        ("header_changed", 200),
    ),
    "a byte that is no text": (
        ["update log.events set data = '\\xff' where pos = 200"],
        ("data_changed", 200),
    ),
    "a deleted event": (
        ["delete from log.numbering where seq = 200", "delete from log.events where pos = 200"],
        ("seq_gap", 201),
    ),
    "two events swapped": (
        ["alter table log.numbering drop constraint numbering_pos_key",
         "update log.numbering set pos = 401 - pos where seq in (200, 201)"],
        ("prev_seq_wrong", 200),
    ),
    "an edited number": (
        ["alter table log.numbering drop constraint numbering_slice_prev_seq_key",
         "update log.numbering set prev_seq = 0 where seq = 550"],
        ("prev_seq_wrong", 550),
    ),
    "a truncated tail": (
        ["delete from log.numbering where seq > 500", "delete from log.events where pos > 500"],
        ("log_shorter", EVENTS),
    ),
    "an edited checkpoint": (
        ["update log.checkpoints set note = replace(note, '600', '599')"],
        ("checkpoint_invalid", 0),
    ),
}  # fmt: skip


@pytest.mark.requirement("X13")
async def test_what_an_administrator_changes_is_named_live_and_offline(log: Log) -> None:
    for what, (statements, finding) in ATTACKS.items():
        forged = await log.copy(*statements)
        assert finding in codes(await log.live(forged)), what
        if what != "an edited checkpoint":
            assert finding in codes(await log.offline(forged, against=(log.kept,))), what


FORGE_EVENTS = """update log.events e set data = u.d, data_hash = u.b, prev_hash = u.p, hash = u.h
 from unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[]) u(pos, d, b, p, h)
 where e.pos = u.pos"""
FORGE_NUMBERS = """update log.numbering l set leaf = u.leaf
 from unnest($1::bigint[], $2::bytea[]) u(pos, leaf) where l.pos = u.pos"""
FORGE_TILES = """update log.tree t set hashes = u.h
 from unnest($1::int[], $2::bigint[], $3::bytea[]) u(level, tile, h)
 where t.level = u.level and t.tile = u.tile"""
FORGE_HEADS = """update log.streams s set hash = u.h
 from unnest($1::text[], $2::bytea[]) u(stream, h) where s.stream = u.stream"""


async def rewrite(log: Log, seq: int) -> str:
    """Edit an event and make everything fit again: chain, numbers, tree, state, signature."""
    dsn = await log.copy()
    async with connected(dsn) as admin:
        rows = await admin.fetch(ENTRIES, 0, EVENTS, EVENTS)
        heads: dict[bytes, bytes] = {}
        tree, frontier = Tiles(), Frontier()
        tiles: list[tuple[int, int, bytes]] = []
        changed: list[tuple[int, bytes, bytes, bytes, bytes, bytes]] = []
        for e in map(entry_of_row, rows):
            data = b'{"forged":true}' if e.seq == seq else e.data or b""
            body, prev = body_hash(e.salt or b"", data), heads.get(e.stream, bytes(32))
            heads[e.stream] = digest = chained(
                e.event_id, e.command_id, b"test", e.stream, e.version, e.type, e.subject,
                e.recorded, e.meta, body, prev,
            )  # fmt: skip
            tiles += tree.append(leaf_hash(digest))
            frontier.append(leaf_hash(digest))
            changed.append((e.position, data, body, prev, digest, leaf_hash(digest)))
        await admin.execute(FORGE_EVENTS, *([row[k] for row in changed] for k in range(5)))
        columns = [row[0] for row in changed], [row[5] for row in changed]
        await admin.execute(FORGE_NUMBERS, *columns)
        await admin.execute(FORGE_TILES, *([tile[k] for tile in tiles] for k in range(3)))
        names = [stream.decode() for stream in heads]
        await admin.execute(FORGE_HEADS, names, list(heads.values()))
        await admin.execute(
            "update log.sequencer set root = $1, frontier = $2", tree.root(), frontier.dump()
        )
        point = Checkpoint("test/events/1", EVENTS, tree.root())
        note = sign(point, "test", log.signer.key)
        await admin.execute("update log.checkpoints set root = $1, note = $2", tree.root(), note)
    return dsn


@pytest.mark.requirement("X13")
@pytest.mark.parametrize("seq", [200, EVENTS])
async def test_a_history_rewritten_without_a_flaw_does_not_fit_the_checkpoint_kept_outside(
    log: Log, seq: int
) -> None:
    """Even with the log's own key: this is what handing checkpoints out is for."""
    forged = await rewrite(log, seq)

    assert (await log.live(forged)).clean
    assert (await log.offline(forged)).clean
    kept = [log.kept.read_text()]
    found = codes(await audit(forged, [log.signer.verifier], notes=kept))
    assert found == {("root_differs", EVENTS)}
    assert codes(await log.offline(forged, against=(log.kept,))) == found
