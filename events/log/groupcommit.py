"""Group commit in process: commands that arrive together share one transaction.

One batch in flight per lane (connection), no timer. The commands of a batch touch disjoint keys; a
command that shares a key with a batch under way, with the batch being filled or with a command
that already waits for one of these, waits too: so commands on one key keep their order.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from events.log.port import Answer, Append

CAP = 256
SMALL = 16
Send = Callable[[int, "Sequence[Pending]"], Awaitable[Sequence[Answer]]]


@dataclass(slots=True, eq=False)
class Pending:
    """A command on its way, its caller's future and its footprint."""

    command: Append
    at: datetime | None
    done: asyncio.Future[Answer]
    keys: tuple[Hashable, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Name everything that two commands of one batch must not share."""
        command = self.command
        keys: list[Hashable] = [touch.stream for touch in command.touches]
        keys.append(command.command_id)
        keys.extend(("claim", claim.key) for claim in command.claims)
        self.keys = tuple(keys)


class GroupCommit:
    """Gathers commands into batches over a few lanes; `send(lane, batch)` is the transaction.

    A batch that fails is halved down to the command that fails, unless `whole` says that the error
    concerns no single command (the log is closed): then all of it gets the error.
    """

    def __init__(
        self, send: Send, *, lanes: int, whole: tuple[type[Exception], ...], cap: int = CAP
    ) -> None:
        self._send = send
        self._whole = whole
        self._cap = cap
        self._idle = list(range(lanes))
        self._waiting: deque[Pending] = deque()
        self._busy: set[Hashable] = set()
        self._running: set[asyncio.Task[None]] = set()
        self._scheduled = False

    def submit(self, command: Append, at: datetime | None) -> asyncio.Future[Answer]:
        """Queue a command; the future holds its answer or error."""
        loop = asyncio.get_running_loop()
        pending = Pending(command, at, loop.create_future())
        self._waiting.append(pending)
        if self._idle and not self._scheduled:
            self._scheduled = True
            loop.call_soon(self._start)
        return pending.done

    async def drain(self) -> None:
        """Wait until nothing waits and nothing is under way."""
        while self._running:
            await asyncio.wait(self._running)

    def _start(self) -> None:
        self._scheduled = False
        while self._idle and (batch := self._fill(self._share())):
            task = asyncio.get_running_loop().create_task(self._run(self._idle.pop(), batch))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _run(self, lane: int, batch: list[Pending]) -> None:
        while batch:
            try:
                await self._settle(lane, batch)
            finally:
                for pending in batch:
                    self._busy.difference_update(pending.keys)
            batch = self._fill(self._share())
        self._idle.append(lane)
        self._start()

    def _share(self) -> int:
        """Split what waits among the idle lanes, but into no batches too small to be worth it."""
        lanes = max(len(self._idle), 1)
        return min(self._cap, max(SMALL, -(-len(self._waiting) // lanes)))

    def _fill(self, size: int) -> list[Pending]:
        batch: list[Pending] = []
        taken = self._busy
        deferred: list[Pending] = []
        blocked: set[Hashable] = set()
        while self._waiting and len(batch) < size:
            pending = self._waiting.popleft()
            if pending.done.done():
                continue
            if taken.isdisjoint(pending.keys) and blocked.isdisjoint(pending.keys):
                batch.append(pending)
                taken.update(pending.keys)
            else:
                deferred.append(pending)
                blocked.update(pending.keys)
        self._waiting.extendleft(reversed(deferred))
        return batch

    async def _settle(self, lane: int, batch: Sequence[Pending]) -> None:
        try:
            answers = await self._send(lane, batch)
        except self._whole as error:
            self._fail(batch, error)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is handed to the caller
            await self._narrow(lane, batch, error)
        else:
            for pending, answer in zip(batch, answers, strict=True):
                if not pending.done.done():
                    pending.done.set_result(answer)

    async def _narrow(self, lane: int, batch: Sequence[Pending], error: Exception) -> None:
        if len(batch) == 1:
            self._fail(batch, error)
            return
        half = len(batch) // 2
        await self._settle(lane, batch[:half])
        await self._settle(lane, batch[half:])

    def _fail(self, batch: Sequence[Pending], error: Exception) -> None:
        for pending in batch:
            if not pending.done.done():
                pending.done.set_exception(error)
