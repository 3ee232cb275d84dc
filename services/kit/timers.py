"""Clocks that run: started and stopped by facts, kept as rows, fired by the follower (design.md 6).

A clock keeps what it was started with, its basis; when it falls due is worked out from that, again
whenever the directory or a corrected fact says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson
import structlog

from events.contracts.base import Recorded
from events.rules.directory import Directory
from services.kit.decider import Command, TimerKind
from services.kit.replanning import Basis, Clock, Restated, moved, touched
from services.kit.work import QUERIES

BATCH = 500
log = structlog.get_logger()

Generated: TypeAlias = tuple[UUID, Command, str, str]
"""A command that nobody sent: its id, itself, what caused it, its correlation."""
BySubject: TypeAlias = dict[str, list[Generated]]
"""Generated commands in order, by what they are about."""


@dataclass(slots=True)
class Clocks:
    """What a batch of events starts and stops."""

    starts: dict[Clock, tuple[datetime, str]] = field(default_factory=dict)
    stops: set[Clock] = field(default_factory=set)

    def start(self, clock: Clock, due: datetime, basis: Basis) -> None:
        """Start a clock, or move it."""
        self.starts[clock] = (due, orjson.dumps(basis).decode())
        self.stops.discard(clock)

    def stop(self, clock: Clock) -> None:
        """Stop a clock that runs or is about to."""
        self.stops.add(clock)
        self.starts.pop(clock, None)


@dataclass(slots=True)
class Due:
    """Clocks that fell due, and the commands that they send."""

    clocks: list[tuple[str, str, datetime]] = field(default_factory=list)
    commands: BySubject = field(default_factory=dict)


class Timers:
    """Every kind of clock of a write role; `directory` is the one known now."""

    def __init__(self, kinds: Iterable[TimerKind], directory: Callable[[], Directory]) -> None:
        self._kinds = {kind.name: kind for kind in kinds}
        self._directory = directory

    def concern(self, wire: str) -> bool:
        """Tell whether facts of a type start or stop any clock."""
        return any(wire in t.starts or wire in t.stops for t in self._kinds.values())

    def plan(self, clocks: Clocks, fact: Recorded[Any]) -> None:
        """Note what a fact stops and starts."""
        for kind in self._kinds.values():
            stopped, started = touched(kind, fact)
            if stopped is not None:
                clocks.stop((kind.name, stopped))
            if started is not None:
                self._start(clocks, (kind.name, started[0]), started[1])

    def again(self, clocks: Clocks, it: Restated) -> None:
        """Move the clocks that hang on a corrected fact (X2)."""
        stops, starts = moved(self._kinds.values(), it)
        for clock in stops:
            clocks.stop(clock)
        for clock, basis in starts.items():
            self._start(clocks, clock, basis)

    def _start(self, clocks: Clocks, clock: Clock, basis: Basis) -> None:
        clocks.start(clock, self._kinds[clock[0]].due(basis, self._directory()), basis)

    async def save(self, c: Any, clocks: Clocks) -> None:  # noqa: ANN401 - a connection
        """Write what was planned."""
        if clocks.stops:
            kinds, keys = zip(*sorted(clocks.stops), strict=True)
            await QUERIES.stop_timers(c, kinds=list(kinds), keys=list(keys))
        if clocks.starts:
            await self._set(c, clocks.starts)

    @staticmethod
    async def _set(c: Any, starts: Mapping[Clock, tuple[datetime, str]]) -> None:  # noqa: ANN401
        await QUERIES.set_timers(
            c,
            kinds=[kind for kind, _ in starts],
            keys=[key for _, key in starts],
            dues=[due for due, _ in starts.values()],
            bases=[basis for _, basis in starts.values()],
        )

    async def plan_anew(self, c: Any) -> None:  # noqa: ANN401 - a connection
        """Work out every open clock again after a change of calendar or parameters (X18)."""
        for kind in self._kinds.values():
            changed: dict[Clock, tuple[datetime, str]] = {}
            async for row in QUERIES.all_timers(c, kind=kind.name):
                due = kind.due(orjson.loads(row["basis"]), self._directory())
                if due != row["due"]:
                    changed[kind.name, row["key"]] = (due, row["basis"])
            if changed:
                await self._set(c, changed)
                log.info("clocks_planned_anew", timer=kind.name, moved=len(changed))

    async def due(self, c: Any, now: datetime) -> Due:  # noqa: ANN401 - a connection
        """Return what fell due, with commands whose ids are the same however often they fire."""
        found = Due()
        async for row in QUERIES.due_timers(c, now=now, most=BATCH):
            kind, key, due = row["kind"], row["key"], row["due"]
            command = self._kinds[kind].command(key, orjson.loads(row["basis"]))
            name = f"urn:bangfu:timer:{kind}/{key}/{due.isoformat()}"
            generated = (uuid5(NAMESPACE_URL, name), command, name, "")
            found.commands.setdefault(key, []).append(generated)
            found.clocks.append((kind, key, due))
        return found

    async def fired(self, c: Any, due: Due) -> None:  # noqa: ANN401 - a connection
        """Strike clocks off once their commands were answered, unless they were moved meanwhile."""
        kinds, keys, dues = zip(*due.clocks, strict=True)
        await QUERIES.fired(c, kinds=list(kinds), keys=list(keys), dues=list(dues))
