"""Papers: what stands on them, what never does, by whose decision, and from where they are had."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from services.console import texts
from services.console.pages import roster
from services.console.paper import standing
from tests.unit.services.console.canned import (
    CASE,
    COMMUNITY,
    COUNTY,
    OFFICE,
    PERSON,
    PROVINCE,
    USER,
    cell,
    person,
    sealed,
)
from tests.unit.services.console.fake import Apis, Browser, browser

STREET = {"office": "140105001000", "name": "坞城街道", "level": "street"}
AREA = {"office": COUNTY, "name": "小店区", "level": "county"}
CITY = {"office": "140100000000", "name": "太原市", "level": "city"}
ABOVE = [{"office": PROVINCE, "name": "山西省", "level": "province"}, CITY, AREA, STREET]
NOTICE: dict[str, Any] = {
    "from": "2009-02-20", "until": "2009-03-03", "place": "社区公示栏", "channels": ["board"],
    "handler": USER, "office_phone": "0351-7000001", "sheet": "a" * 64,
}  # fmt: skip
FOUND = {"condition": "age", "value": {"sealed": sealed("findings[0].value")}, "ok": True,
         "boundary": {"sealed": sealed("findings[0].boundary")}, "clause": "R13"}  # fmt: skip
DECIDED: dict[str, Any] = {"category": "aged_4050", "findings": [FOUND],
                           "responsible_office": COUNTY}  # fmt: skip
REFUSED: dict[str, Any] = {"grounds": ["category_not_met"], "told_on": "2009-02-28",
                           "reason": {"sealed": sealed("reason")}, "findings": []}  # fmt: skip
MARKED = {"certificate": "preference", "number": {"sealed": sealed("number")},
          "category": "aged_4050", "sealed": True}  # fmt: skip
HAPPENED: tuple[tuple[int, str, str, str, dict[str, Any]], ...] = (
    (16, "assistance.agreement_signed.v1", f"assistance-{CASE}", STREET["office"], {}),
    (15, "certification.certificate_annotated.v1", f"certification-{CASE}", COUNTY, MARKED),
    (14, "certification.person_certified.v1", f"certification-{CASE}", COUNTY, DECIDED),
    (12, "certification.public_notice_posted.v1", f"certification-{CASE}", COMMUNITY, NOTICE),
)
AGREEMENT = {
    "state": "active", "signed_on": "2009-02-26", "helper": USER, "template": "standard_2008",
    "content": ["job_introduction", "training"], "measures": {"sealed": sealed("measures")},
    "one_to_one": True,
    "supplements": [{"on": "2009-03-01", "changes": {"sealed": sealed("changes")}}],
}  # fmt: skip
PLAN = {"on": "2009-02-27", "goals": {"sealed": sealed("goals")}, "facts": [],
        "measures": [{"id": "1", "service": "training", "provider": COMMUNITY,
                      "due": "2009-05-31"}]}  # fmt: skip
IDENTITY = [
    *(cell(n, n, sealed=sealed(n)) for n in ("name", "national_id", "phone", "address")),
    cell("sex", "性别", value="female"),
    cell("birth_date", "出生日期", sealed=sealed("birth_date")),
]
HELP = [cell("agreement", "协议", value=AGREEMENT), cell("plan", "计划", value=PLAN)]
DOCUMENTS = [f"/print/{d}/{PERSON}" for d in ("notice", "agreement", "decision")]


def certified() -> dict[str, Any]:
    """Make the answer of a person who was certified, with agreement and plan."""
    groups = [{"group": "identity", "cells": IDENTITY}, {"group": "services", "cells": HELP}]
    case = {"categories": ["aged_4050"], "state": "certified"}
    return person(
        state="certified", groups=groups, certification=case,
        file={"case": CASE, "community": COMMUNITY}, valid="2009-03-02",
    )  # fmt: skip


def event(seq: int, kind: str, stream: str, office: str, body: dict[str, Any]) -> dict[str, Any]:
    """Make one event's answer."""
    return {"seq": seq, "type": kind, "stream": stream, "office": office, "body": body,
            "occurred_at": "2009-02-25T02:00:00Z", "rule_set": "2008"}  # fmt: skip


def apis() -> Apis:
    """Answer as the read API does about a certified person."""
    found = Apis()
    happened = [event(*row) for row in HAPPENED]
    found.answers |= {
        f"/api/persons/{PERSON}": certified(),
        f"/api/persons/{PERSON}/events": {"items": happened},
        **{f"/api/events/{e['seq']}": e for e in happened},
        f"/api/offices/{COMMUNITY}": OFFICE | {"office": COMMUNITY, "name": "学府社区",
                                              "level": "community", "parents": ABOVE},
        f"/api/offices/{COUNTY}": OFFICE | AREA | {"parents": ABOVE[:2]},
        f"/api/offices/{STREET['office']}": OFFICE | STREET | {"parents": ABOVE[:3]},
        "/api/registers/accounts": {"items": [{"id": USER, "name": "周芳"}]},
        "/api/ledger": {"items": [person(groups=None, cells=IDENTITY)], "total": 1, "next": None,
                        "valid": "2009-03-02"},
        "/api/rules/X3": {"parameters": [{"key": "certification.review_days", "value": 15}]},
    }  # fmt: skip
    return found


async def printed(path: str, with_: Apis | None = None) -> tuple[str, Browser]:
    """Return the words of a paper, without its markup."""
    visitor = browser(with_ or apis())
    await visitor.sign_in()
    answer = await visitor.http.get(path)
    assert answer.status_code == 200, answer.text
    return words(answer), visitor


def words(answer: httpx.Response) -> str:
    """Return a page without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


@pytest.mark.parametrize("path", [*DOCUMENTS, "/print/roster"])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_every_paper_is_whole_in_both_languages_and_loads_from_here(
    path: str, lang: str
) -> None:
    visitor = browser(apis())
    await visitor.sign_in()
    answer = await visitor.http.get(f"{path}?lang={lang}")
    assert answer.status_code == 200
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in answer.text
    assert answer.text.rstrip().endswith("</html>")
    assert not [key for key in texts.TEXTS if key in words(answer)]
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', answer.text)
    assert not re.findall(r"<[^>]+ (?:style|on\w+)=", answer.text)
    assert "<script>" not in answer.text


@pytest.mark.requirement("R20", "X20", "X15")
async def test_the_notice_says_what_the_rule_asks_for_and_no_number_is_even_opened() -> None:
    said, visitor = await printed(DOCUMENTS[0])
    for text in (
        "陈玉梅", "女", "42 周岁", "“4050”人员", "2009年2月20日 至 2009年3月3日", "周芳",
        "0351-7000001", "社区公示栏", "学府社区", "坞城街道", "小店区", "个案编号",
    ):  # fmt: skip
        assert text in said
    assert "太原市" not in said
    assert not re.search(r"[\d*]{12}", said)
    assert visitor.apis.printed == ["name", "birth_date"]


@pytest.mark.requirement("R20")
@pytest.mark.parametrize(
    ("place", "channels", "printed_as"),
    [
        ("社区公示栏", ["board"], "社区公示栏"),
        ("社区公示栏", ["board", "web"], "社区公示栏、网站"),
        ("社区大厅", ["board"], "社区大厅、公示栏"),
    ],
)
async def test_the_notice_names_each_place_once(
    place: str, channels: list[str], printed_as: str
) -> None:
    found = apis()
    found.answers["/api/events/12"]["body"] = NOTICE | {"place": place, "channels": channels}
    said, _ = await printed(DOCUMENTS[0], found)
    assert f" {printed_as} " in said


@pytest.mark.requirement("R83", "R84", "R85", "R86", "X20")
async def test_the_agreement_names_helper_content_measures_and_plan() -> None:
    said, visitor = await printed(DOCUMENTS[1])
    for text in (
        "接受就业援助协议书", "坞城街道", "周芳", "一对一", "培训", "2009年5月31日",
        "补充（2009年3月1日）", "超过3次", "一式两份", "140105********0021",
    ):  # fmt: skip
        assert text in said
    assert "签订前文本" not in said
    assert {"name", "national_id", "measures", "goals", "changes"} <= {*visitor.apis.printed}


@pytest.mark.requirement("R83", "X20")
async def test_before_it_is_signed_the_agreement_is_a_form_to_sign() -> None:
    groups = [{"group": "identity", "cells": IDENTITY}]
    found = apis()
    found.answers[f"/api/persons/{PERSON}"] |= {"groups": groups}
    said, _ = await printed(DOCUMENTS[1], found)
    assert "签订前文本" in said
    assert "援助责任人 ＿＿＿＿" in said


@pytest.mark.requirement("R22", "R25", "X20")
async def test_the_decision_shows_findings_mark_category_day_and_where_the_seal_goes() -> None:
    said, _ = await printed(DOCUMENTS[2])
    for text in ("认定为就业困难人员", "“4050”人员", "R13", "再就业优惠证", "2009年2月25日",
                 "加注“就业困难人员”标志", "（盖章）", "规则版本 2008"):  # fmt: skip
        assert text in said


@pytest.mark.requirement("X3", "X20")
async def test_a_refusal_on_paper_tells_the_way_to_a_review() -> None:
    found = apis()
    refused = event(14, "certification.certification_refused.v1", f"certification-{CASE}", COUNTY,
                    REFUSED)  # fmt: skip
    found.answers[f"/api/persons/{PERSON}/events"] = {"items": [refused]}
    found.answers["/api/events/14"] = refused
    said, _ = await printed(DOCUMENTS[2], found)
    assert "自告知之日（2009年2月28日）起 15 个工作日内向太原市申请复核" in said


@pytest.mark.requirement("X15", "X20", "R36")
async def test_the_list_has_masked_numbers_total_filters_and_the_stamp() -> None:
    said, visitor = await printed("/print/roster?state=filed")
    for text in ("陈玉梅", "140105********0021", "138****0001", "共 1 人", "已申报"):
        assert text in said
    assert "打印：学府社区 刘敏，2009-03-02 10:00。" in said
    assert "数据：2009-03-02，截至事件号 42（2009-03-02 09:59）" in said
    assert visitor.apis.printed == ["name", "national_id", "phone"]
    asked = next(u for u in visitor.apis.asked if u.path == "/api/ledger")
    assert asked.params["state"] == "filed"


@pytest.mark.requirement("R36", "X20")
async def test_a_list_beyond_the_limit_says_how_many_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(roster, "MOST_ROWS", 2)
    found = apis()
    found.answers["/api/ledger"] |= {"total": 5, "next": "c2"}
    said, visitor = await printed("/print/roster", found)
    assert "共 5 人，本表只列前 2 人" in said
    cursors = [u.params.get("cursor") for u in visitor.apis.asked if u.path == "/api/ledger"]
    assert cursors == [None, "c2"]


@pytest.mark.requirement("X20", "X14")
@pytest.mark.parametrize("path", [*DOCUMENTS, "/print/roster"])
async def test_every_paper_is_decided_first_and_opened_as_a_print(path: str) -> None:
    _, visitor = await printed(path)
    document = path.split("/")[2]
    assert set(visitor.apis.pages) == {document}
    assert visitor.apis.printed == visitor.apis.opened


@pytest.mark.requirement("X20")
async def test_a_paper_that_may_not_be_printed_is_refused_whole() -> None:
    found = apis()
    found.opening = (403, {"code": "forbidden", "zh": "无权办理", "en": "no",
                           "data": {"rule": "deny.role", "wanted": "labour"}})  # fmt: skip
    visitor = browser(found)
    await visitor.sign_in()
    answer = await visitor.http.get(DOCUMENTS[0])
    assert answer.status_code == 403
    assert "陈玉梅" not in answer.text
    assert "社区经办人" in answer.text
    assert not [u for u in found.asked if u.path.startswith("/api/persons/")]


@pytest.mark.requirement("X20")
@pytest.mark.parametrize("path", DOCUMENTS)
async def test_what_is_not_there_yet_says_what_to_do_first(path: str) -> None:
    found = apis()
    found.answers[f"/api/persons/{PERSON}"] |= {"file": None}
    found.answers[f"/api/persons/{PERSON}/events"] = {"items": []}
    visitor = browser(found)
    await visitor.sign_in()
    answer = await visitor.http.get(path)
    assert answer.status_code == 404
    assert "下一步" in answer.text


async def test_a_print_shows_the_present_only() -> None:
    visitor = browser(apis())
    await visitor.sign_in()
    answer = await visitor.http.get(f"{DOCUMENTS[0]}?known=12")
    assert (answer.status_code, "打印件只反映当前情况" in answer.text) == (400, True)


async def test_a_person_and_the_ledger_lead_to_their_papers() -> None:
    visitor = browser(apis())
    await visitor.sign_in()
    shown = (await visitor.http.get(f"/persons/{PERSON}")).text
    assert all(path in shown for path in DOCUMENTS)
    assert DOCUMENTS[0] in (await visitor.http.get(f"/apply?person={PERSON}")).text
    listed = (await visitor.http.get("/persons?category=city")).text
    assert "/print/roster?category=city" in listed
    done = f"/done/certification.post_notice?about={PERSON}&events=a@b@1&after=browser:9:1"
    assert f"{DOCUMENTS[0]}?after=browser" in (await visitor.http.get(done)).text


@pytest.mark.requirement("X2")
def test_a_paper_says_what_the_last_correction_says() -> None:
    told = event(*HAPPENED[3])
    said = {"body": {"body": NOTICE | {"place": "文化墙"}, "happened_at": "2009-02-26T02:00:00Z"}}
    fact = standing(told | {"corrections": [said]})
    assert fact is not None
    assert (fact.body["place"], fact.day) == ("文化墙", "2009-02-26")
    assert standing(told | {"corrections": [said, {"body": {"proposal": "x"}}]}) is None
