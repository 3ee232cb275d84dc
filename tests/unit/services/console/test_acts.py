"""A form that is sent: recorded once, refused with every answer kept, or in conflict."""

from __future__ import annotations

import re

import pytest

from tests.unit.services.console.canned import CASE, PERSON
from tests.unit.services.console.fake import Apis, Browser, browser, token_of
from tests.unit.services.console.test_sessions import FORM

TYPED = {"opinion": "情况属实", "originals_seen": "0 1"}
OTHER = "01900000-0000-7000-8000-0000000000bb"
CONFLICT = {
    "code": "version_conflict", "status": 409, "zh": "他人刚刚办理了同一事项。", "en": "x",
    "data": {
        "stream": f"certification-{CASE}", "expected": 3, "actual": 4,
        "newer": [{"zh": "退回补正", "en": "Returned", "by": OTHER, "office": "140105001000",
                   "at": "2009-03-02T01:58:00Z"}],
    },
}  # fmt: skip
REFUSED = {
    "code": "not_eligible", "status": 422, "zh": "不符合认定条件。", "en": "Not eligible.",
    "next_zh": "请核对失业登记日期。", "next_en": "Check the registration.",
    "clause": "意见第二条（二）",
    "data": {"clauses": ["登记失业连续一年以上"], "conditions": ["long"]},
}  # fmt: skip


async def _hidden(visitor: Browser, version: str = "") -> dict[str, str]:
    page = await visitor.http.get(FORM + (f"&version={version}" if version else ""))
    return {
        name: token_of(page.text, name) for name in ("_csrf", "_command_id", "_version")
    } | TYPED


async def test_a_form_sent_twice_is_one_command() -> None:
    visitor = browser()
    await visitor.sign_in()
    form = await _hidden(visitor, "3")
    first = await visitor.http.post(FORM, data=form)
    again = await visitor.http.post(FORM, data=form)
    assert (first.status_code, again.status_code) == (303, 303)
    assert len({command_id for _, command_id, _, _ in visitor.apis.sent}) == 1
    assert visitor.apis.sent[0][2] == "3"
    assert visitor.apis.sent[0][3] == {
        "case": CASE,
        "originals_seen": [0, 1],
        "opinion": "情况属实",
    }


async def test_success_says_what_happened_and_who_is_next() -> None:
    visitor = browser()
    await visitor.sign_in()
    answer = await visitor.http.post(FORM, data=await _hidden(visitor))
    page = await visitor.http.get(answer.headers["location"])
    assert "已办理：社区登记" in page.text
    assert "社区登记，期限 2009-02-27（学府社区）" in page.text
    asked = [u for u in visitor.apis.asked if u.path.startswith("/api/persons")]
    assert asked[-1].params["after"] == "bangfu:9:1"


async def test_a_form_of_another_session_is_not_sent() -> None:
    visitor = browser()
    await visitor.sign_in()
    answer = await visitor.http.post(FORM, data=await _hidden(visitor) | {"_csrf": "0"})
    assert answer.status_code == 403
    assert not visitor.apis.sent
    assert "情况属实" in answer.text


async def test_a_gap_is_named_at_its_field_and_in_the_summary_and_nothing_is_lost() -> None:
    visitor = browser()
    await visitor.sign_in()
    form = await _hidden(visitor) | {"opinion": ""}
    answer = await visitor.http.post(FORM, data=form)
    assert answer.status_code == 422
    assert not visitor.apis.sent
    assert "<title>错误：" in answer.text
    assert '<a href="#f-opinion">社区意见：请填写此项</a>' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "0 1" in answer.text


async def test_a_refusal_shows_clause_conditions_and_next_step_with_every_answer_kept() -> None:
    visitor = browser(Apis(refusals=[(422, REFUSED)]))
    await visitor.sign_in()
    answer = await visitor.http.post(FORM, data=await _hidden(visitor))
    assert answer.status_code == 422
    for words in (
        "不符合认定条件。",
        "意见第二条（二）",
        "登记失业连续一年以上",
        "请核对失业登记日期。",
    ):
        assert words in answer.text
    assert "情况属实" in answer.text


async def test_a_refusal_speaks_english_where_english_is_read() -> None:
    visitor = browser(Apis(refusals=[(422, REFUSED)]))
    await visitor.sign_in()
    await visitor.http.get("/tasks?lang=en")
    answer = await visitor.http.post(FORM, data=await _hidden(visitor))
    assert "Not eligible." in answer.text
    assert "Check the registration." in answer.text


async def test_a_conflict_says_who_did_what_and_when_and_offers_the_newer_version() -> None:
    apis = Apis(refusals=[(409, CONFLICT)])
    apis.answers["/api/registers/accounts"] = {"items": [{"id": OTHER, "name": "王五"}]}
    apis.answers["/api/offices/140105001000"] = {"office": "140105001000", "name": "坞城街道"}
    visitor = browser(apis)
    await visitor.sign_in()
    form = await _hidden(visitor, "3")
    answer = await visitor.http.post(FORM, data=form)
    assert answer.status_code == 409
    for words in (
        "王五",
        "坞城街道",
        "退回补正",
        "2009-03-02 09:58",
        "版本 3",
        "版本 4",
        "情况属实",
    ):
        assert words in answer.text
    assert OTHER not in answer.text.split('id="conflict"')[1].split("</div>")[0]
    assert token_of(answer.text, "_version") == "4"
    assert token_of(answer.text, "_command_id") != form["_command_id"]


async def test_an_api_that_is_away_keeps_what_was_typed() -> None:
    visitor = browser(Apis(refusals=[(503, {"code": "log_unavailable", "zh": "暂时不可用。"})]))
    await visitor.sign_in()
    form = await _hidden(visitor)
    answer = await visitor.http.post(FORM, data=form)
    assert answer.status_code == 503
    assert "情况属实" in answer.text
    assert token_of(answer.text, "_command_id") == form["_command_id"]


async def test_a_row_can_be_added_without_javascript() -> None:
    visitor = browser()
    await visitor.sign_in()
    path = f"/do/registry.record_skills?person={PERSON}"
    answer = await visitor.http.post(
        path, data={"_add": "skills", "skills.0.occupation": "cooking", "skills.0.level": "level_5"}
    )
    assert 'name="skills.1.occupation"' in answer.text
    assert re.search(r'value="cooking" selected', answer.text)


async def test_a_file_leaves_its_hash_alone() -> None:
    visitor = browser()
    await visitor.sign_in()
    path = f"/do/registry.record_dibao?person={PERSON}"
    page = await visitor.http.get(path)
    form = {
        "_csrf": token_of(page.text, "_csrf"), "_command_id": token_of(page.text, "_command_id"),
        "from": "2008-01-01", "certificate.kind": "dibao_certificate",
        "certificate.issuer": "民政局", "certificate.issued_on": "2008-01-01",
    }  # fmt: skip
    files = {"certificate.sha256": ("dibao.pdf", b"abc", "application/pdf")}
    await visitor.http.post(path, data=form, files=files)
    sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert visitor.apis.sent[0][3]["certificate"]["sha256"] == sha256


@pytest.mark.requirement("R18")
async def test_a_refusal_names_papers_and_grounds_in_words_not_codes() -> None:
    said = "证明材料不齐或已过期：unemployment_certificate、photos。"
    refused = {"code": "evidence_missing", "status": 422, "zh": said, "en": "x", "data": {}}
    visitor = browser(Apis(refusals=[(422, refused)]))
    await visitor.sign_in()
    answer = await visitor.http.post(FORM, data=await _hidden(visitor))
    assert "证明材料不齐或已过期：失业登记证明、照片两张。" in answer.text
    assert "unemployment_certificate" not in answer.text
