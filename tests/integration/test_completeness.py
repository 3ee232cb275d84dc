"""Completeness: appended = sequenced = published = projected + parked, and what a gap is called."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from projections.api.completeness import judged
from tests.support.servers import Databases
from tests.support.whole import Whole, whole_node

pytestmark = [pytest.mark.postgres, pytest.mark.requirement("R43")]
OPERATOR = "operator"


@pytest.fixture
async def whole(database: Databases, tmp_path: Path) -> AsyncIterator[Whole]:
    async with whole_node(database, tmp_path) as running:
        running.sign_in(OPERATOR)
        await running.catch_up()
        yield running


async def published(whole: Whole, more: int = 0) -> None:
    """Let the relay record stand at the head, or beyond it."""
    log = whole.node.role.log
    await log.note_relay(log.source, await log.head() + more, "{}")


async def report(whole: Whole) -> dict[str, Any]:
    answer = await whole.get(OPERATOR, "/api/completeness")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def steps(found: dict[str, Any]) -> dict[str, str]:
    return {s["step"]: s["verdict"] for s in found["steps"]}


async def test_a_node_at_rest_is_complete_in_every_read_model(whole: Whole) -> None:
    await published(whole)
    found = await report(whole)
    head = await whole.node.role.log.head()
    assert head > 0
    assert [s["count"] for s in found["steps"]] == [head] * 4
    assert {m["projection"] for m in found["models"]} == {r.projection.name for r in whole.runners}
    assert all((m["projected"], m["parked"]) == (head, 0) for m in found["models"])
    assert found["verdict"] == "equal"


async def test_what_is_on_its_way_waits_and_then_arrives(whole: Whole) -> None:
    await published(whole)
    wish = {"office": "140000000000", "name": "某某", "login": "somebody"}
    await whole.node.do(OPERATOR, "registry.open_account", wish)
    found = await report(whole)
    assert steps(found)["published"] == "waiting"
    assert {(m["verdict"], m["difference"]) for m in found["models"]} == {("waiting", 1)}
    assert found["verdict"] == "waiting"
    await whole.catch_up()
    await published(whole)
    assert (await report(whole))["verdict"] == "equal"


async def test_a_record_beyond_the_log_is_a_fault_and_none_is_unknown(whole: Whole) -> None:
    assert steps(await report(whole))["published"] == "unknown"
    await published(whole, more=1)
    found = await report(whole)
    assert steps(found)["published"] == "fault"
    assert found["verdict"] == "fault"


async def test_a_parked_event_is_named_and_still_counted(whole: Whole) -> None:
    await published(whole)
    connection = await asyncpg.connect(whole.dsn)
    try:
        await connection.execute(
            """insert into engine.parked (projection, build, source, subject, seq, slice, type,
            reason) select projection, build, $1, 'office-x', 1, 0, 'registry.office_opened.v1',
            'planted' from engine.active where projection = 'ledger'""",
            whole.side.source,
        )
    finally:
        await connection.close()
    found = await report(whole)
    ledger = next(m for m in found["models"] if m["projection"] == "ledger")
    head = await whole.node.role.log.head()
    assert ledger["projected"] + ledger["parked"] == head
    assert (ledger["parked"], ledger["parked_first"], ledger["verdict"]) == (1, 1, "parked")


@pytest.mark.parametrize(
    ("count", "exact", "verdict"),
    [(5, False, "equal"), (4, False, "waiting"), (6, False, "fault"), (None, False, "unknown"),
     (6, True, "fault"), (4, True, "fault")],
)  # fmt: skip
def test_only_what_is_behind_may_wait(count: int | None, exact: bool, verdict: str) -> None:
    assert judged(count, 5, exact=exact) == verdict
