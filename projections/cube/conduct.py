"""Visits, reports, exits and offers: M5, M8, M9, M13. Pure."""

from __future__ import annotations

from datetime import date

from events.rules.time import period_bounds
from projections.cube.life import Case, Life
from projections.cube.parts import Share, Shares, seqs
from projections.cube.stock import is_due
from projections.journal import Note, Notes


def visits(life: Life) -> Shares:
    """Count a month once where a visit was due in it; valid on the month's last day (R89)."""
    for case in life.cases.values():
        months: dict[str, Note] = {}
        for visit in case.visits:
            months.setdefault(visit.data["month"], visit)
        for month, visit in months.items():
            last = period_bounds(month)[1]
            if is_due(case, last):
                yield _share(life, case, "M5", "done", last, visit)


def _share(
    life: Life, case: Case | None, metric: str, part: str, day: date, *causes: Note | None
) -> Share:
    category = case.category(day) if case else ""
    return Share(metric, part, life.path(day), day, category, "", 1, seqs(*causes))


def reports(life: Life) -> Shares:
    """Count duties to report when they are settled: reported, or the last day is over (M8, R28)."""
    for case in life.cases.values():
        for at, clock in enumerate(case.clocks):
            following = case.clocks[at + 1] if at + 1 < len(case.clocks) else None
            yield from _report(life, case, clock, following)


def _report(life: Life, case: Case, clock: Note, following: Note | None) -> Shares:
    due = date.fromisoformat(clock.data["due"])
    if following is not None and following.day <= due:
        if following.kind == "reported":
            day = following.day
            yield _share(life, case, "M8", "due", day, clock, following)
            yield _share(life, case, "M8", "in_time", day, clock, following)
    elif case.holds(due):
        yield _share(life, case, "M8", "due", due, clock)


def exits(life: Life, notes: Notes) -> Shares:
    """Count exits by ground, and those undone (M9, R29–R33)."""
    grounds = {n.event: n for n in notes if n.kind == "exit_proposed"}
    for case in life.cases.values():
        for span in case.spans:
            if span.end is not None and span.ended is not None and span.ended.kind == "exited":
                proposal = grounds.get(span.ended.data["proposal"])
                ground = proposal.data["ground"] if proposal else "other"
                yield _share(life, case, "M9", ground, span.end, proposal, span.ended)
            if span.began.kind == "reinstated":
                yield _share(life, case, "M9", "reversed", span.start, span.began)


def offers(life: Life, notes: Notes) -> Shares:
    """Count offers and what became of them (M13, R29, R97)."""
    by_offer: dict[str, list[Note]] = {}
    for note in notes:
        if note.kind in ("offered", "taken_up", "not_taken_up", "judged"):
            by_offer.setdefault(note.of, []).append(note)
    for history in by_offer.values():
        yield from _offer(life, history)


def _offer(life: Life, history: list[Note]) -> Shares:
    found = {n.kind: n for n in reversed(history)}
    offered = found.get("offered")
    if offered is None:
        return
    case = life.cases.get(offered.data["case"])
    yield _share(life, case, "M13", "offers", offered.day, offered)
    if (taken := found.get("taken_up")) is not None:
        yield _share(life, case, "M13", "taken_up", taken.day, offered, taken)
    if (refused := found.get("not_taken_up")) is not None:
        yield _share(life, case, "M13", "not_taken_up", refused.day, offered, refused)
        judged = [n for n in history if n.kind == "judged"]
        if judged and judged[-1].data["judged"] == "unjust":
            yield _share(life, case, "M13", "unjust", refused.day, offered, judged[-1])
