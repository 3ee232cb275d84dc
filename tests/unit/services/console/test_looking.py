"""The pages that look back: completeness with its ways out, the definition of every figure."""

from __future__ import annotations

import re

import pytest

from tests.unit.services.console.fake import COMMUNITY, ME, PROVINCE, Apis, browser


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
