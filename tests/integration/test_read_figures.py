"""Figures and task lists over HTTP: number, cases, events, clause; only of one's own area."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from projections.cube.metrics import METRICS
from tests.support.reading import Reader, filled, reader
from tests.support.servers import Databases
from tests.unit.projections import story

pytestmark = pytest.mark.postgres


@pytest.fixture
async def read(database: Databases, tmp_path: Path) -> AsyncIterator[Reader]:
    async with reader(await database(filled), tmp_path) as made:
        yield made


@pytest.mark.requirement("R43")
async def test_a_figure_of_another_area_is_refused_at_every_depth(read: Reader) -> None:
    paths = ("", "/M1", "/M1/cases", f"/M1/cases/{story.ANNA}/events")
    for path in paths:
        refused = await read.get("other street", f"/api/figures{path}", office=story.STREET)
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
        await read.ok("street", f"/api/figures{path}", office=story.STREET)
    duties = await read.get("other street", "/api/obligations", office=story.STREET)
    assert duties.status_code == 403


@pytest.mark.requirement("R54")
async def test_a_figure_is_the_sum_of_those_beneath_it(read: Reader) -> None:
    county = await read.ok("county", "/api/figures/M1")
    assert county["value"] == 1
    assert sum(c["value"] for c in county["children"]) == county["value"]
    assert {c["office"] for c in county["children"]} == {story.STREET, story.OTHER_STREET}
    parts = {p["part"]: p["value"] for p in county["parts"]}
    assert (parts["opening"], parts["certified"], parts["closing"]) == (0, 1, 1)


async def test_every_figure_opens_down_to_events_and_the_clause(read: Reader) -> None:
    cases = await read.ok("county", "/api/figures/M1/cases", part="certified")
    (one,) = cases["items"]
    assert (one["id"], cases["total"], cases["sum"]) == (story.ANNA, 1, 1)
    opened = await read.ok("county", f"/api/figures/M1/cases/{story.ANNA}/events", part="certified")
    assert [e["seq"] for e in opened["items"]] == one["events"]
    assert "certification.person_certified.v1" in {e["type"] for e in opened["items"]}
    assert opened["clause"].startswith("意见")


async def test_a_figure_is_as_it_was_known_on_a_day(read: Reader) -> None:
    before = await read.ok("county", "/api/figures/M1", known="2008-06-19")
    assert before["value"] == 0
    earlier = await read.ok("county", "/api/figures/M1", to="2008-06-19")
    assert (earlier["value"], earlier["valid"]) == (0, "2008-06-19")


async def test_all_figures_and_their_definitions_are_there(read: Reader) -> None:
    figures = await read.ok("street", "/api/figures")
    assert [f["metric"] for f in figures["items"]] == list(METRICS)
    metrics = await read.ok("tax", "/api/metrics")
    assert all(m["definition_zh"] and m["definition_en"] and m["clause"] for m in metrics["items"])


async def test_an_unknown_metric_part_or_case_is_not_found(read: Reader) -> None:
    for path in ("M99", "M1/cases?part=nothing", f"M1/cases/{story.BERT}/events"):
        response = await read.get("county", f"/api/figures/{path}")
        assert (response.status_code, response.json()["code"]) == (404, "not_found"), path
    wrong = await read.get("county", "/api/figures/M1?from=2008-07-01&to=2008-06-01")
    assert wrong.status_code == 400


async def test_a_queues_count_is_the_number_of_rows_under_its_link(read: Reader) -> None:
    answer = await read.ok("street", "/api/obligations", office=story.STREET)
    assert answer["items"]
    for queue in answer["counts"]:
        rows = await read.ok("street", f"{queue['query']}&limit=200")
        assert len(rows["items"]) == queue["count"], queue


async def test_duties_come_by_last_day_page_by_page_with_their_clause(read: Reader) -> None:
    whole = (await read.ok("county", "/api/obligations", limit=200))["items"]
    assert [d["due"] for d in whole] == sorted(d["due"] for d in whole)
    assert all(d["clause"] and d["zh"] and d["en"] for d in whole)
    seen, cursor = list[str](), ""
    while True:
        words = {"cursor": cursor} if cursor else {}
        page = await read.ok("county", "/api/obligations", limit=1, **words)
        seen += [d["id"] for d in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
    assert seen == [d["id"] for d in whole]
    own = await read.ok("county", "/api/obligations", person=story.ANNA, kind="T5")
    assert {d["kind"] for d in own["items"]} <= {"T5"}
