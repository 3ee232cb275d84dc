"""A form proposes the node's today where the act itself is of that day, and nowhere else."""

from __future__ import annotations

import re
from datetime import date

import pytest

from services.console.dates import OF_THE_ACT
from services.console.shapes import shapes
from services.console.wishes import wishes
from tests.unit.services.console.canned import CASE, ME, PERSON, USER
from tests.unit.services.console.fake import Apis, Browser, browser

TODAY = date(2009, 3, 2)
"""Of the node, whose time is its own; no computer's clock says so."""


async def visiting() -> Browser:
    """Return somebody signed in on a node whose day it is."""
    apis = Apis()
    apis.answers["/api/me"] = ME | {"valid": TODAY.isoformat()}
    visitor = browser(apis)
    await visitor.sign_in()
    return visitor


def value(page: str, name: str) -> str | None:
    """Return what an input of a page holds."""
    found = re.search(rf'name="{name}" type="date" value="([^"]*)"', page)
    return found[1] if found else None


@pytest.mark.requirement("R23")
async def test_a_role_is_proposed_from_today_on_unless_another_day_is_chosen() -> None:
    visitor = await visiting()
    page = (await visitor.http.get(f"/do/registry.propose_role?user={USER}")).text
    assert value(page, "from") == "2009-03-02"
    assert value(page, "until") == ""


@pytest.mark.requirement("R19")
async def test_a_notice_begins_today_and_its_last_day_is_left_to_the_officer() -> None:
    visitor = await visiting()
    at = f"/do/certification.post_notice?case={CASE}&about={PERSON}"
    page = (await visitor.http.get(at)).text
    assert (value(page, "from"), value(page, "until")) == ("2009-03-02", "")


async def test_the_day_of_another_thing_is_never_filled_in() -> None:
    visitor = await visiting()
    page = (await visitor.http.get(f"/do/registry.record_dibao?person={PERSON}")).text
    assert value(page, "from") == ""


async def test_a_day_that_was_emptied_stays_empty_and_is_asked_for() -> None:
    visitor = await visiting()
    at = f"/do/registry.propose_role?user={USER}"
    page = (await visitor.http.get(at)).text
    own = {n: re.search(rf'name="{n}" value="([^"]*)"', page) for n in ("_csrf", "_command_id")}
    data = {n: m[1] for n, m in own.items() if m} | {"from": ""}
    answer = await visitor.http.post(at, data=data)
    assert (answer.status_code, value(answer.text, "from")) == (422, "")


def test_every_proposed_day_is_a_field_of_its_command() -> None:
    for name, days in OF_THE_ACT.items():
        kinds = {s.path: s.kind for s in shapes(wishes()[name])}
        assert {kinds[day] for day in days} == {"date"}
