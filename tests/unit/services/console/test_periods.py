"""Along every link of the figures the period and the point of knowledge stay those of the page."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.unit.services.console.canned import COMMUNITY, PERSON, PROVINCE
from tests.unit.services.console.fake import Apis, browser

SPAN = {"from": "2008-01-01", "to": "2008-12-31", "known": "2009-01-15"}
ASKED = "?from=2008-01-01&to=2008-12-31&known=2009-01-15"
PARENT = {"office": PROVINCE, "path": "", "name": "山西省"}
BOARD = f"/o/{COMMUNITY}"


async def links(path: str) -> list[tuple[str, dict[str, str]]]:
    """Return the links of a page that lead to figures, with what their addresses say."""
    apis = Apis()
    apis.answers[f"/api/offices/{COMMUNITY}"] |= {"path": "14", "parents": [PARENT]}
    apis.answers["/api/me"] = apis.answers["/api/me"] | {"path": ""}
    apis.answers["/api/figures/M2/cases"] |= {"next": "c2cursor"}
    visitor = browser(apis)
    await visitor.sign_in()
    page = (await visitor.http.get(path)).text.partition("<main")[2].partition("</main>")[0]
    found = [urlsplit(unescape(href)) for href in re.findall(r'<a [^>]*href="([^"]+)"', page)]
    return [(u.path, dict(parse_qsl(u.query))) for u in found if u.path.startswith("/o/")]


@pytest.mark.parametrize(
    "path",
    [BOARD, f"{BOARD}/figures/M2", f"{BOARD}/figures/M2/cases/{PERSON}"],
)
async def test_every_link_keeps_the_period_and_what_was_known(path: str) -> None:
    found = await links(path + ASKED)
    assert found
    assert [(at, q) for at, q in found if not q.items() >= SPAN.items()] == []


async def test_the_map_and_the_table_lead_to_the_same_board() -> None:
    found = await links(BOARD + ASKED)
    city = [q for at, q in found if at == "/o/140100000000"]
    assert city == [SPAN | {"m": "M2"}] * 2


async def test_a_case_opens_with_its_part_and_leads_back_to_it() -> None:
    there = await links(f"{BOARD}/figures/M2{ASKED}&part=placed")
    assert (f"{BOARD}/figures/M2/cases/{PERSON}", SPAN | {"part": "placed"}) in there
    back = await links(f"{BOARD}/figures/M2/cases/{PERSON}{ASKED}&part=placed")
    assert (f"{BOARD}/figures/M2", SPAN | {"part": "placed"}) in back


async def test_the_next_page_of_the_cases_is_of_the_same_period() -> None:
    found = await links(f"{BOARD}/figures/M2{ASKED}")
    assert [q for _, q in found if "cursor" in q] == [SPAN | {"cursor": "c2cursor"}]
