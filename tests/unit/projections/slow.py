"""Every figure counted again the slow way: person by person, day by day, straight from the events.

It shares nothing with the cube but the events and the calendar: no notes, spans or differences.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from events.contracts import assistance as help_
from events.contracts import certification as cert
from events.contracts import posts, registry
from events.contracts.base import Recorded
from events.rules.calendar import WorkCalendar
from events.rules.time import add_months, shanghai_day
from projections.cube.figures import Period

ONE = timedelta(days=1)
BACK = (cert.ExitReversed, cert.PersonCertified, cert.CertificationImported)
OUT = (cert.Exited, cert.Lapsed, cert.CertificationRevoked)
FLOWS = {
    "PersonCertified": "certified",
    "CertificationImported": "imported",
    "ExitReversed": "reinstated",
    "Exited": "exited",
    "Lapsed": "lapsed",
    "CertificationRevoked": "revoked",
}
Fact = Recorded[Any]
Parts = Counter[tuple[str, str]]


def happened(fact: Fact) -> date:
    event = fact.event
    if isinstance(event, cert.CertificationImported):
        return event.imported_on
    if isinstance(event, cert.Exited | cert.CertificationRevoked):
        return event.from_day
    return shanghai_day(fact.occurred_at)


def corrected(facts: list[Fact]) -> list[Fact]:
    """Put what the last correction says in the place of each fact that has one; leave void ones."""
    told = []
    for fact in facts:
        new = fact
        for other in facts:
            if getattr(other.event, "corrects", None) == fact.event_id and hasattr(
                other.event, "body"
            ):
                new = other
        if new is fact:
            told.append(fact)
        elif new.event.body is not None:
            event = type(fact.event).model_validate_json(json.dumps(new.event.body))
            told.append(replace(fact, event=event, occurred_at=new.event.happened_at))
    return told


class Person:
    """One person, asked day by day."""

    def __init__(self, facts: list[Fact]) -> None:
        self.facts = facts
        self.cases: dict[str, list[tuple[date, Fact]]] = defaultdict(list)
        for fact in facts:
            if isinstance(fact.event, BACK + OUT):
                chain = self.cases[str(fact.stream)]
                floor = chain[-1][0] if chain else date.min
                chain.append((max(floor, happened(fact)), fact))
        self.jobs = self._jobs()

    def _jobs(self) -> list[list[Any]]:
        jobs: list[list[Any]] = []
        for fact in self.facts:
            day = shanghai_day(fact.occurred_at)
            if isinstance(fact.event, posts.PlacedInJob):
                jobs.append([day, None, fact, None])
            elif isinstance(fact.event, posts.EmploymentEnded):
                running = [j for j in jobs if j[1] is None and j[0] <= day]
                if running:
                    job = max(running, key=lambda j: (j[0], j[2].seq))
                    job[1], job[3] = day, fact
        return sorted(jobs, key=lambda j: (j[0], j[2].seq))

    def path(self, day: date) -> str:
        moves = [
            (shanghai_day(f.occurred_at), f.seq, f.event.to)
            for f in self.facts
            if isinstance(f.event, registry.TransferAccepted) and shanghai_day(f.occurred_at) <= day
        ]
        if moves:
            return str(max(moves)[2])
        return next(
            f.event.residence for f in self.facts if isinstance(f.event, registry.PersonRegistered)
        )

    def certified(self, case: str, day: date) -> bool:
        past = [fact for on, fact in self.cases[case] if on <= day]
        return bool(past) and isinstance(past[-1].event, BACK)

    def employed(self, day: date) -> bool:
        return any(j[0] <= day and (j[1] is None or day <= j[1]) for j in self.jobs)

    def of_case(self, case: str, *kinds: type) -> list[Fact]:
        own = case.partition("-")[2]
        return [f for f in self.facts if isinstance(f.event, kinds) and str(f.stream).endswith(own)]

    def tracked(self, case: str, day: date) -> bool:
        ends = [shanghai_day(f.occurred_at) for f in self.of_case(case, help_.FollowUpEnded)]
        return not any(end <= day for end in ends)

    def month_due(self, case: str, last: date) -> bool:
        first = self.cases[case][0][0]
        begins = add_months(first.replace(day=1), 1)
        return last >= begins and self.certified(case, last) and self.tracked(case, last)

    def in_work_since(self, day: date) -> date | None:
        """Return the first day of the unbroken work running on a day, walking back."""
        if not self.employed(day):
            return None
        while self.employed(day - ONE):
            day -= ONE
        return day


class Slow:
    """Figures of an area over a period, as known at the end of a day."""

    def __init__(self, facts: Iterable[Fact], known: date, calendar: WorkCalendar) -> None:
        persons: dict[str, list[Fact]] = defaultdict(list)
        homes: dict[str, list[Fact]] = defaultdict(list)
        for fact in corrected([f for f in facts if shanghai_day(f.recorded_at) <= known]):
            if fact.subject.startswith("person-"):
                persons[fact.subject].append(fact)
            elif fact.subject.startswith("household-"):
                homes[fact.subject].append(fact)
        self.persons = [Person(own) for own in persons.values()]
        self.homes = list(homes.values())
        self.calendar = calendar

    def parts(self, area: str, period: Period) -> Parts:
        found: Parts = Counter()
        self.area, self.period = area, period
        for person in self.persons:
            self.stocks(person, found)
            self.flows(person, found)
            self.visits(person, found)
            self.work(person, found)
            self.reports(person, found)
            self.offers(person, found)
        for home in self.homes:
            self.household(home, found)
        return Counter({k: n for k, n in found.items() if n})

    def inside(self, path: str, day: date) -> bool:
        return path.startswith(self.area) and self.period.start <= day <= self.period.finish

    def stocks(self, person: Person, found: Parts) -> None:
        for case in person.cases:
            for name, day in (
                ("opening", self.period.start - ONE),
                ("closing", self.period.finish),
            ):
                there = person.path(day).startswith(self.area)
                if there and person.certified(case, day):
                    self.stock(person, case, name, day, found)

    def stock(self, person: Person, case: str, name: str, day: date, found: Parts) -> None:
        found["M1", name] += 1
        work = person.employed(day)
        if name == "opening":
            found["M2", "opening_unemployed"] += not work
            return
        tracked = "employed_tracked" if person.tracked(case, day) else "employed_untracked"
        sub = tracked if work else "unemployed"
        found["M1", sub] += 1
        for metric in ("M4", "M13"):
            found[metric, "unemployed"] += not work
        signed = [shanghai_day(f.occurred_at) for f in person.of_case(case, help_.AgreementSigned)]
        if any(s <= day for s in signed):
            found["M4", "active"] += 1
            found["M4", "active_unemployed"] += not work

    def flows(self, person: Person, found: Parts) -> None:
        for case, chain in person.cases.items():
            for on, fact in chain:
                before = on if isinstance(fact.event, BACK) else self.before(person, case, on)
                if self.inside(person.path(before), on):
                    name = FLOWS[type(fact.event).__name__]
                    found["M1", name] += 1
                    found["M2", name] += name == "certified"
                    if isinstance(fact.event, cert.ExitReversed):
                        found["M9", "reversed"] += 1
            self.exits(person, chain, found)
            self.moves(person, case, found)

    def before(self, person: Person, case: str, on: date) -> date:
        """Return the last day on which the case stood before an end, if it ever did."""
        return on - ONE if person.certified(case, on - ONE) else on

    def exits(self, person: Person, chain: list[tuple[date, Fact]], found: Parts) -> None:
        grounds = {
            f.event_id: f.event.ground
            for f in person.facts
            if isinstance(f.event, cert.ExitProposed)
        }
        for on, fact in chain:
            if isinstance(fact.event, cert.Exited) and self.inside(person.path(on), on):
                found["M9", grounds[fact.event.proposal]] += 1

    def moves(self, person: Person, case: str, found: Parts) -> None:
        day = self.period.start
        while day <= self.period.finish:
            stood = person.certified(case, day - ONE) and person.certified(case, day)
            if stood and not any(
                on == day for on, f in person.cases[case] if isinstance(f.event, BACK)
            ):
                self.changed(person, case, day, found)
            day += ONE

    def changed(self, person: Person, case: str, day: date, found: Parts) -> None:
        old, new = person.path(day - ONE), person.path(day)
        if old != new:
            found["M1", "moved_out"] += old.startswith(self.area)
            found["M1", "moved_in"] += new.startswith(self.area)
        if self.category(person, case, day - ONE) != self.category(person, case, day):
            found["M1", "category_left"] += new.startswith(self.area)
            found["M1", "category_joined"] += new.startswith(self.area)

    def category(self, person: Person, case: str, day: date) -> str:
        kinds = (cert.PersonCertified, cert.CertificationImported, cert.Reassessed)
        stated = [
            (shanghai_day(f.occurred_at), f.seq, str(f.event.category))
            for f in person.of_case(case, *kinds)
        ]
        known = [s for s in stated if s[0] <= day]
        return max(known)[2] if known else min(stated)[2]

    def visits(self, person: Person, found: Parts) -> None:
        day = self.period.start
        while day <= self.period.finish:
            if (day + ONE).day == 1 and person.path(day).startswith(self.area):
                for case in person.cases:
                    if person.month_due(case, day):
                        found["M5", "due"] += 1
                        visits = person.of_case(case, help_.FollowUpDone)
                        months = {f.event.month for f in visits}
                        found["M5", "done"] += day.isoformat()[:7] in months
            day += ONE

    def work(self, person: Person, found: Parts) -> None:
        for start, _, fact, _ in person.jobs:
            if self.inside(person.path(start), start):
                found["M3", "placements"] += 1
                found["M3", "cross_region"] += fact.event.cross_region
            if not person.employed(start - ONE):
                self.begun(person, start, found)
        self.ended(person, found)
        for case, chain in person.cases.items():
            self.way_out(person, case, chain, found)

    def begun(self, person: Person, start: date, found: Parts) -> None:
        half = add_months(start, 6)
        if self.inside(person.path(start), start):
            found["M12", "begun"] += 1
        if self.inside(person.path(half), half):
            found["M11", "reached"] += 1
            since = person.in_work_since(half)
            found["M11", "stable"] += since is not None and since <= start

    def ended(self, person: Person, found: Parts) -> None:
        for _, end, _, fact in person.jobs:
            if end is None or fact.event.then != "unemployed":
                continue
            since = person.in_work_since(end)
            early = since is not None and end < add_months(since, 6)
            found["M12", "ended_early"] += early and self.inside(person.path(end), end)

    def way_out(
        self, person: Person, case: str, chain: list[tuple[date, Fact]], found: Parts
    ) -> None:
        ways = [
            start
            for start, _, _, _ in person.jobs
            if person.certified(case, start) and not person.employed(start - ONE)
        ]
        if ways and self.inside(person.path(ways[0]), ways[0]):
            found["M2", "placed"] += 1
            if isinstance(chain[0][1].event, cert.PersonCertified):
                found["R4", "placed"] += 1

    def reports(self, person: Person, found: Parts) -> None:
        kinds = (*BACK, cert.ExitRejected, help_.StatusReported)
        for case in person.cases:
            clocks = sorted((self.clock_day(f), f.seq, f) for f in person.of_case(case, *kinds))
            for at, (day, _, _) in enumerate(clocks):
                due = self.calendar.next_workday(add_months(day, 3))
                later = clocks[at + 1] if at + 1 < len(clocks) else None
                if later is not None and later[0] <= due:
                    if isinstance(later[2].event, help_.StatusReported):
                        there = self.inside(person.path(later[0]), later[0])
                        found["M8", "due"] += there
                        found["M8", "in_time"] += there
                elif person.certified(case, due):
                    found["M8", "due"] += self.inside(person.path(due), due)

    def clock_day(self, fact: Fact) -> date:
        if isinstance(fact.event, cert.CertificationImported):
            return fact.event.imported_on
        return shanghai_day(fact.occurred_at)

    def offers(self, person: Person, found: Parts) -> None:
        for fact in person.facts:
            if not isinstance(fact.event, posts.JobOffered):
                continue
            own = [f for f in person.facts if f.stream == fact.stream]
            day = shanghai_day(fact.occurred_at)
            found["M13", "offers"] += self.inside(person.path(day), day)
            refused = [f for f in own if isinstance(f.event, posts.NotTakenUp)]
            judged = [f.event.judged for f in own if isinstance(f.event, posts.RefusalJudged)]
            if refused:
                day = shanghai_day(refused[0].occurred_at)
                there = self.inside(person.path(day), day)
                found["M13", "not_taken_up"] += there
                found["M13", "unjust"] += there and judged[-1:] == ["unjust"]

    def household(self, facts: list[Fact], found: Parts) -> None:
        events = {type(f.event).__name__: f for f in facts}
        path = events["HouseholdFormed"].event.community
        if "HouseholdCertified" not in events or not path.startswith(self.area):
            return
        start = shanghai_day(events["HouseholdCertified"].occurred_at)
        due = add_months(start, 1)
        ended = events.get("HouseholdCleared") or events.get("HouseholdLeft")
        end = shanghai_day(ended.occurred_at) if ended else date.max
        cleared = "HouseholdCleared" in events
        found["M7", "certified"] += self.inside(path, start)
        found["M7", "open"] += start <= self.period.finish < end
        found["M7", "cleared" if cleared else "left"] += self.inside(path, end)
        if cleared or end > due:
            found["M7", "due"] += self.inside(path, due)
            found["M7", "in_time" if end <= due else "breached"] += self.inside(path, due)
        found["M7", "cleared_late"] += cleared and end > due and self.inside(path, end)
