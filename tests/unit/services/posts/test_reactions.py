"""What posts does about other contexts' facts, and that the context is whole."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from events.contracts import assistance
from events.contracts import certification as cert
from events.contracts import posts as ev
from events.contracts.base import Event
from events.contracts.classes import unclassified
from events.rules.time import day_start, shanghai_day
from services.kit.decider import Command, Reason
from services.posts import CONTEXT, reasons
from services.posts.offer import reasons as offer_reasons
from services.posts.offer.commands import WithdrawOffer
from services.posts.work.commands import EndEmployment, PlaceInJob
from tests.support.scenario import FakeFacts, Happened, day_at, events, some_id
from tests.unit.services.assistance.facts import (
    ANNA,
    CASE,
    DAY,
    DOC,
    EXITED,
    ON_JOB,
    SYSTEM,
    on_case,
    on_file,
)
from tests.unit.services.posts.facts import given


def caused_by(fact: Happened) -> list[Command]:
    recorded = FakeFacts().add(fact)
    reacts = CONTEXT.reactions.by_event.get(fact.event.type, [])
    return [command for react in reacts for command in react(recorded)]


ENDS: tuple[Event, ...] = (
    cert.Lapsed(ground="unemployed_again", facts=()),
    cert.CertificationRevoked(proposal=some_id("p"), from_day=DAY),
    EXITED.event,
)


@pytest.mark.requirement("R34")
@pytest.mark.parametrize("end", ENDS)
def test_each_end_of_the_status_withdraws_the_open_offers(end: Event) -> None:
    assert caused_by(on_case(end, "2008-07-01")) == [
        WithdrawOffer(person=ANNA, reason="status_ended", occurred_at=day_at("2008-07-01"))
    ]


def visit(found: ev.FoundChange | None) -> Happened:
    event = assistance.FollowUpDone(
        mode="visit", status="employed", on_job=ON_JOB, found=found, needs=(), month="2008-06"
    )
    return on_file(event, "2008-06-16")


@pytest.mark.requirement("R90")
def test_a_visit_that_found_work_creates_the_employment_on_its_day() -> None:
    found = ev.FoundPlacement(
        day=date(2008, 6, 5),
        channel="flexible",
        flexible_kind="part_time",
        proof=DOC,
        wage=80_000,
        work_division="140105",
    )

    (command,) = caused_by(visit(ev.FoundChange(place=found)))
    assert isinstance(command, PlaceInJob)
    assert (command.person, command.case, command.wage) == (ANNA, CASE, 80_000)
    assert command.occurred_at == day_start(date(2008, 6, 5))
    assert shanghai_day(command.occurred_at) == date(2008, 6, 5)
    (event,) = events(given.by(SYSTEM).when(command, "2008-06-05", today="2008-06-16"))
    assert isinstance(event, ev.PlacedInJob)


@pytest.mark.requirement("R90")
def test_a_visit_that_found_an_end_ends_the_employment_on_its_day() -> None:
    found = ev.FoundEnd(day=date(2008, 6, 12), reason="dismissed", then="unemployed")

    assert caused_by(visit(ev.FoundChange(end=found))) == [
        EndEmployment(
            person=ANNA,
            reason="dismissed",
            then="unemployed",
            occurred_at=day_start(date(2008, 6, 12)),
        )
    ]


@pytest.mark.requirement("R90")
def test_a_visit_that_found_nothing_causes_nothing() -> None:
    assert caused_by(visit(None)) == []


def test_what_a_visit_can_find_is_what_a_placement_says() -> None:
    own = set(PlaceInJob.model_fields) - set(Command.model_fields) - {"person"}

    assert own | {"day"} == set(ev.FoundPlacement.model_fields)
    end = set(EndEmployment.model_fields) - set(Command.model_fields) - {"person"}
    assert end | {"day"} == set(ev.FoundEnd.model_fields)


def test_every_command_has_titles_in_both_languages_and_a_requirement() -> None:
    for command in CONTEXT.deciders.by_command:
        assert command.type.startswith("posts.")
        assert command.zh
        assert command.en
        assert command.requirements
        for name, info in command.model_fields.items():
            assert info.title, f"{command.type}.{name}"
            assert info.description, f"{command.type}.{name}"
        assert unclassified(command) == ()


def test_every_refusal_says_why_and_what_next_in_both_languages() -> None:
    found = [
        r
        for module in (reasons, offer_reasons)
        for r in vars(module).values()
        if isinstance(r, Reason)
    ]

    assert len({r.code for r in found}) == len(found)
    assert all((r.clause, r.zh, r.en, r.next_zh, r.next_en) for r in found)
    assert all(r.zh.endswith("。") and r.en.endswith(".") for r in found)


def test_every_closed_list_has_words_in_both_languages() -> None:
    lists = (
        ev.EmployerKind, ev.PostType, ev.HostType, ev.CloseReason, ev.OfferSource, ev.OfferMode,
        ev.Judgement, ev.Channel, ev.FlexibleKind, ev.Then, ev.ConfirmedBy, ev.EmploymentField,
    )  # fmt: skip
    for words in lists:
        assert set(get_args(words)) <= ev.WORDS.keys()
