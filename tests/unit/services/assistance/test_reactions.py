"""What assistance does about certification's facts, and that the context is whole."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from events.contracts import assistance as ev
from events.contracts import certification as cert
from events.contracts.base import Event
from events.contracts.classes import unclassified
from services.assistance import CONTEXT, reasons
from services.assistance.file import commands as file
from services.assistance.tracking import reasons as tracking_reasons
from services.kit.decider import Command, Reason
from tests.support.scenario import FakeFacts, Happened, day_at, some_id
from tests.unit.services.assistance.facts import ANNA, CASE, DAY, EXITED, certified, on_case


def caused_by(fact: Happened) -> list[Command]:
    recorded = FakeFacts().add(fact)
    reacts = CONTEXT.reactions.by_event.get(fact.event.type, [])
    return [command for react in reacts for command in react(recorded)]


@pytest.mark.requirement("R3")
def test_a_certification_opens_a_file() -> None:
    (command,) = caused_by(certified("2008-06-02"))

    assert command == file.OpenFile(
        case=CASE, person=ANNA, from_day=date(2008, 6, 2), occurred_at=day_at("2008-06-02")
    )


@pytest.mark.requirement("X11")
def test_an_imported_certification_opens_a_file_from_the_day_of_import() -> None:
    imported = cert.CertificationImported(
        import_id=some_id("import"),
        row=1,
        person=ANNA,
        category="aged_4050",
        office="140105001001",
        case_no="140105-2008-000001",
        imported_on=date(2008, 6, 9),
    )

    (command,) = caused_by(on_case(imported, "2007-05-01"))
    assert command == file.OpenFile(case=CASE, person=ANNA, from_day=date(2008, 6, 9))


ENDS: tuple[Event, ...] = (
    cert.Lapsed(ground="unemployed_again", facts=()),
    cert.CertificationRevoked(proposal=some_id("p"), from_day=DAY),
    EXITED.event,
)


@pytest.mark.requirement("R34")
@pytest.mark.parametrize("end", ENDS)
def test_each_end_of_the_status_closes_the_file(end: Event) -> None:
    fact = on_case(end, "2008-07-01")

    (command,) = caused_by(fact)
    end_id = FakeFacts().add(fact).event_id
    assert command == file.CloseFile(case=CASE, end=end_id, occurred_at=day_at("2008-07-01"))


@pytest.mark.requirement("X3")
def test_only_an_exit_undone_reopens_the_file() -> None:
    undone = (
        cert.ExitReversed(proposal=some_id("p")),
        cert.ReviewDecided(review=some_id("r"), outcome="set_aside", reason="理由", of="exit"),
    )
    for event in undone:
        assert [type(c) for c in caused_by(on_case(event))] == [file.ReopenFile]
    upheld = cert.ReviewDecided(review=some_id("r"), outcome="upheld", reason="理由", of="exit")
    refusal = cert.ReviewDecided(
        review=some_id("r"), outcome="set_aside", reason="理由", of="refusal"
    )
    assert [*caused_by(on_case(upheld)), *caused_by(on_case(refusal))] == []


@pytest.mark.requirement("R83")
def test_every_command_has_titles_in_both_languages_and_a_requirement() -> None:
    for command in CONTEXT.deciders.by_command:
        assert command.type.startswith("assistance.")
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
        for module in (reasons, tracking_reasons)
        for r in vars(module).values()
        if isinstance(r, Reason)
    ]

    assert len({r.code for r in found}) == len(found)
    assert all((r.clause, r.zh, r.en, r.next_zh, r.next_en) for r in found)
    assert all(r.zh.endswith("。") and r.en.endswith(".") for r in found)


def test_every_closed_list_has_words_in_both_languages() -> None:
    for words in (ev.Service, ev.ActivityKind, ev.Attendance, ev.WorkStatus, ev.VisitMode):
        assert set(get_args(words)) <= ev.WORDS.keys()
