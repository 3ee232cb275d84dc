"""One part of a trial in a process of its own: some slices, judged with connections of its own."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date

import orjson

from events.contracts.catalogue import ALL
from events.rules.supposing import Supposition
from events.runtime.collecting import spare_collections
from events.runtime.settings import Settings
from services.certification.supposed.walk import Walk
from services.kit.lookback import Directories
from services.trials.opening import Sources, open_sources
from services.trials.reading import Reader


@dataclass(frozen=True, slots=True)
class Task:
    """What is judged: under which rules, whose persons, up to which seq and its day."""

    settings: Settings
    supposition: Supposition
    area: str
    until: int
    day: date


@dataclass(frozen=True, slots=True)
class Part:
    """What some slices came to: a line of JSON for each case that comes out otherwise."""

    lines: tuple[bytes, ...]
    counts: Counter[str]


def judge_part(task: Task, slices: Sequence[int]) -> Part:
    """Judge some slices; what a process runs. Raises LogClosedError, KeysUnavailableError."""
    if not _KEPT:
        _KEPT.append(Worker(task))
    return _KEPT[0].judge(slices)


class Worker:
    """One process's connections, kept from part to part; they end with the process."""

    def __init__(self, task: Task) -> None:
        self._task, self._loop = task, asyncio.Runner()
        self._stack = AsyncExitStack()
        self._judge = self._loop.run(self._open())

    async def _open(self) -> Judge:
        sources = await self._stack.enter_async_context(open_sources(self._task.settings))
        return await Judge.open(sources, self._task)

    def judge(self, slices: Sequence[int]) -> Part:
        """Judge some slices."""
        return self._loop.run(self._judge.part(slices))


_KEPT: list[Worker] = []
"""The one worker of this process."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges slices, one in memory at a time."""

    task: Task
    directories: Directories
    reader: Reader

    @classmethod
    async def open(cls, sources: Sources, task: Task) -> Judge:
        """Read the reference facts, which every judgement looks at."""
        spare_collections()
        directories = Directories([f async for f in sources.reference()])
        return cls(task, directories, Reader(sources.history, ALL, sources.keyring, task.until))

    async def part(self, slices: Sequence[int]) -> Part:
        """Judge some slices."""
        task = self.task
        walk = Walk(task.supposition, self.directories, task.area, task.day)
        lines = list[bytes]()
        for slice_ in slices:
            past, subjects = await self.reader.slice(slice_)
            for subject in subjects:
                told = walk.person(past, subject)
                lines += [orjson.dumps(one, option=orjson.OPT_SORT_KEYS) + b"\n" for one in told]
        return Part(tuple(lines), walk.counts)
