"""Laws of the cube over random lives: flows balance, parents are sums, slow counting agrees."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.rules.time import add_months, shanghai_day
from projections.cube.figures import Period
from projections.cube.metrics import METRICS
from tests.unit.projections.lives import a_town
from tests.unit.projections.people import Told, cube_of, month_ends, only, read
from tests.unit.projections.slow import Slow
from tests.unit.projections.story import COMMUNITY, ELSEWHERE, NEXT_DOOR

OFFICES = ("14", "140105", "140105001", "140105002", COMMUNITY, NEXT_DOOR, ELSEWHERE)
MONTHS = [
    Period(first, date.fromordinal(add_months(first, 1).toordinal() - 1))
    for first in (add_months(date(2008, 6, 1), n) for n in range(18))
]
IN = ("certified", "imported", "reinstated", "moved_in", "category_joined")
OUT = ("exited", "lapsed", "revoked", "moved_out", "category_left")
SUBS = ("unemployed", "employed_tracked", "employed_untracked")
DAYS = st.dates(date(2008, 6, 1), date(2009, 12, 31))
SEEDS = st.integers(0, 10_000)


@pytest.mark.requirement("R54")
@settings(max_examples=12, deadline=None)
@given(SEEDS, st.one_of(st.none(), DAYS))
def test_both_identities_of_the_flow_hold_for_every_office_and_month(
    seed: int, known: date | None
) -> None:
    cells = only(Told(a_town(seed, 6)).cells, "M1")
    for office in OFFICES:
        for month in MONTHS:
            period = Period(month.start, month.finish, known)
            m1 = read(cells, "M1", office, period).parts
            entered, left = sum(m1[n] for n in IN), sum(m1[n] for n in OUT)
            assert m1["opening"] + entered - left == m1["closing"]
            assert m1["closing"] == sum(m1[n] for n in SUBS)
            assert all(n >= 0 for n in m1.values())


@pytest.mark.requirement("R54")
@settings(max_examples=12, deadline=None)
@given(SEEDS)
def test_the_flow_balances_within_every_category_too(seed: int) -> None:
    cells = only(Told(a_town(seed, 6)).cells, "M1")
    for category in {c[4] for _, c, _ in cells}:
        own = {k: n for k, n in cells.items() if k[1][4] == category}
        for month in MONTHS:
            m1 = read(own, "M1", "14", month).parts
            entered, left = sum(m1[n] for n in IN), sum(m1[n] for n in OUT)
            assert m1["opening"] + entered - left == m1["closing"]


@pytest.mark.requirement("R40", "R41", "X12")
@settings(max_examples=30, deadline=None)
@given(SEEDS, DAYS, DAYS, st.one_of(st.none(), DAYS), st.sampled_from(OFFICES))
def test_sums_of_differences_equal_counting_day_by_day(
    seed: int, one: date, other: date, known: date | None, office: str
) -> None:
    people = a_town(seed, 5)
    cells = Told(people).cells
    period = Period(min(one, other), max(one, other), known)
    slow = Slow(people.log.facts, known or date.max, people.directory.calendar)
    expected = slow.parts(office, period)
    found = {
        (code, part): n
        for code in METRICS
        for part, n in read(cells, code, office, period).parts.items()
        if n
    }
    assert found == dict(expected)


@pytest.mark.requirement("X2", "X12", "R41")
@settings(max_examples=20, deadline=None)
@given(SEEDS, DAYS, st.sampled_from(OFFICES))
def test_what_was_published_never_changes_whatever_is_corrected_later(
    seed: int, known: date, office: str
) -> None:
    people = a_town(seed, 5)
    then = [f for f in people.log.facts if shanghai_day(f.recorded_at) <= known]
    published, now = cube_of(then, people.directory), Told(people).cells
    for month in (Period(m.start, m.finish, known) for m in MONTHS[:9]):
        for code in METRICS:
            assert read(now, code, office, month) == read(published, code, office, month)


@pytest.mark.requirement("X2")
def test_the_random_lives_have_corrections_in_them() -> None:
    kinds = [type(f.event).__name__ for f in a_town(7, 40).log.facts]
    assert kinds.count("FactCorrected") > 20


@settings(max_examples=8, deadline=None)
@given(SEEDS, DAYS)
def test_every_office_is_the_sum_of_those_beneath(seed: int, known: date) -> None:
    cells = Told(a_town(seed, 6)).cells
    period = Period(date(2008, 7, 1), date(2009, 3, 31), known)
    for parent, below in (
        ("140105", ("140105001", "140105002")),
        ("140105001", (COMMUNITY, NEXT_DOOR)),
    ):
        for code in METRICS:
            whole = read(cells, code, parent, period).parts
            parts = [read(cells, code, child, period).parts for child in below]
            assert whole == {name: sum(p[name] for p in parts) for name in whole}


@settings(max_examples=8, deadline=None)
@given(SEEDS)
def test_followed_up_months_are_never_more_than_those_due(seed: int) -> None:
    cells = only(Told(a_town(seed, 6)).cells, "M5")
    for month in MONTHS:
        m5 = read(cells, "M5", "14", month).parts
        assert m5["done"] <= m5["due"]


def test_month_ends_are_counted_within_the_period() -> None:
    period = Period(date(2008, 6, 15), date(2008, 8, 31))
    assert month_ends(date(2008, 1, 1), period) == 3
    assert month_ends(date(2008, 7, 31), period) == 2
    assert month_ends(date(2008, 8, 31), period) == 1
