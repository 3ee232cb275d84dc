"""Takes a history fact by fact, in order of `seq`, and says what does not conform.

Memory grows with what is open: a case that ended for good leaves a few dozen bytes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from datetime import date

from events.audit.conformance import filing, leaving, persons
from events.audit.conformance.authority import Authority
from events.audit.conformance.care import Cares
from events.audit.conformance.case import case_of, take_step
from events.audit.conformance.correcting import Corrections
from events.audit.conformance.findings import Finding, Verdict, ordered
from events.audit.conformance.household import Households
from events.audit.conformance.process import STEPS
from events.audit.conformance.work import Work
from events.audit.conformance.world import Case, World
from events.audit.facts import Fact, Line, fact_of

_BEGIN = {"certification.person_certified.v1", "certification.certification_imported.v1"}
_CHECKS = {**filing.CHECKS, **leaving.CHECKS}
_OVER = frozenset({"lapsed", "withdrawn", "revoked"})


class Judge:
    """One run over one history. `add` every fact, then `verdict`."""

    def __init__(self) -> None:
        self.world = World()
        self.authority = Authority(self.world)
        self.cares = Cares(self.world)
        self.households = Households(self.world)
        self.work = Work(self.world, self.cares, self.households)
        self.corrections = Corrections(self.world, self.cares)
        self._command = ""
        self._events = self._last = 0
        self._waiting: deque[tuple[date, str]] = deque()
        """Refused cases until the right to a review has ended."""
        terms = self.world.terms
        self._rules: dict[str, Callable[[Fact], None]] = {
            "registry.calendar_set.v1": self._calendar,
            "registry.rule_parameter_proposed.v1": terms.propose,
            "registry.rule_parameter_set.v1": terms.approve,
            "registry.rule_parameter_rejected.v1": terms.reject,
            "registry.emergency_access_opened.v1": self.authority.emergency,
        }

    def add(self, fact: Fact) -> None:
        """Judge one fact."""
        world = self.world
        if fact.command != self._command:
            world.command_over()
            self._command = fact.command
        if fact.recorded_day > world.today:
            world.today = fact.recorded_day
            self._forget()
        self._events += 1
        if self._last and fact.seq != self._last + 1:
            world.found("history_gap", "", "", self._last, fact.seq)
        self._last = fact.seq
        try:
            self._judge(fact)
        except (KeyError, TypeError, ValueError, AttributeError):
            world.at("body_unreadable", fact, what=fact.type)

    def verdict(self) -> Verdict:
        """Judge what only the end shows, and say what was found."""
        world = self.world
        world.command_over()
        for case in list(world.cases.values()):
            leaving.at_end(world, case)
            self.cares.finish(case, world.today)
        for person in world.people.values():
            held = world.cases.get(person.case or "")
            if person.lapse_due is not None and held is not None and held.state == "certified":
                world.found("lapse_missing", world.county(held), held.id, person.lapse_due)
        self.households.finish()
        self.work.finish()
        return Verdict(self._events, self._last, ordered(world.findings))

    def _judge(self, fact: Fact) -> None:
        world, type_ = self.world, fact.type
        if type_ == "registry.role_granted.v1":
            self.authority.granted(fact)
        world.offices.fold(fact)
        self.authority.judge(fact)
        if type_ in STEPS:
            self._step(fact)
        elif rule := self._rules.get(type_):
            rule(fact)
        elif check := persons.CHECKS.get(type_):
            check(world, fact)
        self.cares.fold(fact)
        self.households.fold(fact)
        self.work.fold(fact)
        self.corrections.fold(fact)

    def _step(self, fact: Fact) -> None:
        world = self.world
        case = case_of(world, fact)
        if case is None:
            return
        before = case.state
        if not take_step(world, case, fact):
            return
        if check := _CHECKS.get(fact.type):
            check(world, case, fact)
        self._status(case, fact, before)

    def _status(self, case: Case, fact: Fact, before: str) -> None:
        """Follow the status: begun, paused, taken up again, over."""
        world = self.world
        if fact.type in _BEGIN:
            self._certified(case, fact)
        elif before == "refused" and case.state == "at_county":
            self._open(case)
        elif before == "exited" and case.state == "certified":
            self._open(case)
            self.cares.again(case, fact)
        elif case.state != "certified" and before == "certified":
            leaving.at_end(world, case)
            self.cares.pause(case, fact)
        if fact.type == "certification.exit_rejected.v1":
            self.cares.anchor(case, fact)
        if fact.type == "certification.exit_proposed.v1" and fact.body["ground"] == "no_report":
            self.cares.no_report(case, fact)
        if case.state in _OVER or case.state in {"exited", "refused"}:
            self._closed(case)

    def _certified(self, case: Case, fact: Fact) -> None:
        if fact.type == "certification.person_certified.v1":
            leaving.certified(case, fact)
            self.world.afterwards(lambda: self.households.must_stand(case, fact))
        self.cares.begin(case, fact)

    def _open(self, case: Case) -> None:
        person = self.world.people.get(case.person)
        if person is not None:
            person.case = case.id

    def _closed(self, case: Case) -> None:
        world = self.world
        person = world.people.get(case.person)
        if person is not None and person.case == case.id:
            person.case, person.lapse_due = None, None
        if case.state in _OVER and not case.annotated:
            self._drop(case)
        elif case.state == "refused" and case.told is not None:
            days = world.term("certification.review_days", case.community, case.told)
            due = world.calendar.after(case.told, days)
            self._waiting.append((due or world.today, case.id))

    def _drop(self, case: Case) -> None:
        world = self.world
        if world.cases.pop(case.id, None) is None:
            return
        self.cares.finish(case, world.today)
        world.ended[case.id] = case.state
        for offer in case.offers:
            world.offers.pop(offer, None)

    def _forget(self) -> None:
        while self._waiting and self._waiting[0][0] < self.world.today:
            case = self.world.cases.get(self._waiting.popleft()[1])
            if case is not None and case.state == "refused" and not case.reviews:
                self._drop(case)

    def _calendar(self, fact: Fact) -> None:
        off, on = (
            [date.fromisoformat(day) for day in fact.body[name]]
            for name in ("holidays", "make_up_workdays")
        )
        self.world.calendar.set(fact.body["year"], off, on)


def judge(
    lines: Iterable[Line], progress: Callable[[int], None] | None = None, every: int = 2_000
) -> Verdict:
    """Judge a history given as exported lines, from its first event on.

    `progress(events)` is called now and then. Raises UnusableLineError for a line that is no event.
    """
    run = Judge()
    for number, line in enumerate(lines, 1):
        run.add(fact_of(line))
        if progress is not None and number % every == 0:
            progress(number)
    return run.verdict()


__all__ = ["Finding", "Judge", "Verdict", "judge"]
