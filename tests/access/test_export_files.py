"""The file of an export: its rows, what is masked, who may have it, and that it is on record."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest
import pytest_asyncio

from events.rules.idnumber import with_check_digit
from events.runtime.postgres import EmbeddedPostgres
from tests.integration.test_main_line import PERSON, made
from tests.integration.test_reading import rows
from tests.support.node import SIBLING, TREE
from tests.support.servers import Databases
from tests.support.whole import Whole, whole_node

pytestmark = [
    pytest.mark.postgres, pytest.mark.requirement("X15"), pytest.mark.timeout(120),
    pytest.mark.asyncio(loop_scope="module"),
]  # fmt: skip
CLERK, SIGNER, FAR, AUDITOR = "clerk", "signer", "far", "auditor"
STREET = "140105001000"
NAMES = ("=王秀英", "李四", "赵五")
NUMBERS = tuple(with_check_digit(f"149999196603040{n:02}") for n in (2, 4, 6))
LEDGER: dict[str, Any] = {"kind": "ledger", "columns": ["name", "national_id", "phone", "state"]}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def whole(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Whole]:
    databases = Databases(postgres, {})
    async with whole_node(databases, tmp_path_factory.mktemp("exports")) as running:
        community = await running.node.office_tree(TREE)
        await running.node.staff(community, "community_officer", login=CLERK)
        await running.node.staff(STREET, "street_signer", login=SIGNER)
        await running.node.staff(STREET, "auditor", login=AUDITOR)
        far = await running.node.office_tree(SIBLING)
        await running.node.staff(far, "community_officer", login=FAR)
        for name, number in zip(NAMES, NUMBERS, strict=True):
            body = PERSON | {"name": name, "national_id": number}
            await running.node.do(CLERK, "registry.register_person", body)
        other = PERSON | {"residence": far, "national_id": with_check_digit("14999919660304008")}
        await running.node.do(FAR, "registry.register_person", other)
        await running.catch_up()
        yield running
    await databases.drop()


async def asked(whole: Whole, login: str, **more: Any) -> tuple[str, str]:  # noqa: ANN401
    """Ask for an export; return its id and that of the request."""
    wish = {"query": LEDGER, "masked": True, "reason": "年度核查", "format": "csv"} | more
    done = await whole.node.do(login, "registry.request_export", wish)
    return made(done, "export"), str(done["events"][0]["event_id"])


async def approved(whole: Whole, login: str, **more: Any) -> str:  # noqa: ANN401
    """Ask for an unmasked export and have the street's or the county's head approve it."""
    ident, request = await asked(whole, login, masked=False, **more)
    head = SIGNER if login == CLERK else "county_head.140105000000"
    await whole.node.do(head, "registry.approve_export", {"export": ident, "request": request})
    return ident


async def fetched(whole: Whole, login: str, ident: str) -> httpx.Response:
    path = f"/api/exports/{ident}/file"
    return await whole.node.http.get(path, headers=whole.node.as_(login))


def table(answer: httpx.Response) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_a_masked_file_holds_the_areas_rows_and_no_full_value(whole: Whole) -> None:
    ident, _ = await asked(whole, CLERK)
    answer = await fetched(whole, CLERK, ident)
    head, *lines, mark = table(answer)
    assert head == ["姓名 Name", "公民身份号码 National ID", "电话 Phone", "认定状态 State"]
    assert sorted(row[0] for row in lines) == ["'=***", "李*", "赵*"]
    assert lines[0][1:3] == [f"{NUMBERS[0][:6]}********{NUMBERS[0][-4:]}", "139****0000"]
    assert not [secret for secret in (*NUMBERS, *NAMES) if secret in answer.text]
    words = dict(part.split(": ", 1) for part in mark[1:])
    assert words["reason"] == "年度核查"
    assert whole.node.accounts[CLERK] in words["by"]
    assert (words["rows"], words["persons"]) == ("3", "3")
    assert int(words["known"]) > 0
    assert words["at"].startswith("2008-06-01T")


async def test_the_file_is_on_record_with_its_hash_and_every_person_it_opened(whole: Whole) -> None:
    ident, request = await asked(whole, CLERK)
    answer = await fetched(whole, CLERK, ident)
    (_, meta, body) = (await rows(whole.node, f"export-{ident}"))[-1]
    assert meta["actor"] == whole.node.accounts[CLERK]
    assert body["sha256"] == hashlib.sha256(answer.content).hexdigest()
    assert (body["rows"], body["persons"], body["expires_on"]) == (3, 3, "2008-06-08")
    found = (await whole.get(CLERK, "/api/ledger")).json()["items"]
    for row in found:
        reads = [b for t, _, b in await rows(whole.node, f"access-{row['person']}")
                 if t == "registry.person_read.v1" and b.get("under") == request]  # fmt: skip
        assert [(r["mode"], r["fields"]) for r in reads] == [
            ("export", ["name", "national_id", "phone"])
        ]


async def test_an_unmasked_file_waits_for_another_hand_and_then_shows_all(whole: Whole) -> None:
    ident, request = await asked(whole, CLERK, masked=False)
    early = await fetched(whole, CLERK, ident)
    assert (early.status_code, early.json()["code"]) == (409, "export_waits")
    wish = {"export": ident, "request": request}
    await whole.node.do(SIGNER, "registry.approve_export", wish)
    _, *lines, _ = table(await fetched(whole, CLERK, ident))
    assert sorted(row[1] for row in lines) == sorted(NUMBERS)
    assert "'=王秀英" in {row[0] for row in lines}
    stolen = await fetched(whole, SIGNER, ident)
    assert (stolen.status_code, stolen.json()["code"]) == (403, "export_not_yours")


async def test_ndjson_names_its_columns_and_ends_with_the_watermark(whole: Whole) -> None:
    ident = await approved(whole, CLERK, format="ndjson")
    answer = await fetched(whole, CLERK, ident)
    *lines, mark = [orjson.loads(line) for line in answer.content.splitlines()]
    assert {line["name"] for line in lines} == set(NAMES)
    assert (mark["watermark"]["rows"], mark["watermark"]["masked"]) == (3, False)


async def test_a_wider_office_than_the_askers_gives_no_file(whole: Whole) -> None:
    ident, _ = await asked(whole, CLERK, query=LEDGER | {"office": STREET})
    answer = await fetched(whole, CLERK, ident)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_a_query_or_format_that_gives_no_file_is_refused_when_asked(whole: Whole) -> None:
    wish = {"masked": True, "reason": "核对", "format": "csv"}
    queries: tuple[Any, ...] = (
        {"kind": "secrets"}, {"kind": "ledger", "columns": ["helper_phone"]},
        {"kind": "ledger", "owner": STREET}, "ledger",
    )  # fmt: skip
    for query in queries:
        answer = await whole.node.ask(CLERK, "registry.request_export", wish | {"query": query})
        assert answer.json()["code"] == "export_query", answer.text
    odd = wish | {"query": LEDGER, "format": "xes"}
    answer = await whole.node.ask(CLERK, "registry.request_export", odd)
    assert answer.json()["code"] == "export_format"


async def test_every_list_can_be_exported_and_an_auditor_sees_no_name_masked(whole: Whole) -> None:
    for kind in ("ledger", "households", "obligations", "audit_trail"):
        ident, _ = await asked(whole, AUDITOR, query={"kind": kind})
        head, *lines, _ = table(await fetched(whole, AUDITOR, ident))
        assert all(len(row) == len(head) for row in lines)
        assert "sealed" not in str(lines)
        if kind == "ledger":
            assert {row[1] for row in lines} == {"***"}


async def test_the_read_role_away_or_refusing_is_an_answer_and_no_broken_file(
    whole: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    ident, _ = await asked(whole, CLERK)

    async def away(*_: object, **__: object) -> httpx.Response:
        raise httpx.ConnectError("away")

    monkeypatch.setattr(whole.read, "get", away)
    answer = await fetched(whole, CLERK, ident)
    assert (answer.status_code, answer.json()["code"]) == (503, "rows_unavailable")


async def test_restricted_and_shredded_persons_are_shown_as_such(whole: Whole) -> None:
    found = (await whole.get(CLERK, "/api/ledger")).json()["items"]
    kept, gone, _ = (row["person"] for row in found)
    for person in (kept, gone):
        wish = {"person": person, "basis": "objection", "from": "2008-06-01"}
        await whole.node.do("county_head.140105000000", "registry.restrict_processing", wish)
    await whole.node.role.keyring.destroy([f"person-{gone}"])
    await whole.catch_up()
    clerk = await approved(whole, CLERK, query={"kind": "ledger", "columns": ["person", "name"]})
    shown = {row[0]: row[1] for row in table(await fetched(whole, CLERK, clerk))[1:-1]}
    assert shown[kept] == "［限制处理 restricted］"
    audit = await approved(whole, AUDITOR, query={"kind": "ledger", "columns": ["person", "name"]})
    seen = {row[0]: row[1] for row in table(await fetched(whole, AUDITOR, audit))[1:-1]}
    assert seen[kept].lstrip("'") in NAMES
    assert seen[gone] == "［已销毁 destroyed］"


async def test_the_file_ends_with_its_last_day(whole: Whole) -> None:
    ident, _ = await asked(whole, CLERK)
    await whole.node.at("2008-06-08")
    assert (await fetched(whole, CLERK, ident)).status_code == 200
    await whole.node.at("2008-06-09")
    answer = await fetched(whole, CLERK, ident)
    assert (answer.status_code, answer.json()["code"]) == (410, "export_expired")
