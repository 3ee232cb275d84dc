"""The directory: every reference fact, in force from its own day and known as of its `seq`."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest

from events.contracts import registry as ev
from events.contracts.base import Doc, Event, Recorded, StreamId, StreamKind
from events.contracts.streams import CALENDAR, CATEGORY, OFFICE, PARAMETER, USER
from events.rules.access import Principal
from events.rules.directory import DIRECTORY_TYPES, Directory, evolve, fold
from events.rules.principals import acting_for, principal_by_id
from tests.support.scenario import day_at, some_id

DAY = date(2008, 6, 1)
DOC = Doc(kind="official_document", issuer="省厅", issued_on=DAY, sha256="0" * 64)
PROVINCE, CITY, COUNTY = "140000000000", "140100000000", "140105000000"
STREET, COMMUNITY = "140105001000", "140105001001"
WANG = some_id("wang")
LI = some_id("li")


def fact(
    kind: StreamKind, own: str, event: Event, office: str = "", seq: int = 1, name: str = ""
) -> Recorded[Any]:
    stream = StreamId(f"{kind.name}-{own}")
    return Recorded[Any](
        event=event, event_id=some_id(name or f"{stream}/{seq}"), type=event.type, source="test",
        stream=stream, subject=f"office-{office or own}", version=1, position=seq, slice=0,
        command_id=some_id("command"), occurred_at=day_at("2008-06-02"),
        recorded_at=day_at("2008-06-02"), actor=LI, role="operator", office=PROVINCE, area="14",
        seq=seq,
    )  # fmt: skip


def opened(
    office: str, level: ev.OfficeLevel, parent: str | None, kind: ev.OfficeKind = "labour"
) -> Recorded[Any]:
    event = ev.OfficeOpened(name=office, kind=kind, level=level, parent=parent, from_day=DAY)
    return fact(OFFICE, office, event)


TREE = (
    opened(PROVINCE, "province", None),
    opened(CITY, "city", PROVINCE),
    opened(COUNTY, "county", CITY),
    opened(STREET, "street", COUNTY),
    opened(COMMUNITY, "community", STREET),
    opened(f"{COUNTY}:pes", "county", COUNTY, "pes"),
)
BEFORE = fold(Directory(), TREE)


def account(user: str = WANG, office: str = COUNTY) -> Recorded[Any]:
    return fact(USER, user, ev.AccountOpened(office=office, name="王", login=user), office)


def granted(role: str, *areas: str, until: date | None = None) -> tuple[Recorded[Any], ...]:
    wish = ev.RoleProposed(role=role, areas=areas, from_day=DAY, until=until)
    return (
        account(),
        fact(USER, WANG, wish, COUNTY, name="proposal"),
        fact(USER, WANG, ev.RoleGranted(proposal=some_id("proposal")), COUNTY, name="grant"),
    )


def setting(office: str, value: int, name: str) -> tuple[Recorded[Any], ...]:
    key = "assistance.report_months"
    wish = ev.RuleParameterProposed(key=key, value=value, from_day=DAY, reason="试行")
    seen = ev.Preview(cases=0, known=1, sha256="0" * 64)
    done = ev.RuleParameterSet(proposal=some_id(name), preview=seen)
    own = f"{office}.{key}"
    return (
        fact(PARAMETER, own, wish, office, name=name),
        fact(PARAMETER, own, done, office, name=f"{name}/set"),
    )


@pytest.mark.requirement("R1")
def test_an_office_lies_at_its_code_and_hangs_under_its_parent() -> None:
    assert BEFORE.path(COMMUNITY) == "140105001001"
    assert BEFORE.path(STREET) == "140105001"
    assert BEFORE.office(COMMUNITY) is not None
    above = BEFORE.above(COMMUNITY, "county")
    assert above is not None
    assert above.id == COUNTY


@pytest.mark.requirement("R1")
def test_an_unknown_office_has_a_path_that_no_area_covers() -> None:
    assert BEFORE.path("140199000000") == "?"


@pytest.mark.requirement("R1")
def test_a_department_shares_the_path_of_its_labour_office_but_does_not_stand_for_it() -> None:
    assert BEFORE.path(f"{COUNTY}:pes") == "140105"
    above = BEFORE.above(f"{COUNTY}:pes", "county")
    assert above is not None
    assert above.id == COUNTY


@pytest.mark.requirement("X19")
def test_a_renamed_office_keeps_its_old_name_for_the_days_before() -> None:
    event = ev.OfficeRenamed(name="新名", from_day=date(2009, 1, 1))
    office = evolve(BEFORE, fact(OFFICE, COUNTY, event)).offices[COUNTY]
    assert office.name == "新名"
    assert office.name_on(date(2008, 12, 31)) == COUNTY
    assert office.name_on(date(2009, 1, 1)) == "新名"


@pytest.mark.requirement("X19")
def test_recoding_a_county_moves_all_beneath_it_and_keeps_the_ids() -> None:
    event = ev.OfficeRecoded(code="140199", from_day=DAY, document=DOC)
    after = evolve(BEFORE, fact(OFFICE, COUNTY, event))
    assert after.path(COUNTY) == "140199"
    assert after.path(COMMUNITY) == "140199001001"
    assert after.path(f"{COUNTY}:pes") == "140199"
    assert after.path(CITY) == "1401"


@pytest.mark.requirement("X19")
def test_roles_and_settings_go_along_with_a_recoded_office() -> None:
    event = ev.OfficeRecoded(code="140199", from_day=DAY, document=DOC)
    known = (*setting(COUNTY, 2, "two"), *granted("street_officer", STREET))
    after = fold(BEFORE, (*known, fact(OFFICE, COUNTY, event)))
    assert after.areas(WANG, DAY) == ("140199001",)
    assert after.parameter("assistance.report_months", "140199001", DAY) == 2


@pytest.mark.requirement("X19")
def test_a_moved_street_takes_its_communities_along() -> None:
    other = opened("140106000000", "county", CITY)
    event = ev.OfficeMoved(parent="140106000000", from_day=DAY, document=DOC)
    after = fold(BEFORE, (other, fact(OFFICE, STREET, event)))
    assert after.offices[STREET].parent == "140106000000"
    assert after.path(COMMUNITY) == "140106001001"


@pytest.mark.requirement("X19")
def test_a_merged_office_gives_its_children_over_and_no_two_share_a_path() -> None:
    other, child = "140105002000", "140105002001"
    merged = ev.OfficesMerged(into=other, closing=(STREET,), from_day=DAY, document=DOC)
    after = fold(
        BEFORE,
        (
            opened(other, "street", COUNTY),
            opened(child, "community", other),
            fact(OFFICE, other, merged),
            fact(OFFICE, STREET, ev.OfficeClosed(from_day=DAY)),
        ),
    )
    assert {one.id for one in after.below(other)} == {child, COMMUNITY}
    assert after.path(COMMUNITY) == "140105002002"
    assert not after.offices[STREET].is_open(DAY)


@pytest.mark.requirement("X19")
def test_a_split_office_closes_and_its_children_go_where_they_are_assigned() -> None:
    new = ev.NewOffice(name="东街", code="140105003", children=(COMMUNITY,))
    split = ev.OfficeSplit(new=(new,), from_day=DAY, document=DOC)
    after = fold(BEFORE, (opened("140105003000", "street", COUNTY), fact(OFFICE, STREET, split)))
    assert not after.offices[STREET].is_open(DAY)
    assert after.path(COMMUNITY) == "140105003001"


@pytest.mark.requirement("X19")
def test_a_closed_office_works_until_the_day_before() -> None:
    event = ev.OfficeClosed(from_day=date(2009, 1, 1))
    office = evolve(BEFORE, fact(OFFICE, STREET, event)).offices[STREET]
    assert office.is_open(date(2008, 12, 31))
    assert not office.is_open(date(2009, 1, 1))


@pytest.mark.requirement("R24")
def test_a_mining_area_is_one_from_its_day_on() -> None:
    event = ev.MiningAreaSet(is_mining_area=True, from_day=date(2008, 7, 1))
    office = evolve(BEFORE, fact(OFFICE, STREET, event)).offices[STREET]
    assert office.mining_area
    assert not office.is_mining_area(date(2008, 6, 30))
    assert office.is_mining_area(date(2008, 7, 1))


@pytest.mark.requirement("R43")
def test_a_proposed_role_has_no_effect_and_a_granted_one_covers_its_areas() -> None:
    facts = granted("county_reviewer", COUNTY)
    proposed = fold(BEFORE, facts[:2])
    assert proposed.accounts[WANG].roles(DAY) == frozenset()
    after = evolve(proposed, facts[2])
    assert after.accounts[WANG].roles(DAY) == {"county_reviewer"}
    assert after.areas(WANG, DAY) == ("140105",)
    assert after.logins[WANG] == WANG
    assert not after.proposed


@pytest.mark.requirement("R43")
def test_a_role_is_held_through_its_last_day() -> None:
    after = fold(BEFORE, granted("county_reviewer", COUNTY, until=date(2008, 6, 30)))
    assert after.accounts[WANG].roles(date(2008, 6, 30)) == {"county_reviewer"}
    assert after.accounts[WANG].roles(date(2008, 7, 1)) == frozenset()


@pytest.mark.requirement("R43")
def test_a_revoked_role_ends_the_day_before() -> None:
    gone = ev.RoleRevoked(grant=some_id("grant"), from_day=date(2008, 7, 1), reason="job_changed")
    after = fold(BEFORE, (*granted("county_reviewer", COUNTY), fact(USER, WANG, gone, COUNTY)))
    assert after.accounts[WANG].roles(date(2008, 6, 30)) == {"county_reviewer"}
    assert after.areas(WANG, date(2008, 7, 1)) == ()


@pytest.mark.requirement("X10")
def test_a_closed_account_holds_no_role() -> None:
    closed = fact(USER, WANG, ev.AccountClosed(from_day=date(2008, 7, 1)), COUNTY)
    after = fold(BEFORE, (*granted("county_reviewer", COUNTY), closed))
    assert after.accounts[WANG].roles(date(2008, 6, 30)) == {"county_reviewer"}
    assert after.accounts[WANG].roles(date(2008, 7, 1)) == frozenset()


@pytest.mark.requirement("X10")
def test_a_deputy_may_use_what_the_giver_holds_and_delegated_and_no_longer() -> None:
    event = ev.DelegationGranted(
        deputy=LI, scope=("county_reviewer", "county_head"), from_day=DAY,
        until=date(2008, 6, 10), reason="leave",
    )  # fmt: skip
    given = fact(USER, WANG, event, COUNTY, name="delegation")
    held = (*granted("county_reviewer", COUNTY), *granted("county_certifier", STREET)[1:])
    after = fold(BEFORE, (*held, account(LI), given))
    acting = acts(after, date(2008, 6, 10))
    assert acting is not None
    assert (acting.user, acting.on_behalf_of) == (LI, WANG)
    assert acting.roles == {"county_reviewer"}
    assert acting.areas == ("140105",)
    assert acts(after, date(2008, 6, 11)) is None
    ended = evolve(after, fact(USER, WANG, ev.DelegationEnded(delegation=some_id("delegation"))))
    assert acts(ended, DAY) is None
    elsewhere = fold(BEFORE, (*held, account(LI, STREET), given))
    assert acts(elsewhere, DAY) is None


def acts(known: Directory, day: date) -> Principal | None:
    deputy = principal_by_id(LI, known, day)
    return None if deputy is None else acting_for(deputy, WANG, known, day)


@pytest.mark.requirement("R107")
def test_an_office_has_one_leader_at_a_time() -> None:
    def named(user: str, day: date, until: date | None = None) -> Recorded[Any]:
        return fact(
            OFFICE, COUNTY, ev.LeaderNamed(leader=user, post="局长", from_day=day, until=until)
        )

    office = fold(
        BEFORE, (named(WANG, DAY), named(LI, date(2008, 9, 1), date(2008, 9, 30)))
    ).offices[COUNTY]
    leaders = [office.led_by(date(2008, m, d)) for m, d in ((5, 31), (8, 31), (9, 1), (10, 1))]
    assert [one and one.user for one in leaders] == [None, WANG, LI, None]


@pytest.mark.requirement("X17")
def test_the_narrowest_setting_counts_and_elsewhere_the_default() -> None:
    after = fold(BEFORE, (*setting(COUNTY, 2, "county"), *setting(PROVINCE, 4, "province")))
    assert after.parameter("assistance.report_months", "140105001", DAY) == 2
    assert after.parameter("assistance.report_months", "140106", DAY) == 4
    assert BEFORE.parameter("assistance.report_months", "140105001", DAY) == 3


@pytest.mark.requirement("X17")
def test_a_rejected_value_is_forgotten() -> None:
    wish = setting(COUNTY, 2, "wish")[0]
    event = ev.RuleParameterRejected(proposal=some_id("wish"), reason="不宜")
    after = fold(BEFORE, (wish, fact(PARAMETER, f"{COUNTY}.x", event, COUNTY)))
    assert not after.proposed
    assert not after.settings


@pytest.mark.requirement("R16")
def test_a_city_category_holds_in_its_own_city_until_its_last_day() -> None:
    own = some_id("category")
    event = ev.CityCategoryDefined(
        name="失地农民", conditions={"all": []}, document=DOC, from_day=DAY
    )
    ended = ev.CityCategoryEnded(until=date(2008, 12, 31))
    after = fold(BEFORE, (fact(CATEGORY, own, event, CITY), fact(CATEGORY, own, ended, CITY)))
    assert [c.id for c in after.categories_for("140105", date(2008, 12, 31))] == [own]
    assert after.categories_for("140105", date(2009, 1, 1)) == ()
    assert after.categories_for("140205", DAY) == ()


@pytest.mark.requirement("X18")
def test_the_newest_notice_of_a_year_counts() -> None:
    def notice(*days: date) -> Recorded[Any]:
        event = ev.CalendarSet(year=2009, holidays=days, make_up_workdays=(), notice=DOC)
        return fact(CALENDAR, "2009", event, PROVINCE)

    after = fold(BEFORE, (notice(date(2009, 1, 1)), notice(date(2009, 1, 2))))
    assert after.calendar.is_workday(date(2009, 1, 1))
    assert not after.calendar.is_workday(date(2009, 1, 2))


@pytest.mark.requirement("X19")
def test_the_directory_before_stays_as_it_was() -> None:
    evolve(BEFORE, fact(OFFICE, COUNTY, ev.OfficeRenamed(name="新名", from_day=DAY)))
    assert BEFORE.offices[COUNTY].name == COUNTY


def test_a_fact_it_does_not_name_only_moves_the_known_point() -> None:
    event = ev.DuplicateDismissed(other=WANG, reason="同名")
    after = evolve(BEFORE, fact(OFFICE, COUNTY, event, seq=9))
    assert event.type not in DIRECTORY_TYPES
    assert after.seq == 9
    assert after.offices == BEFORE.offices


@pytest.mark.requirement("R1")
def test_a_province_of_offices_folds_at_once() -> None:
    facts = [opened(f"{140105001000 + n}", "community", STREET) for n in range(3_589)]
    started = time.perf_counter()
    after = fold(BEFORE, facts)
    assert time.perf_counter() - started < 1
    assert len(after.offices) > 3_589
