"""Carries an approved trial out: judges, lists what differs, records what it came to.

The list is a pure function of the history up to the trial's point and of what is supposed; run
again it has the same hash. One slice is in memory at a time.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO, TypeAlias
from uuid import NAMESPACE_URL, uuid5

import orjson

from events.contracts.base import Catalogue, Event
from events.log.history import SLICES, History
from events.log.port import Stored
from events.log.postgres import PostgresLog
from events.rules.principals import SYSTEM
from events.rules.time import shanghai_day
from services.certification.supposed.walk import Told, Walk
from services.kit.answers import Sent
from services.kit.decider import DomainError
from services.kit.handling import Handler
from services.kit.keyring import Keyring
from services.kit.lookback import RULE_TYPES, Directories
from services.kit.recorded import recorded
from services.registry.trial.commands import CompleteTrial
from services.registry.trial.domain import TRIAL, Trial
from services.registry.trial.reasons import TRIAL_NOT_APPROVED
from services.trials.reading import Reader

Tell: TypeAlias = Callable[[int, int, int], None]
"""Is told slices done, of how many, and cases judged so far."""
PAGE = 5_000


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
    """Runs trials against one log, with the keys of its write role."""

    history: History
    log: PostgresLog
    keyring: Keyring
    handler: Handler
    catalogue: Catalogue[Event]

    async def run(self, ident: str, out: BinaryIO, tell: Tell) -> Outcome:
        """Judge the history of an approved trial and write what differs, a line for each case.

        Raises DomainError for a trial that is unknown or not approved.
        """
        trial = await self._trial(ident)
        if trial.standing not in ("approved", "completed") or trial.known is None:
            raise DomainError(TRIAL_NOT_APPROVED)
        directories = Directories([f async for f in self.reference()])
        at = await self.history.recorded_at(trial.known)
        area = directories.at(trial.known).path(trial.office)
        day = shanghai_day(at) if at else date.min
        walk = Walk(trial.supposition, directories, area, day)
        digest, differing = hashlib.sha256(), 0
        async for told in self.judged(walk, trial.known, tell):
            line = orjson.dumps(told, option=orjson.OPT_SORT_KEYS) + b"\n"
            digest.update(line)
            out.write(line)
            differing += 1
        return await self._completed(ident, trial, walk.counts, differing, digest.hexdigest())

    async def judged(self, walk: Walk, until: int, tell: Tell) -> AsyncIterator[Told]:
        """Yield every case that comes out otherwise, in order of slices and persons."""
        reader = Reader(self.history, self.catalogue, self.keyring, until)
        for slice_ in SLICES:
            past, subjects, _ = await reader.slice(slice_)
            for subject in subjects:
                for told in walk.person(past, subject):
                    yield told
            tell(slice_ + 1, len(SLICES), walk.counts["cases"])

    async def _trial(self, ident: str) -> Trial:
        stored = await self.history.streams([TRIAL.kind.of(ident)], await self.history.head())
        state = TRIAL.initial
        for event in stored:
            state = TRIAL.evolve(state, self._fact(event))
        return state

    async def reference(self) -> AsyncIterator[Any]:
        """Yield the reference facts that judgements hang on, in order."""
        after = 0
        while page := await self.log.by_subject("office-", after, PAGE):
            for event in page:
                if event.type in RULE_TYPES:
                    yield self._fact(event)
            after = page[-1].seq

    def _fact(self, stored: Stored) -> Any:  # noqa: ANN401
        return recorded(stored, self.catalogue, self.history.source)

    async def _completed(
        self, ident: str, trial: Trial, counts: Counter[str], differing: int, sha256: str
    ) -> Outcome:
        """Record the outcome once; of a run that was recorded before, tell whether it repeats."""
        known = trial.known or 0
        outcome = Outcome(ident, known, dict(sorted(counts.items())), differing, sha256, None)
        if trial.completed is not None:
            same = trial.completed.sha256 == sha256
            return Outcome(ident, known, outcome.counts, differing, sha256, same)
        command = CompleteTrial(
            trial=ident,
            proposal=trial.proposal,
            known=known,
            cases=counts["cases"],
            differing=differing,
            not_reproduced=counts["not_reproduced"],
            sha256=sha256,
        )
        own = uuid5(NAMESPACE_URL, f"urn:bangfu:trial:{ident}")
        await self.handler.handle(Sent(command, own, SYSTEM, own.bytes))
        return outcome
