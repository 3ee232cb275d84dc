"""A person's page shows what must be done about the person, by which office and until when."""

from __future__ import annotations

import re

import pytest

from tests.unit.services.console.canned import PERSON, TASK
from tests.unit.services.console.fake import Apis, browser


async def duties(query: str = "", *, kind: str = "T2") -> list[str]:
    """Return the offices' duties that the page shows, without their markup."""
    apis = Apis()
    apis.answers["/api/obligations"] = {"items": [TASK | {"kind": kind}]}
    visitor = browser(apis)
    await visitor.sign_in()
    page = (await visitor.http.get(f"/persons/{PERSON}{query}")).text
    found = re.findall(r'<li class="duty">(.*?)</li>', page, re.DOTALL)
    asked = [dict(u.params) for u in apis.asked if u.path == "/api/obligations"]
    assert asked == ([] if query else [{"person": PERSON, "state": "open"}])
    return [" ".join(re.sub(r"<[^>]+>", "", f).split()) for f in found]


@pytest.mark.requirement("R19")
async def test_an_offices_open_deadline_stands_on_the_persons_page() -> None:
    (said,) = await duties()
    assert re.fullmatch(
        r"社区登记 × 逾期 ?3 ?.* 2009-02-27 学府社区 · 意见第二条（一） #7", said
    ), said


async def test_a_deadline_that_a_clock_shows_stands_there_once() -> None:
    assert await duties(kind="T1") == []


async def test_a_page_of_the_past_shows_no_duty_of_today() -> None:
    assert await duties("?valid=2009-01-31") == []
