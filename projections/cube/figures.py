"""Asking the cube: a figure, the offices beneath it, and whose events make it (design.md 5).

`known` is a Shanghai day: what was known at its end; None is everything known now. The period runs
from `start` to `finish`, both included; stocks are those at the end of `finish`. Ask inside a
transaction: the figures of one page then agree, and plans fit the area.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.resources import files
from typing import Any, Literal, TypeAlias

import aiosql
import asyncpg

from projections.cube.metric import Metric, Part
from projections.cube.metrics import METRICS
from projections.cube.model import WIDE
from projections.planned import plan_each

QUERIES: Any = aiosql.from_str(
    files("projections.cube").joinpath("queries.sql").read_text("utf-8"), "asyncpg"
)
By: TypeAlias = Literal["category", "sex", "age_band", "channel"]
HISTOGRAM = "R4"
_WIDTHS = (2, 4, 6, 9, 12)


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both included, as known at the end of a day."""

    start: date
    finish: date
    known: date | None = None

    @property
    def words(self) -> dict[str, Any]:
        """Return the words that every query takes."""
        after = self.finish + timedelta(days=1)
        return {
            "start": self.start,
            "finish": self.finish,
            "ends": after.year * 12 + after.month,
            "known": self.known or date.max,
        }


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: its parts, its value (the numerator of a ratio), and the rate where it is one.

    `days` is the histogram of a metric of days, from which median and 90th percentile follow.
    """

    metric: Metric
    parts: Mapping[str, int]
    days: Mapping[int, int] = field(default_factory=dict)

    @property
    def value(self) -> int:
        """Return the number itself."""
        return sum(self.parts[name] for name in self.metric.numerator)

    @property
    def denominator(self) -> int | None:
        """Return what the value is divided by, None where it is a plain number."""
        of = self.metric.denominator
        return sum(self.parts[name] for name in of) if of else None

    @property
    def rate(self) -> float | None:
        """Return value ÷ denominator; None where nothing was due."""
        return self.value / self.denominator if self.denominator else None

    @property
    def median(self) -> int | None:
        """Return the fewest days that at least half of the cases did not exceed."""
        return percentile(self.days, 50)

    @property
    def p90(self) -> int | None:
        """Return the fewest days that at least nine in ten cases did not exceed."""
        return percentile(self.days, 90)


@dataclass(frozen=True, slots=True)
class Contribution:
    """One person or household within a part of a figure, with the events that put it there."""

    subject: str
    amount: int
    seqs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Cases:
    """A page of contributions; `total` are all of them, `sum` is the part's value."""

    items: tuple[Contribution, ...]
    total: int
    sum: int


def percentile(days: Mapping[int, int], percent: int) -> int | None:
    """Return the nearest-rank percentile of a histogram, None for an empty one."""
    total, seen = sum(days.values()), 0
    for number in sorted(days):
        seen += days[number]
        if seen * 100 >= total * percent and seen > 0:
            return number
    return None


async def figure(connection: asyncpg.Connection, metric: str, path: str, period: Period) -> Figure:
    """Return a figure of an area. Raises KeyError for an unknown metric."""
    found = await _figures(connection, [METRICS[metric]], path, period)
    return found.get(("", ""), {}).get(metric) or _empty(METRICS[metric])


async def figures(
    connection: asyncpg.Connection, path: str, period: Period, codes: Iterable[str] = METRICS
) -> dict[str, Figure]:
    """Return several figures of an area in one round: the cards of an office's page."""
    wanted = [METRICS[code] for code in codes]
    own = (await _figures(connection, wanted, path, period)).get(("", ""), {})
    return {metric.code: own.get(metric.code) or _empty(metric) for metric in wanted}


async def children(
    connection: asyncpg.Connection, metric: str, path: str, period: Period
) -> dict[str, Figure]:
    """Return a figure per path one level down that has any data; they add up to the area's own.

    What belongs to the area itself and to nothing beneath stands under the area's own path.
    """
    width = child_width(path)
    found = await _figures(connection, [METRICS[metric]], path, period, width=width)
    return {area: own[metric] for (area, _), own in found.items()}


async def breakdown(
    connection: asyncpg.Connection, metric: str, path: str, period: Period, by: By
) -> dict[str, Figure]:
    """Return a figure split by category, sex, age band or channel; days to work are not split."""
    found = await _figures(connection, [METRICS[metric]], path, period, by=by)
    return {slot: own[metric] for (_, slot), own in found.items()}


async def cases(
    connection: asyncpg.Connection,
    metric: str,
    part: str,
    path: str,
    period: Period,
    *,
    subject: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Cases:
    """Return whose events make a part, or one subject's own.

    Raises KeyError for an unknown metric or part.
    """
    stored = METRICS[metric].part(part)
    whole = stored.of[0][1] == "*"
    await plan_each(connection)
    rows = [
        r
        async for r in QUERIES.cases(
            connection,
            metrics=[m for m, _ in stored.of],
            parts=None if whole else [p for _, p in stored.of],
            how=stored.how,
            subject=subject,
            low=path,
            high=path + ":",
            after=after,
            limit=limit,
            **period.words,
        )
    ]
    items = tuple(Contribution(r["subject"], r["amount"], tuple(r["seqs"])) for r in rows)
    return Cases(items, rows[0]["total"] if rows else 0, rows[0]["sum"] if rows else 0)


def child_width(path: str) -> int:
    """Return how long the paths one level below an area are."""
    return next((w for w in _WIDTHS if w > len(path)), _WIDTHS[-1])


def _empty(metric: Metric) -> Figure:
    return Figure(metric, {p.name: 0 for p in metric.parts})


async def _figures(
    connection: asyncpg.Connection,
    metrics: Sequence[Metric],
    path: str,
    period: Period,
    *,
    width: int = 0,
    by: By | None = None,
) -> dict[tuple[str, str], dict[str, Figure]]:
    """Return figures by area and slot, one statement for all plain ones."""
    await plan_each(connection)
    plain = [m for m in metrics if m.code != HISTOGRAM]
    scope = {"low": path, "high": path + ":", **period.words}
    level = width or len(path)
    now = period.known is None and by is None and level in WIDE
    if now:
        scope = {k: v for k, v in scope.items() if k != "known"} | {"level": level}
    found: dict[tuple[str, str], dict[str, Figure]] = {}
    if plain:
        pairs = sorted({stored for m in plain for p in m.parts for stored in p.of})
        asked = {"metrics": [m for m, _ in pairs], "parts": [p for _, p in pairs], **scope}
        if by is None:
            rows = (QUERIES.sums_now if now else QUERIES.sums)(connection, **asked, width=width)
        else:
            rows = QUERIES.split(connection, **asked, by=by)
        for group, own in _by_group([r async for r in rows]).items():
            found[group] = {m.code: _made(m, own) for m in plain}
    if len(plain) < len(metrics):
        histogram = QUERIES.histogram_now if now else QUERIES.histogram
        for area, days in (await _histogram(connection, histogram, scope, width)).items():
            made = Figure(METRICS[HISTOGRAM], {"placed": sum(days.values())}, days)
            found.setdefault((area, ""), {})[HISTOGRAM] = made
    return found


async def _histogram(
    connection: asyncpg.Connection,
    query: Any,  # noqa: ANN401
    scope: Mapping[str, Any],
    width: int,
) -> dict[str, dict[int, int]]:
    found: dict[str, dict[int, int]] = {}
    asked = {k: v for k, v in scope.items() if k != "ends"}
    async for row in query(connection, metric=HISTOGRAM, width=width, **asked):
        found.setdefault(row["area"], {})[row["days"]] = row["amount"]
    return found


_Sums: TypeAlias = dict[tuple[str, str], Mapping[str, int]]


def _by_group(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], _Sums]:
    found: dict[tuple[str, str], _Sums] = {}
    for row in rows:
        own = found.setdefault((row["area"], row["slot"]), {})
        own[row["metric"], row["part"]] = {
            how: row[how] for how in ("flow", "opening", "closing", "month_ends")
        }
    return found


def _made(metric: Metric, sums: _Sums) -> Figure:
    return Figure(metric, {p.name: _part(p, sums) for p in metric.parts})


def _part(part: Part, sums: _Sums) -> int:
    return sum(sums[stored][part.how] for stored in part.of if stored in sums)
