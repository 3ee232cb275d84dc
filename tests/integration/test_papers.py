"""Papers of a case that really went its way: filed, on notice, certified, annotated, agreed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg
import httpx
import orjson
import pytest
import pytest_asyncio
from pydantic import SecretStr
from starlette.responses import Response

from events.runtime.clock import SystemClock
from events.runtime.postgres import EmbeddedPostgres
from services.console.app import console_app
from services.console.config import ConsoleConfig
from services.console.session import COOKIE, Keeper, Session
from tests.integration.test_main_line import (
    CERTIFIER,
    CLERK,
    COMMUNITY,
    COUNTY,
    PERSON,
    STREET,
    certified,
    doc,
)
from tests.support.node import SIBLING, TREE
from tests.support.servers import Databases
from tests.support.whole import Whole, whole_node

pytestmark = [pytest.mark.postgres, pytest.mark.asyncio(loop_scope="module")]
NEIGHBOUR = "community_officer.140105002001"
SECRET = SecretStr("a secret of more than thirty-two letters")


@dataclass
class Desk:
    """A node with a certified person, and a console before it."""

    whole: Whole
    http: httpx.AsyncClient
    keeper: Keeper
    person: str

    async def paper(self, login: str, path: str) -> httpx.Response:
        """Ask the console for a paper as somebody."""
        now = SystemClock().now()
        me = (await self.whole.get(login, "/api/me")).json()
        token = self.whole.node.tokens[login]
        own = Session(token, now + timedelta(hours=1), str(UUID(int=1)), now, login, me)
        response = Response()
        self.keeper.write(response, own)
        cookie = response.headers["set-cookie"].split(";")[0].removeprefix(f"{COOKIE}=")
        return await self.http.get(path, headers={"cookie": f"{COOKIE}={cookie}"})

    async def words(self, login: str, path: str) -> str:
        """Return a paper's words without markup and blanks."""
        answer = await self.paper(login, path)
        assert answer.status_code == 200, answer.text
        return re.sub(r"<[^>]+>|\s", "", answer.text)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Desk]:
    databases = Databases(postgres, {})
    async with whole_node(databases, tmp_path_factory.mktemp("papers")) as whole:
        person = await _agreed(whole)
        mounts = {
            "all://write": httpx.ASGITransport(app=whole.node.role.app()),
            "all://read": httpx.ASGITransport(app=whole.read_app),
        }
        async with httpx.AsyncClient(mounts=mounts) as apis:
            config = ConsoleConfig("http://write", "http://read", SECRET, client=apis)
            served = httpx.ASGITransport(app=console_app(config))
            async with httpx.AsyncClient(transport=served, base_url="http://console") as http:
                yield Desk(whole, http, Keeper(config), person)
    await databases.drop()


async def _agreed(whole: Whole) -> str:
    """Bring one person to certificate, agreement and plan."""
    node = whole.node
    await node.office_tree(TREE)
    await node.office_tree(SIBLING)
    for office, role in ((COUNTY, "county_certifier"), (STREET, "street_signer"),
                         (COMMUNITY, "community_officer")):  # fmt: skip
        await node.staff(office, role)
    await node.staff("140105002001", "community_officer")
    person, case = await certified(node)
    await node.do(CERTIFIER, "certification.annotate_certificate", {
        "case": case, "certificate": "preference", "number": "140100123", "category": "aged_4050",
        "sealed": True,
    })  # fmt: skip
    await node.do(CLERK, "assistance.sign_agreement", {
        "case": case, "template": "standard_2008", "helper": node.accounts[CLERK],
        "content": ["job_introduction"], "measures": "每月走访", "one_to_one": False,
        "scan": doc("agreement"),
    })  # fmt: skip
    for login in node.accounts:
        whole.sign_in(login)
    await whole.catch_up()
    return person


async def reads(desk: Desk) -> list[tuple[str, str, list[str]]]:
    """Return (page, mode, fields) of every read of the person, as the log keeps them."""
    connection = await asyncpg.connect(desk.whole.node.log_dsn)
    try:
        query = "select data from log.events where stream = $1 order by version"
        found = await connection.fetch(query, f"access-{desk.person}")
    finally:
        await connection.close()
    bodies = [orjson.loads(r["data"]) for r in found]
    return [(b["page"], b["mode"], b["fields"]) for b in bodies]


@pytest.mark.requirement("R20", "X20", "X15")
async def test_the_notice_of_a_real_case_is_whole_and_recorded_without_its_number(
    desk: Desk,
) -> None:
    said = await desk.words(CLERK, f"/print/notice/{desk.person}")
    for text in ("王秀英", "女", "42周岁", "“4050”人员", "2008年6月2日至2008年6月12日",
                 "0351-7000000", "社区公告栏"):  # fmt: skip
        assert text in said
    assert not re.search(r"[\d*]{12}", said)
    assert (await reads(desk))[-1] == ("notice", "print", ["birth_date", "name"])


@pytest.mark.requirement("R22", "R25", "X20")
async def test_the_decision_of_a_real_case_names_its_findings_and_the_mark(desk: Desk) -> None:
    for login in (CERTIFIER, CLERK):
        said = await desk.words(login, f"/print/decision/{desk.person}")
        for text in ("认定为就业困难人员", "逐条核对", "再就业优惠证", "140100123", "盖章",
                     "2008年6月13日", "规则版本2008"):  # fmt: skip
            assert text in said, text
        assert PERSON["national_id"] not in said
        assert "已封存" not in said
    page, mode, fields = (await reads(desk))[-1]
    assert (page, mode) == ("decision", "print")
    assert {"name", "national_id", "number"} <= {*fields}


@pytest.mark.requirement("R83", "R84", "X20")
async def test_the_agreement_of_a_real_case_names_helper_content_and_measures(desk: Desk) -> None:
    said = await desk.words(CLERK, f"/print/agreement/{desk.person}")
    for text in ("接受就业援助协议书", "职业介绍", "每月走访", "学府街一号", "一式两份"):
        assert text in said, text
    assert "已封存" not in said
    assert "一、援助责任人＿" not in said
    assert (await reads(desk))[-1][:2] == ("agreement", "print")


@pytest.mark.requirement("R43", "X20")
@pytest.mark.parametrize("document", ["notice", "agreement", "decision"])
async def test_a_neighbour_gets_no_paper_and_reads_why(desk: Desk, document: str) -> None:
    before = await reads(desk)
    answer = await desk.paper(NEIGHBOUR, f"/print/{document}/{desk.person}")
    assert answer.status_code == 403
    assert "属地管理" in answer.text
    assert 'id="who-helps"' in answer.text
    assert "王秀英" not in answer.text
    assert await reads(desk) == before


@pytest.mark.requirement("R43", "X20")
async def test_a_neighbours_list_is_his_own(desk: Desk) -> None:
    own = await desk.words(CLERK, "/print/roster")
    assert "王秀英" in own
    assert f"{PERSON['national_id'][:6]}********{PERSON['national_id'][-4:]}" in own
    assert "王秀英" not in await desk.words(NEIGHBOUR, "/print/roster")
    refused = await desk.paper(NEIGHBOUR, f"/print/roster?office={COMMUNITY}")
    assert (refused.status_code, "属地管理" in refused.text) == (403, True)
