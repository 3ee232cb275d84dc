"""Restriction first, destruction at the end: two hands, a cooling-off, nothing open (A14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from json import dumps

import pytest

from events.contracts import posts, streams
from events.contracts import registry as ev
from events.rules.directory import Setting
from services.kit.decider import Command
from services.registry.household import commands as household
from services.registry.person import commands as cmd
from tests.support.examples import example
from tests.support.scenario import Scenario, events, happened, some_id
from tests.unit.services.registry import facts as a

COUNTY_HEAD = a.officer("county_head", a.COUNTY)
CITY_HEAD = a.officer("city_head", a.CITY)
RESTRICT = cmd.RestrictProcessing(person=a.ANNA, basis="objection", from_day=date(2008, 6, 16))
PROPOSE = cmd.ProposeShredding(person=a.ANNA, basis="retention_ended", document=a.DOC)
OBJECTED = PROPOSE.model_copy(update={"basis": "objection"})
PROPOSAL = some_id(f"person-{a.ANNA}/2")
APPROVE = cmd.ApproveShredding(person=a.ANNA, proposal=PROPOSAL)
KEPT_AS_LONG = a.known.by(COUNTY_HEAD)
"""The person under the retention that the rule set names."""
_AT_ONCE = Setting("registry.retention_months", "14", 0, date(2008, 1, 1), None, some_id("set"))
known = replace(
    KEPT_AS_LONG,
    directory=replace(a.known.directory, settings={"registry.retention_months": (_AT_ONCE,)}),
)
"""The person where the province let retention end with the last matter."""
proposed = known.after(PROPOSE).by(CITY_HEAD)
PASSED = "2008-07-16"

ABOUT_ANNA: tuple[Command, ...] = (
    cmd.RecordPersonChange(person=a.ANNA, fact="address", value="测试路2号"),
    cmd.RecordUnemploymentRegistration(person=a.ANNA, last_ownership="state", proof=(a.DOC,)),
    cmd.CancelUnemploymentRegistration(person=a.ANNA, ground="other"),
    cmd.RecordDibao(person=a.ANNA, from_day=a.DAY, certificate=a.DOC),
    cmd.EndDibao(person=a.ANNA, proof=a.DOC),
    cmd.RecordWishes(person=a.ANNA, wants_work=True, able_to_work=True, startup_wish=False),
    cmd.RecordConditionLost(person=a.ANNA, condition="army", proof=a.DOC),
)


def employed() -> Scenario:
    job = posts.PlacedInJob.model_validate_json(dumps(example(posts.PlacedInJob)))
    return known.given(happened(streams.EMPLOYMENT.of(a.ANNA), job, f"person-{a.ANNA}"))


@pytest.mark.requirement("X15")
def test_the_county_head_restricts_processing_once() -> None:
    assert events(known.when(RESTRICT)) == (
        ev.ProcessingRestricted(basis="objection", from_day=date(2008, 6, 16)),
    )
    assert known.after(RESTRICT).when(RESTRICT) == ()
    assert a.known.refused(RESTRICT) == "forbidden"
    later = RESTRICT.model_copy(update={"from_day": date(2008, 6, 17)})
    assert known.refused(later) == "date_order"


@pytest.mark.requirement("X15")
@pytest.mark.parametrize("command", ABOUT_ANNA, ids=lambda c: c.type)
def test_no_other_command_about_a_restricted_person_is_taken(command: Command) -> None:
    restricted = known.after(RESTRICT).by(a.CLERK)
    assert restricted.refused(command) == "processing_restricted"


@pytest.mark.requirement("X15")
def test_a_restricted_member_of_a_household_is_left_as_recorded() -> None:
    member = ev.Member(person=a.ANNA, relation="head_of_household", counts_as="normal")
    formed = ev.HouseholdFormed(
        community=a.COMMUNITY, address="测试路1号", members=(member,), book=a.DOC
    )
    own = some_id("household")
    home = known.after(RESTRICT).by(a.CLERK).given(happened(streams.HOUSEHOLD.of(own), formed))
    counting = household.Counting(person=a.ANNA, counts_as="retired", proof=a.DOC)
    leaving = household.Leaving(person=a.ANNA, reason="moved_out")
    for change in ({"set": counting}, {"leave": leaving}):
        command = household.ChangeHousehold(household=own).model_copy(update=change)
        assert home.refused(command) == "processing_restricted"


@pytest.mark.requirement("X15")
def test_destruction_is_proposed_when_nothing_is_open_any_more() -> None:
    assert events(known.when(PROPOSE)) == (
        ev.ShreddingProposed(basis="retention_ended", document=a.DOC),
    )
    assert known.after(PROPOSE).when(PROPOSE) == ()
    case = streams.CERTIFICATION.of(some_id("case"))
    certified = known.given(claims={f"open-certification/{a.ANNA}": case})
    offered = known.given(claims={f"open-offer/{a.ANNA}/x": streams.OFFER.of(some_id("offer"))})
    for scene in (certified, offered, employed()):
        assert scene.refused(PROPOSE) == "retention_runs"


@pytest.mark.requirement("X15")
def test_retention_runs_for_its_months_after_the_last_fact() -> None:
    assert KEPT_AS_LONG.refused(PROPOSE) == "retention_until"
    wish = cmd.RecordWishes(person=a.ANNA, wants_work=True, able_to_work=True, startup_wish=False)
    later = KEPT_AS_LONG.by(a.CLERK).after(wish, "2009-03-10").by(COUNTY_HEAD)
    assert later.refused(PROPOSE, "2012-03-09") == "retention_until"
    assert events(later.when(PROPOSE, "2012-03-10"))
    assert events(later.after(RESTRICT, "2012-03-10").when(PROPOSE, "2012-03-10")), (
        "a restriction prolongs nothing"
    )


@pytest.mark.requirement("X15")
def test_on_another_ground_processing_is_restricted_first() -> None:
    assert known.refused(OBJECTED) == "restrict_first"
    assert events(known.after(RESTRICT).when(OBJECTED))


@pytest.mark.requirement("X15")
def test_the_city_head_approves_after_the_cooling_off_and_not_a_day_before() -> None:
    assert proposed.refused(APPROVE, "2008-07-15") == "cooling_off"
    assert events(proposed.when(APPROVE, PASSED)) == (ev.SubjectShredded(proposal=PROPOSAL),)
    assert proposed.after(APPROVE, PASSED).when(APPROVE, PASSED) == ()


@pytest.mark.requirement("X15")
def test_a_day_in_the_past_does_not_shorten_the_cooling_off() -> None:
    assert proposed.refused(APPROVE, "2008-07-16", today="2008-07-15") == "cooling_off"


@pytest.mark.requirement("X15")
def test_another_hand_approves_what_was_proposed_last() -> None:
    same = replace(CITY_HEAD, user=COUNTY_HEAD.user)
    assert proposed.by(same).refused(APPROVE, PASSED) == "same_person"
    deputy = replace(CITY_HEAD, on_behalf_of=COUNTY_HEAD.user)
    assert proposed.by(deputy).refused(APPROVE, PASSED) == "same_person"
    assert proposed.by(COUNTY_HEAD).refused(APPROVE, PASSED) == "forbidden"
    unknown = APPROVE.model_copy(update={"proposal": some_id("other")})
    assert proposed.refused(unknown, PASSED) == "no_shredding_proposed"


@pytest.mark.requirement("X15")
def test_what_was_opened_during_the_cooling_off_stops_the_destruction() -> None:
    case = streams.CERTIFICATION.of(some_id("case"))
    reopened = proposed.given(claims={f"open-certification/{a.ANNA}": case})
    assert reopened.refused(APPROVE, PASSED) == "retention_runs"


@pytest.mark.requirement("X15")
def test_after_destruction_nothing_is_taken_any_more() -> None:
    gone = proposed.after(APPROVE, PASSED)
    for command in ABOUT_ANNA:
        assert gone.by(a.CLERK).refused(command, PASSED) == "person_shredded"
    assert gone.by(COUNTY_HEAD).refused(RESTRICT, PASSED) == "person_shredded"
