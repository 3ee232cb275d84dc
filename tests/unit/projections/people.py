"""Persons and households whose lives are told in one line each, and the cube that they make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from events.contracts import assistance as help_
from events.contracts import certification as cert
from events.contracts import posts, registry, streams
from events.contracts.base import Event, Recorded, StreamId
from events.contracts.restating import RestatedFact
from events.rules.directory import Directory, fold
from events.rules.time import shanghai_day
from projections.cube.figures import Figure, Period
from projections.cube.metrics import METRICS
from projections.cube.model import CUBE, Entry
from projections.engine.again import anew
from tests.unit.projections import story
from tests.unit.projections.story import BOX, COMMUNITY, COUNTY, DOC, some_id

DAY = date.fromisoformat


CONTEXTS: Mapping[str, Any] = {
    "registry": registry, "certification": cert, "assistance": help_, "posts": posts,
}  # fmt: skip


def a_case(who: str, nth: int = 1) -> str:
    return some_id(f"case/{who}/{nth}")


@dataclass
class People:
    """A log in which things happen to named persons; every method records one fact."""

    log: story.Log = field(default_factory=story.Log)
    clocks: dict[str, str] = field(default_factory=dict)
    """The day on which the last fact about somebody was recorded: it never falls."""

    def __post_init__(self) -> None:
        story.offices(self.log)

    @property
    def directory(self) -> Directory:
        return fold(Directory(), self.log.facts)

    def add(
        self, who: str, stream: StreamId, event: Event, day: str, known: str = ""
    ) -> Recorded[Any]:
        recorded = self.clocks[who] = max(known or day, self.clocks.get(who, ""))
        return self.log.add(stream, event, day, subject=f"person-{some_id(who)}", recorded=recorded)

    def register(
        self, who: str, home: str = COMMUNITY, sex: str = "female", age_band: str = "45_49"
    ) -> None:
        event = story.registered(residence=home, sex=sex, age_band=age_band)
        self.add(who, streams.PERSON.of(some_id(who)), event, "2008-06-01")

    def on_case(
        self, who: str, event: Event, day: str, known: str = "", nth: int = 1
    ) -> Recorded[Any]:
        return self.add(who, streams.CERTIFICATION.of(a_case(who, nth)), event, day, known)

    def on_file(self, who: str, event: Event, day: str, known: str = "", nth: int = 1) -> None:
        self.add(who, streams.ASSISTANCE.of(a_case(who, nth)), event, day, known)

    def certify(
        self,
        who: str,
        day: str,
        *,
        nth: int = 1,
        category: cert.Category = "aged_4050",
        known: str = "",
    ) -> None:
        event = cert.PersonCertified(category=category, findings=(), responsible_office=COUNTY)
        self.on_case(who, event, day, known, nth)

    def take_over(self, who: str, day: str, on: str, nth: int = 1) -> None:
        event = cert.CertificationImported(
            import_id=some_id("import"),
            row=1,
            person=some_id(who),
            category="long_term",
            office=COMMUNITY,
            case_no="140105-2008-000009",
            imported_on=DAY(on),
        )
        self.on_case(who, event, day, on, nth)

    def propose_exit(
        self, who: str, day: str, ground: cert.ExitGround = "gave_up", nth: int = 1
    ) -> str:
        event = cert.ExitProposed(ground=ground, facts=(), clause="意见第二条（一）")
        return self.on_case(who, event, day, nth=nth).event_id

    def leave(
        self,
        who: str,
        day: str,
        *,
        ground: cert.ExitGround = "gave_up",
        from_day: str = "",
        nth: int = 1,
    ) -> None:
        event = cert.Exited(
            proposal=self.propose_exit(who, day, ground, nth),
            reason=BOX,
            from_day=DAY(from_day or day),
            told_on=DAY(day),
        )
        self.on_case(who, event, day, nth=nth)

    def reinstate(self, who: str, day: str, nth: int = 1) -> None:
        self.on_case(who, cert.ExitReversed(proposal=some_id("reversal")), day, nth=nth)

    def lapse(self, who: str, day: str, known: str = "", nth: int = 1) -> None:
        event = cert.Lapsed(ground="unemployed_again", facts=())
        self.on_case(who, event, day, known, nth)

    def revoke(self, who: str, day: str, from_day: str, nth: int = 1) -> None:
        event = cert.CertificationRevoked(proposal=some_id("revocation"), from_day=DAY(from_day))
        self.on_case(who, event, day, nth=nth)

    def recategorise(self, who: str, day: str, category: cert.Category, nth: int = 1) -> None:
        event = cert.Reassessed(
            proposal=some_id("reassessment"),
            outcome="change_category",
            category=category,
            reason=BOX,
        )
        self.on_case(who, event, day, nth=nth)

    def move(self, who: str, day: str, to: str, known: str = "") -> None:
        event = registry.TransferAccepted(request=some_id("request"), to=to)
        self.add(who, streams.PERSON.of(some_id(who)), event, day, known)

    def work(
        self,
        who: str,
        day: str,
        *,
        channel: posts.Channel = "enterprise",
        cross_region: bool = False,
        known: str = "",
    ) -> Recorded[Any]:
        event = posts.PlacedInJob(
            person=some_id(who),
            channel=channel,
            work_division="140105",
            cross_region=cross_region,
            continuous=False,
        )
        return self.add(who, streams.EMPLOYMENT.of(some_id(who)), event, day, known)

    def stop(self, who: str, day: str, then: posts.Then = "unemployed", known: str = "") -> None:
        event = posts.EmploymentEnded(reason="laid_off", then=then)
        self.add(who, streams.EMPLOYMENT.of(some_id(who)), event, day, known)

    def sign(self, who: str, day: str, nth: int = 1) -> None:
        event = help_.AgreementSigned(
            template="standard_2008",
            helper=story.CLERK,
            content=("job_introduction",),
            measures=BOX,
            one_to_one=False,
            scan=DOC,
        )
        self.on_file(who, event, day, nth=nth)

    def end_agreement(self, who: str, day: str) -> None:
        self.on_file(who, help_.AgreementEnded(reason="other"), day)

    def visit(self, who: str, day: str, known: str = "", nth: int = 1) -> None:
        event = help_.FollowUpDone(mode="visit", status="unemployed", needs=(), month=day[:7])
        self.on_file(who, event, day, known, nth)

    def end_follow_up(self, who: str, day: str) -> None:
        self.on_file(who, help_.FollowUpEnded(stable_since=DAY("2008-06-01")), day)

    def report(self, who: str, day: str, known: str = "") -> None:
        event = help_.StatusReported(status="unemployed", since=DAY("2008-06-01"), in_person=True)
        self.on_file(who, event, day, known)

    def on_offer(self, who: str, nth: int, event: Event, day: str) -> Recorded[Any]:
        return self.add(who, streams.OFFER.of(some_id(f"offer/{who}/{nth}")), event, day)

    def offer(self, who: str, nth: int, day: str) -> None:
        event = posts.JobOffered(
            person=some_id(who),
            case=a_case(who),
            post=story.POST,
            source="pes",
            mode="home",
            suitable=True,
            checks=(),
            answer_by=DAY("2008-12-31"),
            counts=True,
        )
        self.on_offer(who, nth, event, day)

    def judge(self, who: str, nth: int, day: str, judged: posts.Judgement) -> None:
        event = posts.RefusalJudged(
            judged=judged,
            reason="other",
            text=BOX,
            heard_on=DAY(day),
            case=a_case(who),
            counts=True,
        )
        self.on_offer(who, nth, event, day)

    def correct(
        self,
        who: str,
        fact: Recorded[Any],
        day: str = "",
        known: str = "",
        **fields: Any,  # noqa: ANN401
    ) -> None:
        """Let a fact have happened on another day, or say something else; without either never."""
        kinds = CONTEXTS[fact.type.partition(".")[0]]
        event = fact.event.model_copy(update=fields)
        void = not day and not fields
        body = None if void else event.model_dump(mode="json", exclude_none=True)
        at = fact.occurred_at if not day else story.at(day, fact.seq)
        proposed = kinds.CorrectionProposed(
            corrects=fact.event_id,
            replacement=None if void else BOX,
            reason="wrong_day",
            text=BOX,
        )
        proposal = self.add(who, fact.stream, proposed, known)
        corrected = kinds.FactCorrected(
            proposal=proposal.event_id,
            corrects=fact.event_id,
            of=fact.type,
            body=body,
            happened_at=None if void else at,
        )
        self.add(who, fact.stream, corrected, known)

    def at_home(self, home: str, event: Event, day: str, known: str = "") -> None:
        stream = streams.HOUSEHOLD.of(some_id(home))
        self.log.add(stream, event, day, subject=str(stream), recorded=known)

    def form(self, home: str, community: str = COMMUNITY) -> None:
        event = registry.HouseholdFormed(community=community, address=BOX, members=(), book=DOC)
        self.at_home(home, event, "2008-06-01")

    def certify_home(self, home: str, day: str) -> None:
        event = cert.HouseholdCertified(
            member=some_id(home), case=a_case(home), responsible_office=COUNTY
        )
        self.at_home(home, event, day)

    def clear_home(self, home: str, day: str, known: str = "") -> None:
        event = cert.HouseholdCleared(
            member=some_id(home), placement=some_id("placement"), in_time=True, days=1, others=()
        )
        self.at_home(home, event, day, known)

    def leave_home(self, home: str, day: str) -> None:
        event = cert.HouseholdLeft(reason="no_counted_member", facts=(), others=())
        self.at_home(home, event, day)


Cells = dict[tuple[str, tuple[Any, ...], date], int]
"""Amounts by table, cell and known day."""


def only(cells: Cells, metric: str) -> Cells:
    """Leave the cells of one metric."""
    return {k: n for k, n in cells.items() if k[0] == "rm_cube" and k[1][0] == metric}


def step(
    model: Any,  # noqa: ANN401 - a model, bare or kept
    rows: Mapping[str, Any],
    told: Sequence[Recorded[Any]],
    at: int,
    directory: Directory,
) -> tuple[str, Any, Any] | None:
    """Return key, old row and new row of the fact at a place of a log; None where none changes."""
    fact, again = told[at], None
    key = model.key(fact)
    if isinstance(fact.event, RestatedFact):
        own = [f for f in told[: at + 1] if f.subject == fact.subject]
        key, again = anew(model, fact, own)
    if key is None:
        return None
    old = rows.get(key)
    new = model.project(old, fact, directory) if again is None else None
    for past in again or ():
        new = model.project(new, past, directory)
    return key, old, new


def cube_of(facts: Iterable[Recorded[Any]], directory: Directory) -> Cells:
    """Add up differences of contributions by known day, as the engine does."""
    rows: dict[str, Entry] = {}
    cells: Counter[tuple[str, tuple[Any, ...], date]] = Counter()
    told = list(facts)
    for i, fact in enumerate(told):
        moved = step(CUBE, rows, told, i, directory)
        if moved is None:
            continue
        key, old, new = moved
        known = shanghai_day(fact.recorded_at)
        if old is not None:
            for (table, cell), amount in CUBE.additions(old):
                cells[table, cell, known] -= amount
        if new is not None:
            rows[key] = CUBE.load(CUBE.dump(new))
            for (table, cell), amount in CUBE.additions(rows[key]):
                cells[table, cell, known] += amount
    return {cell: amount for cell, amount in cells.items() if amount}


def month_ends(valid: date, period: Period) -> int:
    """Count the month ends of a period from a valid day on, one day after the other."""
    days = range(max(valid, period.start).toordinal(), period.finish.toordinal() + 1)
    return sum(date.fromordinal(d + 1).day == 1 for d in days)


def read(cells: Cells, metric: str, path: str, period: Period) -> Figure:
    """Work a figure out from cells in plain Python, as the SQL does."""
    found = METRICS[metric]
    parts = {part.name: 0 for part in found.parts}
    days: Counter[int] = Counter()
    for (table, cell, known), amount in cells.items():
        (m, p, at, valid), late = cell[:4], known > (period.known or date.max)
        if table != "rm_cube" or late or not at.startswith(path) or valid > period.finish:
            continue
        for part in found.parts:
            if (m, p) in part.of or (m, "*") in part.of:
                weights = {
                    "flow": valid >= period.start,
                    "opening": valid < period.start,
                    "closing": True,
                    "month_ends": month_ends(valid, period),
                }
                parts[part.name] += amount * int(weights[part.how])
        if metric == m == "R4" and valid >= period.start:
            days[int(p[1:])] += amount
    return Figure(found, parts, {d: n for d, n in days.items() if n})


@dataclass
class Told:
    """People whose cube can be asked."""

    people: People

    def __post_init__(self) -> None:
        self.cells = cube_of(self.people.log.facts, self.people.directory)

    def figure(
        self, metric: str, start: str, finish: str, path: str = "14", known: str = ""
    ) -> Figure:
        period = Period(DAY(start), DAY(finish), DAY(known) if known else None)
        return read(self.cells, metric, path, period)
