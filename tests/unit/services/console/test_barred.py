"""Why a page does not offer an act: the state that stands against it, in words."""

from __future__ import annotations

import re

import pytest

from tests.unit.services.console.canned import HOUSEHOLD, PERSON, person
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
