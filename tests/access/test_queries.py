"""Role × level × relation over every address of the read role, against the papers' own table."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from dataclasses import replace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from events.runtime.telemetry import Metrics
from projections.api.app import read_app
from projections.api.query import Answer, Call, Query
from tests.access.expected import LEVELS, OUTSIDE, READ, Rule
from tests.access.people import HOME, OWN, SIBLING, Asker, Matrix

pytestmark = [pytest.mark.postgres, pytest.mark.asyncio(loop_scope="package")]
WORDS = {"number": "R43", "metric": "M1", "name": "employers"}
"""What stands in an address beside ids."""


def undecided(app: Starlette) -> set[str]:
    """Name the addresses of an application for which the table has no decision."""
    return {route.path for route in app.routes if isinstance(route, Route)} - READ.keys()


@pytest.mark.requirement("R43")
async def test_every_address_has_a_decision_and_every_decision_an_address(matrix: Matrix) -> None:
    assert undecided(matrix.whole.read_app) == set()
    served = {route.path for route in matrix.whole.read_app.routes if isinstance(route, Route)}
    assert READ.keys() - served == set()


async def test_an_address_without_a_decision_is_named(matrix: Matrix) -> None:
    async def nothing(_: Call) -> Answer:
        return {}

    more = Query("/api/everything", "everything", "全部", "Everything", nothing)
    side = replace(matrix.whole.side, metrics=Metrics())
    assert undecided(read_app(side, (more,))) == {"/api/everything"}


def offices(asker: Asker) -> dict[str, str]:
    """Return the office of each relation to the asker, by its id."""
    at = LEVELS.index(asker.level)
    codes = {"own": OWN[asker.level]}
    if asker.level in SIBLING:
        codes["sibling"] = SIBLING[asker.level]
        codes["parent"] = OWN[LEVELS[at - 1]]
    if asker.level != "community":
        codes["child"] = OWN[LEVELS[at + 1]]
    return {relation: code.ljust(12, "0") for relation, code in codes.items()}


def asked(matrix: Matrix, asker: Asker, path: str, rule: Rule) -> dict[str, tuple[str, str]]:
    """Return relation → (address, office to filter by)."""
    home = WORDS | {"id": HOME}
    if rule.by in {"", "office"}:
        named = {r: (path.format(**home), o) for r, o in offices(asker).items()}
        return named if rule.by else {"own": (named["own"][0], "")}
    beyond = matrix.beyond(asker)
    homes = {"own": HOME} | ({"sibling": beyond} if beyond else {})
    found = {}
    for relation, at in homes.items():
        case = matrix.cases[at]
        ident = getattr(case, rule.by, case.person) if rule.by != "case" else case.person
        found[relation] = (path.format(**WORDS, id=ident, seq=case.seqs[-1]), "")
    return found


def expected(rule: Rule, asker: Asker, relation: str) -> bool:
    """Tell what the papers say: the role may, and its area covers what is asked for."""
    if rule.who in {"anybody", "signed in"}:
        return True
    near = relation in {"own", "child"} and rule.level in {None, asker.level}
    return near and asker.role in (rule.roles or ())


def _fits(rule: Rule, *, may: bool) -> set[int]:
    """Return what an address may answer: what is refused by its id may as well not be found."""
    if not may:
        return {403} if rule.by == "office" else {403, 404}
    return {200, 404} if rule.by in {"case", "check"} else {200}


def _named(address: str) -> str:
    """Return the id that an address names: a refusal repeats it."""
    return next((part for part in address.split("/") if part.count("-") == 4), "")


@pytest.mark.requirement("R43", "R102")
@pytest.mark.timeout(120)
@pytest.mark.parametrize("path", [p for p in READ if p != "/api/stream"])
async def test_who_may_ask_and_for_which_area(matrix: Matrix, path: str) -> None:
    rule, faults = READ[path], list[str]()
    for asker in matrix.askers:
        for relation, (address, office) in asked(matrix, asker, path, rule).items():
            words = {"office": office} if office else {}
            answer = await matrix.whole.get(asker.login, address, **words)
            told = f"{asker.login} {relation}: {answer.status_code}"
            may = expected(rule, asker, relation)
            if answer.status_code not in _fits(rule, may=may):
                faults.append(told)
            if leaked := matrix.leaks(asker, answer.text, asked=_named(address)):
                faults.append(f"{told} shows {leaked}")
    assert faults == []


async def test_nobody_asks_without_a_token(matrix: Matrix) -> None:
    found = {}
    for path, rule in READ.items():
        address = path.format(**WORDS, id=matrix.cases[HOME].person, seq=1)
        found[path] = (await matrix.whole.read.get(address)).status_code
        assert rule.who == "anybody" or found[path] == 401, path
    assert all(found[path] == 200 for path, rule in READ.items() if rule.who == "anybody")


FILTERS = (
    "/api/ledger?text_ids={person}",
    "/api/obligations?person={person}&state=all",
    "/api/obligations?household={household}&state=all",
    "/api/obligations?owner={office}&state=all",
    "/api/audit_trail?person={person}",
    "/api/audit_trail?user={user}",
    "/api/reads?person={person}",
    "/api/reads?user={user}",
    "/api/figures/M1/cases?part=opening",
    "/api/figures/M1/cases/{person}/events",
)
"""Questions about one's own area whose words name a neighbour's case."""


@pytest.mark.requirement("R43")
async def test_no_filter_brings_a_neighbours_case_into_ones_own_area(matrix: Matrix) -> None:
    faults = []
    for asker in matrix.askers:
        beyond = matrix.beyond(asker)
        if beyond is None:
            continue
        case = matrix.cases[beyond]
        words = {"person": case.person, "household": case.household, "office": beyond,
                 "user": matrix.node.accounts[f"clerk.{beyond}"]}  # fmt: skip
        for question in FILTERS:
            answer = await matrix.whole.get(asker.login, question.format(**words))
            body = answer.json()
            if answer.status_code == 200 and body.get("items"):
                faults.append(f"{asker.login} {question}: {body['items'][:1]}")
            if leaked := matrix.leaks(asker, answer.text, asked=case.person):
                faults.append(f"{asker.login} {question} shows {leaked}")
    assert faults == []


@pytest.mark.requirement("R43")
async def test_a_cursor_of_another_goes_on_in_ones_own_area_only(matrix: Matrix) -> None:
    wide = "m.province_head.province"
    for path in ("/api/ledger", "/api/households", "/api/audit_trail", "/api/obligations"):
        first = await matrix.whole.get(wide, path, limit=1)
        cursor = first.json()["next"]
        assert cursor, path
        for asker in matrix.askers:
            if asker.role not in {"community_head", "street_signer", "county_head", "city_head"}:
                continue
            answer = await matrix.whole.get(asker.login, path, cursor=cursor, limit=200)
            assert answer.status_code == 200, answer.text
            assert matrix.leaks(asker, answer.text) == [], f"{asker.login} {path}"


@pytest.mark.requirement("R43")
async def test_waiting_for_a_neighbours_command_shows_nothing_of_it(matrix: Matrix) -> None:
    clerk, asker = "clerk.140105002001", "m.street_signer.street"
    case = matrix.cases["140105002001"]
    wish = {"person": case.person, "wants_work": True, "able_to_work": True, "startup_wish": False}
    after = (await matrix.node.do(clerk, "registry.record_wishes", wish))["after"]
    await matrix.whole.catch_up()
    refused = await matrix.whole.get(asker, f"/api/persons/{case.person}", after=after)
    assert refused.status_code == 403
    own = await matrix.whole.get(asker, "/api/ledger", after=after)
    assert own.status_code == 200
    assert case.person not in own.text


async def streamed(matrix: Matrix, login: str, office: str, last: int) -> tuple[int, str]:
    """Return the status and what a stream says within a moment."""
    chunks, status = list[bytes](), list[int]()
    scope = {
        "type": "http", "method": "GET", "path": "/api/stream", "root_path": "",
        "query_string": f"office={office}&last={last}".encode(), "scheme": "http",
        "server": ("read", 80), "http_version": "1.1",
        "headers": [(k.encode(), v.encode()) for k, v in matrix.node.as_(login).items()],
    }  # fmt: skip
    begun = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await begun.wait()
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        status.append(message.get("status", 200))
        chunks.append(message.get("body", b""))
        if b"event: changed" in chunks[-1]:
            begun.set()

    asyncio.get_running_loop().call_later(0.3, begun.set)
    await matrix.whole.read_app(scope, receive, send)
    return status[0], b"".join(chunks).decode()


@pytest.mark.requirement("R43")
async def test_a_stream_tells_of_ones_own_area_only(matrix: Matrix) -> None:
    faults, last = [], min(matrix.cases[HOME].seqs) - 5
    for asker in matrix.askers:
        if asker.role in OUTSIDE and asker.level != "county":
            continue
        for relation, office in offices(asker).items():
            may = expected(READ["/api/stream"], asker, relation)
            if may and (relation, asker.role) not in {("own", "street_signer"), ("own", "tax")}:
                continue
            status, text = await streamed(matrix, asker.login, office, last)
            if (status == 200) is not may:
                faults.append(f"{asker.login} {relation}: {status}")
            areas = {part.split('"')[0] for part in text.split('"area":"')[1:]}
            faults += [f"{asker.login} {a}" for a in areas if a and not _near(asker, a)]
    assert faults == []


def _near(asker: Asker, area: str) -> bool:
    """Tell whether an act lies in the area, or is one of an office above it."""
    return asker.sees(area) or OWN[asker.level].startswith(area)
