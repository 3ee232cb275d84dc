"""Deputies, leave, leaders, and the handing over before an account closes (X10, R23, R107)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from events.contracts import registry as ev
from events.contracts import streams
from services.registry.account import commands as cmd
from services.registry.office.commands import NameLeader
from tests.support.scenario import Happened, Scenario, events, happened, some_id
from tests.unit.services.registry import facts as a

FROM, UNTIL = date(2008, 7, 1), date(2008, 7, 31)
WANG, LI, FAR = some_id("wang"), some_id("li"), some_id("far")


def account(user: str, office: str, *roles: str, area: str = "") -> tuple[Happened, ...]:
    """State that an account is open and holds roles."""
    stream, subject = streams.USER.of(user), f"office-{office}"
    opened = ev.AccountOpened(office=office, name="王", login=user)
    facts = [happened(stream, opened, subject)]
    for role in roles:
        wish = ev.RoleProposed(role=role, areas=(area or office,), from_day=a.DAY)
        named = some_id(f"{user}/{role}")
        facts.append(happened(stream, wish, subject, event_id=named))
        grant = some_id(f"{user}/{role}/granted")
        facts.append(happened(stream, ev.RoleGranted(proposal=named), subject, event_id=grant))
    return tuple(facts)


def scene(*facts: Happened) -> Scenario:
    """Put facts before decisions and into the directory alike."""
    return replace(a.registry.given(*facts), directory=a.directory(*facts))


STAFF = (
    *account(WANG, a.COUNTY, "county_certifier"),
    *account(LI, a.COUNTY),
    *account(FAR, a.STREET, "street_officer"),
)
HEAD = a.officer("county_head", a.COUNTY)
staffed = scene(*STAFF).by(HEAD)
DELEGATE = cmd.Delegate(
    user=WANG,
    deputy=LI,
    scope=("county_certifier",),
    from_day=FROM,
    until=UNTIL,
    reason="leave",
)
GIVEN = happened(
    streams.USER.of(WANG),
    ev.DelegationGranted(
        deputy=LI, scope=("county_certifier",), from_day=FROM, until=UNTIL, reason="leave"
    ),
    f"office-{a.COUNTY}",
    event_id=some_id("given"),
)
END = cmd.EndDelegation(user=WANG, delegation=some_id("given"))
lent = scene(*STAFF, GIVEN).by(HEAD)
LEAVE = cmd.RecordLeave(user=WANG, from_day=FROM, until=UNTIL, deputy=LI)
LEAD = NameLeader(office=a.COUNTY, leader=WANG, post="局长", from_day=FROM)


def but(**more: object) -> cmd.Delegate:
    return DELEGATE.model_copy(update=more)


@pytest.mark.requirement("X10")
def test_the_head_delegates_an_officers_role_with_scope_and_dates() -> None:
    (event,) = events(staffed.when(DELEGATE))
    assert event == GIVEN.event
    assert staffed.after(DELEGATE).when(DELEGATE) == ()


@pytest.mark.requirement("X10")
def test_a_delegation_stays_in_its_office_and_goes_to_somebody_else() -> None:
    assert staffed.refused(but(deputy=FAR)) == "other_office"
    assert staffed.refused(but(deputy=WANG)) == "own_deputy"
    assert staffed.by(a.officer("city_head", a.CITY)).refused(DELEGATE) == "forbidden"
    assert staffed.by(replace(HEAD, on_behalf_of=some_id("boss"))).refused(DELEGATE) == "forbidden"
    closed = happened(streams.USER.of(LI), ev.AccountClosed(from_day=FROM), f"office-{a.COUNTY}")
    assert staffed.given(closed).refused(DELEGATE) == "other_office"


@pytest.mark.requirement("X10")
def test_only_what_the_giver_holds_through_the_whole_term_is_delegated() -> None:
    assert staffed.refused(but(scope=("county_head",))) == "role_not_held"
    assert staffed.refused(but(until=date(2008, 6, 30))) == "date_order"
    ends = cmd.RevokeRole(
        user=WANG,
        grant=some_id(f"{WANG}/county_certifier/granted"),
        from_day=UNTIL,
        reason="job_changed",
    )
    assert staffed.after(ends).refused(DELEGATE) == "role_not_held"


@pytest.mark.requirement("X10")
def test_one_giver_has_one_delegation_to_a_deputy_at_a_time() -> None:
    later = but(from_day=UNTIL, until=date(2008, 8, 31))
    assert lent.refused(later) == "delegation_overlaps"
    assert events(lent.when(but(from_day=date(2008, 8, 1), until=date(2008, 8, 31))))
    assert events(lent.after(END).when(later))


@pytest.mark.requirement("R23")
def test_a_deputy_with_a_role_of_the_other_level_is_refused() -> None:
    other = account(LI, a.COUNTY, "street_signer", area=a.STREET)
    assert scene(*STAFF, *other[1:]).by(HEAD).refused(DELEGATE) == "delegation_excludes"


@pytest.mark.requirement("R23")
def test_a_deputy_takes_no_role_of_the_other_level_while_he_acts() -> None:
    moved = happened(
        streams.USER.of(LI),
        ev.AccountOpened(office=a.STREET, name="李", login="li"),
        f"office-{a.STREET}",
    )
    wish = cmd.ProposeRole(user=LI, role="street_signer", areas=(a.STREET,), from_day=FROM)
    signing = lent.given(moved).by(a.officer("street_signer", a.STREET, "boss"))
    assert signing.refused(wish) == "roles_exclude"
    assert events(signing.when(wish.model_copy(update={"from_day": date(2008, 8, 1)})))


@pytest.mark.requirement("X10")
def test_the_giver_or_the_head_ends_a_delegation_once() -> None:
    giver = a.officer("county_certifier", a.COUNTY, "wang")
    for hand in (HEAD, giver):
        assert events(lent.by(hand).when(END)) == (ev.DelegationEnded(delegation=END.delegation),)
    assert lent.after(END).when(END) == ()
    assert lent.by(a.officer("county_reviewer", a.COUNTY)).refused(END) == "forbidden"
    assert lent.by(a.officer("city_head", a.CITY)).refused(END) == "forbidden"
    unknown = END.model_copy(update={"delegation": some_id("nothing")})
    assert lent.refused(unknown) == "not_found"


@pytest.mark.requirement("X10")
def test_the_officer_or_the_head_records_a_leave_once() -> None:
    own = replace(a.officer("county_certifier", a.COUNTY, "wang"), areas=("140105001",))
    for hand in (HEAD, own):
        (event,) = events(staffed.by(hand).when(LEAVE))
        assert event == ev.LeaveRecorded(from_day=FROM, until=UNTIL, deputy=LI)
    assert staffed.after(LEAVE).when(LEAVE) == ()
    assert staffed.by(a.officer("county_reviewer", a.COUNTY)).refused(LEAVE) == "forbidden"
    assert staffed.refused(LEAVE.model_copy(update={"deputy": FAR})) == "other_office"
    assert staffed.refused(LEAVE.model_copy(update={"until": a.DAY})) == "date_order"


@pytest.mark.requirement("R107")
def test_an_office_names_its_leader_and_the_next_one_follows() -> None:
    assert events(staffed.when(LEAD)) == (ev.LeaderNamed(leader=WANG, post="局长", from_day=FROM),)
    named = staffed.after(LEAD)
    assert named.when(LEAD) == ()
    assert events(named.when(LEAD.model_copy(update={"leader": LI, "from_day": UNTIL})))
    assert named.refused(LEAD.model_copy(update={"leader": LI, "from_day": a.DAY})) == "date_order"
    assert events(staffed.by(a.officer("city_head", a.CITY)).when(LEAD))


@pytest.mark.requirement("R107")
def test_a_leader_is_of_the_office_and_named_by_its_head_or_the_one_above() -> None:
    assert staffed.refused(LEAD.model_copy(update={"leader": FAR})) == "other_office"
    assert staffed.refused(LEAD.model_copy(update={"until": a.DAY})) == "date_order"
    assert staffed.by(a.officer("province_head", a.PROVINCE)).refused(LEAD) == "forbidden"
    assert staffed.by(a.officer("county_reviewer", a.COUNTY)).refused(LEAD) == "forbidden"


@pytest.mark.requirement("X10")
def test_an_account_closes_only_after_its_duties_were_handed_over() -> None:
    operator = a.officer("operator", a.PROVINCE)
    close = cmd.CloseAccount(user=LI, from_day=UNTIL)
    later = close.model_copy(update={"from_day": date(2008, 8, 1)})
    assert lent.by(operator).refused(close) == "not_handed_over"
    assert events(lent.by(operator).when(later))
    leads = happened(streams.OFFICE.of(a.COUNTY), events(staffed.when(LEAD))[0])
    leading = scene(*STAFF, leads).by(operator)
    assert leading.refused(cmd.CloseAccount(user=WANG, from_day=UNTIL)) == "not_handed_over"
