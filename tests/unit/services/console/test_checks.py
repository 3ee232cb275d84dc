"""The auditor's pages: a check is begun, followed, broken off and read; who looked is listed."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from events.log.notes import Checkpoint, VerifierKey, sign
from events.log.verify import Report, Verifier
from services.console.texts_checks import FINDINGS, WHYS
from tests.unit.services.console.canned import (
    CASE,
    CHECK,
    CHECKED,
    EXPORT,
    LOOKS,
    ME,
    PERSON,
    RUNNING,
    USER,
)
from tests.unit.services.console.fake import Apis, Browser, browser, token_of

VERIFY = "/audit/verify"
LOG = Path("events/log")


async def auditor(apis: Apis | None = None, level: str = "province") -> Browser:
    apis = apis or Apis()
    apis.answers["/api/me"] = ME | {"roles": ["auditor"], "level": level}
    visitor = browser(apis)
    await visitor.sign_in()
    return visitor


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.mark.requirement("X13")
async def test_a_check_that_found_something_names_the_first_event_in_words_and_leads_to_it() -> (
    None
):
    visitor = await auditor()
    listed = words((await visitor.http.get(VERIFY)).text)
    assert "正文被改动 #7" in listed
    html = (await visitor.http.get(f"{VERIFY}/{CHECK}")).text
    shown = words(html)
    for said in ("发现问题", "事件 1–1,204", "末尾 4 条", "later_code", "周芳", "5 秒"):
        assert said in shown
    assert 'href="/events/7"' in html
    assert "hx-trigger" not in html


@pytest.mark.requirement("X13")
async def test_a_root_that_differs_names_the_range_of_events_in_words() -> None:
    apis = Apis()
    detail = str(_verified_elsewhere().findings[0].detail)
    result = CHECKED["result"] | {
        "findings": [{"code": "root_differs", "seq": 3, "detail": detail}]
    }
    apis.answers[f"/api/checks/{CHECK}"] = CHECKED | {"result": result}
    visitor = await auditor(apis)
    shown = words((await visitor.http.get(f"{VERIFY}/{CHECK}")).text)
    assert "首个被改动的事件在 1–3 之中" in shown


def _verified_elsewhere() -> Report:
    """Return what the verifier finds where the signed root is another one."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    public = VerifierKey("test", key.public_key().public_bytes_raw())
    note = sign(Checkpoint("test/events/1", 3, bytes(32)), "test", key)
    verifier = Verifier("test", [note], [public])
    for n in range(3):
        verifier.grow(bytes([n]) * 32)
    return verifier.finish()


@pytest.mark.requirement("X13")
async def test_a_running_check_shows_how_far_it_is_looks_again_and_can_be_cancelled() -> None:
    visitor = await auditor()
    path = f"{VERIFY}/{RUNNING['id']}"
    html = (await visitor.http.get(path)).text
    assert "已核 2,000 / 5,000 条事件，3 秒" in words(html)
    assert '<progress max="5000" value="2000"' in html
    assert 'hx-trigger="every 1s"' in html
    form = {"_csrf": token_of(html, "_csrf"), "_command_id": token_of(html, "_command_id")}
    answer = await visitor.http.post(f"{path}/cancel", data=form)
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, path)
    name, ident, _, body = visitor.apis.sent[-1]
    assert (name, ident) == ("registry.cancel_check", form["_command_id"])
    assert body == {"check": RUNNING["id"]}


@pytest.mark.requirement("X13")
async def test_a_check_that_ended_a_moment_ago_says_that_its_result_is_being_recorded() -> None:
    apis = Apis()
    del apis.answers[f"/api/checks/{RUNNING['id']}/progress"]
    visitor = await auditor(apis)
    assert "正在记录结果" in (await visitor.http.get(f"{VERIFY}/{RUNNING['id']}")).text


@pytest.mark.requirement("X13")
async def test_starting_leads_to_the_new_check_or_to_the_one_that_runs() -> None:
    apis = Apis()
    visitor = await auditor(apis)
    apis.answers["/api/checks"] = {"items": []}
    html = (await visitor.http.get(VERIFY)).text
    form = {"_csrf": token_of(html, "_csrf"), "_command_id": token_of(html, "_command_id")}
    event = {"stream": f"check-{CHECK}"}
    apis.refusals = [(200, {"events": [event], "after": "x"}), (200, {"events": [], "after": ""})]
    begun = await visitor.http.post(VERIFY, data=form)
    assert begun.headers["location"] == f"{VERIFY}/{CHECK}?after=x"
    apis.answers["/api/checks"] = {"items": [RUNNING]}
    again = await visitor.http.post(VERIFY, data=form)
    assert again.headers["location"] == f"{VERIFY}/{RUNNING['id']}"
    assert [name for name, *_ in apis.sent] == ["registry.request_check"] * 2
    foreign = await visitor.http.post(VERIFY, data=form | {"_csrf": "other"})
    assert (foreign.headers["location"], len(apis.sent)) == (VERIFY, 2)


@pytest.mark.requirement("X13")
async def test_the_report_is_the_whole_result_as_a_file() -> None:
    visitor = await auditor()
    answer = await visitor.http.get(f"{VERIFY}/{CHECK}/report")
    assert answer.headers["content-disposition"] == f'attachment; filename="check-{CHECK}.json"'
    assert json.loads(answer.content)["result"]["findings"][0]["seq"] == 7


@pytest.mark.parametrize(("level", "offered"), [("province", True), ("county", False)])
async def test_only_who_watches_over_the_whole_log_is_led_to_its_check(
    level: str, *, offered: bool
) -> None:
    visitor = await auditor(level=level)
    for path in ("/audit", "/status"):
        assert (f'href="{VERIFY}"' in (await visitor.http.get(path)).text) is offered


def test_every_code_that_the_verifier_may_find_has_words() -> None:
    source = "".join((LOG / f"{n}.py").read_text() for n in ("verify", "audit", "served"))
    found = set(re.findall(r'(?:Finding\(|self\._bad\(entry, )\s*"([a-z_]+)"', source))
    found |= set(re.findall(r'\("([a-z_]+)", _[A-Z]+\)', source))
    assert len(found) > 15
    assert found <= FINDINGS.keys()
    whys = set(re.findall(r'_unusable\("([a-z_]+)"\)', (LOG / "checking.py").read_text()))
    assert whys <= WHYS.keys()


@pytest.mark.requirement("X14", "X15", "X20")
async def test_who_looked_at_whom_says_when_where_what_why_for_whom_and_how() -> None:
    visitor = await auditor()
    html = (await visitor.http.get("/audit/reads")).text
    rows = [words(r) for r in html.split("<tr>") if "<td>" in r]
    assert len(rows) == 4
    assert re.search(r"王强 只看此人的查阅 街道签署人|王强", rows[0])
    assert "! 显示完整号码" in rows[0]
    assert "电话" in rows[0]
    assert "联系本人" in rows[0]
    assert "依导出申请" in rows[1]
    assert "! 紧急查阅期内 #3" in rows[2]
    assert "办理业务" in rows[2]
    assert "! 导出文件" in rows[3]
    assert "3 行，涉及 2 人" in rows[3]
    assert f'href="/exports/{EXPORT}"' in html
    assert f'href="/persons/{PERSON}/reads"' in html


@pytest.mark.requirement("X14")
async def test_equal_looks_of_one_minute_are_one_row_that_opens_to_the_persons() -> None:
    visitor = await auditor()
    read = LOOKS[2] | {"under": None, "body": {"fields": ["name"], "page": "persons"}}
    minute = [
        read | {"seq": 20 + n, "person": person, "recorded_at": f"2009-03-01T00:00:0{n}Z"}
        for n, person in enumerate([PERSON, CASE, PERSON])
    ]
    others = [
        read | {"seq": 30, "recorded_at": "2009-03-01T00:01:00Z"},
        minute[0] | {"seq": 31, "actor": PERSON},
        minute[0] | {"seq": 32, "body": {"fields": ["name"], "page": "person"}},
        *({**LOOKS[0], "seq": n} for n in (33, 34)),
    ]
    visitor.apis.answers["/api/reads"] = {"items": [*minute, *others], "names": {}}
    html = (await visitor.http.get("/audit/reads")).text
    rows = [r for r in html.split("<tr>") if "<td>" in r]
    assert len(rows) == 1 + len(others)
    assert "<summary>2 人</summary>" in rows[0]
    assert re.findall(r"<li>.*?#(\d+)</a></li>", rows[0]) == ["20", "21", "22"]
    assert [r for r in rows[1:] if "<summary>" in r] == []


@pytest.mark.requirement("X14")
async def test_the_list_is_narrowed_by_reader_person_office_kind_and_period() -> None:
    visitor = await auditor()
    html = (await visitor.http.get("/audit/reads?kind=read&from=2009-01-01&cursor=c1")).text
    links = [unescape(h) for h in re.findall(r'href="(/audit/reads\?[^"]*)"', html)]
    assert any(f"user={USER}" in link and "kind=read" in link for link in links)
    assert any(f"person={PERSON}" in link and "from=2009-01-01" in link for link in links)
    assert any("cursor=c2" in link for link in links)
    sent = next(u for u in visitor.apis.asked if u.path == "/api/reads")
    assert dict(sent.params) == {
        "kind": "read", "from": "2009-01-01", "cursor": "c1", "limit": "100"
    }  # fmt: skip
