"""Every page reads without JavaScript, in both languages, with names opened in one batch."""

from __future__ import annotations

import re

import pytest

from services.console import texts
from tests.unit.services.console.canned import (
    CASE,
    CHECK,
    EXPORT,
    HOUSEHOLD,
    ME,
    PERSON,
    PROVINCE,
    RUNNING,
    USER,
)
from tests.unit.services.console.fake import Apis, browser

PAGES = (
    "/tasks", "/persons", "/persons?q=CYM", f"/persons/{PERSON}", "/households", "/print/roster",
    f"/households/{HOUSEHOLD}", "/apply", "/apply?q=CYM", f"/apply?person={PERSON}", "/acts",
    f"/o/{PROVINCE}", f"/o/{PROVINCE}/figures/M2",
    f"/o/{PROVINCE}/figures/M2/cases/{PERSON}", "/audit", "/events/7", "/rules/R17",
    "/status", "/audit/completeness", "/definitions", "/definitions/M2",
    "/me", "/accounts", f"/accounts/{USER}", "/exports", f"/exports/{EXPORT}",
    "/audit/reads", "/audit/verify", f"/audit/verify/{CHECK}", f"/audit/verify/{RUNNING['id']}",
    "/exports/new", f"/persons/{PERSON}/reads", f"/persons/{PERSON}/reveal?field=phone",
    "/do/registry.register_person", f"/do/registry.propose_role?user={USER}",
    f"/done/certification.register_at_community?about={PERSON}&events=a@b@1",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_every_page_answers_whole_in_both_languages(path: str, lang: str) -> None:
    visitor = browser()
    await visitor.sign_in()
    answer = await visitor.http.get(path + ("&" if "?" in path else "?") + f"lang={lang}")
    assert answer.status_code == 200
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in answer.text
    assert answer.text.rstrip().endswith("</html>")
    assert "Undefined" not in answer.text
    assert not [key for key in texts.TEXTS if f">{key}<" in answer.text]


async def test_what_is_recorded_and_not_yet_shown_looks_again_by_itself() -> None:
    visitor = browser()
    await visitor.sign_in()
    missing = f"/accounts/{EXPORT}"
    behind = await visitor.http.get(f"{missing}?after=browser:9:1")
    assert (behind.status_code, 'http-equiv="refresh"' in behind.text) == (404, True)
    wrong = await visitor.http.get(missing)
    assert (wrong.status_code, 'http-equiv="refresh"' in wrong.text) == (404, False)


@pytest.mark.parametrize("path", PAGES)
async def test_no_page_asks_another_host_or_needs_unsafe_script(path: str) -> None:
    visitor = browser()
    await visitor.sign_in()
    answer = await visitor.http.get(path)
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', answer.text)
    assert not re.findall(r"<[^>]+ (?:style|on\w+|hx-on[^=]*)=", answer.text)
    assert "<script>" not in answer.text
    assert "unsafe" not in answer.headers["content-security-policy"]


@pytest.mark.requirement("R18")
@pytest.mark.parametrize("path", [f"/apply?person={PERSON}", "/rules/R18"])
async def test_the_papers_that_each_category_asks_for_are_shown_before_the_form(path: str) -> None:
    visitor = browser()
    await visitor.sign_in()
    text = re.sub(r"<[^>]+>", " ", (await visitor.http.get(path)).text)
    assert re.search(r"各类人员[\s:]+身份证、照片两张", text)
    assert "低保证" in text


async def test_no_two_steps_of_an_application_have_one_name() -> None:
    apis = Apis()
    apis.answers["/api/me"] = ME | {"roles": ["community_officer", "community_head"]}
    visitor = browser(apis)
    await visitor.sign_in()
    page = (await visitor.http.get(f"/apply?person={PERSON}")).text
    steps = re.findall(r"<li><b>([^<]+)</b>", page)
    assert "六、社区登记" in steps
    assert len(set(steps)) == len(steps) > 4
    assert [s[0] for s in steps] == list("二三四五六七")


@pytest.mark.requirement("R18")
async def test_a_proof_that_several_papers_give_names_them_all() -> None:
    visitor = browser()
    await visitor.sign_in()
    page = (await visitor.http.get(f"/apply?person={PERSON}")).text
    assert "原单位及所有制证明（以下任一份：末次劳动合同、档案记载）" in page


@pytest.mark.requirement("X14")
async def test_names_of_a_list_are_opened_in_one_batch_and_shown() -> None:
    visitor = browser()
    await visitor.sign_in()
    answer = await visitor.http.get("/tasks")
    assert "陈玉梅" in answer.text
    assert visitor.apis.opened == ["name"]


async def test_what_may_not_be_opened_stays_hidden() -> None:
    visitor = browser()
    await visitor.sign_in()
    answer = await visitor.http.get("/events/7")
    assert "［已封存］" in answer.text
    assert "AAAA" not in answer.text


async def test_every_card_and_rank_opens_its_cases() -> None:
    visitor = browser()
    await visitor.sign_in()
    answer = await visitor.http.get(f"/o/{PROVINCE}")
    for office in (PROVINCE, "140100000000", "140900000000"):
        assert f"/o/{office}/figures/M2" in answer.text


async def test_the_map_links_each_region_with_its_rate() -> None:
    visitor = browser()
    await visitor.sign_in()
    answer = await visitor.http.get(f"/o/{PROVINCE}")
    assert re.search(r'<a href="/o/140100000000[^"]*" aria-label="太原市 90.1%"', answer.text)
    assert answer.text.count('class="region b') >= 11


async def test_a_figure_of_few_cases_is_not_red() -> None:
    visitor = browser()
    await visitor.sign_in()
    answer = await visitor.http.get(f"/o/{PROVINCE}")
    row = next(r for r in answer.text.split("<tr>") if "大同市" in r and "figures/" in r)
    assert "红牌" not in row


async def test_a_page_of_the_past_says_so_and_offers_nothing() -> None:
    visitor = browser()
    await visitor.sign_in()
    answer = await visitor.http.get(f"/persons/{PERSON}?valid=2009-01-31&known=12")
    assert "您正在查看 2009-01-31 的数据" in answer.text
    assert "/do/" not in answer.text
    asked = next(u for u in visitor.apis.asked if u.path == f"/api/persons/{PERSON}")
    assert dict(asked.params) == {"valid": "2009-01-31", "known": "12"}


async def test_only_what_is_legal_now_is_a_link_and_the_rest_says_why() -> None:
    visitor = browser()
    await visitor.sign_in()
    answer = await visitor.http.get(f"/persons/{PERSON}")
    assert f"/do/certification.register_at_community?case={CASE}" in answer.text
    assert "/do/certification.post_notice" not in answer.text
    assert "认定状态为“已申报”，此时不能办理" in answer.text


async def test_a_form_carries_the_version_that_was_shown() -> None:
    visitor = browser()
    await visitor.sign_in()
    answer = await visitor.http.get(f"/persons/{PERSON}")
    assert f"stream=certification-{CASE}&amp;version=3" in answer.text


async def test_a_refusal_of_the_read_api_is_a_page_with_its_words() -> None:
    apis = Apis()
    del apis.answers["/api/audit_trail"]
    visitor = browser(apis)
    await visitor.sign_in()
    answer = await visitor.http.get("/audit")
    assert answer.status_code == 404
    assert "not_found" in answer.text


@pytest.mark.requirement("R17")
async def test_a_rule_is_chinese_in_chinese_and_its_english_stands_folded_away() -> None:
    visitor = browser()
    await visitor.sign_in()
    page = (await visitor.http.get("/rules/R17")).text
    shown = re.sub(r"<details.*?</details>", "", page.partition("<main")[2], flags=re.DOTALL)
    assert "由本人向居住地社区提出申请" in shown
    assert "ApplicationFiled" not in shown
    assert "ApplicationFiled" in page
    english = (await visitor.http.get("/rules/R17?lang=en")).text
    assert "ApplicationFiled" in english
    assert "<details" not in english
    assert "意见未作规定" in (await visitor.http.get("/rules/X16?lang=zh")).text


@pytest.mark.parametrize("path", [f"/o/{PROVINCE}", f"/o/{PROVINCE}/figures/M2"])
async def test_a_rate_is_a_percentage_and_its_unit_stands_by_the_numbers(path: str) -> None:
    visitor = browser()
    await visitor.sign_in()
    shown = re.sub(r"<[^>]+>", "", (await visitor.http.get(path)).text)
    assert re.search(r"82\.6%\s*29,920 / 36,206 人", shown)
    assert not re.search(r"%\s*人", shown)
