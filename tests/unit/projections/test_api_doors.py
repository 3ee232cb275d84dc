"""Who may ask the read role, and how often: tokens that ended, and too many queries."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.requests import Request

from events.rules.directory import Directory, fold
from events.runtime.clock import SystemClock
from events.runtime.limits import Limit
from events.runtime.tokens import Ended, TokenCheck, TokenIssuer, token_keys
from projections.api.app import read_app
from projections.api.query import Call, principal_of
from projections.api.side import ReadSide
from projections.api.stream import STREAM, may_go_on
from tests.support.reading import TODAY, beginning

LOG, USERS = beginning()


class Door:
    """A read role without its databases, and whoever asks it."""

    def __init__(self, keys: Path, burst: float) -> None:
        private, public = token_keys(keys)
        now = SystemClock().now
        known, self.ended = fold(Directory(), LOG.facts), Ended()
        self.issuer = TokenIssuer(private, "test", now)
        pool: Any = None
        self.side = ReadSide(
            pool, "test", TokenCheck(public, "test", now, self.ended), lambda: known,
            lambda: TODAY, limit=Limit(burst, 1, lambda: 0.0),
        )  # fmt: skip
        self.check, self.app = self.side.check, read_app(self.side)

    async def ask(self, token: str) -> httpx.Response:
        """Ask who one is."""
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://read") as http:
            return await http.get("/api/me", headers={"authorization": f"Bearer {token}"})


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door(tmp_path, 3)


async def test_an_account_asks_only_so_often_and_is_told_when_again(door: Door) -> None:
    tokens = [door.issuer.issue(USERS["county"])[0] for _ in range(4)]
    answers = [await door.ask(token) for token in tokens]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["retry-after"] == "1"
    told = answers[-1].json()
    assert (told["code"], told["zh"], told["en"]) == (
        "too_many", "查询过于频繁。", "Too many queries.",
    )  # fmt: skip
    assert (await door.ask(door.issuer.issue(USERS["street"])[0])).status_code == 200


async def test_an_ended_session_is_refused_and_others_of_the_account_are_not(door: Door) -> None:
    token, other = (door.issuer.issue(USERS["county"])[0] for _ in range(2))
    session = door.check.badge(token).session
    door.ended.note({session: SystemClock().now()})
    assert (await door.ask(token)).status_code == 401
    assert (await door.ask(other)).status_code == 200


async def test_an_account_whose_sessions_were_ended_signs_in_anew(door: Door) -> None:
    token = door.issuer.issue(USERS["county"])[0]
    door.ended.note({USERS["county"]: SystemClock().now()})
    assert (await door.ask(token)).status_code == 401
    assert (await door.ask(door.issuer.issue(USERS["county"])[0])).status_code == 200


def test_a_stream_goes_on_however_often_its_reader_asks_until_session_or_role_ends(
    door: Door,
) -> None:
    token = door.issuer.issue(USERS["county"])[0]
    request = Request({"type": "http", "headers": [(b"authorization", f"Bearer {token}".encode())]})
    reader = principal_of(door.side, request, TODAY)
    call = Call(door.side, STREAM, reader, {}, TODAY)
    assert all(may_go_on(call, request) for _ in range(9))
    call.principal = replace(reader, roles=reader.roles | {"auditor"})
    assert not may_go_on(call, request)
    call.principal = reader
    door.ended.note({door.check.badge(token).session: SystemClock().now()})
    assert not may_go_on(call, request)


async def test_what_ended_long_ago_is_forgotten(door: Door) -> None:
    token = door.issuer.issue(USERS["county"])[0]
    badge = door.check.badge(token)
    door.ended.note({badge.session: SystemClock().now()})
    door.ended.forget(SystemClock().now() + timedelta(days=1))
    assert not door.ended.covers(badge, SystemClock().now().timestamp())
