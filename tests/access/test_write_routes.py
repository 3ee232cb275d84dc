"""Every address of the write role has a decision: opening, searching, passwords, tokens."""

from __future__ import annotations

from typing import Any

import asyncpg
import orjson
import pytest
from starlette.routing import Route

from tests.access.expected import NAME_READERS, WRITE
from tests.access.people import HOME, OWN, SIBLING, Asker, Matrix
from tests.support.node import PASSWORD

pytestmark = [pytest.mark.postgres, pytest.mark.asyncio(loop_scope="package")]
REGISTERED = "registry.person_registered.v1"


def served(matrix: Matrix) -> set[str]:
    """Return every address with its methods; `HEAD` goes with `GET`."""
    routes = [r for r in matrix.node.role.app().rest.routes if isinstance(r, Route)]
    return {f"{m} {r.path_format}" for r in routes for m in (r.methods or ()) if m != "HEAD"}


@pytest.mark.requirement("R43")
async def test_every_address_has_a_decision_and_every_decision_an_address(matrix: Matrix) -> None:
    assert served(matrix) == WRITE.keys()


async def test_nobody_but_a_holder_of_a_token_is_answered(matrix: Matrix) -> None:
    for address, decision in WRITE.items():
        method, path = address.split(" ")
        found = await matrix.node.http.request(method, path.format(id=matrix.cases[HOME].export))
        open_to_all = decision.startswith("anybody")
        assert (found.status_code == 401) is not open_to_all, f"{address}: {found.status_code}"


async def registered(matrix: Matrix, home: str) -> dict[str, Any]:
    """Return the sealed name of a community's person with its place."""
    stream = f"person-{matrix.cases[home].person}"
    connection = await asyncpg.connect(matrix.node.log_dsn)
    try:
        query = "select data from log.events where stream = $1 and version = 1"
        data = await connection.fetchval(query, stream)
    finally:
        await connection.close()
    place = {"type": REGISTERED, "stream": stream, "version": 1, "subject": stream}
    return {**orjson.loads(data)["name"], **place, "field": "name"}


@pytest.mark.requirement("R43", "X14")
async def test_names_open_to_their_readers_within_the_area_only(matrix: Matrix) -> None:
    names = {home: await registered(matrix, home) for home in matrix.cases}
    faults = []
    for asker in matrix.askers:
        for home in {HOME, matrix.beyond(asker) or HOME}:
            wish = {"values": [names[home]], "page": "matrix"}
            headers = matrix.node.as_(asker.login)
            answer = await matrix.node.http.post("/api/open", json=wish, headers=headers)
            may = asker.role in NAME_READERS and asker.sees(home)
            if (answer.status_code == 200) is not may or (not may and "王" in answer.text):
                faults.append(f"{asker.login} {home}: {answer.status_code}")
    assert faults == []


@pytest.mark.requirement("R43", "X23")
async def test_a_search_answers_hits_of_the_area_and_counts_the_others(matrix: Matrix) -> None:
    faults = []
    for asker in matrix.askers:
        wish, headers = {"text": "王乙"}, matrix.node.as_(asker.login)
        answer = await matrix.node.http.post("/api/search", json=wish, headers=headers)
        if (answer.status_code == 200) is not (asker.role in NAME_READERS):
            faults.append(f"{asker.login}: {answer.status_code}")
        if answer.status_code != 200:
            continue
        home = "140105001002"
        seen = [f"person-{matrix.cases[home].person}"] if asker.sees(home) else []
        if answer.json() != {"subjects": seen, "outside": 1 - len(seen), "restricted": 0}:
            faults.append(f"{asker.login}: {answer.text}")
    assert faults == []


def account_of(matrix: Matrix, code: str) -> str:
    """Return the login of somebody who works in an office."""
    office = code.ljust(12, "0")
    directory = matrix.node.role.reference.directory
    return next(a.login for a in directory.accounts.values() if a.office == office)


@pytest.mark.requirement("R43")
@pytest.mark.parametrize("path", ["/api/accounts/password", "/api/accounts/unbind"])
async def test_only_an_operator_over_the_office_changes_how_its_people_sign_in(
    matrix: Matrix, path: str
) -> None:
    await matrix.node.role.follower.settle(0)
    faults = []
    for asker in matrix.askers:
        for code in _around(asker):
            login, headers = account_of(matrix, code), matrix.node.as_(asker.login)
            wish = {"login": login} | ({"password": PASSWORD} if "password" in path else {})
            if asker.role == "operator" and asker.sees(code):
                continue
            answer = await matrix.node.http.post(path, json=wish, headers=headers)
            if answer.status_code != 403:
                faults.append(f"{asker.login} {code}: {answer.status_code}")
    own = account_of(matrix, OWN["community"])
    wish = {"login": own} | ({"password": PASSWORD} if "password" in path else {})
    headers = matrix.node.as_("m.operator.street")
    answer = await matrix.node.http.post(path, json=wish, headers=headers)
    matrix.whole.sign_in(own)
    assert faults == []
    assert answer.status_code == 200 or answer.json()["code"] == "no_issuer", answer.text


def _around(asker: Asker) -> set[str]:
    """Return the divisions of the own office, of one beside it and of one above it."""
    above = {OWN["province"]} if asker.level != "province" else set()
    return {OWN[asker.level], *above} | {SIBLING.get(asker.level, OWN[asker.level])}
