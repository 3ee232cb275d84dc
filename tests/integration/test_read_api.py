"""The read role over HTTP: areas, sealed values, pages, tokens to wait for, both languages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from events.contracts import assistance as help_
from events.contracts import registry
from events.contracts.base import StreamId
from tests.support.reading import PEOPLE, TODAY, Reader, filled, models, reader
from tests.support.servers import Databases
from tests.unit.projections import story

pytestmark = pytest.mark.postgres
SECRET = story.BOX.c


@pytest.fixture
async def read(database: Databases, tmp_path: Path) -> AsyncIterator[Reader]:
    async with reader(await database(filled), tmp_path) as made:
        yield made


@pytest.mark.requirement("R43")
async def test_each_office_reads_its_own_area_and_no_sibling(read: Reader) -> None:
    path = f"/api/persons/{story.ANNA}"
    seen = {who: (await read.get(who, path)).status_code for who in PEOPLE}
    assert seen == {
        "anna's community": 200, "next door": 403, "elsewhere": 403, "street": 200,
        "other street": 403, "county": 200, "city": 200, "auditor": 200,
        "operator": 403, "tax": 403, "trainer": 403,
    }  # fmt: skip


@pytest.mark.requirement("R43")
async def test_a_siblings_ledger_is_refused_and_ones_own_never_holds_its_rows(read: Reader) -> None:
    refused = await read.get("other street", "/api/ledger", office=story.STREET)
    assert refused.status_code == 403
    assert refused.headers["content-type"] == "application/problem+json"
    problem = refused.json()
    assert problem["code"] == "forbidden"
    assert all(problem[k] for k in ("zh", "en", "next_zh", "next_en"))
    own = await read.ok("other street", "/api/ledger")
    assert [r["person"] for r in own["items"]] == [story.BERT]


@pytest.mark.requirement("R36")
async def test_the_ledgers_of_the_communities_add_up_to_the_county(read: Reader) -> None:
    county = await read.ok("county", "/api/ledger", office=story.COUNTY)
    parts = [
        await read.ok("county", "/api/ledger", office=o)
        for o in (story.COMMUNITY, story.NEXT_DOOR, story.ELSEWHERE)
    ]
    assert county["total"] == sum(p["total"] for p in parts) == 2
    assert {r["person"] for r in county["items"]} == {story.ANNA, story.BERT}


async def test_a_page_ends_where_the_next_begins(read: Reader) -> None:
    first = await read.ok("county", "/api/ledger", limit=1)
    second = await read.ok("county", "/api/ledger", limit=1, cursor=first["next"])
    assert [r["person"] for r in (*first["items"], *second["items"])] == [story.ANNA, story.BERT]
    assert (second["next"], second["total"]) == (None, 2)


async def test_filters_narrow_rows_and_total_alike(read: Reader) -> None:
    certified = await read.ok("county", "/api/ledger", state="certified", category="aged_4050")
    assert (certified["total"], len(certified["items"])) == (1, 1)
    assert (await read.ok("county", "/api/ledger", state="exited"))["total"] == 0
    found = await read.ok("county", "/api/ledger", text_ids=story.BERT)
    assert [r["person"] for r in found["items"]] == [story.BERT]


@pytest.mark.requirement("R37")
async def test_a_person_has_the_six_groups_each_cell_with_its_events(read: Reader) -> None:
    answer = await read.ok("anna's community", f"/api/persons/{story.ANNA}")
    assert answer["mining_area"] is False
    groups = {g["group"]: g["cells"] for g in answer["groups"]}
    assert set(groups) == {
        "identity", "age", "skills", "services", "wishes", "employment", "policies",
    }  # fmt: skip
    assert groups["policies"][0]["value"] == "none"
    for cells in groups.values():
        for cell in cells:
            if cell.get("value") == "none":
                continue
            for seq in cell["events"]:
                event = await read.ok("anna's community", f"/api/events/{seq}")
                assert event["subject"] == f"person-{story.ANNA}"


@pytest.mark.requirement("X15")
async def test_a_sealed_value_is_answered_with_its_place_and_opens_nowhere_here(
    read: Reader,
) -> None:
    answer = await read.ok("anna's community", f"/api/persons/{story.ANNA}")
    (name,) = [c for c in answer["groups"][0]["cells"] if c["name"] == "name"]
    assert set(name["sealed"]) == {
        "k", "a", "n", "c", "type", "stream", "version", "field", "subject",
    }  # fmt: skip
    assert "value" not in name


async def test_open_ids_and_versions_serve_the_forms(read: Reader) -> None:
    answer = await read.ok("anna's community", f"/api/persons/{story.ANNA}")
    assert answer["open"]["case"] == answer["open"]["agreement"] == story.CASE
    assert answer["versions"][f"certification-{story.CASE}"] == 7
    assert {c["clock"] for c in answer["clocks"]} == {"T5", "T6", "T7", "T10"}


@pytest.mark.requirement("R41")
async def test_yesterdays_knowledge_equals_a_replay_up_to_then(read: Reader) -> None:
    path = f"/api/persons/{story.ANNA}"
    before = await read.ok("county", path)
    report = help_.StatusReported(status="unemployed", since=date(2008, 6, 1), in_person=True)
    read.log.add(story.ON_FILE, report, "2008-06-26", recorded="2008-07-14")
    await read.catch_up()
    after = await read.ok("county", path)
    then = await read.ok("county", path, known="2008-07-13")
    assert after["seq"] > before["seq"]
    assert then["groups"] == before["groups"]
    earlier = await read.ok("county", path, valid="2008-06-19")
    assert (earlier["state"], after["state"]) == ("at_county", "certified")


@pytest.mark.requirement("R102")
async def test_a_referral_opens_the_named_fields_until_its_day_and_nothing_else(
    read: Reader,
) -> None:
    path = f"/api/persons/{story.ANNA}"
    assert (await read.get("trainer", path)).status_code == 403
    wish = help_.PersonReferred(
        to=story.TRAINER, service="training", fields=("phone", "skills"), until=TODAY
    )
    read.log.add(story.ON_FILE, wish, "2008-07-10")
    await read.catch_up()
    seen = await read.ok("trainer", path)
    assert {c["name"] for g in seen["groups"] for c in g["cells"]} == {"name", "phone", "skills"}
    assert set(seen) == {"person", "groups", "seq", "access", "known", "valid"}
    assert (await read.ok("trainer", f"{path}/events"))["items"] == []
    past = help_.PersonReferred(
        to=story.TRAINER, service="training", fields=("address",), until=date(2008, 7, 14)
    )
    read.log.add(story.ON_FILE, past, "2008-07-10")
    await read.catch_up()
    again = await read.ok("trainer", path)
    assert "address" not in {c["name"] for g in again["groups"] for c in g["cells"]}


@pytest.mark.requirement("R43")
async def test_the_old_office_keeps_the_history_and_learns_nothing_new(read: Reader) -> None:
    wish = registry.TransferRequested(
        to=story.ELSEWHERE, address=story.BOX, moved_on=date(2008, 7, 1), reason="moved_home"
    )
    asked = read.log.add(story.ON_ANNA, wish, "2008-07-01")
    taken = registry.TransferAccepted(request=asked.event_id, to=story.ELSEWHERE)
    moved = read.log.add(story.ON_ANNA, taken, "2008-07-03")
    served = help_.ServiceDelivered(service="job_introduction", provider=story.ELSEWHERE, fee=0)
    read.log.add(story.ON_FILE, served, "2008-07-09", area="140105002001")
    await read.catch_up()
    path = f"/api/persons/{story.ANNA}"
    assert (await read.ok("elsewhere", path))["access"] == "allow.area"
    old = await read.ok("anna's community", path)
    assert old["access"] == "allow.granted"
    shown = [c for g in old["groups"] for c in g["cells"]]
    assert shown
    assert all(seq < moved.seq for c in shown for seq in c["events"])
    trail = await read.ok("anna's community", f"{path}/events")
    assert (await read.ok("anna's community", f"{path}/events", of="reads"))["items"] == []
    assert max(e["seq"] for e in trail["items"]) <= moved.seq


async def test_a_timeline_says_who_where_and_both_times(read: Reader) -> None:
    answer = await read.ok("street", f"/api/persons/{story.ANNA}/events", limit=3)
    newest = answer["items"][0]
    assert newest["zh"] == "就业服务已提供"
    assert {"actor", "office", "occurred_at", "recorded_at", "seq", "hash"} <= set(newest)
    assert answer["next"] is not None


async def test_the_trail_of_an_area_holds_what_was_done_there(read: Reader) -> None:
    street = await read.ok("street", "/api/audit_trail", limit=200)
    assert {e["area"][:9] for e in street["items"]} == {"140105001"}
    by_type = await read.ok("county", "/api/audit_trail", type="certification.person_certified.v1")
    assert [e["person"] for e in by_type["items"]] == [story.ANNA]
    assert (await read.get("operator", "/api/audit_trail")).status_code == 403


async def test_an_event_is_shown_whole_with_its_clause_and_sealed_body(read: Reader) -> None:
    seq = next(f.seq for f in read.log.facts if f.type == "registry.person_registered.v1")
    event = await read.ok("county", f"/api/events/{seq}")
    assert event["body"]["name"]["sealed"]["field"] == "name"
    assert [c["rule"] for c in event["clauses"]] == ["R17", "X8"]
    assert event["hash"] == seq.to_bytes(32).hex()
    assert (await read.get("next door", f"/api/events/{seq}")).status_code == 403
    assert (await read.get("county", "/api/events/99999")).status_code == 404


async def test_a_household_lists_its_members(read: Reader) -> None:
    page = await read.ok("street", "/api/households")
    assert [h["household"] for h in page["items"]] == [story.HOME]
    one = await read.ok("street", f"/api/households/{story.HOME}")
    assert [p["person"] for p in one["persons"]] == [story.ANNA]
    relation = one["members"][0]["relation"]["sealed"]
    assert (relation["subject"], relation["field"]) == (
        f"person-{story.ANNA}",
        "members[0].relation",
    )
    refused = await read.get("next door", f"/api/households/{story.HOME}")
    assert refused.status_code == 403


async def test_an_answer_waits_for_a_commands_effect_or_says_stale(read: Reader) -> None:
    path = f"/api/persons/{story.ANNA}"
    head = read.node.events[-1]
    fresh = await read.ok("county", path, after=f"test:{head.position}:{head.slice}")
    assert "stale" not in fresh
    late = await read.ok("county", path, after=f"test:{head.position + 2}:{head.slice}")
    assert late["stale"] is True
    behind = f"test:{head.position + 2}:{head.slice}"
    none = f"/api/persons/{story.some_id('nobody')}"
    for after, code in ((behind, "not_yet"), ("", "not_found")):
        missing = await read.get("county", none, **({"after": after} if after else {}))
        assert (missing.status_code, missing.json()["code"]) == (404, code)
    wish = registry.SkillsRecorded(skills=(registry.Skill(occupation="cook", level="level_5"),))
    fact = read.log.add(story.ON_ANNA, wish, "2008-07-14")
    token = f"test:{fact.seq * 2}:{stored_slice(read)}"
    answer, _ = await asyncio.gather(read.ok("county", path, after=token), read.catch_up())
    assert answer.get("stale") or answer["seq"] == fact.seq


def stored_slice(read: Reader) -> int:
    return next(e.slice for e in read.node.events if e.subject == f"person-{story.ANNA}")


async def test_every_answer_says_what_it_knows_and_for_which_day(read: Reader) -> None:
    answer = await read.ok("county", "/api/ledger")
    assert answer["known"]["seq"] == len(read.log.facts)
    assert answer["valid"] == TODAY.isoformat()


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/ledger?office=xx", 400, "malformed"),
        ("/api/ledger?unknown=1", 400, "malformed"),
        ("/api/ledger?limit=0", 400, "malformed"),
        ("/api/ledger?limit=1&limit=2", 400, "malformed"),
        ("/api/ledger?cursor=WzFd", 400, "malformed"),
        ("/api/ledger?office=990000000000", 404, "not_found"),
        ("/api/persons/not-an-id", 400, "malformed"),
        ("/api/rules/R999", 404, "not_found"),
        ("/api/nothing", 404, "not_found"),
    ],
)
async def test_a_wrong_question_gets_a_problem_document(
    read: Reader, path: str, status: int, code: str
) -> None:
    response = await read.get("county", path)
    assert (response.status_code, response.json()["code"]) == (status, code)


async def test_nobody_asks_without_a_token(read: Reader) -> None:
    response = await read.get("", "/api/ledger")
    assert (response.status_code, response.json()["code"]) == (401, "unauthenticated")
    assert response.headers["www-authenticate"] == "Bearer"
    posted = await read.http.post("/api/ledger")
    assert (posted.status_code, posted.json()["code"]) == (405, "method_not_allowed")


async def test_offices_show_what_is_above_and_below(read: Reader) -> None:
    street = await read.ok("tax", f"/api/offices/{story.STREET}")
    assert [o["office"] for o in street["parents"]] == [story.PROVINCE, story.CITY, story.COUNTY]
    assert [o["office"] for o in street["children"]] == [story.COMMUNITY, story.NEXT_DOOR]
    roots = await read.ok("tax", "/api/offices")
    assert [o["office"] for o in roots["items"]] == [story.PROVINCE]


async def test_accounts_of_an_area_show_the_roles_in_force(read: Reader) -> None:
    answer = await read.ok("county", "/api/registers/accounts", office=story.STREET)
    held = {r["name"]: r["held"] for r in answer["items"]}
    assert held["street"] == ["street_officer"]
    assert "county" not in held
    assert (
        await read.get("street", "/api/registers/accounts", office=story.COUNTY)
    ).status_code == 403


async def test_a_rule_shows_its_sentence_parameters_and_events(read: Reader) -> None:
    rules = await read.ok("county", "/api/rules")
    assert len(rules["items"]) == 147
    assert "就业困难人员" in rules["opinion"]
    rule = await read.ok("county", "/api/rules/R32")
    assert rule["clause"].startswith("意见第二条")
    assert "text.report_exit_months" in {p["key"] for p in rule["parameters"]}
    assert "assistance.status_reported.v1" in rule["events"]
    papers = await read.ok("county", "/api/rules/R18")
    assert {"certification.evidence", "certification.ownership_proof"} <= {
        p["key"] for p in papers["parameters"]
    }


async def test_the_role_tells_how_it_is(read: Reader) -> None:
    status = await read.ok("operator", "/api/status")
    found = {p["projection"]: p for p in status["projections"]}
    assert set(found) == {m.name for m in models()}
    assert found["ledger"]["lag"] == 0
    assert found["ledger"]["parked"] == 0
    assert (await read.http.get("/healthz")).status_code == 200
    ready = await read.http.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    assert (
        'bangfu_projection_lag_events{projection="ledger"} 0.0'
        in (await read.http.get("/metrics")).text
    )


async def test_the_description_is_a_valid_openapi_document(read: Reader) -> None:
    document = (await read.http.get("/openapi.json")).json()
    validate(document)
    assert document["openapi"].startswith("3.1")
    assert "/api/persons/{id}" in document["paths"]


async def test_no_answer_carries_a_clear_personal_value(read: Reader) -> None:
    canary = "张三的秘密"
    event = registry.PersonFactChanged(fact="phone", value=story.BOX)
    read.log.add(story.ON_ANNA, event, "2008-07-14")
    await read.catch_up()
    for path in ("/api/ledger", f"/api/persons/{story.ANNA}", "/api/audit_trail"):
        text = (await read.get("county", path)).text
        assert canary not in text
        assert SECRET not in text or '"sealed"' in text


async def changes(read: Reader, who: str, wanted: int, **headers: str) -> list[str]:
    """Read server-sent events from the application until some have come."""
    enough, chunks, status = asyncio.Event(), list[bytes](), list[int]()
    scope = {
        "type": "http", "method": "GET", "path": "/api/stream", "query_string": b"",
        "root_path": "", "scheme": "http", "server": ("node", 80), "http_version": "1.1",
        "headers": [(b"authorization", f"Bearer {read.token(who)}".encode()),
                    *((k.replace("_", "-").encode(), v.encode()) for k, v in headers.items())],
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        await enough.wait()
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        status.append(message.get("status", 200))
        chunks.append(message.get("body", b""))
        if b"".join(chunks).count(b"event: changed") >= wanted:
            enough.set()

    async with asyncio.timeout(10):
        await read.app(scope, receive, send)
    assert set(status) == {200}
    return [c for c in b"".join(chunks).decode().split("\n\n") if "event: changed" in c]


async def test_a_stream_resumes_after_the_last_event_seen(read: Reader) -> None:
    last = len(read.log.facts)
    anywhere = await changes(read, "county", 1, last_event_id=str(last - 40))
    assert int(anywhere[0].split("\n")[0].removeprefix("id: ")) > last - 40
    assert "person-" not in "".join(anywhere)


async def test_a_stream_tells_what_happens_from_now_on_in_the_area(read: Reader) -> None:
    waiting = asyncio.create_task(changes(read, "anna's community", 1))
    await asyncio.sleep(0)
    served = help_.ServiceDelivered(service="career_guidance", provider=story.COMMUNITY, fee=0)
    for day in ("2008-07-10", "2008-07-11", "2008-07-12"):
        read.log.add(StreamId(story.ON_FILE), served, day)
        await read.catch_up()
    (first, *_) = await waiting
    assert "assistance.service_delivered.v1" in first
