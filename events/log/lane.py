"""One connection that appends batches, and the errors after which a batch is sent again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

from events.log.groupcommit import Pending
from events.log.outage import OUTAGE
from events.log.port import Answer, Append, Appended, Conflict, LogClosedError

ATTEMPTS = 40
PAUSE = 0.05
_AGAIN = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)


class Lane:
    """Sends batches over one connection, opened when needed and again after it was lost.

    The command ids make sending again safe: what was committed comes back as a duplicate. A caller
    whose answer was lost is told `duplicate`; LogClosedError after about two seconds without luck.
    """

    def __init__(self, dsn: str, sql: str) -> None:
        self._dsn = dsn
        self._sql = sql
        self._connection: asyncpg.Connection | None = None
        self._statement: PreparedStatement[Any] | None = None

    async def close(self) -> None:
        """Disconnect."""
        if self._connection is not None:
            await self._connection.close()

    async def send(self, batch: Sequence[Pending]) -> Sequence[Answer]:
        """Append the batch in one transaction and return its answers in order."""
        arguments = batch_arguments([p.command for p in batch], [p.at for p in batch])
        for _ in range(ATTEMPTS):
            try:
                statement = self._statement or await self._prepared()
                return [answer_of(row) for row in await statement.fetch(*arguments)]
            except asyncpg.ObjectNotInPrerequisiteStateError as error:
                raise LogClosedError("the log is not armed") from error
            except OUTAGE:
                self._drop()
                await asyncio.sleep(PAUSE)
            except _AGAIN:
                continue
            except asyncpg.UniqueViolationError as error:
                if error.constraint_name != "commands_pkey":
                    raise
        raise LogClosedError("the log cannot be reached")

    async def _prepared(self) -> PreparedStatement[Any]:
        self._connection = await asyncpg.connect(
            self._dsn,
            timeout=5,
            server_settings={
                "application_name": "bangfu append",
                "idle_in_transaction_session_timeout": "5s",
                "transaction_timeout": "30s",
            },
        )
        self._statement = await self._connection.prepare(self._sql)
        return self._statement

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
        self._connection = self._statement = None


def batch_arguments(
    commands: Sequence[Append], at: Sequence[datetime | None]
) -> tuple[Iterable[Any], ...]:
    """Lay commands out as the arrays of `append_many`."""
    t_cmd: list[int] = []
    e_touch: list[int] = []
    q_touch: list[int] = []
    touches = list(chain.from_iterable(c.touches for c in commands))
    for k, command in enumerate(commands, 1):
        start = len(t_cmd)
        for t, touch in enumerate(command.touches, start + 1):
            t_cmd.append(k)
            e_touch.extend([t] * len(touch.events))
        if command.claims:
            place = {touch.stream: t for t, touch in enumerate(command.touches, start + 1)}
            q_touch.extend(place.get(claim.stream, 0) for claim in command.claims)
    events = list(chain.from_iterable(t.events for t in touches))
    claims = list(chain.from_iterable(c.claims for c in commands))
    return (
        [c.command_id for c in commands],
        [c.fingerprint for c in commands],
        t_cmd,
        [t.stream for t in touches],
        [t.subject for t in touches],
        [t.expected for t in touches],
        e_touch,
        [e.event_id for e in events],
        [e.type for e in events],
        [e.meta for e in events],
        [e.salt for e in events],
        [e.data for e in events],
        q_touch,
        [q.take for q in claims],
        [q.key for q in claims],
        at,
    )


def answer_of(row: asyncpg.Record) -> Answer:
    """Read one row of `append_many`'s answer."""
    status, why, what, actual, first, last, at = row
    if status == "conflict":
        return Conflict(why, what or "", actual or 0)
    return Appended(first, last, at, status == "duplicate")
