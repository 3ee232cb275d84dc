"""Where a decision's states come from: a cache of folds over the log, loaded on demand.

A cached state may be old. That is harmless: an accepted outcome is version-checked against every
stream that was looked at, and a refusal is only final once no newer event was found.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from events.contracts.base import Catalogue, Event, Recorded, StreamId, ident
from events.contracts.corrections import RESTATING, restated
from events.log.port import AppendLog, Stored
from services.kit.decider import Fold, MissingError
from services.kit.keyring import Keyring
from services.kit.recorded import keys_needed, recorded

S = TypeVar("S")
CACHED_STATES = 100_000


@dataclass(slots=True)
class Cached:
    """A folded stream."""

    version: int
    subject: str | None
    state: Any


@dataclass(slots=True)
class _Waiting:
    streams: dict[StreamId, int] = field(default_factory=dict)
    done: asyncio.Future[dict[StreamId, list[Stored]]] | None = None


class Loader:
    """Reads streams and claims; concurrent readers share one query."""

    def __init__(self, log: AppendLog, catalogue: Catalogue[Event], keyring: Keyring) -> None:
        self._log, self._catalogue, self._keyring = log, catalogue, keyring
        self._states: OrderedDict[tuple[int, StreamId], Cached] = OrderedDict()
        self._waiting = _Waiting()
        self._folds: dict[int, Fold[Any]] = {}
        self._of_kind: defaultdict[str, dict[int, Fold[Any]]] = defaultdict(dict)

    async def stored(self, streams: Mapping[StreamId, int]) -> dict[StreamId, list[Stored]]:
        """Return the streams' events after the given versions."""
        waiting = self._waiting
        for stream, after in streams.items():
            waiting.streams[stream] = min(after, waiting.streams.get(stream, after))
        if waiting.done is None:
            waiting.done = asyncio.get_running_loop().create_future()
            asyncio.get_running_loop().call_soon(self._flush)
        everything = await asyncio.shield(waiting.done)
        return {
            s: [e for e in everything.get(s, []) if e.version > after]
            for s, after in streams.items()
        }

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, _Waiting()
        task = asyncio.ensure_future(self._log.read(waiting.streams))
        task.add_done_callback(lambda t: _settle(waiting.done, t))

    async def facts(self, stored: list[Stored], *, opens: bool) -> list[Recorded[Any]]:
        """Return events as facts, opened where wished and possible."""
        keys = None
        if opens:
            keys = await self._keyring.by_id(keys_needed(stored, self._catalogue))
        return [recorded(e, self._catalogue, self._log.source, keys) for e in stored]

    def cached(self, fold: Fold[Any], stream: StreamId) -> Cached | None:
        """Return a fold of a stream if it is at hand."""
        key = (id(fold), stream)
        if (found := self._states.get(key)) is not None:
            self._states.move_to_end(key)
        return found

    async def refresh(
        self, wanted: Mapping[StreamId, set[int]], folds: Mapping[int, Fold[Any]]
    ) -> bool:
        """Bring folds of streams up to date; tell whether anything was new."""
        have = {
            (f, s): self._states.get((f, s)) or Cached(0, None, folds[f].initial)
            for s, of in wanted.items()
            for f in of
        }
        after = {s: min(have[f, s].version for f in of) for s, of in wanted.items()}
        found = await self.stored(after)
        changed = False
        for (f, stream), old in have.items():
            fresh = [e for e in found[stream] if e.version > old.version]
            changed = changed or bool(fresh)
            base = old
            if old.version and any(e.type in RESTATING for e in fresh):
                base = Cached(0, None, folds[f].initial)
                fresh = (await self.stored({stream: 0}))[stream]
            facts = await self.facts(fresh, opens=folds[f].opens) if fresh else []
            self.advance(folds[f], stream, base, facts)
        return changed

    async def states(self, folds: Mapping[StreamId, Fold[Any]]) -> dict[StreamId, Any]:
        """Return the states of streams as of now, by one read of the log."""
        if folds:
            wanted = {stream: {id(fold)} for stream, fold in folds.items()}
            await self.refresh(wanted, {id(fold): fold for fold in folds.values()})
        found = {stream: self.cached(fold, stream) for stream, fold in folds.items()}
        return {s: state.state if state else folds[s].initial for s, state in found.items()}

    def advance(
        self, fold: Fold[Any], stream: StreamId, old: Cached, facts: list[Recorded[Any]]
    ) -> None:
        """Put a state with more facts into the cache; what is corrected says what it says now."""
        self._folds[id(fold)] = self._of_kind[fold.kind.name][id(fold)] = fold
        state = old.state
        for fact in restated(facts):
            state = fold.evolve(state, fact)
        subject = facts[-1].subject if facts else old.subject
        self._states[id(fold), stream] = Cached(old.version + len(facts), subject, state)
        while len(self._states) > CACHED_STATES:
            self._states.popitem(last=False)

    def note(self, stream: StreamId, expected: int, facts: list[Recorded[Any]]) -> None:
        """Advance every cached fold of a stream that stood where an append just began.

        After a correction the stream is folded anew, from its beginning, when next asked for.
        """
        anew = any(fact.type in RESTATING for fact in facts)
        for number, fold in self._of_kind[stream.partition("-")[0]].items():
            if anew:
                self._states.pop((number, stream), None)
                continue
            old = self._states.get((number, stream))
            if old is not None and old.version == expected:
                self.advance(fold, stream, old, facts)

    def forget_opened(self) -> None:
        """Drop every state that may hold values in clear: one of their keys was destroyed."""
        self._states = OrderedDict(
            (key, state) for key, state in self._states.items() if not self._folds[key[0]].opens
        )

    async def holders(self, claims: set[str]) -> dict[str, StreamId]:
        """Return the holders of claims, as of now."""
        return await self._log.holders(sorted(claims))

    async def held(self, prefix: str) -> dict[str, StreamId]:
        """Return the held claims with a prefix, as of now."""
        return await self._log.claims_like(prefix)


def _settle(
    done: asyncio.Future[dict[StreamId, list[Stored]]] | None,
    task: asyncio.Future[dict[StreamId, list[Stored]]],
) -> None:
    if done is None or done.cancelled():
        return
    if (error := task.exception()) is not None:
        done.set_exception(error)
    else:
        done.set_result(task.result())


class LoopFacts:
    """One decision's view: answers from the cache, remembers what was asked and missing."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader
        self.folds: dict[int, Fold[Any]] = {}
        self.asked: dict[StreamId, set[int]] = {}
        self._seen: dict[tuple[int, StreamId], Cached] = {}
        self._claims: dict[str, StreamId | None] = {}
        self._prefixes: dict[str, dict[str, StreamId]] = {}
        self._whole: dict[StreamId, tuple[Recorded[Any], ...]] = {}
        self._missing: Callable[[], Awaitable[None]] | None = None

    def state(self, fold: Fold[S], stream: StreamId) -> tuple[int, str | None, S]:
        """Return a stream's version, subject and state."""
        self.folds[id(fold)] = fold
        self.asked.setdefault(stream, set()).add(id(fold))
        found = self._seen.get((id(fold), stream)) or self._loader.cached(fold, stream)
        if found is None:
            self._missing = partial(self._fetch_stream, stream)
            raise MissingError
        self._seen[id(fold), stream] = found
        return found.version, found.subject, found.state

    def holder(self, claim: str) -> StreamId | None:
        """Return the stream that holds a claim."""
        if claim not in self._claims:
            self._missing = partial(self._fetch_claim, claim)
            raise MissingError
        return self._claims[claim]

    def held(self, prefix: str) -> Mapping[str, StreamId]:
        """Return held claims by prefix."""
        if prefix not in self._prefixes:
            self._missing = partial(self._fetch_prefix, prefix)
            raise MissingError
        return self._prefixes[prefix]

    def event(self, stream: StreamId, event_id: str) -> Recorded[Any] | None:
        """Return one event of a stream."""
        return next((f for f in self.history(stream) if f.event_id == event_id), None)

    def history(self, stream: StreamId) -> tuple[Recorded[Any], ...]:
        """Return a stream's events as recorded."""
        if stream not in self._whole:
            self._missing = partial(self._fetch_whole, stream)
            raise MissingError
        return self._whole[stream]

    def version(self, stream: StreamId) -> int:
        """Return the version at which the decision saw a stream (folds of one stream agree)."""
        return min(self._seen[f, stream].version for f in self.asked[stream])

    def subject(self, stream: StreamId) -> str | None:
        """Return a stream's subject; for one that does not exist, what its id tells."""
        number = next(iter(self.asked[stream]))
        seen = self._seen[number, stream]
        return seen.subject or self.folds[number].kind.subject_of(ident(stream))

    async def fetch(self) -> None:
        """Load what the last run of the decision was missing."""
        if self._missing is not None:
            await self._missing()

    async def _fetch_stream(self, stream: StreamId) -> None:
        await self._loader.refresh({stream: self.asked[stream]}, self.folds)
        self._seen = {k: v for k, v in self._seen.items() if k[1] != stream}

    async def _fetch_claim(self, claim: str) -> None:
        self._claims[claim] = (await self._loader.holders({claim})).get(claim)

    async def _fetch_prefix(self, prefix: str) -> None:
        self._prefixes[prefix] = await self._loader.held(prefix)

    async def _fetch_whole(self, stream: StreamId) -> None:
        stored = (await self._loader.stored({stream: 0}))[stream]
        self._whole[stream] = tuple(await self._loader.facts(stored, opens=True))

    async def renew(self) -> bool:
        """Look again at everything that was seen; tell whether anything had changed."""
        before = dict(self._claims), dict(self._prefixes)
        self._seen.clear()
        self._whole.clear()
        changed = await self._loader.refresh(self.asked, self.folds) if self.asked else False
        for stream, numbers in self.asked.items():
            for number in numbers:
                if (found := self._loader.cached(self.folds[number], stream)) is not None:
                    self._seen[number, stream] = found
        if self._claims:
            held = await self._loader.holders(set(self._claims))
            self._claims = {claim: held.get(claim) for claim in self._claims}
        self._prefixes = {p: await self._loader.held(p) for p in self._prefixes}
        return changed or before != (self._claims, self._prefixes)
