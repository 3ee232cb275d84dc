"""Help during the status: the file, agreement, plan, services, monthly visits, reports, work."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from events.audit.conformance.days import DAY, month_end, months_after
from events.audit.conformance.terms import REPORT_EXIT_MONTHS, STABLE_MONTHS
from events.audit.conformance.world import Case, Clock, Mark, World
from events.audit.facts import Fact

_T23 = "assistance.agreement_days"
_T24 = "assistance.plan_days"
_T9 = "assistance.first_service_days"
_VISITS_COUNT = "assistance.follow_up_counts_as_report"


@dataclass(slots=True)
class Care:
    """What one certified person was given; kept until the status ends for good."""

    case: Case
    since: Mark
    agreement_due: Clock | None = None
    plan_due: Clock | None = None
    service_due: Clock | None = None
    work_due: Mark | None = None
    opened: int | None = None
    closed: bool = False
    agreement: bool = False
    plan: bool = False
    visits: dict[str, str] = field(default_factory=dict)
    """Months by the event of their visit."""
    spells: list[tuple[date, date | None]] = field(default_factory=list)
    """Days of tracking: from the first up to the second."""
    status: list[tuple[date, date | None]] = field(default_factory=list)
    """Days of the status."""
    anchors: dict[str, Mark] = field(default_factory=dict)
    """From where the reports are counted, the reports themselves among them."""
    warned: list[date] = field(default_factory=list)
    """Days on which an exit for want of reports was proposed."""


class Cares:
    """Judges the assistance files, which bear the id of their certification."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.open: dict[str, Care] = {}
        self._checks = {
            f"assistance.{name}.v1": check
            for name, check in {
                "file_opened": self._opened,
                "file_closed": self._closed,
                "file_reopened": self._reopened,
                "file_moved": self._moved,
                "agreement_signed": self._signed,
                "agreement_ended": self._agreement_ended,
                "plan_made": self._planned,
                "plan_revised": self._planned,
                "service_delivered": self._served,
                "follow_up_done": self._visited,
                "follow_up_ended": self._tracking_ended,
                "status_reported": self._reported,
            }.items()
        }

    def begin(self, case: Case, fact: Fact) -> None:
        """Let the terms of a new status run (T5, T9, T10, T16, T23)."""
        imported = fact.body.get("imported_on")
        day = date.fromisoformat(imported) if imported else fact.day
        care = Care(case, (day, fact.seq))
        if fact.type == "certification.person_certified.v1":
            care.agreement_due = Clock("agreement_late", _T23, fact.day, fact.seq)
            care.service_due = Clock("first_service_late", _T9, fact.day, fact.seq)
            care.work_due = (fact.day, fact.seq)
        care.spells.append((day, None))
        care.status.append((day, None))
        care.anchors[fact.id] = (day, fact.seq)
        self.open[case.id] = care

    def again(self, case: Case, fact: Fact) -> None:
        """Take the status up again: an exit was reversed or set aside."""
        if care := self.open.get(case.id):
            care.spells.append((fact.day, None))
            care.status.append((fact.day, None))
            care.anchors[fact.id] = (fact.day, fact.seq)

    def pause(self, case: Case, fact: Fact) -> None:
        """Judge what was due before the status ended; the rest is waived."""
        if care := self.open.get(case.id):
            self._overdue(care)
            _end(care.spells, fact.day)
            _end(care.status, fact.day)

    def anchor(self, case: Case, fact: Fact) -> None:
        """Count the reports anew, as after a rejected exit."""
        if care := self.open.get(case.id):
            care.anchors[fact.id] = (fact.day, fact.seq)

    def no_report(self, case: Case, fact: Fact) -> None:
        """R32, T6: an exit for want of reports needs more than half a year without one."""
        care = self.open.get(case.id)
        if care is None:
            return
        care.warned.append(fact.day)
        last = max(day for day, _ in care.anchors.values() if day <= fact.day)
        due = self.world.calendar.next_workday(months_after(last, REPORT_EXIT_MONTHS))
        if fact.day <= due:
            self.world.at("exit_ground_unmet", fact, zh=f"申报期限至{due}",
                          en=f"reports are in time until {due}")  # fmt: skip

    def placed(self, case_id: str, mark: Mark) -> None:
        """R55, T16: judge whether the person was helped into work in time."""
        care = self.open.get(case_id)
        if care is None or care.work_due is None:
            return
        self._work(care, mark)
        care.work_due = None

    def fold(self, fact: Fact) -> None:
        """Take a fact of a file."""
        if fact.kind != "assistance":
            return
        care = self.open.get(fact.key)
        if care is None:
            if not fact.type.endswith(("corrected.v1", "rejected.v1", "proposed.v1")):
                ended = fact.key in self.world.ended
                last = fact.type == "assistance.file_closed.v1"
                if not (ended and last):
                    self.world.at("help_without_status", fact, what=fact.type)
            return
        if care.closed and fact.type not in _AFTER:
            self.world.at("after_the_end", fact, zh="已关闭", en="closed")
            return
        if check := self._checks.get(fact.type):
            check(care, fact)

    def _opened(self, care: Care, fact: Fact) -> None:
        care.opened = fact.seq

    def _closed(self, care: Care, fact: Fact) -> None:
        care.closed = True
        if care.case.state == "certified":
            self.world.at("closed_too_early", fact)

    def _reopened(self, care: Care, _: Fact) -> None:
        care.closed = False

    def _moved(self, care: Care, fact: Fact) -> None:
        care.case.community = fact.body["to"]

    def _signed(self, care: Care, fact: Fact) -> None:
        if care.agreement:
            self.world.at("agreement_twice", fact)
        care.agreement = True
        body = fact.body
        if care.case.category == "zero_household" and not body["one_to_one"]:
            self.world.at("not_one_to_one", fact)
        self._met(care, care.agreement_due, fact)
        care.agreement_due = None
        if not care.plan:
            care.plan_due = Clock("plan_late", _T24, fact.day, fact.seq)

    def _agreement_ended(self, care: Care, fact: Fact) -> None:
        if not care.agreement:
            self.world.at("no_agreement", fact)
        care.agreement = False

    def _planned(self, care: Care, fact: Fact) -> None:
        if not care.agreement:
            self.world.at("no_agreement", fact)
        if not fact.body.get("facts"):
            self.world.at("plan_without_facts", fact)
        self._met(care, care.plan_due, fact)
        care.plan, care.plan_due = True, None

    def _served(self, care: Care, fact: Fact) -> None:
        if fact.body.get("fee"):
            self.world.at("fee_charged", fact, fee=fact.body["fee"])
        self._met(care, care.service_due, fact)
        care.service_due = None

    def _visited(self, care: Care, fact: Fact) -> None:
        body = fact.body
        if body["month"] != fact.day.isoformat()[:7]:
            self.world.at("visit_month_wrong", fact, month=body["month"], day=fact.day)
        if body["status"] == "employed" and not body.get("on_job"):
            self.world.at("job_facts_missing", fact)
        care.visits[fact.id] = fact.day.isoformat()[:7]
        if self.world.term(_VISITS_COUNT, care.case.community, fact.day):
            self._reported(care, fact)

    def _tracking_ended(self, care: Care, fact: Fact) -> None:
        """R92, AS 16: only after half a year of unbroken work."""
        person = self.world.people.get(care.case.person)
        stable = person.stable if person else None
        if stable is None or person is None or person.job is None:
            self.world.at("tracking_ended_early", fact, first="–")
        elif fact.day < (first := months_after(stable, STABLE_MONTHS)):
            self.world.at("tracking_ended_early", fact, first=first)
        _end(care.spells, fact.day)

    def _reported(self, care: Care, fact: Fact) -> None:
        care.anchors[fact.id] = (fact.day, fact.seq)

    def _met(self, care: Care, clock: Clock | None, fact: Fact) -> None:
        if clock is not None:
            office = self._owner(care)
            self.world.late(clock, office, care.case.id, (fact.day, fact.seq))

    def _owner(self, care: Care) -> str:
        return self.world.over(care.case, "community")

    def _work(self, care: Care, done: Mark | None) -> None:
        if care.work_due is None:
            return
        world, (start, seq) = self.world, care.work_due
        months = world.term("assistance.placement_months", care.case.community, start)
        due, day = months_after(start, months), done[0] if done else world.today
        if day > due:
            seqs = (seq, done[1]) if done else (seq,)
            county = world.over(care.case, "county")
            world.found("placement_late", county, care.case.id, *seqs, due=due,
                        done=day if done else "–")  # fmt: skip

    def finish(self, case: Case, day: date) -> None:
        """Judge what only the end of a status, or of the history, shows; then forget."""
        care = self.open.pop(case.id, None)
        if care is None:
            return
        if care.opened is None and day > care.since[0]:
            self.world.found(
                "file_missing", self.world.over(case, "community"), case.id, care.since[1]
            )
        self._overdue(care)
        self._visits(care)
        self._reports(care, day)

    def _overdue(self, care: Care) -> None:
        for clock in (care.agreement_due, care.plan_due, care.service_due):
            if clock is not None:
                self.world.late(clock, self._owner(care), care.case.id, None)
        self._work(care, None)
        care.agreement_due = care.plan_due = care.service_due = care.work_due = None

    def _visits(self, care: Care) -> None:
        """R89, T10: each month from the one after certification, tracked on its last day."""
        world, office = self.world, self.world.over(care.case, "community")
        visited = set(care.visits.values())
        last = month_end(months_after(care.since[0].replace(day=1), 1))
        while last < world.today:
            tracked = any(a <= last and (b is None or last < b) for a, b in care.spells)
            if tracked and last.isoformat()[:7] not in visited:
                month = last.isoformat()[:7]
                world.found("visit_missed", office, care.case.id, care.since[1], month=month)
            last = month_end(last + DAY)

    def _reports(self, care: Care, end: date) -> None:
        """R28, R32, T5, T6: between two reports, or since the last one."""
        world, case = self.world, care.case
        months = world.term("assistance.report_months", case.community, care.since[0])
        anchors = sorted(care.anchors.values())
        for n, (day, seq) in enumerate(anchors):
            over = next(
                (b for a, b in care.status if a <= day and b is not None and b >= day), None
            )
            following = anchors[n + 1] if n + 1 < len(anchors) else None
            until = min(filter(None, (over, following[0] if following else None, end)))
            due = world.calendar.next_workday(months_after(day, months))
            if until > due:
                seqs = (seq, following[1]) if following else (seq,)
                met = following is not None and until == following[0]
                world.found("report_late", world.over(case, "community"), case.id, *seqs,
                            due=due, done=until if met else "–")  # fmt: skip
            self._exit_due(care, day, until, seq)

    def _exit_due(self, care: Care, day: date, until: date, seq: int) -> None:
        world = self.world
        last = world.calendar.next_workday(months_after(day, REPORT_EXIT_MONTHS))
        if until > last + DAY and not any(last < w <= until for w in care.warned):
            county = world.over(care.case, "county")
            world.found("exit_not_proposed_no_report", county, care.case.id, seq, due=last + DAY)


def _end(spells: list[tuple[date, date | None]], day: date) -> None:
    if spells and spells[-1][1] is None:
        spells[-1] = (spells[-1][0], day)


_AFTER = {"assistance.file_reopened.v1", "assistance.correction_proposed.v1",
          "assistance.fact_corrected.v1", "assistance.correction_rejected.v1"}  # fmt: skip
