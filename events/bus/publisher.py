"""Log to Kafka, in `seq` order per slice, at least once.

Progress lives in Kafka (relay.py): whatever happens to the cluster, the marks tell, and the log is
sent again from the start. Copies are harmless, since readers drop what lies below their watermark.
"""

from __future__ import annotations

import asyncio
import contextlib

import structlog
from aiokafka.errors import KafkaError

from events.bus.refusals import explain
from events.bus.session import ClusterChangedError, PublishedLog, PublisherState, Session
from events.bus.topics import Bus
from events.log.port import LogClosedError, SequencedLog, Stored
from events.runtime.collecting import spare_collections

log = structlog.get_logger()

BATCH = 2_000
POLL_SECONDS = 0.25
PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 10.0
TRANSIENT = (KafkaError, LogClosedError, OSError, TimeoutError)


class Publisher:
    """Follows one log for ever; `wake` spares the wait for the next poll."""

    def __init__(self, source: PublishedLog, bus: Bus, *, poll: float = POLL_SECONDS) -> None:
        self.state = PublisherState()
        self._log = source
        self._bus = bus
        self._poll = poll
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Say that the sequencer gave new numbers."""
        self._woken.set()

    async def run(self) -> None:
        """Publish until cancelled; outages are waited out and told.

        Raises RelayAheadError when the bus is ahead of the log.
        """
        spare_collections()
        pause = PAUSE_SECONDS
        while True:
            sent = self.state.sent
            try:
                async with Session(self._log, self._bus, self.state) as session:
                    await self._follow(session)
            except TRANSIENT as error:
                await self._say_down(error)
            except ClusterChangedError as changed:
                self._say_rewound(changed)
            pause = (
                PAUSE_SECONDS if self.state.sent > sent else min(pause * 2, LONGEST_PAUSE_SECONDS)
            )
            await asyncio.sleep(pause)

    async def _say_down(self, error: BaseException) -> None:
        self.state.failures += 1
        self.state.up = False
        away = isinstance(error, LogClosedError)
        self.state.reason = str(error) if away else await explain(self._bus, error)
        log.warning("publisher_waiting", why=type(error).__name__, published=self.state.published)

    def _say_rewound(self, changed: ClusterChangedError) -> None:
        log.warning("publisher_rewound", why=str(changed), published=self.state.published)

    async def _follow(self, session: Session) -> None:
        await session.resume()
        self.state.up, self.state.reason = True, ""
        async with contextlib.AsyncExitStack() as ahead:
            following = _ReadAhead(self._log, session.seq)
            ahead.push_async_callback(following.close)
            while True:
                self._woken.clear()
                batch = await following.next()
                if batch:
                    await session.send(batch)
                else:
                    await session.settle()
                await session.check_when_due()
                self._note(session, batch)
                if not batch:
                    await self._wait()

    def _note(self, session: Session, batch: list[Stored]) -> None:
        self.state.published = session.acknowledged
        self.state.head = max(self.state.head, batch[-1].seq) if batch else session.seq

    async def _wait(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._poll):
                await self._woken.wait()


class _ReadAhead:
    """Reads the next events of the log while the last ones are being sent."""

    def __init__(self, source: SequencedLog, seq: int) -> None:
        self._log = source
        self._seq = seq
        self._task: asyncio.Task[list[Stored]] | None = None

    async def next(self) -> list[Stored]:
        """Return the next events; none when the log has no more."""
        task = self._task or asyncio.ensure_future(self._log.after(self._seq, BATCH))
        self._task = task
        batch = await task
        self._task = None
        if batch:
            self._seq = batch[-1].seq
        if len(batch) == BATCH:
            self._task = asyncio.ensure_future(self._log.after(self._seq, BATCH))
        return batch

    async def close(self) -> None:
        """Drop what is under way."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
