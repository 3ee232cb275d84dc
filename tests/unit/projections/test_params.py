"""Whatever a query is asked, it is read within the calendar and the log, or refused."""

from __future__ import annotations

import base64

import pytest

from projections.api import params
from projections.api.problems import QueryError

DAY = params.day("day", "")
SEQ = params.number("seq", "", 0, params.SEQ_MAX)


def cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("param", "text"),
    [
        (DAY, "9999-12-31"),
        (DAY, "0001-01-01"),
        (SEQ, "9" * 30),
        (SEQ, "0" * 18 + "1" + "9" * 40),
        (params.CURSOR, cursor('["\\u0000","a"]')),
        (params.CURSOR, cursor("[99999999999999999999]")),
        (params.CURSOR, cursor("[[1]]")),
        (params.CURSOR, cursor("[1.5]")),
    ],
)
def test_what_no_page_ever_wrote_is_refused(param: params.Param, text: str) -> None:
    with pytest.raises(QueryError):
        param.value(text)


@pytest.mark.parametrize("key", [[1], ["2008-06-01", "person-x"], [None, True]])
def test_a_cursor_of_ours_is_read_back(key: list[object]) -> None:
    assert params.CURSOR.value(params.cursor_of(*key)) == key
