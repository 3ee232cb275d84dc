"""Follows the own log by `seq`: keeps the directory, runs reactions, starts and fires timers.

Progress moves after the effects. A rerun sends the same commands under the same ids, which the
log answers as duplicates, so nothing happens twice and nothing is forgotten.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol
from uuid import UUID, uuid5

import asyncpg
import structlog

from events.contracts.base import Catalogue, Event, Recorded
from events.contracts.classes import steps
from events.contracts.corrections import RESTATING
from events.log.history import QUERIES as HISTORY
from events.log.port import AppendLog, SequencedLog, Stored
from events.rules.directory import PLANNING_TYPES
from events.rules.principals import SYSTEM
from services.kit import problems
from services.kit.answers import Sent
from services.kit.decider import Command, Context, React
from services.kit.handling import LOST_RACE, Handler
from services.kit.keyring import Keyring
from services.kit.recorded import keys_needed, recorded
from services.kit.reference import ReferenceFacts
from services.kit.replanning import Restated, wished
from services.kit.timers import BySubject, Clocks, Generated, Timers
from services.kit.work import QUERIES

BATCH = 500
AT_ONCE = 32
LOOK_AGAIN = 0.5
"""Seconds until the next look where nobody wakes: for timers, and for what was not heard."""
SETTLING = 0.002
"""Seconds between two looks of one who waits for quiet."""
log = structlog.get_logger()


class Effect(Protocol):
    """What the follower does in the key database for some events; doing it twice is harmless."""

    watched: ClassVar[frozenset[str]]

    async def __call__(self, facts: list[Recorded[Any]]) -> None:
        """Take the effect of a batch, opened as far as keys allow; skip what is not watched."""
        ...


@dataclass(slots=True)
class _Plan:
    """What a batch of events wants done."""

    commands: BySubject = field(default_factory=dict)
    clocks: Clocks = field(default_factory=Clocks)


class Follower:
    """The one task behind reactions and timers of a write role."""

    def __init__(
        self,
        log_: Any,  # noqa: ANN401  # AppendLog and SequencedLog at once
        pool: asyncpg.Pool[asyncpg.Record],
        contexts: Iterable[Context],
        catalogue: Catalogue[Event],
        keyring: Keyring,
        handler: Handler,
        reference: ReferenceFacts,
        now: Callable[[], datetime],
        effects: Sequence[Effect],
    ) -> None:
        self._effects = tuple(effects)
        self._watched = frozenset[str]().union(*(effect.watched for effect in effects))
        self._append: AppendLog = log_
        self._log: SequencedLog = log_
        self._pool, self._catalogue, self._keyring = pool, catalogue, keyring
        self._handler, self._reference, self._now = handler, reference, now
        contexts = tuple(contexts)
        self._reactions: dict[str, list[tuple[str, React]]] = {}
        for context in contexts:
            for wire, reacts in context.reactions.by_event.items():
                named = ((f"{context.name}.{react.__name__}", react) for react in reacts)
                self._reactions.setdefault(wire, []).extend(named)
        self._timers = Timers([t for c in contexts for t in c.timers], lambda: reference.directory)
        self.seq = 0
        self.position = 0
        self._caused = 0
        self._looks = 0
        self._quiet = (0, 0, 0)
        """The last look that found nothing, and the seq and position up to which it did."""
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()

    async def prepare(self) -> None:
        """Create the tables and load progress and directory."""
        async with self._pool.acquire(timeout=5) as c:
            await QUERIES.schema(c)
            self.seq = await QUERIES.progress(c, name="reactions") or 0
        self.position = max((e.position for e in await self._last()), default=0)
        await self._reference.load()

    async def _last(self) -> list[Stored]:
        """Return the last event followed before this start, if any."""
        return await self._log.after(self.seq - 1, 1) if self.seq else []

    def wake(self) -> None:
        """Say that something was numbered or that the clock moved."""
        self._wake.set()

    async def run(self) -> None:
        """Follow for ever; faults are logged and tried again with a pause."""
        pause = 0.05
        while True:
            self._looks += 1
            try:
                busy = await self.step()
                pause = 0.05
            except asyncio.CancelledError:
                raise
            except Exception:
                log.exception("follower_delayed", pause=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5)
                continue
            if not busy:
                await self._rest()

    async def _rest(self) -> None:
        self._quiet = (self._looks, self.seq, self.position)
        self._idle.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_AGAIN):
                await self._wake.wait()
        self._wake.clear()
        self._idle.clear()

    async def step(self) -> bool:
        """Take one batch of events and the timers that are due; tell whether there was work."""
        stored = await self._log.after(self.seq, BATCH)
        if stored:
            await self._follow(stored)
        return await self._fire() or bool(stored)

    async def settle(self, position: int) -> None:
        """Wait until everything up to a position was reacted to and no timer is due.

        Only a look that began after the call and found nothing counts: one under way has seen
        an older clock, and the next may have begun before this task goes on.
        """
        begun = self._looks
        while True:
            self._idle.clear()
            self._wake.set()
            await self._idle.wait()
            look, seq, reached = self._quiet
            done = look > begun and reached >= max(position, self._caused)
            if done and await self._log.head() == seq:
                return
            await asyncio.sleep(SETTLING)

    async def _follow(self, stored: list[Stored]) -> None:
        self._reference.apply(stored)
        plan = _Plan()
        facts = await self._facts(stored)
        corrections = {f.event_id: await self._restated(f) for f in facts if f.type in RESTATING}
        for fact in facts:
            try:
                if (it := corrections.get(fact.event_id)) is not None:
                    self._plan_again(plan, it)
                else:
                    self._timers.plan(plan.clocks, fact)
                    self._plan_reactions(plan, fact)
            except Exception as error:  # planning is pure: it would fail for ever
                log.exception("fact_not_followed", type=fact.type, event_id=fact.event_id)
                code = f"not_followed:{type(error).__name__}"
                await self._refuse(uuid5(UUID(fact.event_id), code), fact.event_id, fact.type, code)
        said = [it.fact for it in corrections.values() if it.fact is not None]
        for effect in self._effects:
            await effect([*facts, *said])
        await self._send(plan.commands)
        await self._save(plan, stored[-1].seq)
        if any(e.type in PLANNING_TYPES for e in stored):
            async with self._pool.acquire(timeout=5) as c, c.transaction():
                await self._timers.plan_anew(c)
        self.seq = stored[-1].seq
        self.position = max(self.position, stored[-1].position)

    async def _facts(self, stored: list[Stored]) -> list[Recorded[Any]]:
        wanted = [e for e in stored if self._opened(e.type) or self._timers.concern(e.type)]
        opened = [e for e in wanted if self._opened(e.type) and self._sealed(e.type)]
        keys = await self._keyring.by_id(keys_needed(opened, self._catalogue)) if opened else None
        return [recorded(e, self._catalogue, self._append.source, keys) for e in wanted]

    async def _restated(self, correction: Recorded[Any]) -> Restated:
        """Return a correction with its subject's history, opened, before and after it (X2).

        One stream is not enough: a certification starts the clock that a report moves.
        """
        async with self._pool.acquire(timeout=5) as c:
            told = HISTORY.about(
                c, slice=correction.slice, subject=correction.subject, until=correction.seq
            )
            history = [Stored(*row) async for row in told]
        loader = self._handler.loader
        return Restated.of(correction, await loader.facts(history, opens=True))

    def _opened(self, wire: str) -> bool:
        return wire in self._reactions or wire in self._watched or wire in RESTATING

    def _sealed(self, wire: str) -> bool:
        return bool(steps(self._catalogue.classes[wire]))

    def _plan_again(self, plan: _Plan, it: Restated) -> None:
        """Move the clocks that hang on a corrected fact, and ask its reactions again (X2)."""
        self._timers.again(plan.clocks, it)
        for name, react in self._reactions.get(it.fact.type, ()) if it.fact is not None else ():
            self._plan_commands(plan, it.correction, name, wished(react, it))

    def _plan_reactions(self, plan: _Plan, fact: Recorded[Any]) -> None:
        for name, react in self._reactions.get(fact.type, ()):
            self._plan_commands(plan, fact, name, react(fact))

    @staticmethod
    def _plan_commands(
        plan: _Plan, cause: Recorded[Any], name: str, commands: Iterable[Command]
    ) -> None:
        for i, command in enumerate(commands):
            command_id = uuid5(UUID(cause.event_id), name + (f"/{i}" if i else ""))
            correlation = cause.attribute("correlation_id") or cause.command_id
            plan.commands.setdefault(cause.subject, []).append(
                (command_id, command, cause.event_id, correlation)
            )

    async def _send(self, by_subject: BySubject) -> None:
        gate = asyncio.Semaphore(AT_ONCE)

        async def in_order(commands: list[Generated]) -> None:
            async with gate:
                for command in commands:
                    await self._command(*command)

        async with asyncio.TaskGroup() as group:
            for commands in by_subject.values():
                group.create_task(in_order(commands))

    async def _command(
        self, command_id: UUID, command: Command, cause: str, correlation: str
    ) -> None:
        raw = command.type.encode() + b"\n" + command_id.bytes
        sent = Sent(command, command_id, SYSTEM, raw, None, correlation, causation_id=cause)
        try:
            accepted = await self._handler.handle(sent)
            self._caused = max(self._caused, _position(accepted.after))
        except Exception as error:
            found = problems.of(error)
            code = str(found.body["code"])
            if found.status == 503 or code == LOST_RACE.code:
                raise
            if found.status == 500:
                log.exception("reaction_failed", command=command.type, cause=cause)
            log.warning("reaction_refused", command=command.type, code=code, cause=cause)
            await self._refuse(command_id, cause, command.type, code)

    async def _refuse(self, command_id: UUID, cause: str, name: str, code: str) -> None:
        """List for the operator what was refused and will not be tried again."""
        at = self._now()
        async with self._pool.acquire(timeout=5) as c:
            await QUERIES.refuse(
                c, command_id=command_id, at=at, cause=cause, command=name, code=code
            )

    async def _save(self, plan: _Plan, seq: int) -> None:
        async with self._pool.acquire(timeout=5) as c, c.transaction():
            await self._timers.save(c, plan.clocks)
            await QUERIES.move(c, name="reactions", seq=seq)

    async def _fire(self) -> bool:
        async with self._pool.acquire(timeout=5) as c:
            due = await self._timers.due(c, self._now())
        if not due.commands:
            return False
        await self._send(due.commands)
        async with self._pool.acquire(timeout=5) as c:
            await self._timers.fired(c, due)
        return True


def _position(after: str) -> int:
    return int(after.split(":")[1]) if after else 0
