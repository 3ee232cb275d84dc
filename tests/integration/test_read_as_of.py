"""Queries as of a day and a point of knowledge; those of the present alone say so (R41)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from events.contracts.certification import PersonCertified
from projections.api.app import QUERIES
from tests.support.reading import Reader, filled, reader
from tests.support.servers import Databases
from tests.unit.projections import story

pytestmark = pytest.mark.postgres
AS_OF = {"person", "household"}
DAY_ENDS = {"figures", "figure", "figure_cases", "figure_events"}
IDS = {"{id}": story.ANNA, "{metric}": "M1", "{seq}": "1", "{number}": "R41",
       "{name}": "employers"}  # fmt: skip


@pytest.fixture
async def read(database: Databases, tmp_path: Path) -> AsyncIterator[Reader]:
    async with reader(await database(filled), tmp_path) as made:
        yield made


def address(path: str) -> str:
    path = path.replace("/offices/{id}", f"/offices/{story.COUNTY}")
    for name, value in IDS.items():
        path = path.replace(name, value)
    return path.replace("/households/" + story.ANNA, "/households/" + story.HOME)


@pytest.mark.requirement("R41")
async def test_a_query_that_answers_the_present_alone_says_so_and_where_the_past_is(
    read: Reader,
) -> None:
    plain = [q for q in QUERIES if not {"known", "valid"} & {p.name for p in q.params}]
    assert {q.name for q in QUERIES if q not in plain} == AS_OF | DAY_ENDS | {"person_events"}
    for query in plain:
        for word in ("known", "valid"):
            refused = await read.get("county", address(query.path), **{word: "2008-06-19"})
            found = refused.json()
            assert (refused.status_code, found["code"]) == (400, "not_as_of"), query.path
            assert word in found["zh"]
            assert "bangfu audit replay" in found["next_en"]


@pytest.mark.requirement("R41")
async def test_a_figure_names_the_verb_that_knows_more_than_the_ends_of_days(read: Reader) -> None:
    for known in ("12", "2008-06-19T10:00:00+08:00"):
        refused = await read.get("county", "/api/figures/M1", known=known)
        assert (refused.status_code, refused.json()["code"]) == (400, "known_is_a_day")
        assert "--figure" in refused.json()["next_en"]


@pytest.mark.requirement("R41")
async def test_a_household_is_as_it_was_with_its_members_as_they_were(read: Reader) -> None:
    path = f"/api/households/{story.HOME}"
    now = await read.ok("county", path)
    formed = now["seq"]
    then = await read.ok("county", path, known=formed)
    assert then["known"]["seq"] == formed
    assert [p["person"] for p in then["persons"]] == [story.ANNA]
    assert then["persons"][0]["seq"] <= formed
    early = await read.get("county", path, known=formed - 1)
    assert (early.status_code, early.json()["code"]) == (404, "not_found")


@pytest.mark.requirement("R41", "X20")
async def test_a_timeline_holds_what_was_known_then_and_no_more(read: Reader) -> None:
    path = f"/api/persons/{story.ANNA}/events"
    whole = (await read.ok("county", path, limit=200))["items"]
    middle = whole[len(whole) // 2]["seq"]
    then = await read.ok("county", path, limit=200, known=middle)
    assert [e["seq"] for e in then["items"]] == [e["seq"] for e in whole if e["seq"] <= middle]
    assert then["known"]["seq"] == middle


@pytest.mark.requirement("R41")
async def test_a_person_is_as_known_at_a_seq_a_day_or_an_instant(read: Reader) -> None:
    path = f"/api/persons/{story.ANNA}"
    by_day = await read.ok("county", path, known="2008-06-19")
    by_instant = await read.ok("county", path, known="2008-06-19T23:59:59.999999+08:00")
    by_seq = await read.ok("county", path, known=by_day["known"]["seq"])
    assert by_day == by_instant == by_seq
    certified = next(f.seq for f in read.log.facts if f.type == PersonCertified.type)
    before = await read.ok("county", path, known=certified - 1)
    assert (before["state"], before["certified_on"]) != (by_day["state"], by_day["certified_on"])
    assert before["certified_on"] is None
    wrong = await read.get("county", path, known="2008-06-19T25:00:00+08:00")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "malformed")
