"""Signing in with an OpenID Connect issuer in a browser, which another site sends back."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.town import Town
from tests.support.provider import running_provider

pytestmark = [pytest.mark.browser, pytest.mark.postgres, pytest.mark.kafka]


def test_a_person_signs_in_with_the_issuer_and_a_stolen_cookie_dies_with_the_session(
    chromium: Browser, town: Town
) -> None:
    issuer = urlsplit(town.settings.oidc_issuer or "")
    with running_provider(f"{town.url}/login/issuer", issuer.port or 0, "localhost") as provider:
        provider.people = {"s-1": {"preferred_username": "community_officer"}}
        context = chromium.new_context(locale="zh-CN")
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda m: said.append(m.text) if "Policy" in m.text else None)
        page.goto(f"{town.url}/persons?state=filed")
        page.get_by_role("button", name="用统一认证登录").click()
        page.get_by_label("Who").fill("s-1")
        page.get_by_role("button", name="OK").click()
        page.wait_for_url(f"{town.url}/persons?state=filed")
        expect(page.get_by_text("刘敏").first).to_be_visible()
        stolen = context.cookies(town.url)
        assert {"bangfu_session": "Strict"}.items() <= {
            c["name"]: c["sameSite"] for c in stolen
        }.items()
        assert "bangfu_begun" not in {c["name"] for c in stolen}
        page.get_by_role("button", name="退出登录").click()
        page.wait_for_url(f"{town.url}/login")
        context.clear_cookies()
        context.add_cookies(stolen)  # type: ignore[arg-type]
        page.goto(f"{town.url}/tasks")
        assert urlsplit(page.url).path == "/login"
        context.close()
        assert said == []
