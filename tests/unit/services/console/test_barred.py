"""What a page does not offer, and how it says so: in words, and without links that are refused."""

from __future__ import annotations

import re

import pytest

from events.contracts.certification import ApplicationFiled as Filed
from tests.unit.services.console.canned import COMMUNITY, HOUSEHOLD, OFFICE, PERSON, person
from tests.unit.services.console.fake import Apis, browser


@pytest.mark.parametrize(
    ("family", "tracking", "words"),
    [("cleared", "active", "家庭状态为“已消零”"), ("formed", "ended", "跟踪状态为“跟踪已结束”")],
)
async def test_why_an_act_is_barred_is_said_in_words(
    family: str, tracking: str, words: str
) -> None:
    apis = Apis()
    state = {"state": "certified", "tracking": tracking, "file": {"agreement": "active"}}
    home = {"household": HOUSEHOLD, "state": family}
    apis.answers[f"/api/persons/{PERSON}"] = person(family=home, **state)
    visitor = browser(apis)
    await visitor.sign_in()
    page = (await visitor.http.get(f"/persons/{PERSON}")).text
    assert words in page
    assert not re.search(r"状态为“[a-z_]+”", page)


@pytest.mark.requirement("R43")
async def test_the_offices_above_are_named_and_only_those_of_the_own_area_are_links() -> None:
    apis = Apis()
    above = {"office": "140105000000", "path": "140105", "name": "小店区"}
    own = {"office": COMMUNITY, "path": COMMUNITY, "name": "学府社区"}
    apis.answers[f"/api/offices/{COMMUNITY}"] = OFFICE | own | {"parents": [above, own]}
    visitor = browser(apis)
    await visitor.sign_in()
    page = (await visitor.http.get(f"/o/{COMMUNITY}")).text
    assert "小店区 ›" in page
    assert 'href="/o/140105000000' not in page
    assert f'href="/o/{COMMUNITY}' in page.split("小店区 ›")[1]


async def test_the_types_of_event_are_chosen_by_their_titles() -> None:
    visitor = browser()
    await visitor.sign_in()
    page = (await visitor.http.get(f"/audit?type={Filed.type}")).text
    shown = page.split('name="type"')[1].split("</select>")[0]
    assert f'<option value="{Filed.type}" selected>{Filed.zh}</option>' in shown
    assert '<optgroup label="认定">' in shown
    assert not re.search(r">[a-z_.]+\d*</option>", shown)
