"""A correction from the wish to the figures, on a whole node (X2, X12)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.test_main_line import CLERK, COMMUNITY, COUNTY, STREET, certified
from tests.support.node import DAY_ONE, TREE
from tests.support.servers import Databases
from tests.support.whole import Whole, whole_node

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(180)]
HEAD = f"community_head.{COMMUNITY}"
REPORT = {"status": "unemployed", "since": DAY_ONE.isoformat(), "in_person": True}
FIGURE: dict[str, str | int] = {"office": COMMUNITY, "from": "2008-06-01", "to": "2008-12-31"}
CORRECTED = "assistance.fact_corrected.v1"


@pytest.fixture
async def whole(database: Databases, tmp_path: Path) -> AsyncIterator[Whole]:
    async with whole_node(database, tmp_path) as running:
        node = running.node
        await node.office_tree(TREE)
        await node.staff(COUNTY, "county_certifier")
        await node.staff(STREET, "street_signer")
        await node.staff(COMMUNITY, "community_officer")
        await node.staff(COMMUNITY, "community_head")
        yield running


async def correct(whole: Whole, context: str, wish: dict[str, Any]) -> list[str]:
    """Propose as the clerk and approve as the head; return the types of what that caused."""
    node, body = whole.node, {"reason": "wrong_day", "text": "登记有误"} | wish
    proposed = await node.do(CLERK, f"{context}.propose_correction", body)
    own = {"stream": wish["stream"], "proposal": proposed["events"][0]["event_id"]}
    refused = await node.ask(CLERK, f"{context}.approve_correction", own)
    assert refused.json()["code"] == "correction_same_person"
    await whole.catch_up()
    assert (await _waiting(whole, CLERK), await _waiting(whole, HEAD)) == (0, 1)
    done = await node.do(HEAD, f"{context}.approve_correction", own)
    await whole.catch_up()
    assert await _waiting(whole, HEAD) == 0
    return [e["type"] for e in done["events"]]


async def _waiting(whole: Whole, login: str) -> int:
    """Count the corrections that wait for somebody's decision."""
    found = (await whole.get(login, "/api/waiting")).json()["items"]
    return sum(item["kind"] == "correction" for item in found)


@pytest.mark.requirement("X2", "X12", "R28", "R32", "R41")
async def test_a_report_of_another_day_changes_todays_figures_and_none_known_before(
    whole: Whole,
) -> None:
    node = whole.node
    person, case = await certified(node)
    await _name_is_corrected(whole, person)
    await node.at("2008-10-20")
    reported = await node.do(CLERK, "assistance.report_status", {"case": case} | REPORT)
    wish = {"stream": f"assistance-{case}", "corrects": reported["events"][0]["event_id"]}
    await whole.catch_up()
    assert await in_time(whole) == 0

    await node.at("2008-10-22")
    earlier = {"happened_at": "2008-09-01T02:00:00Z"}
    assert await correct(whole, "assistance", wish | earlier) == [CORRECTED]
    assert await in_time(whole) == 1
    assert await in_time(whole, known="2008-10-21") == 0
    await _opens_to_both(whole, person)
    await _each_names_the_other(whole, person)

    await node.at("2008-10-25")
    assert await correct(whole, "assistance", wish) == [CORRECTED]
    assert await in_time(whole) == 0
    assert await in_time(whole, known="2008-10-24") == 1
    row = (await whole.get(CLERK, f"/api/persons/{person}")).json()
    assert [c["void"] for c in row["corrections"] if c["corrects"] == wish["corrects"]] == [
        False,
        True,
    ]
    await node.at("2009-01-20")
    assert "certification.exit_proposed.v1" in await _types(whole, case)


async def in_time(whole: Whole, **known: str) -> int:
    """Return how many reports came in time (M8), now or as known on a day."""
    answer = await whole.get(CLERK, "/api/figures/M8", **FIGURE, **known)
    assert answer.status_code == 200, answer.text
    return {str(p["part"]): int(p["value"]) for p in answer.json()["parts"]}["in_time"]


async def _opens_to_both(whole: Whole, person: str) -> None:
    path = f"/api/figures/M8/cases/{person}/events"
    found = await whole.get(CLERK, path, part="in_time", **FIGURE)
    types = [e["type"] for e in found.json()["items"]]
    assert types[-2:] == ["assistance.status_reported.v1", CORRECTED]


async def _each_names_the_other(whole: Whole, person: str) -> None:
    told = (await whole.get(CLERK, f"/api/persons/{person}/events")).json()["items"]
    fact = next(e for e in told if e["type"] == "assistance.status_reported.v1")
    last = next(e for e in told if e["type"] == CORRECTED)
    assert (fact["corrected_by"], last["corrects"]) == ([last["seq"]], fact["seq"])
    event = (await whole.get(CLERK, f"/api/events/{fact['seq']}")).json()
    assert event["occurred_at"].startswith("2008-10-20")
    (done,) = event["corrections"]
    assert done["body"]["happened_at"].startswith("2008-09-01")
    assert done["proposal"]["actor"] == whole.node.accounts[CLERK]
    assert done["actor"] == whole.node.accounts[HEAD]
    step = (await whole.get(HEAD, f"/api/events/{last['seq']}")).json()["correction"]
    assert (step["fact"]["seq"], step["decided"]["seq"]) == (fact["seq"], last["seq"])


async def _types(whole: Whole, case: str) -> list[str]:
    pages = await whole.node.role.log.after(0, 10_000)
    return [e.type for e in pages if e.stream == f"certification-{case}"]


async def _name_is_corrected(whole: Whole, person: str) -> None:
    """See the new name found and opened in the ledger, and nowhere in clear (X13, X23)."""
    await whole.catch_up()
    seq = (await _name_of(whole, person))["events"][0]
    wrong = (await whole.get(CLERK, f"/api/events/{seq}")).json()["event_id"]
    stream = f"person-{person}"
    wish = {"stream": stream, "corrects": wrong, "replacement": '{"name": "王秀莹"}'}
    await correct(whole, "registry", wish | {"reason": "typing_error"})

    name = await _name_of(whole, person)
    opened = await _post(whole, "/api/open", {"values": [name["sealed"]]})
    assert opened["values"] == ["王秀莹"]
    found = await _post(whole, "/api/search", {"text": "王秀莹"})
    assert found["subjects"] == [stream]
    kept = await whole.node.everything()
    assert "王秀莹".encode() not in kept
    assert b"\\u738b" not in kept


async def _name_of(whole: Whole, person: str) -> dict[str, Any]:
    row = (await whole.get(CLERK, f"/api/persons/{person}")).json()
    cells: list[dict[str, Any]] = [c for g in row["groups"] for c in g["cells"]]
    return next(c for c in cells if c["name"] == "name")


async def _post(whole: Whole, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await whole.node.http.post(path, json=body, headers=whole.node.as_(CLERK))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
