"""The household: one book, each person in one household only, each member counted his way."""

from __future__ import annotations

from datetime import date

import pytest

from events.contracts import registry as ev
from events.contracts import streams
from events.contracts.certification import HouseholdCertified
from services.registry.household import commands as cmd
from tests.support.scenario import Scenario, events, happened, releases, some_id, takes
from tests.unit.services.registry import facts as a

CARL = some_id("carl")


def member(person: str, counts_as: ev.CountsAs = "normal") -> ev.Member:
    return ev.Member(person=person, relation="spouse", counts_as=counts_as)


FORM = cmd.FormHousehold(
    community=a.COMMUNITY,
    address="测试路1号",
    members=(member(a.ANNA), member(a.BERTA, "student")),
    book=a.DOC,
)
persons = a.registry.given(
    a.registered(), a.registered(a.BERTA), a.registered(CARL, residence=a.OTHER_COMMUNITY)
)
formed = persons.after(FORM)
HOUSEHOLD = some_id("new/1")


def change(**what: ev.Member | cmd.Leaving | cmd.Counting) -> cmd.ChangeHousehold:
    return cmd.ChangeHousehold.model_validate({"household": HOUSEHOLD, **what})


def leave(person: str) -> cmd.ChangeHousehold:
    return change(leave=cmd.Leaving(person=person, reason="moved_out"))


def count(person: str, counts_as: ev.CountsAs) -> cmd.ChangeHousehold:
    return change(set=cmd.Counting(person=person, counts_as=counts_as, proof=a.DOC))


@pytest.mark.requirement("R14")
def test_a_household_claims_each_of_its_members() -> None:
    outcome = persons.when(FORM)
    (event,) = events(outcome)
    assert isinstance(event, ev.HouseholdFormed)
    assert [m.counts_as for m in event.members] == ["normal", "student"]
    assert takes(outcome) == (f"household-member/{a.ANNA}", f"household-member/{a.BERTA}")


@pytest.mark.requirement("X7")
def test_the_same_household_stands_already() -> None:
    assert formed.when(FORM) == ()


@pytest.mark.requirement("X7")
def test_a_person_is_in_one_household_at_most() -> None:
    other = FORM.model_copy(update={"members": (member(a.ANNA),)})
    assert formed.refused(other) == "in_other_household"


@pytest.mark.requirement("X7")
def test_nobody_is_named_twice() -> None:
    twice = FORM.model_copy(update={"members": (member(a.ANNA), member(a.ANNA, "minor"))})
    assert persons.refused(twice) == "member_twice"


@pytest.mark.requirement("R43")
def test_a_household_is_formed_where_a_member_lives_by_that_community() -> None:
    elsewhere = FORM.model_copy(update={"community": a.OTHER_COMMUNITY})
    assert persons.refused(elsewhere) == "forbidden"
    assert persons.by(a.ELSEWHERE).refused(elsewhere) == "household_elsewhere"


@pytest.mark.requirement("X7")
def test_a_member_is_a_known_person_whose_record_stands() -> None:
    stranger = FORM.model_copy(update={"members": (member(some_id("stranger")),)})
    assert persons.refused(stranger) == "not_found"
    gone = a.on_person(ev.PersonAbsorbed(survivor=CARL, absorbed=a.ANNA, evidence="同一人"))
    assert persons.given(gone).refused(FORM) == "person_absorbed"


@pytest.mark.requirement("X7")
def test_a_member_from_another_community_may_join() -> None:
    outcome = formed.when(change(add=member(CARL, "retired")))
    (event,) = events(outcome)
    assert event == ev.MemberAdded(person=CARL, relation="spouse", counts_as="retired")
    assert takes(outcome) == (f"household-member/{CARL}",)


@pytest.mark.requirement("X7")
def test_who_is_a_member_already_is_not_added_again() -> None:
    assert formed.when(change(add=member(a.ANNA))) == ()
    assert formed.refused(change(add=member(a.ANNA, "retired"))) == "in_other_household"


@pytest.mark.requirement("X7")
def test_who_leaves_is_free_for_another_household() -> None:
    outcome = formed.when(leave(a.BERTA))
    assert events(outcome) == (ev.MemberLeft(person=a.BERTA, reason="moved_out"),)
    assert releases(outcome) == (f"household-member/{a.BERTA}",)
    gone = formed.after(leave(a.BERTA))
    assert gone.when(leave(a.BERTA)) == ()
    assert takes(gone.when(FORM.model_copy(update={"members": (member(a.BERTA),)})))


@pytest.mark.requirement("R14")
def test_how_a_member_counts_is_set_with_proof() -> None:
    (event,) = events(formed.when(count(a.BERTA, "normal")))
    assert event == ev.MemberStatusSet(person=a.BERTA, counts_as="normal", proof=a.DOC)
    assert formed.when(count(a.BERTA, "student")) == ()
    assert formed.refused(count(CARL, "normal")) == "not_a_member"


@pytest.mark.requirement("X7")
def test_exactly_one_thing_changes_at_a_time() -> None:
    assert formed.refused(change()) == "one_change"
    both = change(add=member(CARL), leave=cmd.Leaving(person=a.BERTA, reason="moved_out"))
    assert formed.refused(both) == "one_change"


def on_household(event: ev.HouseholdStreamEvent | HouseholdCertified) -> Scenario:
    stream = streams.HOUSEHOLD.of(HOUSEHOLD)
    return formed.given(happened(stream, event, f"household-{HOUSEHOLD}"))


@pytest.mark.requirement("X7")
def test_an_absorbed_household_takes_no_more_changes() -> None:
    absorbed = on_household(ev.HouseholdAbsorbed(survivor=CARL, absorbed=HOUSEHOLD))
    assert absorbed.refused(leave(a.ANNA)) == "household_absorbed"


@pytest.mark.requirement("X7")
def test_leavers_of_a_split_are_members_no_more() -> None:
    split = on_household(ev.HouseholdSplit(leaving=(a.BERTA,), reason="own_household"))
    assert split.refused(count(a.BERTA, "normal")) == "not_a_member"


@pytest.mark.requirement("R14")
def test_certifications_marks_on_the_stream_change_no_member() -> None:
    certified = HouseholdCertified(member=a.ANNA, case=some_id("case"), responsible_office=a.STREET)
    assert on_household(certified).when(count(a.BERTA, "student")) == ()


@pytest.mark.requirement("R43")
def test_another_community_changes_nothing() -> None:
    assert formed.by(a.ELSEWHERE).refused(leave(a.ANNA)) == "forbidden"


def test_a_household_formed_later_keeps_its_day() -> None:
    assert formed.facts[-1].day == str(date(2008, 6, 16))
