"""The duties towards a certified person: T5, T9, T16, T22 to T25. Pure.

They are judged by the days on which things happened, so that a late record of a service in time
still meets its duty.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from projections.journal import Note
from projections.obligations.duty import Duty, begin
from projections.spans import ENDS, Span, first_day, spans_of

_CLOCKS = ("certified", "imported", "reported", "exit_rejected", "reinstated")
_FROM_CERTIFICATION = {
    "T9": "served",
    "T16": "placed",
    "T22": "annotated",
    "T23": "agreement_signed",
}
"""Duties that begin with the certification, and the note that meets each."""


def helping(own: Sequence[Note], work: Sequence[Note]) -> list[Duty]:
    """Return the duties of one case; `work` are the person's starts of work."""
    spans = spans_of(own)
    last = spans[-1].ended if spans else None
    found = [*_certified(own, work, last), *_plans(own, last), *_exits(own)]
    found += _reports(own, last)
    _name_helpers(found, own)
    return found


def _earliest(notes: Sequence[Note], kind: str, since: date) -> Note | None:
    fitting = (n for n in notes if n.kind == kind and n.day >= since)
    return min(fitting, key=lambda n: (n.day, n.seq), default=None)


def _settle(duty: Duty, met: Note | None, left: Note | None) -> Duty:
    """End a duty by what met it, or by the end of the certification if that came first."""
    if met is not None and (left is None or met.day <= first_day(left)):
        duty.end(met, done=True)
    elif left is not None:
        duty.end(left, done=False, day=max(first_day(left), duty.start))
    return duty


def _certified(own: Sequence[Note], work: Sequence[Note], left: Note | None) -> list[Duty]:
    begun = next((n for n in own if n.kind == "certified"), None)
    if begun is None:
        return []
    return [
        _settle(begin(kind, begun), _earliest([*own, *work], meets, begun.day), left)
        for kind, meets in _FROM_CERTIFICATION.items()
    ]


def _plans(own: Sequence[Note], left: Note | None) -> list[Duty]:
    """Ask for a plan after every agreement (T24)."""
    found = []
    for note in own:
        if note.kind == "agreement_signed":
            gone = next((n for n in own if n.kind == "agreement_ended" and n.seq > note.seq), None)
            found.append(_settle(begin("T24", note), _earliest(own, "plan_made", note.day), gone))
            _settle(found[-1], None, left)
    return found


def _exits(own: Sequence[Note]) -> list[Duty]:
    """Ask for a decision on every proposed exit; all fall when the case is left (T25)."""
    found = {n.event: begin("T25", n) for n in own if n.kind == "exit_proposed"}
    for note in own:
        decided = found.get(note.data.get("proposal", ""))
        if decided is not None:
            decided.end(note, done=True)
        if note.kind in ENDS:
            for duty in found.values():
                if duty.began.seq < note.seq:
                    duty.end(note, done=False)
    return list(found.values())


def _clock_day(note: Note) -> date:
    return first_day(note) if note.kind == "imported" else note.day


def _reports(own: Sequence[Note], left: Note | None) -> list[Duty]:
    """Ask for the next report from each report or decision on (T5)."""
    clocks = sorted((n for n in own if n.kind in _CLOCKS), key=lambda n: (_clock_day(n), n.seq))
    found = []
    for at, clock in enumerate(clocks):
        duty = begin("T5", clock, _clock_day(clock))
        if at + 1 < len(clocks):
            following = clocks[at + 1]
            duty.end(following, done=following.kind == "reported")
        else:
            _settle(duty, None, left)
        found.append(duty)
    return found


def _name_helpers(duties: Sequence[Duty], own: Sequence[Note]) -> None:
    """Name the helper that the person had when a duty ended, or has now (R84)."""
    named = [(n.seq, n.data.get("helper") or n.data.get("to")) for n in own
             if n.kind in ("agreement_signed", "helper_changed")]  # fmt: skip
    for duty in duties:
        if duty.kind in ("T5", "T9", "T24"):
            until = duty.ended.seq if duty.ended else None
            known = [h for seq, h in named if until is None or seq <= until]
            duty.officer = str(known[-1]) if known else ""


def tracked(own: Sequence[Note]) -> list[Span]:
    """Return the times in which follow-up goes on: months that end in one ask for a visit (T10)."""
    ended = next((n for n in own if n.kind == "tracking_ended"), None)
    found = []
    for span in spans_of(own):
        if ended is not None and ended.day < span.start:
            break
        if ended is not None and (span.end is None or ended.day < span.end):
            span.end, span.ended = ended.day, ended
        found.append(span)
    return found
