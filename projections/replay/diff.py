"""What changed between two points of knowledge, and the events that made the difference. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from events.contracts.base import Recorded
from projections.api.lines import summary
from projections.engine.projection import AsOf
from projections.ledger.cells import LABELS, State
from projections.replay.answering import Answer, told
from projections.replay.figure import Cases, Replayed, numbers
from projections.replay.rows import row_of, within

_COUNTERS = frozenset({"versions", "seq"})
"""What changes with every event and says nothing."""
LINE = ("state", "category", "work", "channel", "tracking", "path", "tally", "certified_on")
"""What a ledger's difference shows of a line."""


def flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Yield each leaf of a row with its place; a cell is its value, a list stays whole."""
    if isinstance(value, dict) and value.keys() == {"v", "e"}:
        value = value["v"]
    if not isinstance(value, dict) or not value or value.keys() == {"sealed"}:
        yield path, value
        return
    for name, part in value.items():
        if path or name not in _COUNTERS:
            yield from flat(part, f"{path}.{name}" if path else name)


def leaves(row: State | None) -> dict[str, Any]:
    """Return a row's leaves by place."""
    return dict(flat(row)) if row else {}


def person_changes(
    facts: Sequence[Recorded[Any]],
    as_of: AsOf,
    points: tuple[int, int],
    plans: Iterable[int],
    valid: date | None,
) -> Answer:
    """Return what differs in a subject's row, each with the events between that touched it.

    `plans` are the changes of calendar or parameters between the points: they move open days.
    """
    before, after = points
    fresh = [f for f in facts if before < f.seq <= after]
    first = at = leaves(row_of(facts, as_of, before, valid))
    touched: dict[str, list[int]] = {}
    for seq in sorted({*plans, *(f.seq for f in fresh)}):
        then = leaves(row_of(facts, as_of, seq, valid))
        for place in _differing(at, then):
            touched.setdefault(place, []).append(seq)
        at = then
    return {
        "changes": [
            _change(place, first.get(place), at.get(place), touched[place])
            for place in sorted(_differing(first, at))
        ],
        "events": [told(f) for f in fresh],
    }


def _differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> set[str]:
    return {p for p in {*one, *other} if one.get(p) != other.get(p)}


def _change(place: str, before: Any, after: Any, seqs: list[int]) -> Answer:  # noqa: ANN401
    name = place.split(".")[1] if place.startswith("cells.") else place
    zh, en = LABELS.get(name, (place, place))
    return {
        "place": place, "zh": zh, "en": en, "before": before, "after": after, "events": seqs,
    }  # fmt: skip


def line_of(row: State | None, path: str) -> Answer | None:
    """Return what a ledger shows of a row, None where the row is not in the area."""
    if row is None or not within(row, path):
        return None
    if "person" not in row:
        return {"state": row["state"], "path": row.get("path"), "members": len(row["members"])}
    whole = summary(row, row["cases"].get(row.get("case"), {}))
    return {name: whole[name] for name in LINE}


def line_changes(
    subject: str,
    facts: Sequence[Recorded[Any]],
    as_of: AsOf,
    path: str,
    points: tuple[int, int],
    valid: date | None,
) -> Answer | None:
    """Return how a line of a ledger differs between two points, None where it does not."""
    before, after = points
    old = line_of(row_of(facts, as_of, before, valid), path)
    new = line_of(row_of(facts, as_of, after, valid), path)
    if old == new:
        return None
    return {
        "subject": subject,
        "change": "entered" if old is None else "left" if new is None else "changed",
        "before": old,
        "after": new,
        "events": [f.seq for f in facts if before < f.seq <= after],
    }


def figure_changes(old: Replayed, new: Replayed) -> Answer:
    """Return both figures, and whose contributions differ with the events behind them."""
    subjects = sorted({*old.cases, *new.cases})
    return {
        "before": numbers(old.figure),
        "after": numbers(new.figure),
        "cases": list(_cases(subjects, old.cases, new.cases)),
    }


def _cases(subjects: Iterable[str], old: Cases, new: Cases) -> Iterator[Answer]:
    for subject in subjects:
        was, now = old.get(subject, {}), new.get(subject, {})
        if was == now or not (sum(was.values()) or sum(now.values())):
            continue
        seqs = {seq for key in {*was.items()} ^ {*now.items()} for seq in key[0]}
        yield {
            "subject": subject,
            "before": sum(was.values()),
            "after": sum(now.values()),
            "events": sorted(seqs),
        }
