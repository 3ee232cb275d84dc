"""An emergency opens one person of another area for its hours, to one user, on record (X14)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from events.rules.idnumber import with_check_digit
from tests.integration.test_main_line import PERSON, made
from tests.integration.test_reading import rows
from tests.support.node import SIBLING, TREE
from tests.support.servers import Databases
from tests.support.whole import Whole, whole_node

pytestmark = [pytest.mark.postgres, pytest.mark.requirement("X14")]
CLERK, FAR, BESIDE = "clerk", "far", "beside"


@pytest.fixture
async def whole(database: Databases, tmp_path: Path) -> AsyncIterator[Whole]:
    async with whole_node(database, tmp_path) as running:
        await running.node.staff(await running.node.office_tree(TREE), "community_officer",
                                 login=CLERK)  # fmt: skip
        far = await running.node.office_tree(SIBLING)
        for login in (FAR, BESIDE):
            await running.node.staff(far, "community_officer", login=login)
        yield running


async def registered(whole: Whole, number: str, name: str) -> str:
    body = PERSON | {"name": name, "national_id": number}
    return made(await whole.node.do(CLERK, "registry.register_person", body), "person")


async def opened(whole: Whole, person: str) -> str:
    wish = {"person": person, "reason": "本人在外地求助"}
    done = await whole.node.do(FAR, "registry.open_emergency_access", wish)
    await whole.catch_up()
    return str(done["events"][0]["event_id"])


async def status(whole: Whole, login: str, path: str) -> int:
    return (await whole.get(login, path)).status_code


def names(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [c["sealed"] for g in answer["groups"] for c in g["cells"] if c["name"] == "name"]


async def test_it_opens_the_person_named_to_who_asked_and_ends_by_itself(whole: Whole) -> None:
    anna = await registered(whole, PERSON["national_id"], "王秀英")
    bert = await registered(whole, with_check_digit("14999919660304006"), "李四")
    await whole.catch_up()
    person, events = f"/api/persons/{anna}", f"/api/persons/{anna}/events"
    assert {await status(whole, FAR, p) for p in (person, events)} == {403}
    await opened(whole, anna)
    answer = (await whole.get(FAR, person)).json()
    assert (answer["access"], answer["family"]) == ("allow.emergency", None)
    trail = (await whole.get(FAR, events)).json()["items"]
    first = trail[-1]["seq"]
    assert {await status(whole, FAR, p) for p in (events, f"/api/events/{first}")} == {200}
    assert await status(whole, FAR, f"/api/persons/{bert}") == 403
    assert await status(whole, BESIDE, person) == 403
    assert (await whole.get(FAR, "/api/ledger")).json()["total"] == 0
    await whole.node.at("2008-06-01", 5)
    closed = {await status(whole, FAR, p) for p in (person, events, f"/api/events/{first}")}
    assert closed == {403}


async def test_every_read_under_it_names_it(whole: Whole) -> None:
    anna = await registered(whole, PERSON["national_id"], "王秀英")
    emergency = await opened(whole, anna)
    sealed = names((await whole.get(FAR, f"/api/persons/{anna}")).json())
    headers = whole.node.as_(FAR)
    shown = await whole.node.http.post("/api/open", json={"values": sealed}, headers=headers)
    assert shown.json()["values"] == ["王秀英"]
    ((_, meta, body),) = (await rows(whole.node, f"access-{anna}"))[1:]
    assert (meta["actor"], body["under"]) == (whole.node.accounts[FAR], emergency)
    await whole.node.at("2008-06-01", 5)
    late = await whole.node.http.post("/api/open", json={"values": sealed}, headers=headers)
    assert late.status_code == 403
