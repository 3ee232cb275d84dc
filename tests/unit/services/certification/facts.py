"""A small county with a mining street, its officers, and one applicant; all fixed."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import JsonValue

from events.contracts import assistance, posts, streams
from events.contracts import certification as ev
from events.contracts import registry as reg
from events.contracts.base import Doc, Event, StreamId
from events.rules.access import Principal
from events.rules.calendar import seed_calendar
from events.rules.directory import Directory, fold
from events.rules.divisions import natural
from services.certification import CONTEXT
from services.certification.decision import commands as deciding
from services.certification.filing import commands as filing
from services.certification.folding import CASE as CASE_FOLD
from services.certification.notice import commands as notice
from services.certification.review import commands as review
from services.certification.state import Case
from services.kit.decider import Command
from tests.support.scenario import FakeFacts, Happened, Scenario, happened, some_id

DAY = date(2008, 6, 1)
PROVINCE, CITY, COUNTY = "140000000000", "140100000000", "140105000000"
STREET, COMMUNITY, NEXT_DOOR = "140105001000", "140105001001", "140105001002"
MINE_STREET, MINE = "140105400000", "140105400001"
OTHER_COUNTY = "140106000000"
ANNA, BEN = some_id("anna"), some_id("ben")
HOME = some_id("home")
CASE = some_id("new/1")
STREAM = streams.CERTIFICATION.of(CASE)
CATEGORY = some_id("city-category")

FILED = "2008-06-16"
REGISTERED = "2008-06-17"
POSTED = "2008-06-18"
UNTIL = date(2008, 6, 27)
CLOSED = "2008-06-28"
REVIEWED = "2008-06-30"
FORWARDED = "2008-07-01"
DECIDED = "2008-07-02"


def paper(kind: str, until: date | None = None) -> Doc:
    return Doc(kind=kind, issuer="测试单位", issued_on=DAY, valid_until=until, sha256="a" * 64)


def office(own: str, level: reg.OfficeLevel, parent: str | None) -> Happened:
    event = reg.OfficeOpened(
        name=own, kind="labour", level=level, parent=parent, code=natural(own), from_day=DAY
    )
    return happened(streams.OFFICE.of(own), event, f"office-{own}", day="2008-06-01")


def account(name: str, at: str) -> Happened:
    event = reg.AccountOpened(office=at, name=name, login=name)
    return happened(streams.USER.of(some_id(name)), event, f"office-{at}", day="2008-06-01")


def officer(role: str, at: str, name: str = "") -> Principal:
    found = DIRECTORY.offices[at]
    user = some_id(name or role)
    roles, areas = frozenset({role}), (found.path,)
    return Principal(
        user=user, office=at, level=found.level, path=found.path, roles=roles, areas=areas
    )


def city_category(until: date | None = None) -> Happened:
    rule: dict[str, JsonValue] = {"field": "age", "op": ">=", "value": 35}
    event = reg.CityCategoryDefined(
        name="市定一类",
        conditions=rule,
        document=paper("official_document"),
        from_day=DAY,
        until=until,
    )
    return happened(streams.CATEGORY.of(CATEGORY), event, f"office-{CITY}", office=CITY)


def directory(*more: Happened) -> Directory:
    log = FakeFacts()
    flag = reg.MiningAreaSet(is_mining_area=True, from_day=DAY)
    facts = (
        office(PROVINCE, "province", None),
        office(CITY, "city", PROVINCE),
        office(COUNTY, "county", CITY),
        office(OTHER_COUNTY, "county", CITY),
        office(STREET, "street", COUNTY),
        office(COMMUNITY, "community", STREET),
        office(NEXT_DOOR, "community", STREET),
        office(MINE_STREET, "street", COUNTY),
        office(MINE, "community", MINE_STREET),
        happened(streams.OFFICE.of(MINE_STREET), flag, f"office-{MINE_STREET}"),
        account("clerk", COMMUNITY),
        account("clerk2", COMMUNITY),
        account("mine-clerk", MINE),
        account("certifier", COUNTY),
        *more,
    )
    base = Directory(calendar=seed_calendar())
    return fold(base, [log.add(fact) for fact in facts])


DIRECTORY = directory()
CLERK = officer("community_officer", COMMUNITY, "clerk")
NEIGHBOUR = officer("community_officer", NEXT_DOOR, "neighbour")
HEAD = officer("community_head", COMMUNITY, "head")
STREET_OFFICER = officer("street_officer", STREET, "street")
SIGNER = officer("street_signer", STREET, "signer")
REVIEWER = officer("county_reviewer", COUNTY, "reviewer")
CERTIFIER = officer("county_certifier", COUNTY, "certifier")
CITY_OFFICER = officer("city_officer", CITY, "city")
MINE_CLERK = officer("community_officer", MINE, "mine-clerk")
MINE_HEAD = officer("community_head", MINE, "mine-head")
MINE_SIGNER = officer("street_signer", MINE_STREET, "mine-signer")
SYSTEM = Principal(
    user="system", office="", level=None, path="", roles=frozenset({"system"}), areas=(),
    system=True,
)  # fmt: skip


def on_person(event: Event, day: str = "2008-06-02", who: str = ANNA) -> Happened:
    return happened(streams.PERSON.of(who), event, f"person-{who}", day=day)


def person(
    who: str = ANNA,
    *,
    residence: str = COMMUNITY,
    sex: reg.SexWord = "female",
    birth: date = date(1962, 6, 16),
    hukou: str = "140105",
    urban: reg.HukouType = "urban",
    national_id: str = "140105196206160020",
) -> Happened:
    event = reg.PersonRegistered(
        name="测试甲",
        sex=sex,
        birth_date=birth,
        national_id=national_id,
        address="测试路1号",
        residence=residence,
        hukou=reg.Hukou(division=hukou, type=urban),
        worker_type="cadre",
        special_work=False,
        age_band="45_49",
    )
    return on_person(event, who=who)


def unemployed(
    who: str = ANNA, *, owner: reg.Ownership = "state", day: str = "2008-06-03"
) -> Happened:
    event = reg.UnemploymentRegistered(last_ownership=owner, proof=(paper("termination"),))
    return on_person(event, day, who)


def dibao(day: date, who: str = ANNA) -> Happened:
    return on_person(
        reg.DibaoRecorded(from_day=day, certificate=paper("dibao_certificate")), who=who
    )


def household(*more: reg.Member) -> Happened:
    members = (reg.Member(person=ANNA, relation="spouse", counts_as="normal"), *more)
    event = reg.HouseholdFormed(
        community=COMMUNITY, address="测试路1号", members=members, book=paper("household_book")
    )
    return happened(streams.HOUSEHOLD.of(HOME), event, f"household-{HOME}")


def member(who: str, counts_as: reg.CountsAs = "normal") -> reg.Member:
    return reg.Member(person=who, relation="spouse", counts_as=counts_as)


def placed(day: str, who: str = ANNA) -> Happened:
    event = posts.PlacedInJob(
        person=who, channel="enterprise", work_division="140105", cross_region=False,
        continuous=False,
    )  # fmt: skip
    return happened(streams.EMPLOYMENT.of(who), event, f"person-{who}", day=day)


def job_ended(day: str, then: posts.Then = "unemployed", who: str = ANNA) -> Happened:
    event = posts.EmploymentEnded(reason="contract_ended", then=then)
    return happened(streams.EMPLOYMENT.of(who), event, f"person-{who}", day=day)


def reported(day: str, name: str = "") -> Happened:
    event = assistance.StatusReported(status="unemployed", since=DAY, in_person=True, differs=False)
    stream, own = streams.ASSISTANCE.of(CASE), some_id(name or f"report/{day}")
    return happened(stream, event, f"person-{ANNA}", day=day, event_id=own)


EVIDENCE = (
    paper("id_card"),
    paper("household_book"),
    paper("unemployment_certificate"),
    paper("photos"),
    paper("last_contract"),
    paper("household_statement"),
    paper("home_visit_record"),
    paper("dibao_certificate"),
)


def apply(*categories: ev.Category, **more: object) -> filing.FileApplication:
    wish: dict[str, Any] = {
        "person": ANNA,
        "categories": categories or ("aged_4050",),
        "evidence": EVIDENCE,
        "attest_ability": True,
        "attest_wish": True,
        "signed": paper("application"),
    }
    return filing.FileApplication(**(wish | more))


REGISTER = filing.RegisterAtCommunity(case=CASE, originals_seen=(0, 1), opinion="情况属实")
POST = notice.PostNotice(
    case=CASE,
    from_day=date(2008, 6, 18),
    until=UNTIL,
    place="社区公示栏",
    channels=("board",),
    handler=some_id("clerk"),
    office_phone="0351-7000000",
    sheet="b" * 64,
)
STREET_REVIEW = review.StreetReview(
    case=CASE, opinion="agree", text="同意上报", signature=paper("signature")
)
COUNTY_REVIEW = review.CountyReview(
    case=CASE, opinion="agree", text="符合条件", signature=paper("signature")
)
FORWARD = review.ForwardToCounty(case=CASE, county=COUNTY)
CERTIFY = deciding.Certify(case=CASE, category="aged_4050")
REFUSE = deciding.RefuseCertification(
    case=CASE, grounds=("category_not_met",), reason="不符合条件", told_on=date(2008, 7, 2)
)


def event_at(version: int, stream: StreamId = STREAM) -> str:
    """Name the event at a version of a stream, as the scenario numbers them."""
    return some_id(f"{stream}/{version}")


def last(it: Scenario, kind: type[Event], stream: StreamId = STREAM) -> str:
    """Name the latest event of a kind on a stream; a fixed unknown id where there is none."""
    on_stream = [f.event for f in it.facts if f.stream == stream]
    versions = [i for i, event in enumerate(on_stream, 1) if isinstance(event, kind)]
    return event_at(versions[-1] if versions else 99, stream)


def state(it: Scenario) -> Case:
    """Fold the case as it stands."""
    version, _, folded = it.world(Command, DECIDED).facts.state(CASE_FOLD, STREAM)
    assert version
    return folded


def close(version: int = 3) -> notice.CloseNotice:
    return notice.CloseNotice(case=CASE, notice=event_at(version))


def step(it: Scenario, by: Principal, command: Command, day: str, role: str = "") -> Scenario:
    """Carry one command out as somebody on a day."""
    actor = role or ("system" if by.system else next(iter(by.roles)))
    return it.by(by).after(command, day, role=actor)


start = Scenario(CONTEXT, DIRECTORY, CLERK).given(person(), unemployed())
filed = step(start, CLERK, apply(), FILED)
registered = step(filed, CLERK, REGISTER, REGISTERED)
on_notice = step(registered, CLERK, POST, POSTED)
notice_closed = step(on_notice, SYSTEM, close(), CLOSED)
street_reviewed = step(notice_closed, SIGNER, STREET_REVIEW, REVIEWED)
at_county = step(street_reviewed, STREET_OFFICER, FORWARD, FORWARDED)
certified = step(at_county, CERTIFIER, CERTIFY, DECIDED)
refused = step(at_county, CERTIFIER, REFUSE, DECIDED)

mine_start = Scenario(CONTEXT, DIRECTORY, MINE_CLERK).given(person(residence=MINE), unemployed())
mine_filed = step(mine_start, MINE_CLERK, apply(), FILED)
mine_registered = step(mine_filed, MINE_CLERK, REGISTER, REGISTERED)
MINE_POST = POST.model_copy(update={"handler": some_id("mine-clerk")})
mine_on_notice = step(mine_registered, MINE_CLERK, MINE_POST, POSTED)
mine_closed = step(mine_on_notice, SYSTEM, close(), CLOSED)
mine_at_county = step(mine_closed, MINE_HEAD, FORWARD, FORWARDED)
mine_reviewed = step(mine_at_county, REVIEWER, COUNTY_REVIEW, FORWARDED)
