"""A county with offices, officers and one certified person, all fixed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pydantic import JsonValue

from events.contracts import assistance as ev
from events.contracts import certification as cert
from events.contracts import posts, registry, streams
from events.contracts.base import Doc, Event
from events.rules.access import Principal
from events.rules.directory import Directory, fold
from events.rules.divisions import LEVELS, natural
from services.assistance import CONTEXT
from services.assistance.file import commands as file
from services.assistance.tracking import commands as tracking
from tests.support.scenario import FakeFacts, Happened, Scenario, happened, some_id

DAY = date(2008, 6, 1)
PROVINCE, CITY, COUNTY = "140000000000", "140100000000", "140105000000"
STREET, COMMUNITY, OTHER_COMMUNITY = "140105001000", "140105001001", "140105001002"
PES, AGENCY, TRAINER = "140105000000:pes", "140105000000:agency", "140105000000:training"
ANNA, CASE, HELPER, DEPUTY = map(some_id, ("anna", "case", "helper", "deputy"))
DOC = Doc(kind="scan", issuer="社区", issued_on=DAY, sha256="a" * 64)


def office(
    own: str, level: registry.OfficeLevel, parent: str | None, kind: registry.OfficeKind = "labour"
) -> Happened:
    event = registry.OfficeOpened(
        name=own, kind=kind, level=level, parent=parent, code=natural(own), from_day=DAY
    )
    return happened(streams.OFFICE.of(own), event, f"office-{own}", day="2008-06-01")


OFFICES = (
    office(PROVINCE, "province", None),
    office(CITY, "city", PROVINCE),
    office(COUNTY, "county", CITY),
    office(STREET, "street", COUNTY),
    office(COMMUNITY, "community", STREET),
    office(OTHER_COMMUNITY, "community", STREET),
    office(PES, "county", COUNTY, "pes"),
    office(AGENCY, "county", COUNTY, "agency"),
    office(TRAINER, "county", COUNTY, "training"),
)


def account(user: str, at: str) -> Happened:
    event = registry.AccountOpened(office=at, name="某经办", login=user[:8])
    return happened(streams.USER.of(user), event, f"office-{at}", day="2008-06-01")


def directory(*facts: Happened) -> Directory:
    """Fold facts into the directory on top of the offices and two helpers."""
    log = FakeFacts()
    helpers = (account(HELPER, COMMUNITY), account(DEPUTY, COMMUNITY))
    return fold(Directory(), [log.add(fact) for fact in (*OFFICES, *helpers, *facts)])


DIRECTORY = directory()


def with_parameter(scenario: Scenario, key: str, value: JsonValue) -> Scenario:
    """Give the same scenario under another value of a parameter."""
    proposal = some_id(f"proposal/{key}")
    proposed = registry.RuleParameterProposed(
        key=key, value=value, from_day=date(2008, 6, 1), reason="试点"
    )
    agreed = registry.RuleParameterSet(
        proposal=proposal, preview=registry.Preview(cases=0, known=0, sha256="a" * 64)
    )
    stream, subject = streams.PARAMETER.of(key), f"office-{PROVINCE}"
    facts = (
        happened(stream, proposed, subject, event_id=proposal, office=PROVINCE),
        happened(stream, agreed, subject, office=PROVINCE),
    )
    return replace(scenario, directory=directory(*facts))


def officer(role: str, at: str, name: str = "") -> Principal:
    """Name an officer of an office with one role over its area."""
    found = DIRECTORY.offices[at]
    return Principal(
        user=some_id(name or role),
        office=at,
        level=next(level for level in LEVELS if level == found.level),
        path=found.path,
        roles=frozenset({role}),
        areas=(found.path,),
    )


CLERK = officer("community_officer", COMMUNITY)
HEAD = officer("community_head", COMMUNITY)
ELSEWHERE = officer("community_officer", OTHER_COMMUNITY, "elsewhere")
PES_CLERK = officer("pes_clerk", PES)
SYSTEM = Principal(
    user="system", office="", level=None, path="", roles=frozenset({"system"}), areas=(),
    system=True,
)  # fmt: skip


def on_person(
    event: Event, day: str = "2008-06-02", who: str = ANNA, event_id: str = ""
) -> Happened:
    return happened(streams.PERSON.of(who), event, f"person-{who}", day=day, event_id=event_id)


def on_case(event: Event, day: str = "2008-06-02", case: str = CASE, who: str = ANNA) -> Happened:
    return happened(streams.CERTIFICATION.of(case), event, f"person-{who}", day=day)


def on_file(event: Event, day: str = "2008-06-02", event_id: str = "") -> Happened:
    return happened(
        streams.ASSISTANCE.of(CASE), event, f"person-{ANNA}", day=day, event_id=event_id
    )


def on_work(event: Event, day: str, who: str = ANNA) -> Happened:
    return happened(streams.EMPLOYMENT.of(who), event, f"person-{who}", day=day)


def registered(
    who: str = ANNA,
    residence: str = COMMUNITY,
    *,
    sex: registry.SexWord = "female",
    education: str | None = None,
) -> Happened:
    event = registry.PersonRegistered(
        name="测试甲",
        sex=sex,
        birth_date=date(1960, 6, 16),
        national_id="149999196006160021",
        address="测试路1号",
        residence=residence,
        hukou=registry.Hukou(division="140105", type="urban"),
        worker_type="worker",
        special_work=False,
        education=education,
        age_band="45_49",
    )
    return on_person(event, day="2008-06-01", who=who)


def certified(
    day: str = "2008-06-02",
    case: str = CASE,
    who: str = ANNA,
    category: cert.Category = "aged_4050",
) -> Happened:
    event = cert.PersonCertified(category=category, findings=(), responsible_office=STREET)
    return on_case(event, day, case, who)


EXITED = on_case(
    cert.Exited(
        proposal=some_id("proposal"),
        reason="多次无正当理由未上岗",
        from_day=date(2008, 7, 1),
        told_on=date(2008, 7, 1),
    ),
    "2008-07-01",
)


def started(day: str, employer: str | None = None, *, continuous: bool = False) -> Happened:
    event = posts.PlacedInJob(
        person=ANNA,
        case=CASE,
        channel="flexible",
        flexible_kind="other",
        employer=employer,
        proof=DOC,
        work_division="140105",
        cross_region=False,
        continuous=continuous,
    )
    return on_work(event, day)


def stopped(day: str, then: posts.Then = "next_job") -> Happened:
    return on_work(posts.EmploymentEnded(reason="resigned", then=then), day)


def opened(household: str | None = None) -> Happened:
    event = ev.FileOpened(
        case=CASE, person=ANNA, household=household, from_day=DAY, community=COMMUNITY
    )
    return on_file(event)


SIGN = file.SignAgreement(
    case=CASE,
    template="standard_2008",
    helper=HELPER,
    content=("job_introduction",),
    measures="介绍工作，指导求职",
    one_to_one=False,
    scan=DOC,
)
MEASURE = ev.Measure(id="m1", service="training", provider=STREET, due=date(2008, 9, 1))
FACT = some_id("wishes")
WISHES = on_person(
    registry.WishesRecorded(wants_work=True, able_to_work=True, startup_wish=False),
    event_id=FACT,
)
PLAN = file.MakePlan(case=CASE, facts=(FACT,), goals="三个月内就业", measures=(MEASURE,))
REPORT = tracking.ReportStatus(case=CASE, status="unemployed", since=DAY, in_person=True)
VISIT = tracking.RecordFollowUp(case=CASE, mode="visit", status="unemployed")
ON_JOB = ev.OnJob(at_work=True, wage=90_000, contract=True)

start = Scenario(CONTEXT, DIRECTORY, CLERK, (*OFFICES, registered(), certified()))
given = start.given(opened())
signed = given.after(SIGN)
planned = signed.given(WISHES).after(PLAN)
