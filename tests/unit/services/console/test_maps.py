"""The map shows every division beneath an office, as it was on the day asked for."""

from __future__ import annotations

import pytest

from services.console import maps
from services.console.pages.figures import ranked

TODAY = "2026-11-24"


def test_the_province_shows_eleven_cities_and_a_city_its_counties() -> None:
    province, city = maps.draw("14", TODAY, {}), maps.draw("1401", TODAY, {})
    assert province is not None
    assert city is not None
    assert len(province.regions) == 11
    assert len(city.regions) == 10


def test_below_the_county_there_is_no_map() -> None:
    assert maps.draw("140105", TODAY, {}) is None


def test_a_city_is_drawn_in_a_box_of_its_own() -> None:
    found = maps.draw("1401", TODAY, {})
    assert found is not None
    left, top, width, height = map(float, found.box.split())
    assert all(left <= r.x <= left + width and top <= r.y <= top + height for r in found.regions)
    assert width < 300


@pytest.mark.requirement("X19")
def test_a_day_before_2018_shows_the_counties_of_that_day() -> None:
    before, now = maps.draw("1402", "2012-06-30", {}), maps.draw("1402", TODAY, {})
    assert before is not None
    assert now is not None
    assert "南郊区" in {r.name for r in before.regions}
    assert "南郊区" not in {r.name for r in now.regions}


def test_an_office_tree_of_today_keeps_the_map_of_today_on_an_old_day() -> None:
    found = maps.draw("1402", "2012-06-30", {"140213": (None, "", "")})
    assert found is not None
    assert "平城区" in {r.name for r in found.regions}


@pytest.mark.parametrize(
    ("rate", "band"),
    [(None, 0), (79.9, 1), (80.0, 2), (90.0, 3), (95.0, 4), (104.9, 4), (105.0, 5)],
)
def test_the_classes_begin_at_the_lights_bounds(rate: float | None, band: int) -> None:
    assert maps.band(rate) == band


def test_ties_share_a_rank_and_the_next_one_is_counted_on() -> None:
    rows = ranked([{"rate": 0.9}, {"rate": 0.95}, {"rate": 0.9}, {"rate": 0.5}])
    assert [r["rank"] for r in rows] == [1, 2, 2, 4]
