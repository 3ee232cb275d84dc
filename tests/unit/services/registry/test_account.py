"""Accounts, and roles given with four eyes and never at two levels of one area."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from events.contracts import assistance, certification, streams
from events.contracts import registry as ev
from events.rules.access import Principal
from services.registry.account import commands as cmd
from tests.support.scenario import Happened, Scenario, events, happened, some_id, takes
from tests.unit.services.registry import facts as a

FROM = date(2008, 6, 16)
WANG = some_id("wang")
OPERATOR = a.officer("operator", a.PROVINCE)
OPEN = cmd.OpenAccount(office=a.COUNTY, name="王", login="Wang")
CLOSE = cmd.CloseAccount(user=WANG, from_day=date(2008, 9, 1))


def account(office: str = a.COUNTY) -> Happened:
    event = ev.AccountOpened(office=office, name="王", login="wang")
    return happened(streams.USER.of(WANG), event, f"office-{office}")


def propose(role: str, *areas: str) -> cmd.ProposeRole:
    return cmd.ProposeRole(user=WANG, role=role, areas=areas, from_day=FROM)


def approve(n: int) -> cmd.ApproveRole:
    return cmd.ApproveRole(user=WANG, proposal=some_id(f"user-{WANG}/{n}"))


def revoke(n: int, day: date = date(2008, 9, 1)) -> cmd.RevokeRole:
    grant = some_id(f"user-{WANG}/{n}")
    return cmd.RevokeRole(user=WANG, grant=grant, from_day=day, reason="job_changed")


def head(role: str, at: str, name: str = "") -> Principal:
    return a.officer(role, at, name or role)


operator = a.registry.by(OPERATOR)
staffed = operator.given(account())
PROPOSE = propose("county_reviewer", a.COUNTY)
CITY_HEAD = head("city_head", a.CITY)
proposed = staffed.after(PROPOSE).by(CITY_HEAD)
granted = proposed.after(approve(2))


@pytest.mark.requirement("R82")
def test_an_account_is_opened_under_a_login_that_nobody_has() -> None:
    outcome = operator.when(OPEN)
    assert events(outcome) == (ev.AccountOpened(office=a.COUNTY, name="王", login="wang"),)
    assert takes(outcome) == ("login/wang",)


@pytest.mark.requirement("R82")
def test_the_same_account_stands_already_and_another_persons_login_is_refused() -> None:
    after = operator.after(OPEN)
    assert after.when(OPEN) == ()
    assert after.refused(OPEN.model_copy(update={"name": "李"})) == "login_taken"


@pytest.mark.requirement("R82")
def test_accounts_are_opened_by_operators_in_offices_that_work() -> None:
    assert a.registry.refused(OPEN) == "forbidden"
    assert operator.refused(OPEN.model_copy(update={"office": "140106000000"})) == "forbidden"
    closed = happened(streams.OFFICE.of(a.COUNTY), ev.OfficeClosed(from_day=FROM))
    assert operator.given(closed).refused(OPEN) == "office_closed"


@pytest.mark.requirement("X10")
def test_an_account_closes_once_and_takes_no_more_roles() -> None:
    after = staffed.after(CLOSE)
    assert after.when(CLOSE) == ()
    assert after.refused(CLOSE.model_copy(update={"from_day": FROM})) == "account_closed"
    assert after.refused(PROPOSE) == "account_closed"
    assert proposed.by(OPERATOR).after(CLOSE).by(CITY_HEAD).refused(approve(2)) == "account_closed"


@pytest.mark.requirement("X10", "R84")
def test_an_account_with_open_cases_is_closed_when_they_are_handed_over_or_over() -> None:
    own, person = some_id("case"), f"person-{a.ANNA}"
    case, file = streams.CERTIFICATION.of(own), streams.ASSISTANCE.of(own)
    claims = {f"assigned/{WANG}/{own}": case, f"helping/{WANG}/{own}": file}
    officer = happened(case, certification.CaseAssigned(officer=WANG), person)
    moved = assistance.HelperChanged(from_user=a.CLERK.user, to=WANG, reason="leave")
    busy = staffed.given(officer, happened(file, moved, person), claims=claims)
    assert busy.refused(CLOSE) == "cases_open"
    lapsed = happened(case, certification.Lapsed(ground="unemployed_again", facts=()), person)
    assert busy.given(lapsed).refused(CLOSE) == "cases_open", "she is still helped"
    back = assistance.HelperChanged(from_user=WANG, to=a.CLERK.user, reason="leave")
    handed = happened(file, back, person)
    assert events(busy.given(lapsed, handed).when(CLOSE))


@pytest.mark.requirement("R23")
def test_a_role_is_given_by_the_head_of_the_superior_office() -> None:
    assert events(proposed.when(approve(2))) == (
        ev.RoleGranted(proposal=some_id(f"user-{WANG}/2")),
    )
    assert granted.when(approve(2)) == ()
    assert proposed.by(head("county_head", a.COUNTY)).refused(approve(2)) == "forbidden"
    assert proposed.by(head("province_head", a.PROVINCE)).refused(approve(2)) == "forbidden"
    assert proposed.by(head("city_head", a.OTHER_CITY)).refused(approve(2)) == "forbidden"


@pytest.mark.requirement("R23")
def test_neither_the_proposer_nor_the_holder_approves() -> None:
    proposer = replace(CITY_HEAD, user=OPERATOR.user)
    holder = replace(CITY_HEAD, user=WANG)
    deputy = replace(CITY_HEAD, on_behalf_of=OPERATOR.user)
    for hand in (proposer, holder, deputy):
        assert proposed.by(hand).refused(approve(2)) == "same_person"


@pytest.mark.requirement("R23")
def test_in_the_province_its_head_approves() -> None:
    at_top = operator.given(account(a.PROVINCE)).after(propose("province_officer", a.PROVINCE))
    assert events(at_top.by(head("province_head", a.PROVINCE)).when(approve(2)))


@pytest.mark.requirement("R23")
def test_beside_a_labour_office_its_own_head_approves() -> None:
    pes = operator.given(account(a.PES)).after(propose("pes_clerk", a.COUNTY))
    assert events(pes.by(head("county_head", a.COUNTY)).when(approve(2)))
    assert pes.by(CITY_HEAD).refused(approve(2)) == "forbidden"


@pytest.mark.requirement("R23")
def test_an_unknown_proposal_is_not_found() -> None:
    assert proposed.refused(approve(9)) == "not_found"


@pytest.mark.requirement("R23")
@pytest.mark.parametrize(
    "role", ["street_officer", "pes_clerk", "tax", "union", "trainer", "person", "system", "boss"]
)
def test_a_labour_office_gives_the_roles_of_its_level_and_kind_only(role: str) -> None:
    assert staffed.refused(propose(role, a.COUNTY)) == "role_not_here"


@pytest.mark.requirement("R43")
def test_a_role_reaches_no_further_than_its_office() -> None:
    assert staffed.refused(propose("county_reviewer", a.CITY)) == "role_area"
    assert staffed.refused(propose("county_reviewer", "140106000000")) == "unknown_office"
    assert events(staffed.when(propose("county_reviewer", a.STREET)))


@pytest.mark.requirement("R23")
def test_a_proposal_stands_already_and_does_not_end_before_it_begins() -> None:
    assert proposed.by(OPERATOR).when(PROPOSE) == ()
    ended = PROPOSE.model_copy(update={"until": date(2008, 6, 15)})
    assert staffed.refused(ended) == "date_order"


def street_role(scenario: Scenario) -> Scenario:
    """State that the account holds a street's role over the street, from an earlier office."""
    stream = streams.USER.of(WANG)
    wish = ev.RoleProposed(role="street_signer", areas=(a.STREET,), from_day=FROM)
    given = ev.RoleGranted(proposal=some_id("street-wish"))
    subject = f"office-{a.COUNTY}"
    return scenario.given(
        happened(stream, wish, subject, event_id=some_id("street-wish")),
        happened(stream, given, subject, event_id=some_id("street-grant")),
    )


@pytest.mark.requirement("R23")
def test_nobody_holds_a_street_and_a_county_role_over_the_same_area() -> None:
    assert street_role(staffed).refused(PROPOSE) == "roles_exclude"
    assert street_role(proposed).refused(approve(2)) == "roles_exclude"


@pytest.mark.requirement("R23")
def test_a_street_role_that_ended_excludes_nothing() -> None:
    ended = cmd.RevokeRole(
        user=WANG, grant=some_id("street-grant"), from_day=FROM, reason="job_changed"
    )
    assert events(street_role(staffed).after(ended).when(PROPOSE))


@pytest.mark.requirement("R23")
def test_a_granted_role_is_taken_back_once() -> None:
    holding = granted.by(OPERATOR)
    (event,) = events(holding.when(revoke(3)))
    assert isinstance(event, ev.RoleRevoked)
    assert holding.after(revoke(3)).when(revoke(3)) == ()
    assert holding.refused(revoke(9)) == "not_found"
    assert holding.refused(revoke(3, date(2008, 6, 15))) == "date_order"
    assert holding.by(a.CLERK).refused(revoke(3)) == "forbidden"


@pytest.mark.requirement("R23")
def test_the_system_sets_up_only_until_the_province_has_its_head() -> None:
    begun = staffed.by(a.SYSTEM)
    assert events(begun.after(PROPOSE).when(approve(2)))
    boss = some_id("boss")
    stream, subject = streams.USER.of(boss), f"office-{a.PROVINCE}"
    wish = ev.RoleProposed(role="province_head", areas=(a.PROVINCE,), from_day=a.DAY)
    head_given = a.directory(
        happened(stream, ev.AccountOpened(office=a.PROVINCE, name="厅长", login="boss"), subject),
        happened(stream, wish, subject),
        happened(stream, ev.RoleGranted(proposal=some_id(f"{stream}/2")), subject),
    )
    over = replace(begun, directory=head_given)
    assert over.refused(PROPOSE) == "forbidden"
    assert over.refused(OPEN) == "forbidden"
    assert replace(proposed, directory=head_given).by(a.SYSTEM).refused(approve(2)) == "forbidden"
