"""A form that asks for a person finds one by name, without JavaScript; ids are not typed."""

from __future__ import annotations

import re

import pytest

from tests.unit.services.console.canned import HOUSEHOLD, PERSON
from tests.unit.services.console.fake import browser, token_of

FORM = f"/do/registry.change_household?household={HOUSEHOLD}"


@pytest.mark.requirement("X23")
async def test_a_person_found_by_name_can_be_chosen() -> None:
    visitor = browser()
    await visitor.sign_in()
    empty = (await visitor.http.get(FORM)).text
    assert f'value="{PERSON}"' not in empty
    own = {n: token_of(empty, n) for n in ("_csrf", "_command_id", "_version")}
    answer = await visitor.http.post(FORM, data=own | {"_find": "陈玉梅", "_look": "1"})
    assert f'<option value="{PERSON}">陈玉梅</option>' in answer.text
    assert visitor.apis.sent == []


async def test_a_form_opened_from_a_person_offers_that_person_by_name() -> None:
    visitor = browser()
    await visitor.sign_in()
    text = (await visitor.http.get(f"{FORM}&about={PERSON}")).text
    assert f'<option value="{PERSON}">陈玉梅</option>' in text


async def test_a_form_whose_person_is_known_asks_for_none() -> None:
    visitor = browser()
    await visitor.sign_in()
    for path in (f"registry.record_wishes?person={PERSON}", "registry.register_person"):
        assert 'name="_find"' not in (await visitor.http.get(f"/do/{path}")).text


async def test_the_enter_key_searches_a_name_just_typed_and_else_sends_the_form() -> None:
    visitor = browser()
    await visitor.sign_in()
    empty = (await visitor.http.get(FORM)).text
    form = empty[empty.index('<form method="post" action="/do/') :]
    assert re.findall(r"<button[^>]*>", form)[0] == (
        '<button class="hidden" tabindex="-1" aria-hidden="true">'
    )
    own = {n: token_of(empty, n) for n in ("_csrf", "_command_id", "_version")}
    found = await visitor.http.post(FORM, data=own | {"_find": "陈玉梅", "_found": ""})
    assert f'<option value="{PERSON}">陈玉梅</option>' in found.text
    sent = await visitor.http.post(FORM, data=own | {"_find": "陈玉梅", "_found": "陈玉梅"})
    assert sent.status_code == 422  # sent as it stands: what is missing is named
