"""Reveals with a reason, emergency access that ends by itself, and every read on record (X14)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from events.contracts import registry as ev
from events.contracts import streams
from services.registry.access import commands as cmd
from services.registry.person.commands import RecordWishes
from tests.support.scenario import Happened, day_at, events, happened, some_id
from tests.unit.services.registry import facts as a

READ = cmd.RecordRead(person=a.ANNA, page="open", fields=("name",), mode="view")
REVEAL = cmd.RevealFields(person=a.ANNA, fields=("national_id",), reason="identity_check")
OPEN = cmd.OpenEmergencyAccess(person=a.ANNA, reason="本人在外地求助")
elsewhere = a.known.by(a.ELSEWHERE)
NOON = day_at("2008-06-16", 12)


def opened(hours: int, user: str = "elsewhere") -> Happened:
    """State that a user's emergency access ends some hours after the noon of the command."""
    until = NOON + timedelta(hours=hours)
    event = ev.EmergencyAccessOpened(person=a.ANNA, reason="求助", until=until)
    stream, subject = streams.ACCESS.of(a.ANNA), f"person-{a.ANNA}"
    return happened(stream, event, subject, actor=some_id(user))


@pytest.mark.requirement("X14")
def test_every_read_is_an_event_of_the_persons_access_stream() -> None:
    (fact,) = a.known.by(a.SYSTEM).when(READ)
    assert (fact.stream, getattr(fact, "subject", "")) == (
        streams.ACCESS.of(a.ANNA),
        f"person-{a.ANNA}",
    )
    assert a.known.refused(READ) == "forbidden"


@pytest.mark.requirement("X14")
def test_a_reveal_has_a_reason_and_stays_within_the_area() -> None:
    (event,) = events(a.known.when(REVEAL))
    assert event == ev.FieldsRevealed(
        person=a.ANNA, fields=("national_id",), reason="identity_check"
    )
    assert events(a.known.after(REVEAL).when(REVEAL)), "each reveal is a ticket of its own"
    assert elsewhere.refused(REVEAL) == "forbidden"
    assert a.known.by(a.officer("operator", a.PROVINCE)).refused(REVEAL) == "forbidden"


@pytest.mark.requirement("X14")
def test_an_emergency_opens_a_person_of_another_area_for_three_hours() -> None:
    (event,) = events(elsewhere.when(OPEN))
    assert isinstance(event, ev.EmergencyAccessOpened)
    assert event.until == NOON + timedelta(hours=3)
    assert events(elsewhere.after(OPEN).when(REVEAL))
    assert elsewhere.after(OPEN).when(OPEN) == ()
    assert elsewhere.by(a.officer("city_officer", a.CITY)).refused(OPEN) == "forbidden"


@pytest.mark.requirement("X14")
def test_emergency_access_ends_by_itself_and_is_one_users_own() -> None:
    assert events(elsewhere.given(opened(1)).when(REVEAL))
    assert elsewhere.given(opened(0)).refused(REVEAL) == "forbidden"
    assert elsewhere.given(opened(1, "somebody")).refused(REVEAL) == "forbidden"
    assert events(elsewhere.given(opened(0)).when(OPEN)), "it may be opened anew"


@pytest.mark.requirement("X14")
def test_emergency_access_lets_read_and_not_act() -> None:
    wish = RecordWishes(person=a.ANNA, wants_work=True, able_to_work=True, startup_wish=False)
    assert elsewhere.given(opened(1)).refused(wish) == "forbidden"


@pytest.mark.requirement("X15")
def test_restricted_data_is_neither_revealed_nor_opened_in_an_emergency() -> None:
    kept = a.known.given(
        a.on_person(ev.ProcessingRestricted(basis="retention_ended", from_day=a.DAY))
    )
    assert kept.refused(REVEAL) == "processing_restricted"
    assert kept.by(a.ELSEWHERE).refused(OPEN) == "processing_restricted"
