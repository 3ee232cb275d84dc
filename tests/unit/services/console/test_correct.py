"""An event's page offers 更正 where it is legal, and shows what was corrected, by whom and why."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest

from events.contracts import registry
from events.contracts.correctable import CORRECTABLE, Fact
from services.console.fieldwords import titled
from services.console.shapes import shapes
from tests.unit.services.console.canned import CASE, COMMUNITY, PERSON, answers
from tests.unit.services.console.fake import Apis, Browser, browser, token_of

REPORT_ID, PROPOSAL_ID = (f"01900000-0000-7000-8000-00000000000{n}" for n in (8, 9))
STREAM = f"assistance-{CASE}"
AT = "/events/8/correct"


def event(seq: int, type_: str, zh: str, event_id: str, body: dict[str, Any]) -> dict[str, Any]:
    return {
        "seq": seq, "event_id": event_id, "zh": zh, "en": zh, "type": type_, "stream": STREAM,
        "version": seq, "subject": f"person-{PERSON}", "person": PERSON,
        "occurred_at": "2009-02-20T02:00:00Z", "recorded_at": "2009-02-20T02:00:01Z",
        "actor": "x", "actor_name": "刘敏", "role": "community_officer", "office": COMMUNITY,
        "clauses": [], "body": body,
    }  # fmt: skip


REPORT = event(
    8, "assistance.status_reported.v1", "状况已申报", REPORT_ID,
    {"status": "unemployed", "since": "2008-06-01", "in_person": True, "differs": False},
)  # fmt: skip
PROPOSAL = event(
    9, "assistance.correction_proposed.v1", "提出更正", PROPOSAL_ID,
    {"corrects": REPORT_ID, "reason": "wrong_day", "text": "看错日期",
     "replacement": json.dumps({"in_person": False}),
     "happened_at": "2009-02-10T02:00:00Z"},
)  # fmt: skip
CORRECTED = event(
    10, "assistance.fact_corrected.v1", "更正生效", CASE,
    {"proposal": PROPOSAL_ID, "corrects": REPORT_ID, "of": REPORT["type"],
     "body": REPORT["body"] | {"in_person": False}, "happened_at": "2009-02-10T02:00:00Z"},
) | {"actor_name": "周芳"}  # fmt: skip


async def visiting(**events: dict[str, Any]) -> Browser:
    """Return a signed-in visitor to a log with some events, by their numbers."""
    told = {f"/api/events/{seq.removeprefix('e')}": row for seq, row in events.items()}
    visitor = browser(Apis(answers=answers() | told))
    await visitor.sign_in()
    return visitor


@pytest.mark.requirement("X2")
async def test_a_fact_offers_its_correction_and_a_decision_says_what_to_do_instead() -> None:
    signed = event(7, "certification.street_reviewed.v1", "街道已审核", CASE, {"opinion": "agree"})
    visitor = await visiting(e8=REPORT, e7=signed)
    assert f'href="{AT}"' in (await visitor.http.get("/events/8")).text
    page = (await visitor.http.get("/events/7")).text
    assert "/correct" not in page
    assert "不作更正；如有误请办理：退回" in page


@pytest.mark.requirement("X2")
async def test_the_form_holds_the_fact_and_sends_only_what_was_changed() -> None:
    visitor = await visiting(e8=REPORT)
    page = (await visitor.http.get(AT)).text
    assert 'value="2009-02-20T10:00"' in page
    form = shown(page) | {"now.in_person": "false", "reason": "wrong_day", "text": "看错日期"}
    answer = await visitor.http.post(AT, data=form)
    assert answer.status_code == 303, answer.text
    (name, _, _, body) = visitor.apis.sent[0]
    assert name == "assistance.propose_correction"
    assert body == {
        "stream": STREAM,
        "corrects": REPORT_ID,
        "replacement": '{"in_person":false}',
        "reason": "wrong_day",
        "text": "看错日期",
    }


@pytest.mark.requirement("X2")
async def test_another_day_is_sent_as_an_instant_in_beijing_time() -> None:
    visitor = await visiting(e8=REPORT)
    form = shown((await visitor.http.get(AT)).text)
    form |= {"happened_at": "2009-02-10T10:00", "reason": "wrong_day", "text": "看错日期"}
    await visitor.http.post(AT, data=form)
    assert visitor.apis.sent[0][3]["happened_at"] == "2009-02-10T10:00:00+08:00"


@pytest.mark.requirement("X2")
async def test_a_void_fact_is_sent_without_content_or_day() -> None:
    visitor = await visiting(e8=REPORT)
    form = shown((await visitor.http.get(AT)).text)
    form |= {"_how": "void", "reason": "not_happened", "text": "没有申报"}
    await visitor.http.post(AT, data=form)
    assert not visitor.apis.sent[0][3].keys() & {"replacement", "happened_at"}


@pytest.mark.requirement("X2")
async def test_a_refused_correction_keeps_what_was_typed_and_says_why() -> None:
    visitor = await visiting(e8=REPORT)
    form = shown((await visitor.http.get(AT)).text) | {"reason": "wrong_day"}
    empty = await visitor.http.post(AT, data=form)
    assert empty.status_code == 422
    visitor.apis.refusals.append((409, {"code": "correction_pending", "status": 409,
                                        "zh": "该记录已有待批准的更正提议。"}))  # fmt: skip
    answer = await visitor.http.post(AT, data=form | {"text": "看错日期"})
    assert (answer.status_code, "看错日期" in answer.text) == (409, True)
    assert "已有待批准的更正提议" in answer.text


@pytest.mark.requirement("X2")
async def test_a_proposal_shows_what_would_change_and_offers_approval_and_rejection() -> None:
    about = {"fact": REPORT, "proposal": PROPOSAL, "decided": None}
    visitor = await visiting(e9=PROPOSAL | {"correction": about})
    page = (await visitor.http.get("/events/9")).text
    assert re.search(r"<del>\s*是\s*</del></td><td><ins>\s*否", page)
    for act in ("approve", "reject"):
        assert f"/do/assistance.{act}_correction?stream={STREAM}&amp;proposal={PROPOSAL_ID}" in page
    decided = await visiting(e9=PROPOSAL | {"correction": about | {"decided": CORRECTED}})
    assert "approve_correction" not in (await decided.http.get("/events/9")).text


@pytest.mark.requirement("X2")
async def test_who_approves_reads_what_would_change_and_no_id_of_the_system() -> None:
    about = {"fact": REPORT, "proposal": PROPOSAL, "decided": None}
    visitor = await visiting(e9=PROPOSAL | {"correction": about})
    page = (await visitor.http.get("/events/9")).text
    link = re.findall(r'href="(/do/assistance.approve_correction[^"]*)"', page)[0]
    at = unescape(link)
    form = (await visitor.http.get(at)).text
    read = re.sub(r"<[^>]+>", " ", form)
    assert "所在记录" not in read
    assert PROPOSAL_ID not in read
    assert STREAM not in read
    assert re.search(r"<del>\s*是\s*</del></td><td><ins>\s*否", form)
    hidden = {name: token_of(form, name) for name in ("_csrf", "_command_id")}
    answer = await visitor.http.post(at, data=hidden)
    assert visitor.apis.sent[0][3] == {"stream": STREAM, "proposal": PROPOSAL_ID}
    assert 'href="/events/9"' in (await visitor.http.get(answer.headers["location"])).text


@pytest.mark.requirement("X2")
async def test_a_corrected_fact_shows_the_old_values_struck_through_with_why_and_by_whom() -> None:
    done = CORRECTED | {"proposal": PROPOSAL}
    visitor = await visiting(e8=REPORT | {"corrections": [done]})
    page = (await visitor.http.get("/events/8")).text
    assert re.search(r"<del>\s*2009-02-20 10:00\s*</del></td><td><ins>\s*2009-02-10 10:00", page)
    assert "日期错误：看错日期" in page
    assert re.search(r"批准 .*周芳", page)
    assert 'value="2009-02-10T10:00"' in (await visitor.http.get(AT)).text


@pytest.mark.requirement("X2")
async def test_the_day_is_named_only_where_it_changed_however_it_is_written() -> None:
    same = CORRECTED["body"] | {"happened_at": "2009-02-20T10:00:00+08:00"}
    visitor = await visiting(e8=REPORT | {"corrections": [CORRECTED | {"body": same}]})
    page = (await visitor.http.get("/events/8")).text
    changes = page.split('class="changes"')[1].split("</table>")[0]
    assert "发生时间" not in changes
    assert "本人到场" in changes


@pytest.mark.requirement("X2")
async def test_a_proposal_is_told_in_the_words_of_the_fact_that_it_corrects() -> None:
    wish = PROPOSAL["body"] | {"replacement": json.dumps({"name": "陈玉兰"})}
    proposal = PROPOSAL | {"type": "registry.correction_proposed.v1", "body": wish}
    about = {"fact": REGISTERED, "proposal": proposal, "decided": None}
    visitor = await visiting(e9=proposal | {"correction": about})
    body = (await visitor.http.get("/events/9")).text.split('id="h-body"')[1]
    told = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body.split("<details")[0]))
    assert "姓名 陈玉兰" in told


@pytest.mark.requirement("X2")
async def test_a_void_fact_is_struck_through_whole() -> None:
    void = CORRECTED | {"proposal": PROPOSAL, "body": {"proposal": PROPOSAL_ID}}
    visitor = await visiting(e8=REPORT | {"corrections": [void]})
    assert "整条记录作废" in (await visitor.http.get("/events/8")).text


REGISTERED = event(
    8, "registry.person_registered.v1", "人员已登记", REPORT_ID,
    {"name": "陈玉梅", "sex": "female", "birth_date": "1966-01-01",
     "national_id": "140105********0021",
     "phone": "［已封存］", "residence": COMMUNITY},
)  # fmt: skip
DIBAO = event(
    8, "registry.dibao_recorded.v1", "低保已登记", REPORT_ID,
    {"from": "2008-01-01", "certificate": {
        "kind": "dibao_certificate", "number": "［已封存］", "issuer": "民政局",
        "issued_on": "2008-01-01", "sha256": "a" * 64}},
)  # fmt: skip


@pytest.mark.requirement("X2", "X15")
async def test_a_masked_or_sealed_value_stays_out_of_the_form_and_is_kept_if_left_empty() -> None:
    visitor = await visiting(e8=REGISTERED)
    page = (await visitor.http.get(AT)).text
    assert not re.findall(r'value="[^"]*(?:\*\*|已封存)', page)
    assert "现为 140105********0021，未完整显示。不改则留空。" in page
    form = shown(page) | {"now.name": "陈玉兰", "reason": "wrong_day", "text": "姓名写错"}
    assert form["now.national_id"] == ""
    answer = await visitor.http.post(AT, data=form)
    assert answer.status_code == 303, answer.text
    assert json.loads(visitor.apis.sent[0][3]["replacement"]) == {"name": "陈玉兰"}


@pytest.mark.requirement("X2", "X15")
async def test_a_number_typed_whole_in_place_of_a_masked_one_is_sent() -> None:
    visitor = await visiting(e8=REGISTERED)
    form = shown((await visitor.http.get(AT)).text)
    form |= {"now.phone": "13903510000", "reason": "wrong_day", "text": "号码有误"}
    await visitor.http.post(AT, data=form)
    assert json.loads(visitor.apis.sent[0][3]["replacement"]) == {"phone": "13903510000"}


@pytest.mark.requirement("X2", "X15")
async def test_a_paper_that_is_changed_asks_for_its_sealed_number_too() -> None:
    visitor = await visiting(e8=DIBAO)
    form = shown((await visitor.http.get(AT)).text)
    form |= {"reason": "wrong_day", "text": "日期有误"}
    wrong = await visitor.http.post(AT, data=form | {"now.certificate.issued_on": "2008-02-01"})
    assert wrong.status_code == 422
    assert "本组内容有改动，须填写完整" in wrong.text
    assert visitor.apis.sent == []
    whole = {"now.certificate.issued_on": "2008-02-01", "now.certificate.number": "14-7"}
    await visitor.http.post(AT, data=form | whole)
    told = json.loads(visitor.apis.sent[0][3]["replacement"])["certificate"]
    assert (told["number"], told["issued_on"]) == ("14-7", "2008-02-01")


def shown(page: str) -> dict[str, str]:
    """Return every input of the form as the page shows it."""
    found = [
        *re.findall(r'name="([a-z][\w.]*)"[^>]*? value="([^"]*)" checked', page),
        *re.findall(r'<input id="[^"]*" name="([\w.]+)"[^>]* value="([^"]*)"', page),
        *re.findall(_CHOSEN, page, re.DOTALL),
    ]
    return {name: token_of(page, name) for name in ("_csrf", "_command_id")} | dict(found)


_CHOSEN = r'<select id="[^"]*" name="([\w.]+)".*?(?:value="([^"]*)" selected|</select>)'


def test_every_field_that_may_be_corrected_has_the_words_of_its_own_form() -> None:
    facts = {kind: rule for kind, rule in CORRECTABLE.items() if isinstance(rule, Fact)}
    wordless = [
        f"{kind.type} {shape.path}"
        for kind, rule in facts.items()
        for shape in shapes(kind)
        if titled(shape, kind.type, rule).zh == shape.path
    ]
    assert wordless == []
    kind = registry.PersonRegistered
    words = {s.path: titled(s, kind.type, facts[kind]).zh for s in shapes(kind)}
    assert (words["name"], words["national_id"]) == ("姓名", "公民身份号码")
