"""One part of a trial in a process of its own: some slices, judged with connections of its own."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import orjson

from events.contracts.catalogue import ALL
from events.rules.supposing import Supposition
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
    """Judge some slices; the entry of a process. Raises LogClosedError, KeysUnavailableError."""
    return asyncio.run(_opened(task, slices))


async def _opened(task: Task, slices: Sequence[int]) -> Part:
    async with open_sources(task.settings) as sources:
        return await judged(sources, task, slices)


async def judged(sources: Sources, task: Task, slices: Sequence[int]) -> Part:
    """Judge some slices, one in memory at a time."""
    directories = Directories([f async for f in sources.reference()])
    walk = Walk(task.supposition, directories, task.area, task.day)
    reader = Reader(sources.history, ALL, sources.keyring, task.until)
    lines = list[bytes]()
    for slice_ in slices:
        past, subjects, _ = await reader.slice(slice_)
        for subject in subjects:
            told = walk.person(past, subject)
            lines += [orjson.dumps(one, option=orjson.OPT_SORT_KEYS) + b"\n" for one in told]
    return Part(tuple(lines), walk.counts)
