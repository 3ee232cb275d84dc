"""A page that stays open goes on by itself after everything behind it was killed (ui P1)."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.browser.conftest import sign_in
from tests.browser.town import Town


def test_an_open_page_shows_what_happens_after_the_whole_node_was_killed(
    chromium: Browser, town: Town
) -> None:
    before, after = town.enrol(), town.enrol()
    context = chromium.new_context(base_url=town.url, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(30_000)
    try:
        sign_in(page, "community_officer")
        page.goto("/tasks")
        page.evaluate("window.untouched = true")
        town.file(before)
        expect(page.locator("#live")).to_contain_text(before.name, timeout=30_000)
        town.restart()
        town.file(after)
        expect(page.locator("#live")).to_contain_text(after.name, timeout=30_000)
        assert page.evaluate("window.untouched"), "the page was loaded anew"
    finally:
        context.close()
