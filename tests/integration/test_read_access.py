"""Who may act as what, what waits for whose signature, and who looked at a person (X14, R23)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from events.contracts import registry, streams
from tests.support.reading import TODAY, Reader, filled, reader
from tests.support.servers import Databases
from tests.unit.projections import story

pytestmark = pytest.mark.postgres
NEWCOMER = streams.USER.of(story.some_id("newcomer"))


@pytest.fixture
async def read(database: Databases, tmp_path: Path) -> AsyncIterator[Reader]:
    async with reader(await database(filled), tmp_path) as made:
        yield made


async def proposed(read: Reader, by: str, role: str = "street_officer") -> str:
    """Open an account in the street and propose a role for it; return the proposal."""
    subject = f"office-{story.STREET}"
    opened = registry.AccountOpened(office=story.STREET, name="新人", login="newcomer")
    read.log.add(NEWCOMER, opened, "2008-07-01", subject=subject)
    wish = registry.RoleProposed(role=role, areas=(story.STREET,), from_day=story.DAY)
    found = read.log.add(NEWCOMER, wish, "2008-07-01", subject=subject, actor=read.users[by])
    await read.catch_up()
    return found.event_id


@pytest.mark.requirement("R23")
async def test_a_proposed_role_waits_for_the_head_above_alone(read: Reader) -> None:
    proposal = await proposed(read, "operator")
    (mine,) = (await read.ok("county", "/api/waiting"))["items"]
    assert (mine["kind"], mine["proposal"], mine["role"]) == ("role", proposal, "street_officer")
    for who in ("city", "street", "other street", "operator"):
        assert (await read.ok(who, "/api/waiting"))["items"] == []


@pytest.mark.requirement("R23")
async def test_who_proposed_a_role_is_told_who_else_must_give_it(read: Reader) -> None:
    await proposed(read, "county")
    path = f"/api/accounts/{story.some_id('newcomer')}"
    (wish,) = (await read.ok("county", path))["proposed"]
    assert (wish["own_hand"], wish["may_approve"]) == (True, False)
    assert wish["seconds"] == [
        {"office": story.COUNTY, "name": story.COUNTY, "roles": ["county_head"]}
    ]
    assert (await read.ok("county", "/api/waiting"))["items"] == []
    assert (await read.get("other street", path)).status_code == 403


@pytest.mark.requirement("X15")
async def test_an_unmasked_export_waits_for_another_head_and_then_no_more(read: Reader) -> None:
    export = streams.EXPORT.of(story.some_id("export"))
    wish = registry.ExportRequested(query={}, masked=False, reason="上报", format="csv")
    street = {"subject": f"office-{story.STREET}", "actor": read.users["street"]}
    asked = read.log.add(export, wish, "2008-07-01", **street)
    await read.catch_up()
    (waiting,) = (await read.ok("county", "/api/waiting"))["items"]
    assert (waiting["kind"], waiting["request"]) == ("export", asked.event_id)
    (own,) = (await read.ok("street", "/api/exports"))["items"]
    assert (own["standing"], own["own_hand"], own["may_approve"]) == ("waiting", True, False)
    assert (await read.ok("other street", "/api/exports"))["items"] == []
    read.log.add(export, registry.ExportApproved(request=asked.event_id), "2008-07-02",
                 subject=f"office-{story.STREET}", actor=read.users["county"])  # fmt: skip
    await read.catch_up()
    assert (await read.ok("county", "/api/waiting"))["items"] == []
    path = f"/api/exports/{story.some_id('export')}"
    found = await read.ok("street", path)
    assert (found["standing"], found["yours"]) == ("expired", True)
    assert found["until"] < TODAY.isoformat()
    assert (await read.get("other street", path)).status_code == 404


@pytest.mark.requirement("X10")
async def test_my_access_names_grants_terms_and_what_each_query_asks(read: Reader) -> None:
    log, giver = read.log, streams.USER.of(read.users["street"])
    deputy = story.account(log, "deputy", story.STREET, "street_officer")
    read.users["deputy"] = deputy
    term = registry.DelegationGranted(
        deputy=deputy, scope=("street_officer",), from_day=story.DAY, until=TODAY, reason="leave"
    )
    log.add(giver, term, "2008-07-01", subject=f"office-{story.STREET}")
    await read.catch_up()
    found = await read.ok("deputy", "/api/me/access")
    assert [g["role"] for g in found["grants"]] == ["street_officer"]
    (received,) = found["received"]
    assert (received["giver"], received["roles"], received["in_force"]) == (
        read.users["street"], ["street_officer"], True,
    )  # fmt: skip
    assert found["names"][read.users["street"]] == "street"
    wish = registry.ExportRequested(query={}, masked=False, reason="上报", format="csv")
    asker = {"subject": f"office-{story.COMMUNITY}", "actor": read.users["anna's community"]}
    signer = story.account(log, "signer", story.STREET, "street_signer")
    term = registry.DelegationGranted(
        deputy=deputy, scope=("street_signer",), from_day=story.DAY, until=TODAY, reason="leave"
    )
    log.add(streams.USER.of(signer), term, "2008-07-01", subject=f"office-{story.STREET}")
    log.add(streams.EXPORT.of(story.some_id("export")), wish, "2008-07-01", **asker)
    await read.catch_up()
    path = f"/api/exports/{story.some_id('export')}"
    assert not (await read.ok("deputy", path))["may_approve"]
    assert (await read.ok("deputy", path, **{"for": signer}))["may_approve"]
    assert len((await read.ok("deputy", "/api/waiting", **{"for": signer}))["items"]) == 1
    queries = {q["name"]: q["roles"] for q in (await read.ok("tax", "/api/queries"))["items"]}
    assert "street_officer" in queries["person"]
    assert "tax" not in queries["person"]


@pytest.mark.requirement("X14")
async def test_who_looked_says_who_what_and_why_and_holds_reveals_and_emergencies(
    read: Reader,
) -> None:
    stream = streams.ACCESS.of(story.ANNA)
    about = {"subject": f"person-{story.ANNA}", "actor": read.users["street"]}
    told = (
        registry.PersonRead(person=story.ANNA, page="person", fields=("name",), mode="view"),
        registry.FieldsRevealed(person=story.ANNA, fields=("phone",), reason="contact"),
        registry.EmergencyAccessOpened(
            person=story.ANNA, reason=story.BOX, until=datetime(2008, 7, 16, tzinfo=UTC)
        ),
    )
    for event in told:
        read.log.add(stream, event, "2008-07-01", **about)
    await read.catch_up()
    path = f"/api/persons/{story.ANNA}/events"
    reads = (await read.ok("county", path, of="reads"))["items"]
    assert [r["type"] for r in reads] == [e.type for e in told[::-1]]
    assert {r["actor_name"] for r in reads} == {"street"}
    assert reads[1]["body"]["reason"] == "contact"
    assert reads[2]["body"]["fields"] == ["name"]
    story_types = {e["type"] for e in (await read.ok("county", path))["items"]}
    assert not story_types & {e.type for e in told}
    mine = (await read.ok("street", "/api/me/access"))["emergencies"]
    assert [e["person"] for e in mine] == [story.ANNA]
    assert (await read.ok("other street", "/api/me/access"))["emergencies"] == []
    assert (await read.get("other street", path, of="reads")).status_code == 403


@pytest.mark.requirement("X14", "X15", "X20")
async def test_an_auditor_sees_who_of_the_area_looked_at_whom_and_under_what(read: Reader) -> None:
    street = read.users["street"]
    about = {"actor": street, "office": story.STREET, "area": "140105001"}
    stream = streams.ACCESS.of(story.ANNA)
    urgent = registry.EmergencyAccessOpened(
        person=story.ANNA, reason=story.BOX, until=datetime(2008, 7, 16, tzinfo=UTC)
    )
    opened = read.log.add(stream, urgent, "2008-07-01", **about)
    seen = registry.PersonRead(
        person=story.ANNA, page="person", fields=("name",), mode="print",
        purpose="contact", under=opened.event_id,
    )  # fmt: skip
    read.log.add(stream, seen, "2008-07-02", **about)
    request = story.some_id("request")
    file = registry.ExportCompleted(
        request=request, rows=3, sha256="a" * 64, known=7, expires_on=date(2008, 7, 31), persons=2
    )
    away = {"office": story.OTHER_STREET, "area": "140105002", "actor": read.users["other street"]}
    subject = f"office-{story.OTHER_STREET}"
    read.log.add(streams.EXPORT.of(request), file, "2008-07-03", subject=subject, **away)
    await read.catch_up()

    async def listed(**words: str) -> list[str]:
        answer = await read.ok("auditor", "/api/reads", **words)
        return [row["type"].split(".")[1] for row in answer["items"]]

    assert await listed() == ["export_completed", "person_read", "emergency_access_opened"]
    assert await listed(office=story.STREET) == ["person_read", "emergency_access_opened"]
    assert await listed(kind="read", user=street, person=story.ANNA) == ["person_read"]
    assert await listed(to="2008-07-01") == ["emergency_access_opened"]
    trail = {"office": story.STREET, "user": street, "from": "2008-07-01"}
    shown = await read.ok("auditor", "/api/audit_trail", **trail)
    hidden = await read.ok("auditor", "/api/audit_trail", **trail, looks="hidden")
    assert [r["type"].split(".")[1] for r in shown["items"]] == [
        "person_read", "emergency_access_opened",
    ]  # fmt: skip
    assert hidden["items"] == shown["items"][1:]
    first = await read.ok("auditor", "/api/reads", limit="1")
    assert await listed(cursor=first["next"], limit="1") == ["person_read"]
    (row,) = (await read.ok("auditor", "/api/reads", kind="read"))["items"]
    assert (row["actor_name"], row["body"]["purpose"], row["body"]["mode"]) == (
        "street", "contact", "print",
    )  # fmt: skip
    assert (row["under"]["seq"], row["under"]["type"]) == (opened.seq, urgent.type)
    for asker in ("county", "street", "tax"):
        assert (await read.get(asker, "/api/reads")).status_code == 403
