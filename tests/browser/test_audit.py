"""An auditor of the province has the log checked while she looks on, and sees who looked."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in
from tests.browser.test_reach import RULES
from tests.browser.town import PROVINCE, Town, eventually

pytestmark = [pytest.mark.browser, pytest.mark.postgres, pytest.mark.kafka]


def no_barrier(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.requirement("X13", "X14")
def test_a_check_is_started_followed_and_read_and_the_looks_are_listed(
    page: Page, town: Town
) -> None:
    town.staff(PROVINCE, "auditor")
    person = town.enrol()

    def seen() -> httpx.Response:
        return town.ask("auditor", "/api/audit_trail?limit=1")

    def known(answer: Any) -> bool:  # noqa: ANN401
        return answer.status_code == 200 and bool(answer.json()["items"])

    eventually(seen, known)
    sign_in(page, "auditor")
    page.goto("/audit")
    page.get_by_role("link", name="校验日志").click()
    no_barrier(page)
    page.get_by_role("button", name="开始校验").click()
    result = page.locator("#check .headline .badge")
    expect(result).to_have_text("✓ 未见改动", timeout=30_000)
    expect(page.get_by_text("钱进").first).to_be_visible()
    no_barrier(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载报告").click()
    assert download.value.suggested_filename.startswith("check-")
    page.goto("/audit/verify")
    expect(page.locator("#checks tbody tr")).to_have_count(1)

    officer = page.context.browser
    assert officer is not None
    other = officer.new_page(base_url=town.url, locale="zh-CN")
    sign_in(other, "community_officer")
    other.goto(f"/persons/{person.id}")
    other.close()
    eventually(lambda: town.ask("auditor", "/api/reads"), lambda a: "刘敏" in a.text)
    page.goto("/audit/reads")
    row = page.locator("#looks tbody tr").first
    expect(row).to_contain_text("刘敏")
    expect(row).to_contain_text("个人档案")
    no_barrier(page)
