"""A form offers what has happened: the papers filed to tick, the events of the right type."""

from __future__ import annotations

import re
from typing import Any

import pytest

from services.console.forms import place_errors, read
from services.console.happened import types_of
from services.console.wishes import wishes
from tests.unit.services.console.canned import CASE, EVENT, PERSON
from tests.unit.services.console.fake import Apis, browser

REGISTER = f"/do/certification.register_at_community?case={CASE}&about={PERSON}"
CLOSE = f"/do/certification.close_notice?case={CASE}&about={PERSON}"
NOTICE = "01900000-0000-7000-8000-0000000000c1"
OLDER = "01900000-0000-7000-8000-0000000000c2"


def happened(*rows: dict[str, Any]) -> Apis:
    """Answer a person's timeline with further events, and the application with two papers."""
    apis = Apis()
    apis.answers[f"/api/persons/{PERSON}/events"] = {"items": [*rows, EVENT]}
    evidence = [{"kind": "id_card"}, {"kind": "household_book"}]
    apis.answers["/api/events/7"] = EVENT | {"body": {"evidence": evidence}}
    return apis


def notice(ident: str, **changes: object) -> dict[str, Any]:
    return EVENT | {
        "seq": 9, "event_id": ident, "type": "certification.public_notice_posted.v1",
        "zh": "已张贴公示", "occurred_at": "2009-02-25T02:00:00Z",
    } | changes  # fmt: skip


async def page(apis: Apis, path: str) -> str:
    visitor = browser(apis)
    await visitor.sign_in()
    return (await visitor.http.get(path)).text


@pytest.mark.requirement("R19")
async def test_each_filed_paper_is_a_box_to_tick_and_none_is_ticked() -> None:
    text = await page(happened(), REGISTER)
    boxes = re.findall(r'type="checkbox" name="originals_seen" value="(\d)"([^>]*)> ([^<]+)', text)
    assert [(value, label) for value, _, label in boxes] == [("0", "身份证"), ("1", "户口簿")]
    assert not any(more.strip() for _, more, _ in boxes)


@pytest.mark.requirement("R19")
async def test_ticked_boxes_are_sent_as_numbers() -> None:
    visitor = browser(happened())
    await visitor.sign_in()
    shown = (await visitor.http.get(REGISTER)).text
    own = {n: re.search(rf'name="{n}" value="([^"]*)"', shown) for n in ("_csrf", "_command_id")}
    data: dict[str, Any] = {n: m[1] for n, m in own.items() if m}
    data |= {"originals_seen": ["0", "1"], "opinion": "情况属实"}
    await visitor.http.post(REGISTER, data=data)
    assert visitor.apis.sent[0][3]["originals_seen"] == [0, 1]


def test_an_error_in_a_list_stands_at_the_field_itself() -> None:
    command = wishes()["certification.register_at_community"]
    placed = place_errors(command, [("originals_seen.0", "int_parsing", "x")], "zh")
    assert list(placed) == ["originals_seen"]


@pytest.mark.requirement("R19")
async def test_the_only_notice_of_the_case_is_chosen_already() -> None:
    other = notice(OLDER, stream="certification-01900000-0000-7000-8000-0000000000dd")
    text = await page(happened(notice(NOTICE), other), CLOSE)
    assert f'<option value="{NOTICE}" selected>2009-02-25 已张贴公示</option>' in text
    assert OLDER not in text
    assert str(EVENT["event_id"]) not in text


async def test_of_several_notices_the_newest_is_first_and_none_is_chosen() -> None:
    text = await page(happened(notice(NOTICE), notice(OLDER)), CLOSE)
    assert text.index(NOTICE) < text.index(OLDER)
    assert f'value="{NOTICE}" selected' not in text


def test_a_field_named_alike_asks_for_the_type_its_command_means() -> None:
    confirm, end = (
        wishes()["certification.confirm_exit"],
        wishes()["certification.cancel_annotation"],
    )
    assert types_of(confirm, "proposal") == ("certification.exit_proposed",)
    assert "certification.exited" in types_of(end, "end")


@pytest.mark.parametrize(
    ("yuan", "fen"), [("1200", 120000), ("1,200.5", 120050), ("0.29", 29), ("1.234", "1.234")]
)
def test_money_is_typed_in_yuan_and_sent_in_fen(yuan: str, fen: int | str) -> None:
    command = wishes()["registry.record_wishes"]
    assert read(command, {"min_wage": [yuan]}).body["min_wage"] == fen


async def test_a_money_field_says_yuan() -> None:
    text = await page(happened(), "/do/registry.record_wishes")
    assert "最低工资要求（元）" in text
    assert "（分" not in text


async def test_a_residence_is_one_of_the_communities() -> None:
    apis = happened()
    street = {"office": "140105001000", "name": "坞城街道", "level": "street"}
    path = "/api/offices/140105001001"
    apis.answers[path] = apis.answers[path] | {"level": "community", "parents": [street]}
    text = await page(apis, "/do/registry.register_person")
    offered = text.split('name="residence"')[1].split("</select>")[0]
    assert "学府社区" in offered
    assert "坞城街道" not in offered
