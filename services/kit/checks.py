"""Checks of the live log as a job: an event asks for one, a process of its own reads (X13, P18).

What waits and how far it is stands in a table: a role that starts anew goes on with it, and every
write role can tell of it. What a check came to is recorded as an event, by the system.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID, uuid5

import aiosql
import asyncpg
import orjson
import structlog
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from events.contracts.base import Recorded, ident
from events.contracts.registry import CheckCancelled, CheckCompleted, CheckRequested
from events.log import checking
from events.rules.access import Action, Resource, decide
from events.rules.divisions import SHANXI
from events.rules.principals import SYSTEM
from services.kit.answers import Sent
from services.kit.decider import FORBIDDEN, NOT_FOUND, Command, DomainError
from services.kit.handling import Handler
from services.kit.http import bearer, json
from services.kit.principals import Doorkeeper

QUERIES: Any = aiosql.from_path(Path(__file__).with_name("checks.sql"), "asyncpg")
COMPLETE = "registry.complete_check"
WATCHING = Action("check.progress", frozenset({"auditor", "operator"}), "query")
LOOK_SECONDS, BEAT_SECONDS, PATIENCE_SECONDS = 1.0, 0.25, 15.0
"""Between two looks for work; between two signs of life; until a silent check is begun again."""
BROKEN = {"verdict": "unusable", "why": "check_broken"} | dict.fromkeys(
    ("events", "signed", "tail", "served"), 0
)
"""The result of a process that ended without one."""
log = structlog.get_logger()


class Checks:
    """Carries out what was asked for, one check at a time; cancelled where its row is gone."""

    watched: ClassVar[frozenset[str]] = frozenset(
        {CheckRequested.type, CheckCancelled.type, CheckCompleted.type}
    )

    def __init__(
        self,
        pool: asyncpg.Pool[asyncpg.Record],
        handler: Handler,
        commands: Mapping[str, type[Command]],
        doorkeeper: Doorkeeper,
        wish: Mapping[str, str],
    ) -> None:
        self._pool, self._handler, self._commands = pool, handler, commands
        self._doorkeeper, self._wish = doorkeeper, orjson.dumps(wish) + b"\n"
        self._wake = asyncio.Event()

    async def prepare(self) -> None:
        """Create the table."""
        async with self._pool.acquire(timeout=5) as c:
            await QUERIES.schema(c)

    async def __call__(self, facts: list[Recorded[Any]]) -> None:
        """Let a check that was asked for wait for its turn, and forget one that has ended."""
        for fact in facts:
            if fact.type in self.watched:
                asked = fact.type == CheckRequested.type
                await self._do(QUERIES.ask if asked else QUERIES.forget, id=ident(fact.stream))
                self._wake.set()

    async def _do(self, query: Any, **words: Any) -> Any:  # noqa: ANN401 - aiosql's own
        async with self._pool.acquire(timeout=5) as c:
            return await query(c, **words)

    async def run(self) -> None:
        """Carry out what waits, for ever; faults are logged and it is tried again."""
        while True:
            try:
                taken = await self._do(QUERIES.take, patience=PATIENCE_SECONDS)
                if taken is not None:
                    await self._carry_out(taken)
            except Exception:
                log.exception("check_delayed")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._wake.wait()
            self._wake.clear()

    async def _carry_out(self, check: str) -> None:
        """Run one check to its end and record what it came to, unless it was cancelled."""
        begun = time.monotonic()
        async with _reading(self._wish) as process:
            result = await self._followed(check, process)
        if result is None:
            log.info("check_cancelled", check=check)
            return
        seconds = round(time.monotonic() - begun)
        command = self._completion({"check": check, "seconds": seconds}, result)
        own = uuid5(UUID(check), "completed")
        await self._handler.handle(Sent(command, own, SYSTEM, own.bytes))
        await self._do(QUERIES.forget, id=check)

    def _completion(self, said: dict[str, Any], result: dict[str, Any]) -> Command:
        """Return the command that records a result; broken is one that no event can hold."""
        kind = self._commands[COMPLETE]
        try:
            return kind.model_validate_json(orjson.dumps(said | result))
        except ValidationError:
            log.warning("check_result_unreadable", check=said["check"])
            return kind.model_validate_json(orjson.dumps(said | BROKEN))

    async def _followed(self, check: str, process: Process) -> dict[str, Any] | None:
        """Keep telling how far a check is until it ends; None where it was cancelled meanwhile."""
        told = dict[str, Any]()
        hearing = asyncio.create_task(_hear(process, told))
        try:
            while True:
                ended, _ = await asyncio.wait({hearing}, timeout=BEAT_SECONDS)
                far = {name: told.get(name, 0) for name in ("done", "total")}
                if not await self._do(QUERIES.beat, id=check, **far):
                    return None
                if ended:
                    result: dict[str, Any] = told.get("result", BROKEN)
                    return result
        finally:
            hearing.cancel()

    async def answer(self, request: Request) -> Response:
        """Answer `GET /api/checks/{id}/progress`: events checked, of how many, seconds."""
        principal = self._doorkeeper.principal(bearer(request))
        verdict = decide(principal, WATCHING, Resource((SHANXI,), "office"))
        if not verdict.allow:
            raise DomainError(FORBIDDEN, why_zh=verdict.reason_zh, why_en=verdict.reason_en)
        check = str(request.path_params["id"])
        row = await self._do(QUERIES.progress, id=check)
        if row is None:
            raise DomainError(NOT_FOUND, what=f"check-{check[:40]}")
        return json({"check": check, **row})


@asynccontextmanager
async def _reading(wish: bytes) -> AsyncIterator[Process]:
    """Start the process that reads the log; it ends with the block at the latest."""
    arguments = (sys.executable, "-m", checking.__name__)
    process = await asyncio.create_subprocess_exec(
        *arguments, stdin=PIPE, stdout=PIPE, stderr=DEVNULL
    )
    try:
        if process.stdin is not None:
            process.stdin.write(wish)
            process.stdin.close()
        yield process
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        await process.wait()


async def _hear(process: Process, told: dict[str, Any]) -> None:
    """Take in what a process tells, line by line, until it ends."""
    if process.stdout is not None:
        async for line in process.stdout:
            told |= orjson.loads(line)
