"""A small province with named offices, officers and persons, all fixed."""

from __future__ import annotations

from datetime import date

from events.contracts import registry as ev
from events.contracts import streams
from events.contracts.base import Doc, StreamId
from events.rules.access import Principal
from events.rules.directory import Directory, fold
from events.rules.divisions import natural
from events.rules.person import with_check_digit
from services.registry import CONTEXT
from services.registry.person import commands as person
from tests.support.scenario import FakeFacts, Happened, Scenario, happened, keyed, some_id

DAY = date(2008, 6, 1)
PROVINCE, CITY, OTHER_CITY = "140000000000", "140100000000", "140200000000"
COUNTY, STREET, COMMUNITY = "140105000000", "140105001000", "140105001001"
OTHER_COMMUNITY, PES = "140105001002", "140105000000:pes"
ANNA, BERTA = some_id("anna"), some_id("berta")
DOC = Doc(kind="official_document", issuer="省厅", issued_on=DAY, sha256="a" * 64)
OTHER_DOC = Doc(kind="official_document", issuer="省厅", issued_on=DAY, sha256="b" * 64)
NUMBER = with_check_digit("14999919600616002")


def office(
    own: str, level: ev.OfficeLevel, parent: str | None, kind: ev.OfficeKind = "labour"
) -> Happened:
    event = ev.OfficeOpened(
        name=own, kind=kind, level=level, parent=parent, code=natural(own), from_day=DAY
    )
    return happened(streams.OFFICE.of(own), event, f"office-{own}", day="2008-06-01")


OFFICES = (
    office(PROVINCE, "province", None),
    office(CITY, "city", PROVINCE),
    office(OTHER_CITY, "city", PROVINCE),
    office(COUNTY, "county", CITY),
    office(STREET, "street", COUNTY),
    office(COMMUNITY, "community", STREET),
    office(OTHER_COMMUNITY, "community", STREET),
    office(PES, "county", COUNTY, "pes"),
)


def directory(*facts: Happened) -> Directory:
    """Fold facts into the directory on top of the offices."""
    log = FakeFacts()
    return fold(Directory(), [log.add(fact) for fact in (*OFFICES, *facts)])


def officer(role: str, at: str, name: str = "") -> Principal:
    """Name an officer of an office with one role over its area."""
    found = DIRECTORY.offices[at]
    return Principal(
        user=some_id(name or role),
        office=at,
        level=found.level,
        path=found.path,
        roles=frozenset({role}),
        areas=(found.path,),
    )


DIRECTORY = directory()
CLERK = officer("community_officer", COMMUNITY)
ELSEWHERE = officer("community_officer", OTHER_COMMUNITY, "elsewhere")
SYSTEM = Principal(
    user="system", office="", level=None, path="", roles=frozenset({"system"}), areas=(),
    system=True,
)  # fmt: skip

registry = Scenario(CONTEXT, DIRECTORY, CLERK, OFFICES)


def on_person(event: object, day: str = "2008-06-02", who: str = ANNA) -> Happened:
    """State a fact about a person."""
    assert isinstance(event, ev.PersonStreamEvent)
    return happened(streams.PERSON.of(who), event, f"person-{who}", day=day)


def registered(
    who: str = ANNA,
    *,
    residence: str = COMMUNITY,
    sex: ev.SexWord = "female",
    birth: date = date(1960, 6, 16),
    worker_type: ev.WorkerTypeWord = "worker",
) -> Happened:
    """State that a person is in the register."""
    event = ev.PersonRegistered(
        name="测试甲",
        sex=sex,
        birth_date=birth,
        national_id=NUMBER,
        address="测试路1号",
        residence=residence,
        hukou=ev.Hukou(division="140105", type="urban"),
        worker_type=worker_type,
        special_work=False,
        age_band="45_49",
    )
    return on_person(event, who=who)


REGISTER = person.RegisterPerson(
    name="测试甲",
    sex="female",
    birth_date=date(1960, 6, 16),
    national_id=NUMBER,
    address="测试路1号",
    residence=COMMUNITY,
    hukou=ev.Hukou(division="140105", type="urban"),
    worker_type="worker",
    special_work=False,
)
ID_CLAIM = f"national-id/{keyed('national_id', NUMBER)}"
known = registry.given(registered())


def person_stream(who: str = ANNA) -> StreamId:
    """Name a person's stream."""
    return streams.PERSON.of(who)
