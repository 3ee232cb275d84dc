"""Laws of replay over random lives with late reports and corrections in them (I15, R41)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.contracts import registry, streams
from events.contracts.base import Recorded, ident
from projections.cube.figures import Period
from projections.cube.metrics import METRICS
from projections.replay.answering import Answer, canonical
from projections.replay.asking import Figured
from tests.support.kept import replay_of
from tests.unit.projections import story
from tests.unit.projections.lives import a_town
from tests.unit.projections.people import People, Told, read
from tests.unit.projections.story import COUNTY, DOC, NEXT_DOOR, some_id

SEEDS = st.integers(0, 10_000)
FIRST, LAST = date(2008, 6, 1), date(2009, 12, 31)
CODES = ("M1", "M5", "M9", "R4")


def everything(facts: Sequence[Recorded[Any]], known: int) -> list[bytes]:
    """Answer every person and some figures as known at a seq."""
    subjects = sorted({f.subject for f in facts if f.subject.startswith("person-")})

    async def asked() -> list[Answer]:
        replay = replay_of(facts)
        persons = [await replay.person(ident(s), None, str(known)) for s in subjects]
        figures = [
            await replay.figure(Figured.of(code, COUNTY, FIRST, LAST), str(known)) for code in CODES
        ]
        return [*persons, *figures]

    return [canonical(a) for a in asyncio.run(asked())]


@pytest.mark.requirement("R41", "X2")
@settings(max_examples=8, deadline=None)
@given(SEEDS, st.floats(0.3, 1))
def test_what_was_known_at_a_seq_is_answered_alike_whatever_came_later(
    seed: int, share: float
) -> None:
    facts = a_town(seed, 4).log.facts
    known = max(int(len(facts) * share), 40)
    then = facts[:known]
    whole = [f for f in facts if f.seq <= known or f.subject in {t.subject for t in then}]
    assert len(whole) >= len(then)
    assert everything(then, known) == everything(_renumbered(whole), known)


def _renumbered(facts: Sequence[Recorded[Any]]) -> list[Recorded[Any]]:
    """Keep the facts up to a point as they are; later ones follow without a gap."""
    return [replace(f, seq=n) for n, f in enumerate(facts, 1)]


@pytest.mark.requirement("R54", "X2")
@settings(max_examples=6, deadline=None)
@given(SEEDS)
def test_every_figure_folded_slice_by_slice_is_the_sum_of_the_cubes_cells(seed: int) -> None:
    people = a_town(seed, 4)
    cells, head = Told(people).cells, len(people.log.facts)

    async def folded() -> dict[str, Answer]:
        replay = replay_of(people.log.facts)
        return {
            code: (await replay.figure(Figured.of(code, COUNTY, FIRST, LAST), str(head)))["answer"]
            for code in METRICS
        }

    found = asyncio.run(folded())
    for code in METRICS:
        kept = read(cells, code, "140105", Period(FIRST, LAST))
        parts = {p["part"]: p["value"] for p in found[code]["parts"]}
        assert parts == dict(kept.parts), code
        assert {d["days"]: d["count"] for d in found[code]["days"]} == dict(kept.days)


@pytest.mark.requirement("R41", "X19")
def test_an_office_that_gets_another_code_later_changes_no_earlier_answer() -> None:
    people = People()
    people.register("anna", NEXT_DOOR)
    known, whole = len(people.log.facts), people.log
    before = everything(whole.facts, known)
    recoded = registry.OfficeRecoded(code="140105001009", from_day=date(2009, 1, 1), document=DOC)
    office = streams.OFFICE.of(NEXT_DOOR)
    whole.add(office, recoded, "2009-01-01", subject=f"office-{NEXT_DOOR}")
    assert everything(whole.facts, known) == before


@pytest.mark.requirement("R41", "X2")
def test_a_correction_shows_from_its_own_seq_on_and_a_difference_names_it() -> None:
    people = People()
    people.register("anna")
    people.certify("anna", "2008-06-20")
    people.report("anna", "2008-09-01")
    report = people.log.facts[-1]
    known = len(people.log.facts)
    before = everything(people.log.facts, known)
    people.correct("anna", report, "2008-09-10", known="2008-10-01")
    assert everything(people.log.facts, known) == before

    async def asked() -> Answer:
        replay = replay_of(people.log.facts)
        return await replay.person_diff(some_id("anna"), None, (str(known), ""))

    found = asyncio.run(asked())["answer"]
    reports = next(c for c in found["changes"] if c["place"] == "cells.reports")
    (correction,) = [e["seq"] for e in found["events"] if "corrected" in e["type"]]
    assert reports["events"] == [correction]
    assert ("2008-09-01" in str(reports["before"]), "2008-09-10" in str(reports["after"])) == (
        True,
        True,
    )


@pytest.mark.requirement("X18", "R41")
def test_a_newer_calendar_moves_an_open_day_from_its_own_seq_on_and_a_difference_names_it() -> None:
    whole = story.certified_person()
    known = len(whole.facts)
    before = everything(whole.facts, known)
    off = registry.CalendarSet(
        year=2008, holidays=(date(2008, 9, 22),), make_up_workdays=(), notice=DOC
    )
    stream = streams.CALENDAR.of(some_id("2008"))
    set_ = whole.add(stream, off, "2008-07-01", subject=f"office-{story.PROVINCE}")
    assert everything(whole.facts, known) == before

    async def asked() -> tuple[list[Answer], Answer]:
        replay = replay_of(whole.facts)
        answers = [await replay.person(story.ANNA, None, str(at)) for at in (known, set_.seq)]
        return answers, await replay.person_diff(story.ANNA, None, (str(known), ""))

    (then, now), found = asyncio.run(asked())
    due = [answer["answer"]["report_due"] for answer in (then, now)]
    assert due == ["2008-09-22", "2008-09-23"]
    (moved,) = found["answer"]["changes"]
    assert (moved["place"], moved["events"]) == ("report_due", [set_.seq])


GOLDEN = Path(__file__).with_name("replayed.ndjson")


@pytest.mark.requirement("R54", "R41")
def test_a_fixed_history_is_answered_by_the_same_bytes_as_ever() -> None:
    """Written once by this code; an answer that differs needs a version of its read model."""
    facts = story.certified_person().facts
    known = str(len(facts))

    async def asked() -> list[Answer]:
        replay = replay_of(facts)
        figures = [Figured.of(code, COUNTY, FIRST, LAST) for code in METRICS]
        return [
            await replay.person(story.ANNA, None, known),
            await replay.person(story.ANNA, date(2008, 6, 18), known),
            *[await replay.figure(figure, known) for figure in figures],
        ]

    lines = [canonical(answer) for answer in asyncio.run(asked())]
    assert lines == GOLDEN.read_bytes().splitlines()
