"""What the checker knows at a point of the history; what is closed is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from events.audit.conformance.days import Calendar, Pause
from events.audit.conformance.findings import Finding
from events.audit.conformance.offices import Offices
from events.audit.conformance.terms import Terms
from events.audit.facts import Fact

Mark = tuple[date, int]
"""A day and the event (seq) that showed it."""


@dataclass(slots=True)
class Person:
    """A person: where they live, whether they are registered and at work, which case is open."""

    residence: str
    urban: bool | None
    registered: Mark | None = None
    household: str | None = None
    case: str | None = None
    job: Mark | None = None
    """First day of the job that runs."""
    stable: date | None = None
    """First day of the unbroken employment (AS 16)."""
    left: Mark | None = None
    """Last day of the last job."""
    left_by: str = ""
    job_before: Mark | None = None
    hired: bool = False
    """Whether that job is an employer's, who registers its end (T21)."""
    placements: dict[str, Mark] = field(default_factory=dict)
    """Facts that show the person at work, by event id."""
    lapse_due: int | None = None


@dataclass(slots=True)
class Clock:
    """A term in working days that runs: which duty, since when, by which event."""

    code: str
    term: str
    start: date
    seq: int


@dataclass(frozen=True, slots=True)
class Notice:
    """A public notice: its event, first and last day."""

    id: str
    start: date
    until: date
    seq: int


@dataclass(slots=True)
class Exit:
    """A proposal that the county must decide."""

    ground: str
    day: date
    seq: int


@dataclass(slots=True)
class Case:
    """One certification from its filing on."""

    id: str
    person: str
    community: str
    route: str = "street"
    state: str = "new"
    came_from: str = "new"
    at: datetime | None = None
    acts: dict[str, list[tuple[str | None, str | None, int]]] = field(default_factory=dict)
    skipped: set[str] = field(default_factory=set)
    notice: Notice | None = None
    objections: dict[str, Mark] = field(default_factory=dict)
    upheld: bool = False
    returned_from: str = ""
    clock: Clock | None = None
    pauses: list[Pause] = field(default_factory=list)
    disagreed: bool = False
    category: str = ""
    annotated: bool = False
    annotation: Clock | None = None
    exits: dict[str, Exit] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    """Open proposals of another kind: event id → kind."""
    tally: dict[str, bool] = field(default_factory=dict)
    told: date | None = None
    reviews: dict[str, Mark] = field(default_factory=dict)
    gave_up: str | None = None
    offers: set[str] = field(default_factory=set)

    @property
    def unjust(self) -> int:
        """How many refusals without just cause stand."""
        return sum(self.tally.values())


@dataclass(slots=True)
class Offer:
    """One offer of a job."""

    case: str
    counts: bool
    state: str = "offered"
    judgement: str = ""
    judged: str = ""
    judges: frozenset[str] = frozenset()


@dataclass
class World:
    """Everything known, and everything found. `today` is the last day on which was recorded."""

    calendar: Calendar = field(default_factory=Calendar)
    terms: Terms = field(default_factory=Terms)
    offices: Offices = field(default_factory=Offices)
    people: dict[str, Person] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    ended: dict[str, str] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    shown: dict[str, int] = field(default_factory=dict)
    """Events at which something was found: id → seq."""
    today: date = date.min
    _after: list[Callable[[], object]] = field(default_factory=list)

    def found(self, code: str, office: str, case: str, /, *seqs: int, **values: object) -> None:
        """Note a finding."""
        shown = {name: str(value) for name, value in values.items()}
        self.findings.append(Finding(code, office, case, tuple(seqs), shown))

    def at(self, code: str, fact: Fact, /, *more: int, **values: object) -> None:
        """Note a finding at a fact: against its office, or who answers for the case."""
        self.shown[fact.id] = fact.seq
        office = fact.office or self.county(self.cases.get(fact.key))
        self.found(code, office, fact.key, *more, fact.seq, **values)

    def afterwards(self, check: Callable[[], object]) -> None:
        """Check something when all events of the command that runs were seen."""
        self._after.append(check)

    def command_over(self) -> None:
        """Run what waited for the end of a command."""
        while self._after:
            self._after.pop(0)()

    def over(self, case: Case, level: str) -> str:
        """Name the office of a level that answers for a case."""
        return self.offices.above(case.community, level) or case.community

    def county(self, case: Case | None) -> str:
        """Name the county of a case."""
        return self.over(case, "county") if case else ""

    def term(self, key: str, office: str, day: date) -> int:
        """Give the length of a term for an office on a day."""
        return self.terms.of(key, self.offices.area(office), day)

    def due(self, clock: Clock, office: str, pauses: Sequence[Pause]) -> date | None:
        """Give the last day of a running term, as the calendar is known now."""
        days = self.term(clock.term, office, clock.start)
        return self.calendar.after(clock.start, days, pauses)

    def late(
        self,
        clock: Clock,
        office: str,
        case: str,
        done: Mark | None,
        pauses: Sequence[Pause] = (),
    ) -> None:
        """Note a term that was not kept: met too late, or not at all by today."""
        due = self.due(clock, office, pauses)
        day = done[0] if done else self.today
        if due is None or day <= due:
            return
        seqs = (clock.seq, done[1]) if done else (clock.seq,)
        self.found(clock.code, office, case, *seqs, due=due, done=day if done else "–")
