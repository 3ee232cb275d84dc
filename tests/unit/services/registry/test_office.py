"""The tree of offices: one id per code, one level up to the parent, dates for every change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from events.contracts import registry as ev
from events.contracts import streams
from events.rules.directory import Directory
from services.kit.decider import Fact
from services.registry.office import commands as cmd
from tests.support.scenario import Scenario, events, happened
from tests.unit.services.registry import facts as a

FROM = date(2008, 6, 1)
ADMIN = a.officer("rule_admin", a.PROVINCE)
COUNTY_OFFICER = a.officer("county_reviewer", a.COUNTY)
NEW_STREET = cmd.OpenOffice(
    name="新街道", kind="labour", level="street", code="140105003000", from_day=FROM
)
TAX = cmd.OpenOffice(
    name="区税务局", kind="department", level="county", code="140105", department="tax",
    from_day=FROM,
)  # fmt: skip
SCHOOL = cmd.OpenOffice(
    name="第一培训学校", kind="training", level="county", code="140105", from_day=FROM
)
province = a.registry.by(ADMIN)
county = a.registry.by(COUNTY_OFFICER)


def opened(scenario: Scenario, wish: cmd.OpenOffice) -> tuple[str, ev.OfficeOpened]:
    (fact,) = scenario.when(wish)
    assert isinstance(fact, Fact)
    assert isinstance(fact.event, ev.OfficeOpened)
    return fact.stream.removeprefix("office-"), fact.event


@pytest.mark.requirement("R1")
def test_an_office_takes_its_id_and_its_parent_from_its_code() -> None:
    own, event = opened(province, NEW_STREET)
    assert own == "140105003000"
    assert (event.code, event.parent) == ("140105003", a.COUNTY)


@pytest.mark.requirement("R1")
def test_the_same_facts_again_change_nothing_and_others_are_refused() -> None:
    after = province.after(NEW_STREET)
    assert after.when(NEW_STREET) == ()
    assert after.refused(NEW_STREET.model_copy(update={"name": "别名"})) == "office_exists"


@pytest.mark.requirement("R1")
@pytest.mark.parametrize(
    "changed",
    [{"level": "county"}, {"code": "14010"}, {"code": None}, {"code": None, "parent": a.COUNTY}],
)
def test_the_code_fits_the_level(changed: dict[str, str | None]) -> None:
    assert province.refused(NEW_STREET.model_copy(update=changed)) == "office_code"


@pytest.mark.requirement("X19")
@pytest.mark.parametrize("parent", [a.CITY, a.PES, "140106000000", "140105002000"])
def test_the_parent_is_the_labour_office_one_level_up_over_the_code(parent: str) -> None:
    wish = NEW_STREET.model_copy(update={"parent": parent})
    assert province.refused(wish) == "office_parent"


@pytest.mark.requirement("X19")
def test_a_county_that_is_not_yet_open_has_no_streets() -> None:
    assert province.refused(NEW_STREET.model_copy(update={"code": "140107001"})) == "office_parent"


@pytest.mark.requirement("R1")
def test_a_whole_branch_is_opened_in_one_go_before_the_directory_knows_it() -> None:
    county_ = NEW_STREET.model_copy(update={"level": "county", "code": "140107", "name": "县"})
    after = province.after(county_)
    assert "140107000000" not in after.directory.offices
    own, _ = opened(after, NEW_STREET.model_copy(update={"code": "140107001"}))
    assert own == "140107001000"


@pytest.mark.requirement("X19")
def test_a_reused_code_begins_a_new_generation() -> None:
    closed = ev.OfficeClosed(from_day=date(2009, 1, 1))
    stream = streams.OFFICE.of("140105003000")
    after = province.after(NEW_STREET).given(happened(stream, closed))
    own, event = opened(after, NEW_STREET.model_copy(update={"from_day": date(2010, 1, 1)}))
    assert (own, event.code) == ("140105003000-2", "140105003")


@pytest.mark.requirement("R81")
def test_a_department_stands_beside_the_labour_office_of_its_division() -> None:
    own, event = opened(province, TAX)
    assert (own, event.parent, event.department) == (f"{a.COUNTY}:tax", a.COUNTY, "tax")
    assert province.after(TAX).when(TAX) == ()
    other = TAX.model_copy(update={"name": "别名"})
    assert province.after(TAX).refused(other) == "office_exists"


@pytest.mark.requirement("R81")
def test_a_department_names_itself() -> None:
    assert province.refused(TAX.model_copy(update={"department": None})) == "department_missing"
    assert province.refused(TAX.model_copy(update={"department": "tax2"})) == "department_missing"


@pytest.mark.requirement("R102")
def test_a_county_opens_outside_bodies_in_its_area_and_several_of_a_kind() -> None:
    own, _ = opened(county, SCHOOL)
    assert own == f"{a.COUNTY}:training"
    second, _ = opened(county.after(SCHOOL), SCHOOL.model_copy(update={"name": "第二培训学校"}))
    assert second == f"{a.COUNTY}-2:training"
    assert county.after(SCHOOL).when(SCHOOL) == ()


@pytest.mark.requirement("R1")
def test_a_county_opens_no_offices_and_nothing_elsewhere() -> None:
    assert county.refused(NEW_STREET) == "forbidden"
    assert county.refused(TAX) == "forbidden"
    away = SCHOOL.model_copy(update={"code": "1402", "level": "city"})
    assert county.refused(away) == "forbidden"


@pytest.mark.requirement("R1")
def test_the_first_office_is_opened_by_the_system_on_an_empty_log() -> None:
    empty = Scenario(a.registry.context, Directory(), a.SYSTEM)
    wish = cmd.OpenOffice(name="省厅", kind="labour", level="province", code="14", from_day=FROM)
    own, event = opened(empty, wish)
    assert (own, event.parent) == (a.PROVINCE, None)
    assert replace(empty, principal=ADMIN).refused(wish) == "forbidden"


RENAME = cmd.RenameOffice(office=a.COUNTY, name="新名", from_day=date(2009, 1, 1))
CLOSE = cmd.CloseOffice(office=a.COMMUNITY, from_day=date(2009, 1, 1))
MINING = cmd.SetMiningArea(office=a.STREET, is_mining_area=True, from_day=date(2008, 7, 1))


@pytest.mark.requirement("X19")
def test_an_office_is_renamed_from_a_day_on() -> None:
    assert events(province.when(RENAME)) == (
        ev.OfficeRenamed(name="新名", from_day=date(2009, 1, 1)),
    )
    assert province.after(RENAME).when(RENAME) == ()
    early = RENAME.model_copy(update={"from_day": date(2008, 5, 31)})
    assert province.refused(early) == "date_order"
    assert county.refused(RENAME) == "forbidden"


@pytest.mark.requirement("X19")
def test_an_office_closes_once() -> None:
    assert events(province.when(CLOSE)) == (ev.OfficeClosed(from_day=date(2009, 1, 1)),)
    after = province.after(CLOSE)
    assert after.when(CLOSE) == ()
    later = CLOSE.model_copy(update={"from_day": date(2009, 2, 1)})
    assert after.refused(later) == "office_closed"
    assert after.refused(RENAME.model_copy(update={"office": a.COMMUNITY})) == "office_closed"
    early = CLOSE.model_copy(update={"from_day": date(2008, 5, 31)})
    assert province.refused(early) == "date_order"


@pytest.mark.requirement("X19")
def test_an_office_with_open_offices_or_accounts_under_it_stays() -> None:
    assert province.refused(CLOSE.model_copy(update={"office": a.STREET})) == "office_has_children"
    account = ev.AccountOpened(office=a.COMMUNITY, name="王", login="wang")
    staffed = a.directory(happened(streams.USER.of(a.ANNA), account, f"office-{a.COMMUNITY}"))
    assert replace(province, directory=staffed).refused(CLOSE) == "office_has_accounts"


@pytest.mark.requirement("R24")
def test_a_street_becomes_a_mining_area_by_its_county() -> None:
    (event,) = events(county.when(MINING))
    assert event == ev.MiningAreaSet(is_mining_area=True, from_day=date(2008, 7, 1))
    after = county.after(MINING)
    assert after.when(MINING) == ()
    undone = MINING.model_copy(update={"is_mining_area": False, "from_day": date(2008, 6, 30)})
    assert after.refused(undone) == "date_order"


@pytest.mark.requirement("R24")
def test_only_a_street_can_be_a_mining_area_and_not_by_itself() -> None:
    wish = MINING.model_copy(update={"office": a.COMMUNITY})
    assert county.refused(wish) == "not_a_street"
    street = a.registry.by(a.officer("street_signer", a.STREET))
    assert street.refused(MINING) == "forbidden"
