"""Division codes: the path decides jurisdiction, the 12-digit code is the office (A9, R43)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.rules.divisions import (
    ancestors,
    covers,
    department_of,
    is_upper,
    level_of,
    may_be_mining_area,
    natural,
    overlap,
    parent_code,
    same_county,
    twelve,
)

TREE = ("14", "1401", "140105", "140105001", "140105001001")
part = st.sampled_from(["01", "05", "10", "71"])
three = st.sampled_from(["001", "100", "400", "498"])
codes = st.builds(
    lambda a, b, c, d, n: ("14" + a + b + c + d)[:n],
    part, part, three, three, st.sampled_from([2, 4, 6, 9, 12]),
)  # fmt: skip


@pytest.mark.requirement("R1")
def test_the_length_of_a_code_is_its_level() -> None:
    levels = [level_of(code) for code in TREE]
    assert levels == ["province", "city", "county", "street", "community"]


@pytest.mark.requirement("R1")
@pytest.mark.parametrize("text", ["", "1", "140", "14010500", "14010a", "１４", "140105000000:pes"])
def test_anything_else_is_no_level(text: str) -> None:
    assert level_of(text) is None


def test_a_parent_is_the_prefix_one_step_shorter() -> None:
    assert [parent_code(code) for code in TREE] == [None, *TREE[:-1]]
    assert ancestors(TREE[-1]) == TREE[:-1]
    with pytest.raises(ValueError, match="division code"):
        parent_code("14010")


@given(codes)
def test_an_office_id_leads_back_to_its_path(code: str) -> None:
    assert len(twelve(code)) == 12
    assert natural(twelve(code)) == code
    assert natural(f"{twelve(code)}:pes") == code
    assert natural(f"{twelve(code)}-2") == code


def test_a_department_hangs_under_an_office() -> None:
    assert department_of("140105000000:pes") == "pes"
    assert department_of("140105000000") is None


@pytest.mark.requirement("R43")
@given(codes, codes)
def test_an_area_covers_itself_and_what_lies_below(area: str, path: str) -> None:
    assert covers(area, area)
    assert covers(area, path) == (area == path or area in ancestors(path))
    assert overlap(area, path) == overlap(path, area)


@pytest.mark.requirement("R43")
@pytest.mark.parametrize(
    ("area", "path"),
    [
        ("", "140105"),  # an empty area covers nothing
        ("1", "14"),
        ("14010", "140105"),  # half a code is no area
        ("140105", "1401051"),
        ("140105000000", "140105"),  # an office id is no path
        ("140105", "?"),
        ("140105001", "140105"),  # nobody covers what lies above
        ("140105", "140106"),
    ],
)
def test_nothing_else_is_covered(area: str, path: str) -> None:
    assert not covers(area, path)


def test_upper_means_nearer_to_the_province() -> None:
    assert is_upper("province", "city")
    assert not is_upper("city", "city")
    assert not is_upper("community", "street")


@pytest.mark.requirement("R80")
def test_another_region_begins_at_the_county_line() -> None:
    assert same_county("140105001001", "140105")
    assert not same_county("140105001001", "140106001001")
    assert not same_county("1401", "1401")


@pytest.mark.requirement("R24")
@pytest.mark.parametrize(
    ("code", "hint"),
    [("140882400", True), ("140981401", True), ("140105001", False), ("140105600", False),
     ("140882", False), ("140882400498", False)],
)  # fmt: skip
def test_a_street_code_from_400_to_599_hints_at_a_mining_area(code: str, hint: bool) -> None:
    assert may_be_mining_area(code) is hint
