"""Corrections (X2): a fact stands as it was restated, or not at all, from then on.

What was found at the fact as first recorded falls with it; it was never true.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from events.audit.conformance.care import Cares
from events.audit.conformance.world import World
from events.audit.facts import SHANGHAI, Fact


class Corrections:
    """Follows corrected facts as far as open terms and states rest on them."""

    def __init__(self, world: World, cares: Cares) -> None:
        self.world, self.cares = world, cares
        self._rules = {
            "assistance.follow_up_done.v1": self._visit,
            "assistance.status_reported.v1": self._report,
            "posts.placed_in_job.v1": self._placement,
            "posts.employment_ended.v1": self._end,
            "registry.unemployment_registered.v1": self._registration,
            "certification.public_notice_posted.v1": self._notice,
        }

    def fold(self, fact: Fact) -> None:
        """Take an approved correction."""
        corrected, body = fact.body.get("corrects"), fact.body.get("body")
        if not fact.type.endswith(".fact_corrected.v1") or not corrected:
            return
        seq = self.world.shown.pop(corrected, None)
        if seq is not None:
            self.world.findings = [f for f in self.world.findings if seq not in f.seqs]
        if rule := self._rules.get(fact.body.get("of", "")):
            at = fact.body.get("happened_at")
            day = datetime.fromisoformat(at).astimezone(SHANGHAI).date() if at else None
            rule(fact, corrected, day if body is not None else None)

    def _visit(self, fact: Fact, corrected: str, day: date | None) -> None:
        care = self.cares.open.get(fact.key)
        if care is None or care.visits.pop(corrected, None) is None:
            return
        if day is not None:
            care.visits[corrected] = day.isoformat()[:7]

    def _report(self, fact: Fact, corrected: str, day: date | None) -> None:
        care = self.cares.open.get(fact.key)
        if care is None or corrected not in care.anchors:
            return
        _, seq = care.anchors.pop(corrected)
        if day is not None:
            care.anchors[corrected] = (day, seq)

    def _placement(self, fact: Fact, corrected: str, day: date | None) -> None:
        person = self.world.people.get(fact.key)
        mark = person.placements.pop(corrected, None) if person else None
        if person is None or mark is None:
            return
        if day is not None:
            person.placements[corrected] = (day, mark[1])
        if person.job == mark:
            person.stable = day if person.stable == mark[0] else person.stable
            person.job = (day, mark[1]) if day is not None else None

    def _end(self, fact: Fact, corrected: str, day: date | None) -> None:
        person = self.world.people.get(fact.key)
        if person is None or person.left is None or person.left_by != corrected:
            return
        if day is not None:
            person.left = (day, person.left[1])
            return
        person.job, person.left, person.lapse_due = person.job_before, None, None
        person.stable = person.job[0] if person.job else None

    def _registration(self, fact: Fact, _: str, day: date | None) -> None:
        person = self.world.people.get(fact.key)
        if person is not None and person.registered is not None:
            person.registered = (day, person.registered[1]) if day is not None else None

    def _notice(self, fact: Fact, corrected: str, day: date | None) -> None:
        case = self.world.cases.get(fact.key)
        if case is None or case.notice is None or case.notice.id != corrected or day is None:
            return
        start, until = (date.fromisoformat(fact.body["body"][name]) for name in ("from", "until"))
        case.notice = replace(case.notice, start=start, until=until)
