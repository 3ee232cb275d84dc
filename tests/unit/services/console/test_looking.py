"""The pages that look back: completeness with its ways out, the definition of every figure."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.unit.services.console.canned import COMMUNITY, EVENT, HOUSEHOLD, ME, PERSON, PROVINCE
from tests.unit.services.console.fake import Apis, browser


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.mark.requirement("R43")
async def test_completeness_shows_each_step_its_difference_and_where_to_go() -> None:
    visitor = browser()
    await visitor.sign_in()
    html = (await visitor.http.get("/audit/completeness")).text
    shown = words(html)
    assert re.search(r"发布 40 2 在途 Kafka 上的发布记录 （记于 2009-03-02", shown)
    assert "查看发布角色和 Kafka" in shown
    assert re.search(r"38 2 2 在途 1 个对象被搁置", shown)
    assert 'href="/events/7"' in html


@pytest.mark.parametrize(("roles", "offered"), [(["auditor"], True), (["county_head"], False)])
async def test_only_auditors_and_operators_are_led_to_completeness(
    roles: list[str], offered: bool
) -> None:
    apis = Apis()
    apis.answers["/api/me"] = ME | {"roles": roles}
    visitor = browser(apis)
    await visitor.sign_in()
    for path in ("/audit", "/status"):
        html = (await visitor.http.get(path)).text
        assert ('href="/audit/completeness"' in html) is offered


@pytest.mark.requirement("R4")
async def test_every_figure_leads_to_its_definition_with_parts_clauses_and_events() -> None:
    visitor = browser()
    await visitor.sign_in()
    for path in (f"/o/{PROVINCE}", f"/o/{PROVINCE}/figures/M2", "/definitions"):
        assert 'href="/definitions/M2"' in (await visitor.http.get(path)).text
    html = (await visitor.http.get("/definitions/M2")).text
    shown = words(html)
    assert "实现就业÷应就业" in shown
    assert re.search(r"实现就业 分子 期内发生", shown)
    assert 'href="/rules/R17"' in html
    assert "各类对象证明材料" in shown
    assert "certification.application_filed.v1" in shown
    assert f'href="/o/{COMMUNITY}/figures/M2"' in html


async def test_an_unknown_figure_has_no_definition() -> None:
    visitor = browser()
    await visitor.sign_in()
    assert (await visitor.http.get("/definitions/M99")).status_code == 404


@pytest.mark.requirement("R41")
@pytest.mark.parametrize(
    ("asked", "said"),
    [("known=12", "截至第 12 号事件所知"), ("known=2009-01-31", "截至 2009-01-31 所知"),
     ("valid=2009-01-31", "您正在查看 2009-01-31 的数据（按现在所知）")],
)  # fmt: skip
@pytest.mark.parametrize("path", [f"/persons/{PERSON}", f"/households/{HOUSEHOLD}"])
async def test_a_replay_says_both_times_offers_the_way_back_and_asks_for_that_point(
    path: str, asked: str, said: str
) -> None:
    visitor = browser()
    await visitor.sign_in()
    html = (await visitor.http.get(f"{path}?{asked}")).text
    name, value = asked.split("=")
    assert said in html
    assert f'href="{path}"' in html
    assert re.search(rf'name="{name}" value="{value}"', html)
    assert "/do/" not in html
    sent = [u for u in visitor.apis.asked if u.path == f"/api{path}"]
    assert dict(sent[-1].params) == {name: value}


@pytest.mark.requirement("R41")
async def test_the_timeline_is_that_of_the_known_point() -> None:
    visitor = browser()
    await visitor.sign_in()
    await visitor.http.get(f"/persons/{PERSON}?known=12")
    sent = next(u for u in visitor.apis.asked if u.path == f"/api/persons/{PERSON}/events")
    assert sent.params["known"] == "12"


@pytest.mark.requirement("R41")
@pytest.mark.parametrize("path", ["/tasks", "/persons", "/audit", f"/persons/{PERSON}/reads"])
async def test_a_page_of_the_present_never_says_that_it_shows_another_day(path: str) -> None:
    visitor = browser()
    await visitor.sign_in()
    html = (await visitor.http.get(f"{path}?valid=2009-01-31")).text
    assert "本页只能显示当前情况" in html
    assert "您正在查看" not in html


@pytest.mark.requirement("R41")
@pytest.mark.parametrize(("recorded", "late"), [("2009-02-21T02:00:00Z", True), ("", False)])
async def test_what_was_recorded_on_a_later_day_is_marked(recorded: str, late: bool) -> None:
    apis = Apis()
    event = EVENT | ({"recorded_at": recorded} if recorded else {})
    apis.answers[f"/api/persons/{PERSON}/events"] = {"items": [event]}
    apis.answers["/api/audit_trail"] = {"items": [event]}
    visitor = browser(apis)
    await visitor.sign_in()
    for path in (f"/persons/{PERSON}", "/audit"):
        assert ("补录" in (await visitor.http.get(path)).text) is late
    assert f"/persons/{PERSON}?known=7" in (await visitor.http.get(f"/persons/{PERSON}")).text


@pytest.mark.requirement("X14")
@pytest.mark.parametrize(
    ("query", "looks"),
    [
        ("", "hidden"),
        ("?looks=shown", None),
        ("?looks=hidden", "hidden"),
        ("?type=registry.person_read.v1", None),
        ("?looks=&user=x", "hidden"),
    ],
)
async def test_the_timeline_lists_reads_of_persons_only_where_asked(
    query: str, looks: str | None
) -> None:
    visitor = browser()
    await visitor.sign_in()
    html = (await visitor.http.get(f"/audit{query}")).text
    (sent,) = [u for u in visitor.apis.asked if u.path == "/api/audit_trail"]
    assert sent.params.get("looks") == looks
    assert ("未列出查阅个人信息的记录" in html) is (looks == "hidden")
    assert (">显示查阅记录</a>" in html) is (looks == "hidden")


@pytest.mark.requirement("X14")
async def test_the_timeline_leads_to_who_read_whom_and_keeps_the_other_filters() -> None:
    visitor = browser()
    await visitor.sign_in()
    html = (await visitor.http.get(f"/audit?user={ME['user']}&from=2009-03-01")).text
    links = [unescape(h) for h in re.findall(r'href="(/audit\?[^"]*type=registry[^"]*)"', html)]
    assert len(links) == 3
    await visitor.http.get(links[0])
    sent = [u for u in visitor.apis.asked if u.path == "/api/audit_trail"][-1]
    assert sent.params["type"] == "registry.person_read.v1"
    assert (sent.params["user"], sent.params["from"]) == (ME["user"], "2009-03-01")
