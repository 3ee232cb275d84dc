"""Duties and their last days, worked out by hand from domain.md C4."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from events.contracts import assistance as help_
from events.contracts import certification as cert
from events.contracts import registry, streams
from events.contracts.base import Event
from events.rules.directory import Directory, evolve
from projections.obligations.kinds import KINDS
from projections.obligations.model import OBLIGATION_MODEL, Entry, planned
from projections.obligations.tables import FOLLOW_UP, OBLIGATIONS
from tests.unit.projections.people import DAY, People
from tests.unit.projections.story import (
    BOX,
    CLERK,
    COMMUNITY,
    COUNTY,
    DOC,
    ELSEWHERE,
    STREET,
    filed,
    some_id,
)

COLUMNS = [c.name for c in OBLIGATIONS.columns]


class Case(People):
    """Anna's application, told step by step."""

    def step(self, event: Event, day: str, known: str = "") -> str:
        return self.on_case("anna", event, day, known).event_id

    def file(self, day: str) -> None:
        self.register("anna")
        self.step(filed(), day)

    def check(self, day: str) -> None:
        self.step(cert.CommunityRegistered(originals_seen=(0,), opinion=BOX), day)

    def send_back(self, day: str) -> None:
        self.step(cert.ApplicationReturned(reasons=("x",), missing=(), text=BOX), day)

    def come_back(self, day: str, to: cert.Stage) -> None:
        event = cert.ApplicationResubmitted(
            evidence=(), back_to=to, primary="aged_4050", findings=()
        )
        self.step(event, day)

    def post(self, day: str, until: str) -> None:
        event = cert.PublicNoticePosted(
            from_day=DAY(day),
            until=DAY(until),
            place="公示栏",
            channels=("board",),
            handler=CLERK,
            office_phone="0351-1234567",
            sheet="b" * 64,
        )
        self.step(event, day)

    def close(self, day: str) -> None:
        self.step(cert.PublicNoticeClosed(notice=some_id("notice"), objections_open=0), day)

    def object(self, day: str) -> str:
        event = cert.ObjectionLodged(anonymous=True, statement=BOX, received_by=COMMUNITY)
        return self.step(event, day)

    def answer(self, objection: str, day: str, outcome: str = "dismissed") -> None:
        event = cert.ObjectionDecided.model_validate(
            {"objection": objection, "outcome": outcome, "finding": BOX, "answer": BOX}
        )
        self.step(event, day)

    def forward(self, day: str) -> None:
        self.step(cert.ForwardedToCounty(county=COUNTY), day)


def entry_of(people: People, subject: str = "", directory: Directory | None = None) -> Entry:
    key, row = subject or f"person-{some_id('anna')}", None
    at = directory or people.directory
    for fact in people.log.facts:
        if OBLIGATION_MODEL.key(fact) == key:
            row = OBLIGATION_MODEL.project(row, fact, at)
            assert row is not None
            row = OBLIGATION_MODEL.load(OBLIGATION_MODEL.dump(row))
    assert row is not None
    return row


def rows(entry: Entry, kind: str) -> list[dict[str, Any]]:
    found = OBLIGATION_MODEL.rows(entry.key, entry)
    told = [dict(zip(COLUMNS, r, strict=True)) for t, r in found if t == "rm_obligations"]
    return [r for r in told if r["kind"] == kind]


def one(people: People, kind: str, subject: str = "") -> dict[str, Any]:
    (found,) = rows(entry_of(people, subject), kind)
    return found


@pytest.mark.requirement("R38", "R19")
def test_the_community_checks_within_seven_working_days() -> None:
    case = Case()
    case.file("2008-06-02")
    open_ = one(case, "T2")
    assert (open_["due"], open_["outcome"], open_["office"]) == (
        DAY("2008-06-11"),
        "open",
        COMMUNITY,
    )
    case.check("2008-06-11")
    assert one(case, "T2")["outcome"] == "met"


@pytest.mark.requirement("X9")
def test_two_returns_keep_the_days_used() -> None:
    case = Case()
    case.file("2008-06-02")
    case.send_back("2008-06-04")  # 3 and 4 June are used
    waiting = one(case, "T2")
    assert (waiting["waiting"], waiting["due"]) == (True, None)
    case.come_back("2008-06-09", "filed")
    assert one(case, "T2")["due"] == DAY("2008-06-16")
    case.send_back("2008-06-12")  # 10, 11 and 12 June: five are used
    case.come_back("2008-06-16", "filed")
    assert one(case, "T2")["due"] == DAY("2008-06-18")
    case.check("2008-06-19")
    late = one(case, "T2")
    assert (late["outcome"], late["days_late"], late["waiting"]) == ("late", 1, False)


@pytest.mark.requirement("R20")
def test_the_notice_is_a_minimum_and_never_late() -> None:
    case = Case()
    case.file("2008-06-02")
    case.check("2008-06-03")
    case.post("2008-06-05", until="2008-06-16")
    notice = one(case, "T1")
    assert (notice["due"], notice["bound"]) == (DAY("2008-06-16"), "at_least")
    case.close("2008-06-30")
    assert (one(case, "T1")["outcome"], one(case, "T1")["days_late"]) == ("met", 0)


@pytest.mark.requirement("X1", "R38")
def test_the_street_waits_for_an_open_objection() -> None:
    case = Case()
    case.file("2008-06-02")
    case.check("2008-06-03")
    case.post("2008-06-05", until="2008-06-16")
    objection = case.object("2008-06-12")
    case.close("2008-06-17")
    assert one(case, "T3")["waiting"]
    assert (one(case, "T20a")["due"], one(case, "T20a")["office"]) == (DAY("2008-06-23"), STREET)
    case.answer(objection, "2008-06-20")
    assert one(case, "T3")["due"] == DAY("2008-07-01")
    assert one(case, "T20a")["outcome"] == "met"
    case.forward("2008-07-02")
    assert one(case, "T3")["outcome"] == "late"
    assert (one(case, "T4")["started"], one(case, "T4")["office"]) == (DAY("2008-07-02"), COUNTY)


@pytest.mark.requirement("R24")
def test_in_a_mining_area_the_county_begins_when_the_notice_is_closed() -> None:
    case = Case()
    area = registry.MiningAreaSet(is_mining_area=True, from_day=DAY("2008-06-01"))
    case.log.add(streams.OFFICE.of(STREET), area, "2008-06-01", subject=f"office-{STREET}")
    case.file("2008-06-02")
    case.check("2008-06-03")
    case.post("2008-06-05", until="2008-06-16")
    case.close("2008-06-17")
    case.forward("2008-06-18")
    county = one(case, "T4")
    assert (county["started"], county["due"]) == (DAY("2008-06-17"), DAY("2008-06-26"))
    assert rows(entry_of(case), "T3") == []


@pytest.mark.requirement("X9")
def test_a_case_sent_back_for_a_new_notice_starts_its_steps_anew() -> None:
    case = Case()
    case.file("2008-06-02")
    case.check("2008-06-03")
    case.post("2008-06-05", until="2008-06-16")
    case.close("2008-06-17")
    case.send_back("2008-06-18")
    case.come_back("2008-06-20", "registered")
    case.post("2008-06-23", until="2008-07-02")
    case.close("2008-07-03")
    assert [r["outcome"] for r in rows(entry_of(case), "T3")] == ["waived", "open"]


@pytest.mark.requirement("R88", "R25", "R83", "R85")
def test_certification_starts_the_duties_towards_the_person() -> None:
    case = Case()
    case.file("2008-06-02")
    case.certify("anna", "2008-06-20")
    entry = entry_of(case)
    dues = {k: rows(entry, k)[0]["due"].isoformat() for k in ("T9", "T16", "T22", "T23")}
    assert dues == {
        "T9": "2008-07-04",
        "T16": "2008-12-20",
        "T22": "2008-06-27",
        "T23": "2008-07-04",
    }
    case.sign("anna", "2008-06-25")
    assert one(case, "T23")["outcome"] == "met"
    assert (one(case, "T24")["due"], one(case, "T24")["officer"]) == (DAY("2008-07-09"), CLERK)


@pytest.mark.requirement("R88", "X12")
def test_a_service_in_time_but_recorded_late_meets_the_duty() -> None:
    case = Case()
    case.register("anna")
    case.certify("anna", "2008-06-20")
    served = help_.ServiceDelivered(service="policy_advice", provider=COMMUNITY, fee=0)
    case.on_file("anna", served, "2008-07-10")
    assert one(case, "T9")["outcome"] == "late"
    case.on_file("anna", served, "2008-07-04", known="2008-08-04")
    found = one(case, "T9")
    assert (found["outcome"], found["recorded_late"]) == ("met", 31)


@pytest.mark.requirement("R28")
def test_each_report_starts_the_next_one_and_a_weekend_moves_its_end() -> None:
    people = People()
    people.register("anna")
    people.certify("anna", "2008-05-31")
    people.report("anna", "2008-09-01")
    found = rows(entry_of(people), "T5")
    assert [(r["due"].isoformat(), r["outcome"]) for r in found] == [
        ("2008-09-01", "met"),
        ("2008-12-01", "open"),
    ]


@pytest.mark.requirement("R87")
@pytest.mark.parametrize(
    ("certified", "last"),
    [
        ("2008-06-15", "2008-07-15"),
        ("2008-08-31", "2008-09-30"),
        ("2009-12-31", "2010-01-31"),
        ("2010-01-31", "2010-02-28"),
        ("2012-01-30", "2012-02-29"),
        ("2012-02-29", "2012-03-29"),
    ],
)
def test_a_household_is_helped_within_a_month(certified: str, last: str) -> None:
    for wait, expected in ((0, "met"), (1, "late")):
        people = People()
        people.form("home")
        people.certify_home("home", certified)
        day = date.fromordinal(DAY(last).toordinal() + wait).isoformat()
        people.clear_home("home", day, known="2013-01-01")
        found = one(people, "T8", f"household-{some_id('home')}")
        assert (found["due"].isoformat(), found["outcome"]) == (last, expected)
        assert found["office"] == STREET


@pytest.mark.requirement("R34")
def test_a_proposed_exit_is_decided_within_ten_working_days() -> None:
    people = People()
    people.register("anna")
    people.certify("anna", "2008-06-20")
    people.leave("anna", "2008-12-01")
    proposed = one(people, "T25")
    assert (proposed["due"], proposed["outcome"]) == (DAY("2008-12-15"), "met")
    assert one(people, "T9")["outcome"] == "missed"
    assert one(people, "T16")["outcome"] == "waived"


@pytest.mark.requirement("X6", "R44")
def test_open_duties_follow_the_person_and_closed_ones_stay() -> None:
    people = People()
    people.register("anna")
    people.certify("anna", "2008-06-20")
    people.sign("anna", "2008-06-25")
    people.move("anna", "2008-07-01", ELSEWHERE)
    entry = entry_of(people)
    assert rows(entry, "T9")[0]["office"] == ELSEWHERE
    assert rows(entry, "T23")[0]["home"] == COMMUNITY


@pytest.mark.requirement("X18")
def test_a_changed_calendar_moves_open_duties_and_leaves_closed_ones() -> None:
    case = Case()
    case.file("2008-06-02")
    case.check("2008-06-11")
    case.certify("anna", "2008-06-13")
    before = case.directory
    holiday = registry.CalendarSet(
        year=2008, holidays=(DAY("2008-06-09"), DAY("2008-06-16")), make_up_workdays=(), notice=DOC
    )
    stream = streams.CALENDAR.of(some_id("2008"))
    fact = case.log.add(stream, holiday, "2008-06-13", subject="office-140000000000")
    entry = entry_of(case, directory=before)
    after = planned(entry, evolve(before, fact))
    assert rows(entry, "T2")[0]["due"] == rows(after, "T2")[0]["due"] == DAY("2008-06-11")
    assert rows(entry, "T22")[0]["due"] == DAY("2008-06-20")
    assert rows(after, "T22")[0]["due"] == DAY("2008-06-23")
    assert planned(after, evolve(before, fact)) is after


@pytest.mark.requirement("R89")
def test_follow_up_is_split_by_the_offices_a_person_moves_between() -> None:
    people = People()
    people.register("anna")
    people.certify("anna", "2008-06-10")
    people.visit("anna", "2008-07-10")
    people.visit("anna", "2008-08-05")
    people.move("anna", "2008-08-20", ELSEWHERE)
    people.leave("anna", "2008-11-15")
    entry = entry_of(people)
    names = [c.name for c in FOLLOW_UP.columns]
    found = [
        dict(zip(names, r, strict=True))
        for t, r in OBLIGATION_MODEL.rows(entry.key, entry)
        if t == "rm_follow_up"
    ]
    told = [
        (r["office"], r["since"].isoformat(), r["until"].isoformat(), r["months"]) for r in found
    ]
    assert told == [
        (COMMUNITY, "2008-07-01", "2008-08-20", ("2008-07",)),
        (ELSEWHERE, "2008-08-20", "2008-11-15", ("2008-08",)),
    ]


def test_every_kind_cites_its_clause_in_both_languages() -> None:
    for kind in KINDS.values():
        assert kind.clause.startswith("意见第")
        assert kind.zh
        assert kind.en


def test_a_duty_has_the_same_id_however_often_it_is_told() -> None:
    case = Case()
    case.file("2008-06-02")
    first = one(case, "T2")["id"]
    case.send_back("2008-06-04")
    case.come_back("2008-06-05", "filed")
    assert one(case, "T2")["id"] == first
