"""Signing in, staying in, and coming back to a form after the session ended."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.unit.services.console.fake import CASE, PERSON, browser

FORM = f"/do/certification.register_at_community?case={CASE}&about={PERSON}"


def token_of(html: str, name: str) -> str:
    """Return the value of one of the console's hidden inputs."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found is not None
    return found[1]


async def test_without_a_session_a_page_leads_to_the_sign_in_and_back() -> None:
    visitor = browser()
    answer = await visitor.http.get("/persons?state=filed")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?to=/persons%3Fstate%3Dfiled"


async def test_a_wrong_password_says_so_and_keeps_the_login() -> None:
    visitor = browser()
    form = {"_login": "liu", "_password": "wrong", "_to": "/tasks", "_typed": ""}
    answer = await visitor.http.post("/login", data=form)
    assert answer.status_code == 401
    assert "账号或密码不正确" in answer.text
    assert 'value="liu"' in answer.text


async def test_the_session_cookie_is_sealed_strict_and_out_of_reach_of_scripts() -> None:
    visitor = browser()
    form = {"_login": "liu", "_password": "secret-1", "_to": "", "_typed": ""}
    answer = await visitor.http.post("/login", data=form)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "good" not in cookie
    assert answer.headers["location"] == "/tasks"


async def test_the_sign_in_never_leads_to_another_host() -> None:
    visitor = browser()
    form = {"_login": "liu", "_password": "secret-1", "_to": "//evil.example/", "_typed": ""}
    answer = await visitor.http.post("/login", data=form)
    assert answer.headers["location"] == "/tasks"


async def test_what_was_typed_comes_back_after_a_new_sign_in() -> None:
    visitor = browser()
    await visitor.sign_in()
    visitor.clock.advance(timedelta(minutes=16))
    asked = await visitor.http.post(FORM, data={"opinion": "情况属实", "originals_seen": "0 1"})
    assert asked.status_code == 401
    assert "没有丢失" in asked.text
    assert not visitor.apis.sent
    typed = token_of(asked.text, "_typed").replace("&#34;", '"').replace("&amp;", "&")
    to = token_of(asked.text, "_to").replace("&amp;", "&")
    visitor.apis.token_life = timedelta(hours=1)
    form = {"_login": "liu", "_password": "secret-1", "_to": to, "_typed": typed}
    back = await visitor.http.post("/login", data=form)
    assert back.status_code == 200
    assert "情况属实" in back.text
    assert "社区登记" in back.text


async def test_a_session_in_use_is_renewed_before_its_token_ends() -> None:
    visitor = browser()
    await visitor.sign_in()
    for minutes in (5, 7, 13):
        visitor.clock.advance(timedelta(minutes=minutes))
        assert (await visitor.http.get("/tasks")).status_code == 200
    assert visitor.apis.renewals == 2


async def test_no_session_outlives_the_working_day() -> None:
    visitor = browser()
    await visitor.sign_in()
    for _ in range(59):
        visitor.clock.advance(timedelta(minutes=12))
        assert (await visitor.http.get("/status")).status_code == 200
    visitor.clock.advance(timedelta(minutes=12))
    assert (await visitor.http.get("/status")).status_code == 303


async def test_signing_out_ends_the_session() -> None:
    visitor = browser()
    await visitor.sign_in()
    page = await visitor.http.get("/tasks")
    await visitor.http.post("/logout", data={"_csrf": token_of(page.text, "_csrf")})
    assert (await visitor.http.get("/tasks")).status_code == 303
