"""The publish role assembled: sequencer, checkpoints, publisher (design.md 9)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import asyncpg
from aiokafka.errors import KafkaError

from events.bus.publisher import Publisher
from events.bus.relay import newest_record
from events.bus.topics import Bus
from events.log.arming import Identity, Witness
from events.log.checkpoints import Signer
from events.log.http import log_app
from events.log.port import LogClosedError
from events.log.postgres import PostgresLog
from events.log.sequencer import Sequencer
from events.runtime.clock import SystemClock
from events.runtime.settings import Settings
from events.runtime.shell import App
from events.runtime.tasks import end

WITNESS_SECONDS = 3
NOTE_SECONDS = 2.0


@dataclass(slots=True)
class PublishRole:
    """A running publish role."""

    sequencer: Sequencer
    publisher: Publisher
    proofs: App
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def app(self) -> App:
        """Return the proofs of the log over HTTP."""
        return self.proofs

    def ready(self) -> tuple[bool, str]:
        """Tell whether events are numbered and published, and why not."""
        if not self.sequencer.armed:
            return False, "the sequencer does not lead yet"
        if not self.publisher.state.up:
            return False, self.publisher.state.reason
        return True, ""

    def figures(self) -> Mapping[str, float]:
        """Return seq given and published, lag, and the age of the fence."""
        state = self.publisher.state
        return {
            "sequenced_seq": self.sequencer.n,
            "published_seq": state.published,
            "publish_lag_events": state.lag,
            "fence_age_seconds": self.sequencer.fence_age,
        }

    async def ended(self) -> None:
        """Return when one of the tasks cannot go on; raises its error."""
        done, _ = await asyncio.wait(self.tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()


@asynccontextmanager
async def open_publish_role(settings: Settings) -> AsyncIterator[PublishRole]:
    """Lead the numbering and publish until the block ends.

    Raises LogRefusedError, LogClosedError.
    """
    dsn, bus = settings.secret("log_url"), Bus.of(settings)
    log = await PostgresLog.open(dsn, lanes=1, readers=4)
    signer = Signer.open(settings.source, settings.home / "signer")
    # On a simulated node the newest event tells the time of numbering (log.md 3).
    clock = None if settings.simulated else SystemClock().now

    async def relay(identity: Identity) -> Witness | None:
        with contextlib.suppress(KafkaError, OSError, TimeoutError):
            record = await asyncio.wait_for(newest_record(bus, identity.source), WITNESS_SECONDS)
            if record is not None and record.epoch == identity.epoch and record.seq:
                return Witness("the relay record", record.seq, hash=bytes.fromhex(record.hash))
        return None

    sequencer = Sequencer(dsn, clock=clock, signer=signer, witnesses=[relay])
    publisher = Publisher(log, bus)
    sequencer.numbered = publisher.wake
    pool = await asyncpg.create_pool(dsn, min_size=0, max_size=2, command_timeout=10)
    origin = Identity(log.source, log.epoch).origin
    proofs = log_app(pool, signer.verifier, lambda: signer.newest(origin))
    role = PublishRole(sequencer, publisher, proofs)
    try:
        running = (sequencer.run(), publisher.run(), _note_relay(log, publisher))
        role.tasks = [asyncio.create_task(task) for task in running]
        yield role
    finally:
        await sequencer.stop()
        await end(*role.tasks)
        await pool.close()
        await log.close()


async def _note_relay(log: PostgresLog, publisher: Publisher) -> None:
    """Copy the relay record beside the log, while the cluster answers, for those without Kafka."""
    while True:
        record = publisher.state.record
        if record is not None and publisher.state.up:
            with contextlib.suppress(LogClosedError, asyncpg.PostgresError, TimeoutError):
                await log.note_relay(record.source, record.seq, record.to_bytes().decode())
        await asyncio.sleep(NOTE_SECONDS)
