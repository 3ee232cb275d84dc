"""Exits under supposed rules: the tally of R29 and the clock of R32 over the recorded facts. Pure.

The deciders' own rules run again; what the county would have decided on a proposal that never was
is not guessed: it is told as undecided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from events.contracts import certification as ev
from events.contracts.base import Recorded
from events.rules.directory import Directory
from events.rules.time import shanghai_day
from services.certification.cases import Matter
from services.certification.exit.commands import CountRefusal
from services.certification.exit.grounds import first_late_day, limit
from services.certification.exit.proposals import consequence
from services.certification.folding import evolve
from services.certification.leaving import confirmed
from services.certification.state import Case, Proposal
from services.kit.decider import World


@dataclass(frozen=True, slots=True)
class Leaving:
    """How one ground ended in one life of a case: when proposed, and when the person left."""

    proposed: date | None = None
    exited: date | None = None
    seqs: tuple[int, ...] = ()
    tally: int = 0
    kept: bool = False

    @property
    def outcome(self) -> str:
        """Name the end: an exit, a status kept, a proposal that the county did not decide, none."""
        if self.exited is not None:
            return "exited"
        if self.kept:
            return "kept"
        return "none" if self.proposed is None else "proposed"


@dataclass(slots=True)
class Tallied:
    """Counts refusals under one limit over a case's facts, as `count_refusal` does (R29)."""

    matter: Callable[[Recorded[Any], Case], tuple[World, Matter]]
    state: Case = field(default_factory=Case)
    found: Leaving = field(default_factory=Leaving)
    _skipped: set[str] = field(default_factory=set)

    def run(self, facts: Iterable[Recorded[Any]]) -> Leaving:
        """Fold a case's facts; what the limit would have changed is worked out anew."""
        for fact in facts:
            self._take(fact)
        return self.found

    def _take(self, fact: Recorded[Any]) -> None:
        match fact.event:
            case ev.RefusalCounted():
                self._counted(fact)
            case ev.ExitProposed(ground="refusals"):
                self._skipped.add(fact.event_id)
            case ev.ExitProposalWithdrawn(proposal=proposal) if proposal in self._skipped:
                return
            case ev.Exited(proposal=proposal) if proposal in self._skipped:
                self._exited(fact, proposal)
            case ev.ExitRejected(proposal=proposal) if proposal in self._skipped:
                self._as_proposed(proposal)
                self._fold(fact)
                self.found = replace(self.found, kept=self.found.proposed is not None)
            case _:
                self._fold(fact)

    def _fold(self, fact: Recorded[Any]) -> None:
        self.state = evolve(self.state, fact)

    def _counted(self, fact: Recorded[ev.RefusalCounted]) -> None:
        before, event = self.state, fact.event
        self._fold(fact)
        if before.status != "certified":
            return
        w, it = self.matter(fact, before)
        again = CountRefusal(
            case=it.case.id, offer=event.offer, judged=event.judged, judgement=event.judgement
        )
        standing = tuple(self.state.counted.values())
        for then in consequence(again, it, standing, limit(w, it)):
            self._then(then, fact)

    def _then(self, then: ev.LeavingEvent, fact: Recorded[Any]) -> None:
        """Take in a proposal, or its withdrawal, that the supposed limit causes."""
        day = shanghai_day(fact.occurred_at)
        exits = dict(self.state.exits)
        exits.pop("refusals", None)
        if isinstance(then, ev.ExitProposed):
            own = Proposal(fact.event_id, day, facts=then.facts)
            exits["refusals"] = own
            self.state = replace(self.state, exits=exits)
            self.found = Leaving(day, None, (fact.seq,), self.state.tally)
        else:
            self.state = replace(self.state, exits=exits)
            self.found = Leaving()

    def _exited(self, fact: Recorded[ev.Exited], proposal: str) -> None:
        """Let a recorded exit stand only where the county could have confirmed it (AS 14)."""
        judgements = confirmed(self.state.judgements, fact.event.judgements)
        w, it = self.matter(fact, replace(self.state, judgements=judgements))
        open_ = "refusals" in self.state.exits
        if open_ and it.state.tally > limit(w, it):
            self._as_proposed(proposal)
            self._fold(fact)
            self.found = replace(
                self.found, exited=fact.event.from_day, seqs=(*self.found.seqs, fact.seq)
            )
            return
        self.state = replace(self.state, judgements=judgements)

    def _as_proposed(self, proposal: str) -> None:
        """Give the supposed proposal the name that the recorded decision calls it by."""
        own = self.state.exits.get("refusals")
        if own is not None:
            exits = {**self.state.exits, "refusals": replace(own, event=proposal)}
            self.state = replace(self.state, exits=exits)


def late_days(
    facts: Sequence[Recorded[Any]],
    reports: Sequence[date],
    path: str,
    directory: Directory,
    until: date,
) -> Iterator[date]:
    """Yield the days on which the want of a report would have been proposed (R32, T6).

    The clock runs while the person is certified, from the latest decision that gave or kept the
    status; every report known at the end of the history counts by the day it happened.
    """
    state, start = Case(), None
    for fact in facts:
        before = state
        state = evolve(state, fact)
        running = before.report_from if before.status == "certified" else None
        if running is not None and (state.status != "certified" or state.report_from != running):
            yield from _first_gap(running, shanghai_day(fact.occurred_at), reports, path, directory)
        start = state.report_from if state.status == "certified" else None
    if start is not None:
        yield from _first_gap(start, until, reports, path, directory)


def _first_gap(
    start: date, end: date, reports: Sequence[date], path: str, directory: Directory
) -> Iterator[date]:
    begin = start
    for day in (*(d for d in reports if start <= d < end), end):
        late = first_late_day(begin, path, directory)
        if day >= late:
            yield late
            return
        begin = day


def recorded_leaving(facts: Iterable[Recorded[Any]], ground: ev.ExitGround) -> Leaving:
    """Return how a ground ended as it was recorded."""
    found, proposal = Leaving(), ""
    for fact in facts:
        match fact.event:
            case ev.ExitProposed(ground=own) if own == ground:
                proposal = fact.event_id
                found = Leaving(shanghai_day(fact.occurred_at), None, (fact.seq,))
            case ev.ExitProposalWithdrawn(proposal=own) if own == proposal:
                found = Leaving()
            case ev.ExitRejected(proposal=own) if own == proposal:
                found = replace(found, kept=True, seqs=(*found.seqs, fact.seq))
            case ev.Exited(proposal=own, from_day=day) if own == proposal:
                found = replace(found, exited=day, seqs=(*found.seqs, fact.seq))
            case _:
                continue
    return found
