"""Signing in, staying in, signing out, and coming back to a form after the session ended."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from services.console.app import ACTS
from services.console.guarding import CSP, MOST_SENT
from services.console.session import Keeper, Session
from tests.unit.services.console.canned import CASE, PERSON
from tests.unit.services.console.fake import browser, token_of

FORM = f"/do/certification.register_at_community?case={CASE}&about={PERSON}"


async def test_without_a_session_a_page_leads_to_the_sign_in_and_back() -> None:
    visitor = browser()
    answer = await visitor.http.get("/persons?state=filed")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?to=/persons%3Fstate%3Dfiled"


async def test_a_wrong_password_says_so_and_keeps_the_login() -> None:
    visitor = browser()
    answer = await visitor.post_login(_password="wrong", _to="/tasks")  # noqa: S106
    assert answer.status_code == 401
    assert "账号或密码不正确" in answer.text
    assert 'value="liu"' in answer.text


async def test_the_session_cookie_is_sealed_strict_and_out_of_reach_of_scripts() -> None:
    visitor = browser()
    answer = await visitor.post_login()
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/" in cookie
    assert "good" not in cookie
    assert answer.headers["location"] == "/tasks"


async def test_over_https_no_other_host_of_the_domain_can_set_the_cookies() -> None:
    visitor = browser(secure=True)
    page = await visitor.http.get("/login?lang=en")
    answer = await visitor.post_login()
    cookies = page.headers.get_list("set-cookie") + answer.headers.get_list("set-cookie")
    ours = [c for c in cookies if not c.startswith("bangfu_lang=")]
    assert len(ours) == 2
    assert all(c.startswith("__Host-") and "Domain" not in c for c in ours)
    assert all("Secure" in c for c in cookies)
    assert "max-age" in answer.headers["strict-transport-security"]
    assert (await visitor.http.get("/tasks")).status_code == 200


@pytest.mark.parametrize("to", ["//evil.example/", "/\\evil.example", "https://evil.example/"])
async def test_the_sign_in_never_leads_to_another_host(to: str) -> None:
    visitor = browser()
    answer = await visitor.post_login(_to=to)
    assert answer.headers["location"] == "/tasks"


@pytest.mark.parametrize("csrf", ["", "0" * 64, "é"])
async def test_a_sign_in_form_that_was_not_opened_here_signs_nobody_in(csrf: str) -> None:
    visitor = browser()
    answer = await visitor.post_login(_csrf=csrf)
    assert answer.status_code == 403
    assert "此表单不是由本页面打开的" in answer.text
    assert "bangfu_session" not in visitor.http.cookies


async def test_a_sign_in_form_opened_by_another_visitor_signs_nobody_in() -> None:
    stranger, visitor = browser(), browser()
    page = await stranger.http.get("/login")
    answer = await visitor.post_login(_csrf=token_of(page.text, "_csrf"))
    assert answer.status_code == 403


async def test_what_was_typed_comes_back_after_a_new_sign_in() -> None:
    visitor = browser()
    await visitor.sign_in()
    visitor.clock.advance(timedelta(minutes=16))
    asked = await visitor.http.post(FORM, data={"opinion": "情况属实", "originals_seen": "0 1"})
    assert asked.status_code == 401
    assert "没有丢失" in asked.text
    assert not visitor.apis.sent
    visitor.apis.token_life = timedelta(hours=1)
    kept = {name: token_of(asked.text, name) for name in ("_to", "_typed", "_csrf")}
    form = {"_login": "liu", "_password": "secret-1", **kept}
    back = await visitor.http.post("/login", data=form)
    assert back.status_code == 200
    assert "情况属实" in back.text
    assert "社区登记" in back.text


async def test_what_is_no_form_at_all_is_let_go() -> None:
    visitor = browser()
    answer = await visitor.post_login(_to=FORM, _typed="{")
    assert answer.headers["location"] == FORM


async def test_a_session_in_use_is_renewed_and_an_idle_one_ends_after_a_quarter_of_an_hour() -> (
    None
):
    visitor = browser()
    await visitor.sign_in()
    for minutes in (0.5, 5, 7, 14):
        visitor.clock.advance(timedelta(minutes=minutes))
        assert (await visitor.http.get("/tasks")).status_code == 200
    assert visitor.apis.renewals == 3
    visitor.clock.advance(timedelta(minutes=15))
    assert (await visitor.http.get("/tasks")).status_code == 303


async def test_no_session_outlives_the_working_day() -> None:
    visitor = browser()
    await visitor.sign_in()
    for _ in range(59):
        visitor.clock.advance(timedelta(minutes=12))
        assert (await visitor.http.get("/status")).status_code == 200
    visitor.clock.advance(timedelta(minutes=12))
    assert (await visitor.http.get("/status")).status_code == 303


async def sign_out(visitor_http: httpx.AsyncClient) -> httpx.Response:
    """Press the button of a page."""
    page = await visitor_http.get("/tasks")
    return await visitor_http.post("/logout", data={"_csrf": token_of(page.text, "_csrf")})


async def test_signing_out_ends_the_session_here_and_at_the_node() -> None:
    visitor = browser()
    await visitor.sign_in()
    await sign_out(visitor.http)
    assert (await visitor.http.get("/tasks")).status_code == 303
    assert visitor.apis.sign_outs == 1


async def test_a_stolen_cookie_is_dead_as_soon_as_its_owner_signs_out() -> None:
    visitor = browser()
    await visitor.sign_in()
    stolen = dict(visitor.http.cookies)
    await sign_out(visitor.http)
    visitor.http.cookies.clear()
    visitor.http.cookies.update(stolen)
    assert (await visitor.http.get("/tasks")).status_code == 303


async def test_signing_in_again_ends_the_session_before() -> None:
    visitor = browser()
    await visitor.sign_in()
    before = dict(visitor.http.cookies)
    await visitor.sign_in()
    assert visitor.apis.sign_outs == 1
    assert (await visitor.http.get("/tasks")).status_code == 200
    visitor.http.cookies.clear()
    visitor.http.cookies.update(before)
    assert (await visitor.http.get("/tasks")).status_code == 303


async def test_acting_in_another_role_gives_the_session_another_id() -> None:
    visitor = browser()
    await visitor.sign_in()
    before = dict(visitor.http.cookies)
    page = await visitor.http.get("/me")
    form = {"_csrf": token_of(page.text, "_csrf"), "_as": "role:community_head"}
    await visitor.http.post("/acting", data=form)
    assert visitor.apis.fresh == 1
    assert (await visitor.http.get("/tasks")).status_code == 200
    visitor.http.cookies.clear()
    visitor.http.cookies.update(before)
    assert (await visitor.http.get("/tasks")).status_code == 303


@pytest.mark.parametrize("path", [path for path, method, _ in ACTS if method == "POST"])
async def test_every_form_is_asked_whether_it_was_opened_here_before_it_does_anything(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def foreign(_: Keeper, session: Session | None, sent: str) -> bool:
        assert session is not None
        asked.append(sent)
        return False

    monkeypatch.setattr(Keeper, "is_ours", foreign)
    visitor = browser()
    await visitor.sign_in()
    before = dict(visitor.http.cookies)
    at = path.format(command="registry.record_leave", id=PERSON, seq=7)
    await visitor.http.post(at, data={"_csrf": "told", "_as": "role:community_head"})
    assert asked == ["told"]
    assert (visitor.apis.sent, visitor.apis.fresh) == ([], 0)
    assert dict(visitor.http.cookies) == before


async def test_a_sign_out_that_was_not_pressed_here_ends_nothing() -> None:
    visitor = browser()
    await visitor.sign_in()
    answer = await visitor.http.post("/logout", data={"_csrf": ""})
    assert answer.status_code == 403
    assert (await visitor.http.get("/tasks")).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [("/login", 200), ("/tasks", 200), ("/nowhere", 404), ("/static/nothing.js", 404),
     ("/persons/unknown", 404), ("/live?at=/nowhere", 404), ("/static/console.css", 200)],
)  # fmt: skip
async def test_every_answer_says_what_a_browser_may_load(path: str, status: int) -> None:
    visitor = browser()
    await visitor.sign_in()
    answer = await visitor.http.get(path)
    assert answer.status_code == status
    assert answer.headers["content-security-policy"] == CSP
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_fault_of_the_console_is_a_page_with_the_same_headers() -> None:
    visitor = browser()
    await visitor.sign_in()
    visitor.apis.answers["/api/status"] = {"projections": 7}
    transport = visitor.http._transport  # noqa: SLF001  # the one that hides what is raised
    assert isinstance(transport, httpx.ASGITransport)
    transport.raise_app_exceptions = False
    answer = await visitor.http.get("/status")
    assert answer.status_code == 500
    assert "系统内部错误" in answer.text
    assert answer.headers["content-security-policy"] == CSP


async def test_more_than_a_form_can_hold_is_not_read() -> None:
    visitor = browser()
    answer = await visitor.post_login(_typed="x" * MOST_SENT)
    assert answer.status_code == 413
    assert "50 MB" in answer.text

    async def endless() -> AsyncIterator[bytes]:
        yield b"_login=" + b"x" * MOST_SENT
        yield b"y"

    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = await visitor.http.post("/login", content=endless(), headers=kind)
    assert answer.status_code == 413


async def test_without_an_issuer_there_is_no_way_to_sign_in_with_one() -> None:
    visitor = browser()
    assert "/login/issuer" not in (await visitor.http.get("/login")).text
    assert (await visitor.http.get("/login/issuer")).status_code == 404
