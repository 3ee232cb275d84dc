"""The sequencer: gives each committed event its gapless number, one leader per log.

A tick's numbers, tree nodes and tree state are written by one statement; a crash repeats the
tick with the same result, because positions below the fence never change.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import asyncpg

from events.log.arming import Identity, WitnessSource, agree, arm, identify
from events.log.checkpoints import EVERY_EVENTS, EVERY_SECONDS, Signer
from events.log.errors import LogRefusedError
from events.log.fence import Fence
from events.log.line import Line
from events.log.notes import Checkpoint
from events.log.outage import OUTAGE
from events.log.tree import StoredTree, checked_frontier, open_tiles

TICK = 0.005
IDLE_TICK = 0.025
"""Seconds between two looks when nothing came for IDLE_AFTER seconds."""
IDLE_AFTER = 1.0
SHORTEST = 0.003
LIMIT = 2_000
RECONNECT = 0.2
CHANNEL = "log_numbered"
"""Notified with the newest seq by each tick."""
_SETTLED = (
    "select pos, slice, hash, recorded_at from log.events"
    " where pos > $1 and pos <= $2 order by pos limit $3"
)
_WRITE = """with mine as (update log.sequencer set n = $3, root = $4, frontier = $5
 where term = $1 and n = $2 returning n),
rows as (insert into log.numbering (seq, pos, slice, prev_seq, leaf, sequenced_at)
 select u.*, $6 from mine,
 unnest($7::bigint[], $8::bigint[], $9::smallint[], $10::bigint[], $11::bytea[]) u),
tiles as (insert into log.tree (level, tile, hashes)
 select u.* from mine, unnest($12::smallint[], $13::bigint[], $14::bytea[]) u)
select n from mine, pg_notify('log_numbered', n::text)"""
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class Sequencer:
    """Waits for the lead, checks and arms the log, then numbers until stopped or refused.

    `clock` gives `sequenced_at`; without one, on a simulated node, the newest event does.
    `witnesses` (beside the signer's own file) must agree with the log. `wake` numbers at once what
    was just committed; `numbered` (when set) is called after.
    """

    def __init__(
        self,
        dsn: str,
        *,
        clock: Callable[[], datetime] | None,
        signer: Signer | None = None,
        witnesses: Sequence[WitnessSource] = (),
    ) -> None:
        self._dsn = dsn
        self._clock = clock
        self._signer = signer
        self._witnesses = [*([signer.witness] if signer else []), *witnesses]
        self._wake = asyncio.Event()
        self._moved = asyncio.Condition()
        self._stopping = False
        self._task: asyncio.Task[None] | None = None
        self._demanded: list[asyncio.Future[str]] = []
        self._signed_at = 0.0
        self._fence_open_since: float | None = None
        self.n = 0
        self.armed = False
        self.blocker: int | None = None
        self.identity: Identity | None = None
        self.numbered: Callable[[], None] | None = None

    async def start(self) -> None:
        """Run in the background; return once armed. Raises LogRefusedError."""
        self._task = asyncio.create_task(self.run())
        async with self._moved:
            self._task.add_done_callback(lambda _: self._wake.set())
            while not self.armed and not self._task.done():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._moved.wait(), 0.05)
        if self._task.done():
            self._task.result()

    async def stop(self) -> None:
        """Finish the tick under way and give up the lead."""
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            with contextlib.suppress(LogRefusedError):
                await self._task

    def wake(self) -> None:
        """Say that something was committed."""
        self._wake.set()

    @property
    def fence_age(self) -> float:
        """Seconds for which the oldest unsettled position has waited; `blocker` is in the way."""
        since = self._fence_open_since
        return asyncio.get_running_loop().time() - since if since is not None else 0.0

    async def reached(self, seq: int, within: float = 10.0) -> None:
        """Wait until a seq was given; raises TimeoutError."""
        async with asyncio.timeout(within), self._moved:
            await self._moved.wait_for(lambda: self.n >= seq)

    async def checkpoint(self) -> str:
        """Sign the log as it stands and return the note; needs a signer."""
        demanded: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._demanded.append(demanded)
        self._wake.set()
        if self._task is not None:
            either: list[asyncio.Future[str] | asyncio.Task[None]] = [demanded, self._task]
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if self._task.done() and not demanded.done():
                self._task.result()
                raise LogRefusedError("sequencer_displaced", "it was stopped")
        return await demanded

    async def run(self) -> None:
        """Lead, number, and lead again after a lost connection; raises LogRefusedError."""
        while not self._stopping:
            try:
                connection = await self._connect()
                try:
                    await self._lead(connection)
                finally:
                    await self._leave(connection)
            except OUTAGE:
                await asyncio.sleep(RECONNECT)
            finally:
                self.armed = False

    async def _connect(self) -> asyncpg.Connection:
        return await asyncpg.connect(
            self._dsn, timeout=5, server_settings={"application_name": "bangfu sequencer"}
        )

    async def _leave(self, connection: asyncpg.Connection) -> None:
        try:
            await connection.close(timeout=1)
        except OUTAGE:
            connection.terminate()

    async def _lead(self, connection: asyncpg.Connection) -> None:
        if not await self._elected(connection):
            return
        identity = await identify(connection)
        term: int = await connection.fetchval(
            "update log.sequencer set term = term + 1 returning term"
        )
        line = await load(connection)
        for source in self._witnesses:
            if witness := await source(identity):
                await agree(connection, line.n, witness)
        await arm(connection)
        self.identity, self.armed = identity, True
        self._signed_at = asyncio.get_running_loop().time()
        await self._announce(line.n)
        await self._follow(connection, line, term, identity)

    async def _elected(self, connection: asyncpg.Connection) -> bool:
        while not self._stopping:
            if await connection.fetchval("select pg_try_advisory_lock(7, 2)"):
                return True
            await asyncio.sleep(0.05)
        return False

    async def _follow(
        self, connection: asyncpg.Connection, line: Line, term: int, identity: Identity
    ) -> None:
        fence = Fence(connection, line.cursor)
        loop = asyncio.get_running_loop()
        moved_at = loop.time()
        while True:
            self._wake.clear()
            before = line.n
            full = await self._tick(connection, fence, line, term)
            self._watch(fence)
            if line.n > before:
                moved_at = loop.time()
                await self._announce(line.n)
            await self._sign(connection, line, identity)
            if self._stopping and not full:
                return
            if not full:
                started = loop.time()
                tick = TICK if started - moved_at < IDLE_AFTER else IDLE_TICK
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), tick)
                await asyncio.sleep(max(0.0, started + SHORTEST - loop.time()))

    async def _tick(
        self, connection: asyncpg.Connection, fence: Fence, line: Line, term: int
    ) -> bool:
        settled = await fence.advance()
        if settled <= line.cursor:
            return False
        now = self._clock() if self._clock is not None else None
        events = await number(connection, line, settled, term, now)
        full = events == LIMIT
        if not full:
            line.cursor = settled
        return full

    def _watch(self, fence: Fence) -> None:
        self.blocker = fence.blocker
        if not fence.open:
            self._fence_open_since = None
        elif self._fence_open_since is None:
            self._fence_open_since = asyncio.get_running_loop().time()

    async def _announce(self, n: int) -> None:
        async with self._moved:
            self.n = n
            self._moved.notify_all()
        if self.numbered is not None:
            self.numbered()

    async def _sign(self, connection: asyncpg.Connection, line: Line, identity: Identity) -> None:
        if self._signer is None:
            return
        size, _ = self._signer.signed(identity.origin)
        now = asyncio.get_running_loop().time()
        due = line.n - size >= EVERY_EVENTS or (
            line.n > size and now - self._signed_at >= EVERY_SECONDS
        )
        if not (due or self._demanded):
            return
        note = await sign_log(connection, self._signer, line, identity)
        self._signed_at = now
        demanded, self._demanded = self._demanded, []
        for future in demanded:
            if not future.done():
                future.set_result(note)


async def load(connection: asyncpg.Connection) -> Line:
    """Load the line's end; raises LogRefusedError unless numbering and tree agree."""
    state = await connection.fetchrow("select n, root, frontier from log.sequencer")
    newest = await connection.fetchrow(
        "select seq, pos, sequenced_at from log.numbering order by seq desc limit 1"
    )
    if state is None or state["n"] != (newest["seq"] if newest else 0):
        raise LogRefusedError("log_damaged", "the tree has not as many events as are numbered")
    tree = StoredTree(connection)
    heads = await connection.fetch(
        """select s, h.seq from generate_series(0, 255) s, lateral (select seq from log.numbering
        where slice = s order by prev_seq desc limit 1) h"""
    )
    return Line(
        frontier=await checked_frontier(tree, state["n"], state["frontier"], state["root"]),
        tiles=await open_tiles(tree, state["n"]),
        last={row["s"]: row["seq"] for row in heads},
        cursor=newest["pos"] if newest else 0,
        sequenced_at=newest["sequenced_at"] if newest else _LONG_AGO,
    )


async def number(
    connection: asyncpg.Connection, line: Line, settled: int, term: int, now: datetime | None
) -> int:
    """Give the next settled events their numbers in one statement; return how many.

    Raises LogRefusedError when another sequencer has the right to write.
    """
    events = await connection.fetch(_SETTLED, line.cursor, settled, LIMIT)
    if events:
        before = line.n
        at = now or max(event["recorded_at"] for event in events)
        rows, tiles = line.number([(e["pos"], e["slice"], e["hash"]) for e in events], at)
        written = await connection.fetchval(
            _WRITE,
            term,
            before,
            line.n,
            line.frontier.root(),
            line.frontier.dump(),
            line.sequenced_at,
            *_columns(rows, 5),
            *_columns(tiles, 3),
        )
        if written is None:
            raise LogRefusedError("sequencer_displaced")
        line.cursor = events[-1]["pos"]
    return len(events)


def _columns(rows: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    return [[row[k] for row in rows] for k in range(width)]


async def sign_log(
    connection: asyncpg.Connection, signer: Signer, line: Line, identity: Identity
) -> str:
    """Sign the line's end, keep the note beside the log and return it."""
    checkpoint = Checkpoint(identity.origin, line.n, line.frontier.root())
    note = signer.sign(checkpoint)
    await connection.execute(
        "insert into log.checkpoints (size, root, note) values ($1, $2, $3) on conflict do nothing",
        checkpoint.size,
        checkpoint.root,
        note,
    )
    return note
