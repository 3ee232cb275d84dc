"""Carries an approved trial out: judges, lists what differs, records what it came to.

The list is a pure function of the history up to the trial's point and of what is supposed; run
again it has the same hash. Parts of the slices are judged side by side, their lines put in order.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from functools import reduce
from multiprocessing import get_context
from typing import BinaryIO, TypeAlias
from uuid import NAMESPACE_URL, uuid5

from events.log.history import SLICES
from events.rules.principals import SYSTEM
from events.rules.time import shanghai_day
from events.runtime.settings import Settings
from services.kit.answers import Sent
from services.kit.decider import NOT_FOUND, Context, DomainError
from services.kit.handling import Handler
from services.kit.lookback import Directories
from services.registry.trial.commands import CompleteTrial
from services.registry.trial.domain import TRIAL, Trial
from services.registry.trial.reasons import TRIAL_NOT_APPROVED
from services.trials.opening import Sources, handler_of, open_sources
from services.trials.working import Judge, Part, Task, judge_part

Tell: TypeAlias = Callable[[int, int, int], None]
"""Is told slices done, of how many, and cases judged so far."""
AT_ONCE = 16
"""Slices of a part."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a trial came to; `repeats` tells whether an earlier run had the same list."""

    trial: str
    known: int
    counts: dict[str, int]
    differing: int
    sha256: str
    repeats: bool | None


@dataclass(slots=True)
class Runner:
    """Runs trials against one log, with the keys of its write role, in some processes."""

    settings: Settings
    sources: Sources
    handler: Handler
    processes: int = 1

    async def run(self, ident: str, out: BinaryIO, tell: Tell, proposal: str = "") -> Outcome:
        """Judge the history of an approved trial and write what differs, a line for each case.

        Raises DomainError for a trial that is unknown, of another proposal, or not approved.
        """
        trial = await self._trial(ident)
        if not trial.request:
            raise DomainError(NOT_FOUND, what=TRIAL.kind.of(ident))
        if proposal not in ("", trial.request):
            raise DomainError(NOT_FOUND, what=f"event-{proposal}")
        if trial.standing not in ("approved", "completed") or trial.known is None:
            raise DomainError(TRIAL_NOT_APPROVED)
        task = await self.task(trial, trial.known)
        digest, counts, differing = hashlib.sha256(), Counter[str](), 0
        async for done, part in self.parts(task):
            counts += part.counts
            for line in part.lines:
                digest.update(line)
                out.write(line)
            differing += len(part.lines)
            tell(done, len(SLICES), counts["cases"])
        return await self._completed(ident, trial, counts, differing, digest.hexdigest())

    async def task(self, trial: Trial, known: int) -> Task:
        """Return what a trial judges."""
        directory = Directories([f async for f in self.sources.reference()]).at(known)
        at = await self.sources.history.recorded_at(known)
        day = shanghai_day(at) if at else date.min
        area = directory.path(trial.office)
        return Task(self.settings, trial.supposition, area, known, day)

    async def parts(self, task: Task) -> AsyncIterator[tuple[int, Part]]:
        """Yield the slices' parts in order, each with how many slices are done by then."""
        listed = [SLICES[n : n + AT_ONCE] for n in range(0, len(SLICES), AT_ONCE)]
        if self.processes == 1:
            judge = await Judge.open(self.sources, task)
            for slices in listed:
                yield slices.stop, await judge.part(slices)
            return
        loop = asyncio.get_running_loop()
        with ProcessPoolExecutor(self.processes, get_context("spawn")) as pool:
            running = [loop.run_in_executor(pool, judge_part, task, s) for s in listed]
            for slices, part in zip(listed, running, strict=True):
                yield slices.stop, await part

    async def _trial(self, ident: str) -> Trial:
        """Return a trial as the numbered log has it: its approval's seq is the point it judges."""
        history = self.sources.history
        stored = await history.streams([TRIAL.kind.of(ident)], await history.head())
        return reduce(TRIAL.evolve, map(self.sources.fact, stored), TRIAL.initial)

    async def _completed(
        self, ident: str, trial: Trial, counts: Counter[str], differing: int, sha256: str
    ) -> Outcome:
        """Record the outcome once; of a run that was recorded before, tell whether it repeats."""
        known, listed = trial.known or 0, dict(sorted(counts.items()))
        if trial.completed is not None:
            same = trial.completed.sha256 == sha256
            return Outcome(ident, known, listed, differing, sha256, same)
        command = CompleteTrial(
            trial=ident,
            proposal=trial.request,
            known=known,
            cases=counts["cases"],
            differing=differing,
            not_reproduced=counts["not_reproduced"],
            sha256=sha256,
        )
        own = uuid5(NAMESPACE_URL, f"urn:bangfu:trial:{ident}")
        await self.handler.handle(Sent(command, own, SYSTEM, own.bytes))
        return Outcome(ident, known, listed, differing, sha256, None)


@asynccontextmanager
async def open_runner(
    settings: Settings, contexts: Iterable[Context], processes: int = 1
) -> AsyncIterator[Runner]:
    """Open a runner beside a write role. Raises LogClosedError and KeysUnavailableError."""
    async with open_sources(settings) as sources:
        handler = await handler_of(sources, settings, contexts)
        yield Runner(settings, sources, handler, processes)
