"""The known point moves past idle slices and stops at the first event that is missing."""

from __future__ import annotations

import pytest

from projections.engine.known import After, HeadWatch, TokenError, known_point, read_token, stood
from tests.support.numbered import NumberedLog
from tests.support.tally import Counted, counted


def filled(*subjects: str) -> NumberedLog:
    log = NumberedLog()
    for subject in subjects:
        log.add(subject, Counted.type, counted(1))
    return log


async def test_an_idle_slice_holds_nothing_back() -> None:
    log = filled("person-1", "person-2", "person-2")
    assert await known_point(log, await HeadWatch(log).heads(), dict(log.heads)) == 3


async def test_everything_below_the_first_missing_event_is_known() -> None:
    log = filled("person-1", "person-2", "person-1", "person-2")
    marks = dict(log.heads)
    marks[log.events[2].slice] = 1
    assert await known_point(log, await HeadWatch(log).heads(), marks) == 2


async def test_nothing_is_known_of_an_unread_log() -> None:
    log = filled("person-1")
    assert await known_point(log, await HeadWatch(log).heads(), {}) == 0


async def test_the_known_point_has_the_time_of_the_log_not_of_the_wall() -> None:
    log = filled("person-1", "person-2")
    assert await stood(log, 2) == (log.events[1].position, log.events[1].recorded_at)
    assert await stood(log, 0) == (0, None)


async def test_few_questions_are_asked_however_many_slices_lag() -> None:
    log = filled(*(f"person-{n}" for n in range(500)))
    marks = dict.fromkeys(log.heads, 0)
    assert await known_point(log, await HeadWatch(log).heads(), marks) == 0
    assert log.pulls <= 16


@pytest.mark.parametrize(
    ("token", "positions"),
    [
        ("node-1:120:3,77", {3: 120, 77: 120}),
        ("node-1:120:3@118,77", {3: 118, 77: 120}),
        ("node-1:0:", {}),
    ],
)
def test_a_token_names_a_position_per_slice(token: str, positions: dict[int, int]) -> None:
    assert read_token(token) == After("node-1", positions)


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "a:1:x"])
def test_a_forged_token_is_refused(token: str) -> None:
    with pytest.raises(TokenError):
        read_token(token)


@pytest.mark.parametrize(
    "token", ["bangfu:10:256", "bangfu:10:-1", f"bangfu:{1 << 63}:3", "b:1:3@-2"]
)
def test_a_token_beyond_what_the_log_can_hold_is_refused(token: str) -> None:
    with pytest.raises(TokenError):
        read_token(token)
