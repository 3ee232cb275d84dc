"""Fixtures of the browser tests: a served node, a browser, a page that watches what goes wrong."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from events.runtime.kafka import EmbeddedKafka
from events.runtime.postgres import EmbeddedPostgres
from tests.browser.town import PASSWORD, Town, running_town

CHROMIUM = ("chromium", "google-chrome", "chromium-browser", "chromium-headless-shell")


@pytest.fixture(scope="package")
def town(postgres: EmbeddedPostgres, kafka: EmbeddedKafka, server_home: Path) -> Iterator[Town]:
    """Serve one node for all browser tests; its driver's loop must not outlive them."""
    with running_town(postgres, kafka, server_home / "browser") as served:
        yield served


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Start the browser of the system."""
    program = next((p for name in CHROMIUM if (p := shutil.which(name))), None)
    if program is None:
        pytest.fail("No Chromium on this computer: run `make setup`, which installs it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--lang=zh-CN"],
            env={**os.environ, "LANGUAGE": "zh_CN", "LANG": "zh_CN.UTF-8"},
        )
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, town: Town) -> Iterator[Page]:
    """Open a page at the console; a message of the browser's console or a foreign host fails."""
    context = chromium.new_context(
        base_url=town.url, locale="zh-CN", timezone_id="Asia/Shanghai",
        viewport={"width": 1440, "height": 900},
    )  # fmt: skip
    opened = context.new_page()
    said: list[str] = []
    opened.on("console", lambda m: said.append(m.text) if m.type in {"error", "warning"} else None)
    opened.on("pageerror", lambda e: said.append(str(e)))
    opened.on("request", lambda r: said.append(r.url) if not r.url.startswith(town.url) else None)
    opened.set_default_timeout(15_000)
    yield opened
    context.close()
    refused = ("status of 401", "status of 409", "status of 422", "status of 403", "status of 404")
    assert [text for text in said if not any(r in text for r in refused)] == []


@pytest.fixture
def officer(page: Page) -> Page:
    """Sign in as the community's officer."""
    sign_in(page, "community_officer")
    return page


def sign_in(page: Page, login: str) -> None:
    """Sign in through the page."""
    page.goto("/login")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: "/login" not in url)
