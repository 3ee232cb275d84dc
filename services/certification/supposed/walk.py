"""Walks one person's history and tells each case that supposed rules would have decided otherwise.

A told case names conditions, clauses and outcomes; values of a person stay sealed in the event
that is named by its seq.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, TypeAlias

from events.contracts import certification as ev
from events.contracts import streams
from events.contracts.base import Recorded, StreamId, ident
from events.contracts.corrections import restated
from events.rules.directory import Directory
from events.rules.divisions import covers
from events.rules.supposing import REFUSALS, REPORTS, Supposition
from events.rules.time import shanghai_day
from services.certification.cases import Matter
from services.certification.deciding import open_claim
from services.certification.decision.commands import Certify
from services.certification.exit.grounds import CLAUSES
from services.certification.folding import CASE, evolve
from services.certification.foreign import PERSON
from services.certification.foreign import REPORTS as REPORT_FOLD
from services.certification.state import ENDED, Application, Case
from services.certification.supposed import exits
from services.certification.supposed.judging import (
    Line,
    as_decided,
    as_supposed,
    lines,
    reproduced,
)
from services.kit.decider import DomainError, Loaded, World
from services.kit.lookback import Directories, Past, PastFacts, seen_by, world_of

Told: TypeAlias = dict[str, Any]
OVER = ("none", "withdrawn", "refused", *ENDED)
_OPEN = open_claim("")


def held_by(past: PastFacts, claim: str) -> StreamId | None:
    """Work out which case was a person's open certification."""
    if not claim.startswith(_OPEN):
        return None
    for stream in past.past.of.get(f"person-{claim[len(_OPEN) :]}", ()):
        case = stream.startswith(f"{streams.CERTIFICATION.name}-")
        if case and past.state(CASE, stream)[2].status not in OVER:
            return stream
    return None


@dataclass(slots=True)
class Walk:
    """Judges persons under a supposition; `counts` is what all of them come to.

    `area` is the path whose persons are told; `until` the day of the point of knowledge.
    """

    supposition: Supposition
    directories: Directories
    area: str
    until: date
    counts: Counter[str] = field(default_factory=Counter)

    def person(self, past: Past, subject: str) -> Iterator[Told]:
        """Yield a person's cases that come out otherwise, in order of their streams."""
        kind = f"{streams.CERTIFICATION.name}-"
        for stream in sorted(s for s in past.of.get(subject, ()) if s.startswith(kind)):
            facts = restated(past.streams[stream])
            if not facts:
                continue
            self.counts["cases"] += 1
            if self.supposition.touches_eligibility:
                yield from self._certification(past, stream, facts)
            if self.supposition.changed & REFUSALS:
                yield from self._refusals(past, stream, facts)
            if self.supposition.changed & REPORTS:
                yield from self._reports(past, stream, facts)

    def _world(self, past: Past, fact: Recorded[Any], directory: Directory | None = None) -> World:
        seen = directory or self.directories.at(seen_by(fact))
        return world_of(past, fact, seen, Certify, held_by)

    def _here(self, w: World, person: Loaded[Any]) -> bool:
        return covers(self.area, w.directory.path(person.state.residence))

    def _certification(
        self, past: Past, stream: StreamId, facts: list[Recorded[Any]]
    ) -> Iterator[Told]:
        fact = _decided(facts)
        if fact is None:
            self.counts["not_examined"] += 1
            return
        again = not isinstance(fact.event, ev.ApplicationFiled)
        w = self._world(past, fact)
        case = evolve(Case(), fact) if not again else w.need(CASE, ident(stream)).state
        person = w.need(PERSON, case.person)
        if not self._here(w, person):
            self.counts["elsewhere"] += 1
            return
        try:
            told = self._compared(w, fact, person, case, again)
        except DomainError as error:
            self.counts[f"unjudged_{error.reason.code}"] += 1
            return
        if told is not None:
            yield told

    def _compared(
        self,
        w: World,
        fact: Recorded[Any],
        person: Loaded[Any],
        case: Case,
        again: bool,
    ) -> Told | None:
        applied_on = case.applied_on or w.day
        application: Application = case.application
        own = as_decided(w, person, application, applied_on, again=again)
        if not reproduced(own, fact.event.findings):
            self.counts["not_reproduced"] += 1
        other = replace(w, directory=self.supposition.upon(w.directory))
        verdict = as_supposed(other, person, application, applied_on, self.supposition, again=again)
        was, recorded = bool(own.met), _outcome(fact)
        self.counts[f"recorded_{recorded}"] += 1
        could = verdict.certified if recorded != "refused" or not was else False
        self.counts["supposed_eligible"] += could
        if could == (was and recorded != "refused"):
            return None
        return {
            "kind": "certification",
            "case": ident(fact.stream),
            "person": person.id,
            "path": w.directory.path(person.state.residence),
            "seq": fact.seq,
            "day": shanghai_day(fact.occurred_at).isoformat(),
            "recorded": recorded,
            "supposed": "eligible" if could else "not_eligible",
            "categories": {"recorded": list(own.met), "supposed": list(verdict.met)},
            "lines": [asdict(line) for line in lines(own.findings, verdict.findings)],
        }

    def _matter(
        self, past: Past, supposed: bool, fact: Recorded[Any], state: Case
    ) -> tuple[World, Matter]:
        seen = self.directories.at(seen_by(fact))
        w = self._world(past, fact, self.supposition.upon(seen) if supposed else seen)
        case = Loaded(fact.stream, fact.subject, 1, state)
        return w, Matter(case, w.need(PERSON, state.person))

    def _refusals(self, past: Past, stream: StreamId, facts: list[Recorded[Any]]) -> Iterator[Told]:
        if not any(isinstance(f.event, ev.RefusalCounted) for f in facts):
            return
        if not self._in_area(past, facts[-1]):
            return
        recorded = exits.recorded_leaving(facts, "refusals")
        own = exits.Tallied(partial(self._matter, past, False)).run(facts)
        other = exits.Tallied(partial(self._matter, past, True)).run(facts)
        yield from self._left("refusals", stream, facts, recorded, own, other)

    def _reports(self, past: Past, stream: StreamId, facts: list[Recorded[Any]]) -> Iterator[Told]:
        last = facts[-1]
        if not self._in_area(past, last):
            return
        recorded = exits.recorded_leaving(facts, "no_report")
        end = PastFacts(past, last.seq + 1, held_by)
        of = streams.ASSISTANCE.of(ident(stream))
        known = PastFacts(past, 1 << 62, held_by).state(REPORT_FOLD, of)[2].days.values()
        days = sorted(known)
        person = end.state(PERSON, StreamId(last.subject))[2]
        seen = self.directories.at(seen_by(last))
        path = seen.path(person.residence)
        own, other = [
            exits.Leaving(next(exits.late_days(facts, days, path, d, self.until), None))
            for d in (seen, self.supposition.upon(seen))
        ]
        if own.proposed == other.proposed:
            other = recorded
        yield from self._left("no_report", stream, facts, recorded, recorded, other)

    def _in_area(self, past: Past, fact: Recorded[Any]) -> bool:
        w = self._world(past, fact)
        person = w.load(PERSON, ident(fact.subject))
        return self._here(w, person)

    def _left(
        self,
        ground: ev.ExitGround,
        stream: StreamId,
        facts: list[Recorded[Any]],
        recorded: exits.Leaving,
        own: exits.Leaving,
        other: exits.Leaving,
    ) -> Iterator[Told]:
        self.counts[f"recorded_{ground}_{recorded.outcome}"] += 1
        self.counts[f"supposed_{ground}_{other.outcome}"] += 1
        self.counts["not_reproduced"] += own.outcome != recorded.outcome
        ends = [(leaving.outcome, leaving.proposed, leaving.tally) for leaving in (own, other)]
        if ends[0] == ends[1]:
            return
        happened, would = recorded.proposed is not None, other.proposed is not None
        line = Line(ground, CLAUSES[ground], happened, would)
        yield {
            "kind": "exit",
            "ground": ground,
            "case": ident(stream),
            "person": ident(facts[0].subject),
            "recorded": _ended(replace(recorded, tally=own.tally)),
            "supposed": _ended(other),
            "lines": [asdict(line)],
        }


def _decided(facts: list[Recorded[Any]]) -> Recorded[Any] | None:
    """Return the last decision on an application, or its filing where none was taken yet."""
    decided = (ev.PersonCertified, ev.CertificationRefused)
    last = next((f for f in reversed(facts) if isinstance(f.event, decided)), None)
    return last or next((f for f in facts if isinstance(f.event, ev.ApplicationFiled)), None)


def _outcome(fact: Recorded[Any]) -> str:
    match fact.event:
        case ev.PersonCertified():
            return "certified"
        case ev.CertificationRefused():
            return "refused"
        case _:
            return "filed"


def _ended(leaving: exits.Leaving) -> Told:
    return {
        "outcome": leaving.outcome,
        "proposed": leaving.proposed.isoformat() if leaving.proposed else None,
        "exited": leaving.exited.isoformat() if leaving.exited else None,
        "tally": leaving.tally,
        "events": list(leaving.seqs),
    }
