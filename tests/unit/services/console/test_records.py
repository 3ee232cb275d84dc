"""The six groups of R37 as tables a clerk reads: words, names, days; the newest entry first."""

from __future__ import annotations

import re

import pytest

from tests.unit.services.console.canned import PERSON, cell, person
from tests.unit.services.console.fake import Apis, browser

HELPER = "01900000-0000-7000-8000-0000000000cc"
POST = "01900000-0000-7000-8000-0000000000dd"
SERVED = [
    {"service": "policy_advice", "on": "2009-01-05", "fee": 0, "event": POST},
    {"service": "career_guidance", "on": "2009-02-05", "fee": 1250, "event": HELPER},
]
SPELL = {"from": "2009-02-01", "until": None, "channel": "enterprise", "post": POST, "wage": 90000}
AGREEMENT = {"state": "active", "signed_on": "2009-01-02", "helper": HELPER}
GROUPS = [
    {"group": "services", "zh": "接受就业服务", "en": "Services", "cells": [
        cell("services", "接受就业服务", value=SERVED) | {"events": [11, 12]},
        cell("agreement", "就业援助协议", value=AGREEMENT),
        cell("plan", "援助计划", value={"measures": [{"id": "m-1", "service": "training"}]}),
        cell("measures", "帮扶措施", value=[{"id": "m-1", "on": "2009-02-06", "result": "done"}]),
    ]},
    {"group": "wishes", "zh": "就业愿望", "en": "Wishes", "cells": [
        cell("wishes", "就业愿望", value={"occupations": ["gardener"], "able": True}),
    ]},
    {"group": "employment", "zh": "实现就业情况", "en": "Employment", "cells": [
        cell("employment", "就业情况", value=[SPELL]) | {"events": [21, 22]},
    ]},
    {"group": "policies", "zh": "享受扶持政策", "en": "Policies", "cells": [
        cell("policies", "享受扶持政策", value="none"),
    ]},
]  # fmt: skip


async def _page(lang: str = "zh") -> str:
    apis = Apis()
    apis.answers[f"/api/persons/{PERSON}"] = person(groups=GROUPS)
    apis.answers["/api/registers/accounts"] = {"items": [{"id": HELPER, "name": "蔡永胜"}]}
    apis.answers["/api/registers/posts"] = {"items": [{"id": POST, "title": "园艺工"}]}
    visitor = browser(apis)
    await visitor.sign_in()
    return (await visitor.http.get(f"/persons/{PERSON}?lang={lang}")).text


@pytest.mark.requirement("R37")
async def test_cells_are_words_names_and_money_never_ids_or_codes() -> None:
    shown = await _page()
    for words in ("政策咨询", "蔡永胜", "园艺工", "900 元", "12.50 元", "履行中", "暂无记录"):
        assert words in shown
    for raw in (HELPER, POST, "policy_advice", "gardener", "90,000"):
        assert raw not in shown


@pytest.mark.requirement("R37")
async def test_the_newest_entry_comes_first_and_each_opens_its_event() -> None:
    shown = await _page()
    assert shown.index("2009-02-05") < shown.index("2009-01-05")
    assert 'href="/events/11"' in shown
    assert 'href="/events/12"' in shown


@pytest.mark.requirement("R37")
async def test_entries_without_an_event_each_still_open_the_events_of_their_cell() -> None:
    shown = await _page()
    assert 'href="/events/21"' in shown
    assert 'href="/events/22"' in shown


async def test_the_same_tables_speak_english() -> None:
    shown = await _page("en")
    assert "In force" in shown
    assert "900 yuan" in shown


async def test_a_delivered_measure_is_named_as_the_plan_names_it() -> None:
    shown = await _page()
    assert re.search(r"<td>[^<]*培训[^<]*</td>\s*<td>2009-02-06</td>", shown)
    assert "m-1" not in shown
