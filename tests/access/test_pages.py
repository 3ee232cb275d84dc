"""Every page of the console as one officer of each kind: what it shows of a neighbour's case."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr
from starlette.responses import Response

from events.runtime.clock import SystemClock
from services.console import app
from services.console.app import ACTS, VIEWS, console_app
from services.console.config import ConsoleConfig
from services.console.pages import roster
from services.console.session import COOKIE, Keeper, Session
from tests.access.expected import SIGNED, Rule
from tests.access.people import HOME, HOMES, Asker, Matrix

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(240)]
PAGES: dict[str, Rule] = {
    "/tasks": Rule("cases"),
    "/persons": Rule("cases"),
    "/persons/{id}": Rule("cases", "person"),
    "/persons/{id}/reads": Rule("cases", "person"),
    "/persons/{id}/reveal": Rule("anybody", "person"),
    "/households": Rule("cases"),
    "/households/{id}": Rule("cases", "household"),
    "/apply": SIGNED,
    "/done/{command}": SIGNED,
    "/acts": SIGNED,
    "/me": SIGNED,
    "/accounts": Rule("offices"),
    "/accounts/{id}": Rule("offices", "account"),
    "/exports": Rule("offices"),
    "/exports/new": SIGNED,
    "/exports/{id}": Rule("offices", "export"),
    "/exports/{id}/file": Rule("anybody", "export"),
    "/o/{office}": Rule("offices", "office"),
    "/o/{office}/figures/{metric}": Rule("cases", "office"),
    "/o/{office}/figures/{metric}/cases/{case}": Rule("cases", "case"),
    "/audit": Rule("cases"),
    "/events/{seq:int}": Rule("cases", "event"),
    "/events/{seq}/correct": Rule("cases", "event"),
    "/rules/{no}": SIGNED,
    "/status": SIGNED,
    "/audit/completeness": Rule("watchers"),
    "/audit/reads": Rule("auditors"),
    "/audit/verify": Rule("watchers", "", "province"),
    "/audit/verify/{id}": Rule("watchers", "check", "province"),
    "/audit/verify/{id}/report": Rule("watchers", "check", "province"),
    "/definitions": SIGNED,
    "/definitions/{metric}": SIGNED,
    "/do/{command}": SIGNED,
    "/print/notice/{id}": Rule("labour", "case"),
    "/print/agreement/{id}": Rule("labour", "case"),
    "/print/decision/{id}": Rule("labour", "case"),
    "/print/roster": Rule("names"),
}
"""Every page, by what it shows.

A figure's page lists its cases. `anybody`: an empty form, or a file that only its asker gets; there
the page must show nothing of a neighbour, whatever it answers.
"""
POSTS = {
    "/do/{command}", "/events/{seq}/correct", "/persons/{id}/reveal", "/acting",
    "/accounts/{id}/password", "/exports/new",
    "/audit/verify", "/audit/verify/{id}/cancel",
}  # fmt: skip
"""Forms: each sends a command or a request that the write role decides."""
ROLES = {
    "community_officer": "community", "street_signer": "street", "county_head": "county",
    "city_head": "city", "province_head": "province", "pes_clerk": "county", "tax": "county",
    "union": "county", "trainer": "county", "auditor": "county", "operator": "county",
}  # fmt: skip
"""Who looks at every page: a role of each kind, at one level."""
NAMES = dict(zip((HOME, *HOMES), "甲乙丙丁戊", strict=True))


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def console(matrix: Matrix) -> AsyncIterator[tuple[httpx.AsyncClient, Keeper]]:
    """Serve the console before both APIs, in process."""
    write = httpx.ASGITransport(app=matrix.node.role.app())
    read = httpx.ASGITransport(app=matrix.whole.read_app)
    mounts = {"all://write": write, "all://read": read}
    async with httpx.AsyncClient(mounts=mounts) as apis:
        secret = SecretStr("a secret of more than thirty-two letters")
        config = ConsoleConfig("http://write", "http://read", secret, client=apis)
        served = httpx.ASGITransport(app=console_app(config))
        async with httpx.AsyncClient(transport=served, base_url="http://console") as http:
            yield http, Keeper(config)


async def cookie(matrix: Matrix, keeper: Keeper, asker: Asker) -> str:
    """Return a session's cookie as signing in would set it."""
    now = SystemClock().now()
    me = (await matrix.whole.get(asker.login, "/api/me")).json()
    token = matrix.node.tokens[asker.login]
    own = Session(token, now + timedelta(hours=1), str(UUID(int=1)), now, asker.login, me)
    response = Response()
    keeper.write(response, own)
    return response.headers["set-cookie"].split(";")[0].removeprefix(f"{COOKIE}=")


def shown() -> set[str]:
    """Return every page and paper that the console serves."""
    drawn = {path for path, *_ in (*VIEWS, *app.PRINTS)}
    return drawn | {path for path, method, _ in ACTS if method == "GET"}


def test_every_page_has_a_decision_and_every_decision_a_page() -> None:
    assert shown() == PAGES.keys()
    assert {path for path, method, _ in ACTS if method == "POST"} == POSTS


@pytest.mark.requirement("X20")
def test_a_paper_without_a_decision_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    more = ("/print/everything", "print_roster.html", roster.load)
    monkeypatch.setattr(app, "PRINTS", (*app.PRINTS, more))
    assert shown() - PAGES.keys() == {"/print/everything"}


def addresses(matrix: Matrix, asker: Asker, path: str, rule: Rule) -> dict[str, str]:
    """Return relation → the page's address."""
    beyond = matrix.beyond(asker)
    homes = {"own": HOME} | ({"sibling": beyond} if rule.by and beyond else {})
    found = {}
    for relation, home in homes.items():
        case = matrix.cases[home]
        ident = case.person if rule.by == "case" else getattr(case, rule.by, case.person)
        words = {"id": ident, "case": case.person, "metric": "M1", "no": "R43", "office": home,
                 "command": "registry.record_wishes", "seq": case.seqs[-1]}  # fmt: skip
        found[relation] = path.replace(":int", "").format(**words | {"office": home.ljust(12, "0")})
    return found


def _named(address: str) -> str:
    """Return the id that an address names: its page repeats it."""
    return next((part for part in address.split("/") if part.count("-") == 4), "")


@pytest.mark.asyncio(loop_scope="package")
@pytest.mark.requirement("R43", "X15")
async def test_no_page_shows_a_neighbours_case(
    matrix: Matrix, console: tuple[httpx.AsyncClient, Keeper]
) -> None:
    http, keeper = console
    faults = []
    for asker in matrix.askers:
        if ROLES.get(asker.role) != asker.level:
            continue
        headers = {"cookie": f"{COOKIE}={await cookie(matrix, keeper, asker)}"}
        for path, rule in PAGES.items():
            for relation, address in addresses(matrix, asker, path, rule).items():
                answer = await http.get(address, headers=headers)
                told = f"{asker.login} {relation} {address}: {answer.status_code}"
                near = relation == "own" and rule.level in {None, asker.level}
                may = near and asker.role in (rule.roles or {asker.role})
                fits = {200, 404} if may and rule.by in {"case", "check"} else {200}
                if rule.who != "anybody" and (answer.status_code in fits) is not may:
                    faults.append(told)
                leaked = matrix.leaks(asker, answer.text, asked=_named(address))
                leaked += [
                    home
                    for home, name in NAMES.items()
                    if not asker.sees(home) and f"王{name}" in answer.text
                ]
                faults += [f"{told} shows {home}" for home in leaked]
    assert not faults, "\n".join(faults)
