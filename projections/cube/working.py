"""Placements and what became of them: M2, M3, M11, M12, and the time to work (R4). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from events.rules.calendar import ONE_DAY
from events.rules.periods import unbroken_since
from events.rules.time import add_months
from projections.cube.life import Case, Life, Stretch
from projections.cube.parts import Share, Shares, seqs


def placements(life: Life) -> Shares:
    """Return what every start and end of work adds."""
    for stretch in life.work:
        yield from _start(life, stretch)
        if _begins_chain(life, stretch):
            yield from _half_year(life, stretch)
        yield from _ended(life, stretch)
    for case in life.cases.values():
        yield from _first_placement(life, case)


def _share(life: Life, metric: str, part: str, day: date, stretch: Stretch, *causes: int) -> Share:
    case = life.case_on(stretch.start)
    category = case.category(stretch.start) if case else ""
    channel = str(stretch.began.data["channel"])
    made_by = tuple(sorted({*seqs(stretch.began), *causes}))
    return Share(metric, part, life.path(day), day, category, channel, 1, made_by)


def _start(life: Life, stretch: Stretch) -> Shares:
    """Count a placement by its channel, cross-region apart (M3, R80)."""
    yield _share(life, "M3", "placements", stretch.start, stretch)
    if stretch.began.data["cross_region"]:
        yield _share(life, "M3", "cross_region", stretch.start, stretch)


def _since(life: Life, stretch: Stretch, on: date) -> date | None:
    """Return since when work is unbroken on a day, by the rule of that placement (AS 16)."""
    rule = stretch.began.data
    return unbroken_since(
        life.spells(), on, gap_days=rule["gap"], same_employer=rule["same"] is True
    )


def _begins_chain(life: Life, stretch: Stretch) -> bool:
    """Tell whether no unbroken work ran before."""
    return _since(life, stretch, stretch.start) == stretch.start


def _half_year(life: Life, stretch: Stretch) -> Shares:
    """Tell half a year after a placement whether the work still runs (M11)."""
    reached = add_months(stretch.start, stretch.began.data["months"])
    yield _share(life, "M11", "reached", reached, stretch)
    yield _share(life, "M12", "begun", stretch.start, stretch)
    since = _since(life, stretch, reached)
    if since is not None and since <= stretch.start:
        yield _share(life, "M11", "stable", reached, stretch)


def _ended(life: Life, stretch: Stretch) -> Shares:
    """Count an end into unemployment before half a year was over (M12)."""
    if stretch.until is None or stretch.ended is None or stretch.ended.data["then"] != "unemployed":
        return
    last = stretch.until - ONE_DAY
    since = _since(life, stretch, last)
    if since is not None and last < add_months(since, stretch.began.data["months"]):
        yield _share(life, "M12", "ended_early", last, stretch, *seqs(stretch.ended))


def _first_placement(life: Life, case: Case) -> Shares:
    """Count the way out of unemployment, once in each case (M2, R4)."""
    stretch = next(_ways_out(life, case), None)
    if stretch is None:
        return
    yield _share(life, "M2", "placed", stretch.start, stretch)
    first = case.spans[0]
    if first.began.kind == "certified":
        waited = (stretch.start - first.start).days
        made_by = seqs(first.began)
        yield _share(life, "R4", f"d{waited}", stretch.start, stretch, *made_by)


def _ways_out(life: Life, case: Case) -> Iterator[Stretch]:
    return (s for s in life.work if case.holds(s.start) and not life.employed(s.start - ONE_DAY))
