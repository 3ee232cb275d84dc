"""The ledger of households: members, the month's countdown, cleared or left (R14, R87, X7)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from events.contracts import certification as cert
from events.contracts import registry
from projections.ledger.model import HOUSEHOLD, LEDGER
from tests.unit.projections import story
from tests.unit.projections.story import Log

SUBJECT = f"household-{story.HOME}"


def member(person: str, counts_as: registry.CountsAs = "normal") -> registry.Member:
    return registry.Member(person=person, relation=story.BOX, counts_as=counts_as)


def formed() -> registry.HouseholdFormed:
    members = (member(story.ANNA), member(story.BERT, "student"))
    return registry.HouseholdFormed(
        community=story.COMMUNITY, address=story.BOX, members=members, book=story.DOC
    )


def certified() -> cert.HouseholdCertified:
    return cert.HouseholdCertified(
        member=story.ANNA, case=story.CASE, responsible_office=story.COUNTY
    )


def folded(*facts: tuple[Any, str]) -> dict[str, Any]:
    log, row = Log(), None
    for event, day in facts:
        fact = log.add(story.ON_HOME, event, day, subject=SUBJECT)
        assert LEDGER.key(fact) == SUBJECT
        row = LEDGER.fold(row, fact, story.DIRECTORY)
    assert row is not None
    return row


def test_a_members_relation_is_named_by_its_event() -> None:
    row = folded((formed(), "2008-06-02"))
    assert row["members"][1]["relation"] == {"sealed": [1, "members[1].relation"]}


@pytest.mark.requirement("R87")
def test_the_month_ends_on_the_corresponding_day_or_the_months_last() -> None:
    row = folded((formed(), "2008-06-02"), (certified(), "2009-01-31"))
    assert (row["state"], row["due"]) == ("certified", "2009-02-28")


@pytest.mark.requirement("R87")
def test_a_cleared_household_keeps_whether_it_was_in_time() -> None:
    cleared = cert.HouseholdCleared(
        member=story.ANNA, placement=story.some_id("p"), in_time=False, days=40, others=()
    )
    row = folded((formed(), "2008-06-02"), (certified(), "2008-06-20"), (cleared, "2008-07-30"))
    assert (row["state"], row["due"]) == ("cleared", None)
    assert (row["certifications"][0]["in_time"], row["certifications"][0]["days"]) == (False, 40)


def test_a_household_certified_again_keeps_both_certifications() -> None:
    left = cert.HouseholdLeft(reason="moved", facts=(), others=())
    row = folded(
        (formed(), "2008-06-02"),
        (certified(), "2008-06-20"),
        (left, "2008-07-01"),
        (certified(), "2009-03-01"),
    )
    assert [c["on"] for c in row["certifications"]] == ["2008-06-20", "2009-03-01"]
    assert (row["state"], row["due"]) == ("certified", "2009-04-01")


@pytest.mark.requirement("X7")
def test_members_come_and_go() -> None:
    third = story.some_id("third")
    added = registry.MemberAdded(person=third, relation=story.BOX, counts_as="minor")
    gone = registry.MemberLeft(person=story.BERT, reason="marriage")
    status = registry.MemberStatusSet(person=third, counts_as="normal", proof=story.DOC)
    split = registry.HouseholdSplit(leaving=(story.ANNA,), reason="own_household")
    row = folded(
        (formed(), "2008-06-02"),
        (added, "2008-06-03"),
        (gone, "2008-06-04"),
        (status, "2008-06-05"),
        (split, "2008-06-06"),
    )
    assert [(m["person"], m["counts_as"]) for m in row["members"]] == [(third, "normal")]


@pytest.mark.parametrize("type_", sorted(HOUSEHOLD))
def test_every_kind_of_fact_about_a_household_can_be_folded(type_: str) -> None:
    row = folded(
        (formed(), "2008-06-02"),
        (certified(), "2008-06-20"),
        (story.any_event(type_), "2008-07-01"),
    )
    assert len(LEDGER.columns("household", row)) == len(LEDGER.row_tables["household"].columns)
    assert row["seq"] == 3


def test_a_due_day_is_a_date_for_queries() -> None:
    row = folded((formed(), "2008-06-02"), (certified(), "2008-06-20"))
    assert LEDGER.columns("household", row)[5] == date(2008, 7, 20)
