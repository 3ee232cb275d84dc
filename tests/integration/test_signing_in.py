"""Signing in and out of a running node: with its own passwords, and with an issuer's tokens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
import pytest_asyncio

from events.runtime.clock import SystemClock
from events.runtime.postgres import EmbeddedPostgres
from services.kit.decider import DomainError
from services.kit.oidc import FRESH, Issuer
from services.kit.passwords import FAILURES_PER_ADDRESS, MAX_FAILURES
from tests.support.desk import CONSOLE, Desk, Office, hidden, onward, running_office
from tests.support.node import DAY_ONE, PASSWORD
from tests.support.servers import Databases

pytestmark = [pytest.mark.postgres, pytest.mark.asyncio(loop_scope="module")]
COOKIE = "bangfu_session"
FORM = "/do/registry.register_person"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Office]:
    database = Databases(postgres, {})
    async with running_office(database, tmp_path_factory.mktemp("office")) as running:
        yield running
    await database.drop()


@pytest_asyncio.fixture(loop_scope="module")
async def desk(office: Office) -> AsyncIterator[Desk]:
    async with office.desk() as fresh:
        yield fresh


async def guess(desk: Desk, login: str, address: str = "") -> httpx.Response:
    """Try a wrong password from an address."""
    transport = httpx.ASGITransport(desk.node.role.app(), client=(address or desk.place, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://node") as http:
        return await http.post("/api/token", json={"login": login, "password": "wrong"})


def one_guess_left(desk: Desk) -> None:
    """Use up an address's guesses but one, without the time that wrong passwords take."""
    addresses = desk.node.role.doorkeeper.passwords._addresses  # noqa: SLF001
    for _ in range(FAILURES_PER_ADDRESS - 1):
        assert addresses.take(desk.place) == 0


async def test_a_person_signs_in_with_the_issuer_and_gets_to_the_page_asked_for(
    desk: Desk,
) -> None:
    answer = await desk.sign_in("/persons?state=filed")
    assert onward(answer.text) == "/persons?state=filed"
    page = await desk.browser.get(f"{CONSOLE}/tasks")
    assert page.status_code == 200
    assert "测试员" in page.text


async def test_a_system_gets_a_token_of_the_node_for_one_of_the_issuers(desk: Desk) -> None:
    answer = await desk.exchange(desk.provider.token(desk.subject))
    token = answer.json()["token"]
    assert await desk.stands(token) == (True, True)
    who = desk.node.role.doorkeeper.principal(token)
    assert who.user == desk.node.accounts[desk.login]
    assert who.roles == {"community_officer"}


async def test_a_token_says_nothing_about_roles_that_the_directory_does_not(desk: Desk) -> None:
    desk.provider.twist = {"roles": ["province_head"], "areas": ["14"], "office_id": "14"}
    token = (await desk.exchange(desk.provider.token(desk.subject))).json()["token"]
    who = desk.node.role.doorkeeper.principal(token)
    assert who.roles == {"community_officer"}
    assert who.areas == ("140105001001",)


async def test_a_token_of_the_issuer_is_taken_once(desk: Desk) -> None:
    token = desk.provider.token(desk.subject)
    assert (await desk.exchange(token)).status_code == 200
    again = await desk.exchange(token)
    assert (again.status_code, again.json()["code"]) == (401, "identity_refused")


async def test_a_token_that_is_not_for_this_node_opens_nothing(desk: Desk) -> None:
    desk.provider.twist = {"aud": "another system"}
    answer = await desk.exchange(desk.provider.token(desk.subject))
    assert (answer.status_code, answer.json()["code"]) == (401, "identity_refused")
    assert answer.json()["zh"]
    assert answer.json()["en"]
    page = await desk.sign_in()
    assert page.status_code == 401
    assert COOKIE not in desk.browser.cookies


@pytest.mark.parametrize("token", [".", "a.b.c", "é.é.é", "e30.e30.e30", "x" * 16_384])
async def test_what_is_no_token_opens_nothing(desk: Desk, token: str) -> None:
    answer = await desk.exchange(token)
    assert (answer.status_code, answer.json()["code"]) == (401, "identity_refused")
    assert "token" not in answer.json()


async def test_an_account_stays_with_the_identity_that_first_signed_in(desk: Desk) -> None:
    first = (await desk.exchange(desk.provider.token(desk.subject))).json()["token"]
    desk.provider.people = {
        desk.subject: {"preferred_username": "renamed"},
        "another": {"preferred_username": desk.login},
    }
    renamed = await desk.exchange(desk.provider.token(desk.subject))
    assert renamed.status_code == 200
    other = await desk.exchange(desk.provider.token("another"))
    assert (other.status_code, other.json()["code"]) == (403, "identity_taken")
    unbound = await desk.node.http.post(
        "/api/accounts/unbind", json={"login": desk.login}, headers=desk.node.as_("operator")
    )
    assert unbound.status_code == 200
    assert await desk.stands(first) == (False, False)
    assert (await desk.exchange(desk.provider.token("another"))).status_code == 200


async def test_only_an_operator_unbinds_an_account(desk: Desk) -> None:
    answer = await desk.node.http.post(
        "/api/accounts/unbind", json={"login": desk.login}, headers=desk.node.as_(desk.login)
    )
    assert answer.status_code == 403


async def test_an_identity_without_an_account_is_told_whom_to_ask(desk: Desk) -> None:
    desk.provider.people["s-9"] = {"preferred_username": "stranger"}
    page = await desk.sign_in(who="s-9")
    assert page.status_code == 403
    assert "该身份在本系统没有账号" in page.text
    assert "请联系系统管理员开通账号" in page.text
    assert COOKIE not in desk.browser.cookies


@pytest.mark.requirement("X10")
async def test_a_closed_account_is_closed_to_its_identity_too(desk: Desk) -> None:
    token = (await desk.exchange(desk.provider.token(desk.subject))).json()["token"]
    body = {"user": desk.node.accounts[desk.login], "from": DAY_ONE.isoformat()}
    await desk.node.do("operator", "registry.close_account", body)
    answer = await desk.exchange(desk.provider.token(desk.subject))
    assert (answer.status_code, answer.json()["code"]) == (403, "account_closed")
    bearer = {"authorization": f"Bearer {token}"}
    assert (await desk.node.http.get("/api/commands", headers=bearer)).status_code == 401


async def test_a_sign_in_comes_back_once_and_only_to_who_began_it(desk: Desk) -> None:
    back = await desk.at_the_provider(await desk.to_the_provider())
    begun = dict(desk.browser.cookies)
    desk.browser.cookies.clear()
    stranger = await desk.browser.get(back)
    assert (stranger.status_code, COOKIE in desk.browser.cookies) == (403, False)
    desk.browser.cookies.update(begun)
    home = await desk.browser.get(back)
    assert home.status_code == 200
    taken = [c for c in home.headers.get_list("set-cookie") if c.startswith("bangfu_begun=")]
    assert ["Max-Age=0" in c for c in taken] == [True]
    desk.browser.cookies.clear()
    replayed = await desk.browser.get(back)
    assert replayed.status_code == 403
    assert "此次登录不是从本页面开始的" in replayed.text
    desk.browser.cookies.update(begun)
    stolen = await desk.browser.get(back)
    assert (stolen.status_code, COOKIE in desk.browser.cookies) == (403, False)


async def test_a_sign_in_that_comes_back_with_another_state_is_refused(desk: Desk) -> None:
    back = httpx.URL(await desk.at_the_provider(await desk.to_the_provider()))
    answer = await desk.browser.get(back.copy_set_param("state", "guessed"))
    assert answer.status_code == 403
    assert COOKIE not in desk.browser.cookies


async def test_a_sign_in_that_comes_back_from_another_issuer_is_refused(desk: Desk) -> None:
    back = httpx.URL(await desk.at_the_provider(await desk.to_the_provider()))
    answer = await desk.browser.get(back.copy_set_param("iss", "https://evil.example"))
    assert answer.status_code == 403


async def test_a_token_with_the_nonce_of_another_sign_in_is_refused(desk: Desk) -> None:
    desk.provider.twist = {"nonce": "of another sign-in"}
    page = await desk.sign_in()
    assert page.status_code == 401
    assert COOKIE not in desk.browser.cookies


async def test_who_is_refused_at_the_issuer_is_told_so(desk: Desk) -> None:
    page = await desk.sign_in(who="nobody there")
    assert page.status_code == 403
    assert "统一身份认证没有同意此次登录" in page.text


async def test_the_way_to_the_issuer_starts_with_a_form_of_ones_own(desk: Desk) -> None:
    answer = await desk.to_the_provider(_csrf="")
    assert answer.status_code == 403
    assert desk.provider.url not in answer.text


async def test_while_the_issuer_is_away_local_accounts_go_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.provider.broken = True
    desk.clock[0] += FRESH
    page = await desk.to_the_provider()
    assert page.status_code == 503
    assert "或用本地账号登录" in page.text
    keeper = desk.node.role.doorkeeper
    known = keeper.known_identities
    unread = replace(known.check, issuer=Issuer(desk.provider.url, desk.browser))
    monkeypatch.setattr(keeper, "identities", replace(known, check=unread))
    answer = await desk.exchange(desk.provider.token(desk.subject))
    assert (answer.status_code, answer.json()["code"]) == (503, "issuer_away")
    assert answer.headers["retry-after"]
    form = {"_login": desk.login, "_password": PASSWORD, "_csrf": hidden(page.text, "_csrf")}
    local = await desk.browser.post(f"{CONSOLE}/login", data=form)
    assert (local.status_code, local.headers["location"]) == (303, "/tasks")


async def test_what_was_typed_comes_back_through_the_issuer(desk: Desk) -> None:
    answer = await desk.sign_in(FORM, _typed='{"name":["陈玉梅"]}')
    assert answer.status_code == 200
    assert "陈玉梅" in answer.text
    assert "登记" in answer.text


async def test_what_is_too_long_for_the_way_is_not_lost_on_it(desk: Desk) -> None:
    typed = '{"name":["' + "陈" * 4_000 + '"]}'
    answer = await desk.to_the_provider(FORM, _typed=typed)
    assert answer.status_code == 413
    assert hidden(answer.text, "_typed") == typed


async def test_a_signed_out_session_is_dead_everywhere_though_its_cookie_was_stolen(
    desk: Desk,
) -> None:
    await desk.sign_in()
    page = await desk.browser.get(f"{CONSOLE}/tasks")
    stolen = desk.browser.cookies[COOKIE]
    out = await desk.browser.post(f"{CONSOLE}/logout", data={"_csrf": hidden(page.text, "_csrf")})
    assert out.status_code == 303
    desk.browser.cookies.set(COOKIE, stolen, domain="console.local")
    assert (await desk.browser.get(f"{CONSOLE}/tasks")).status_code == 303


async def test_a_token_is_dead_in_every_role_once_its_session_was_ended(desk: Desk) -> None:
    token = (await desk.exchange(desk.provider.token(desk.subject))).json()["token"]
    bearer = {"authorization": f"Bearer {token}"}
    renewed = (await desk.node.http.post("/api/token/renew", headers=bearer)).json()["token"]
    before = SystemClock().now()
    await desk.node.http.post("/api/token/end", headers=bearer)
    assert await desk.stands(token) == (False, False)
    assert await desk.stands(renewed) == (False, False)
    keeper = desk.node.role.doorkeeper
    assert keeper.principal(token, at=before).user == desk.node.accounts[desk.login]
    with pytest.raises(DomainError):
        keeper.principal(token, at=SystemClock().now())
    again = await desk.node.http.post("/api/token/renew", headers=bearer)
    assert again.status_code == 401


async def test_a_fresh_session_id_ends_the_one_before(desk: Desk) -> None:
    bearer = desk.node.as_(desk.login)
    answer = await desk.node.http.post("/api/token/renew", headers=bearer, json={"fresh": True})
    assert await desk.stands(answer.json()["token"]) == (True, True)
    assert await desk.stands(desk.node.tokens[desk.login]) == (False, False)


async def test_a_new_password_ends_the_sessions_before_it(desk: Desk) -> None:
    wish = {"login": desk.login, "password": PASSWORD + "!"}
    await desk.node.http.post(
        "/api/accounts/password", json=wish, headers=desk.node.as_("operator")
    )
    assert await desk.stands(desk.node.tokens[desk.login]) == (False, False)
    answer = await desk.node.http.post("/api/token", json=wish)
    assert await desk.stands(answer.json()["token"]) == (True, True)


@pytest.mark.parametrize("exists", [True, False])
async def test_after_five_wrong_passwords_a_login_waits_whether_it_exists_or_not(
    desk: Desk, exists: bool
) -> None:
    login = desk.login if exists else "nobody"
    for n in range(MAX_FAILURES):
        assert (await guess(desk, login, f"10.0.0.{n}")).status_code == 401
    locked = await guess(desk, login, "10.0.1.1")
    assert (locked.status_code, locked.json()["code"]) == (429, "account_locked")
    assert 800 < int(locked.headers["retry-after"]) <= 900
    assert locked.json()["zh"]
    assert locked.json()["en"]


async def test_one_address_guesses_only_so_often_whatever_the_login(desk: Desk) -> None:
    one_guess_left(desk)
    assert (await guess(desk, "anybody")).status_code == 401
    refused = await guess(desk, "another")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many")
    assert 0 < int(refused.headers["retry-after"]) <= 15
    assert (await guess(desk, "another", "10.0.9.8")).status_code == 401
    assert (await guess(desk, "another", "2001:db8:0:1::7")).status_code == 401


async def test_an_office_behind_one_address_signs_in_all_at_once(desk: Desk) -> None:
    wish = {"login": desk.login, "password": PASSWORD}
    many = (desk.node.http.post("/api/token", json=wish) for _ in range(FAILURES_PER_ADDRESS + 5))
    assert {answer.status_code for answer in await asyncio.gather(*many)} == {200}


async def test_guesses_through_the_console_count_for_the_browsers_address(desk: Desk) -> None:
    page = await desk.browser.get(f"{CONSOLE}/login")
    form = {"_password": "wrong", "_csrf": hidden(page.text, "_csrf")}
    one_guess_left(desk)
    await desk.browser.post(f"{CONSOLE}/login", data=form | {"_login": "anybody"})
    refused = await desk.browser.post(f"{CONSOLE}/login", data=form | {"_login": "another"})
    assert refused.status_code == 429
    assert refused.headers["retry-after"]
    assert (await guess(desk, "elsewhere", "10.0.9.9")).status_code == 401


async def test_a_person_searches_only_so_often(desk: Desk) -> None:
    wish, bearer = {"text": "陈玉梅"}, desk.node.as_(desk.login)
    user = desk.node.accounts[desk.login]
    while not desk.node.role.side.searches.take(user):
        pass
    refused = await desk.node.http.post("/api/search", json=wish, headers=bearer)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many")
    assert refused.headers["retry-after"] == "1"
