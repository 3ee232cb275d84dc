"""A node for benchmarks: embedded PostgreSQL, a write process, a sequencer process, some offices.

As a module it is one of them: `python -m tests.bench.node HOME PORT`; the sequencer has no PORT.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid5

import httpx
import uvloop

from events.contracts.catalogue import ALL
from events.log.sequencer import Sequencer
from events.rules.idnumber import with_check_digit
from events.runtime.logging import configure_logging
from events.runtime.postgres import EmbeddedPostgres
from events.runtime.process import free_port
from events.runtime.settings import Settings
from events.runtime.shell import Shell, serving
from services.kit.bootstrap import Bootstrap, First
from services.kit.role import open_write_role, prepare
from tests.support.node import CONTEXTS, DAY_ONE, PASSWORD, SPACE, START, TREE

COMMUNITY = TREE[-1][0]


@dataclass(frozen=True, slots=True)
class BenchNode:
    """Where the node listens, and a clerk's token."""

    port: int
    token: str
    log_dsn: str
    keys_dsn: str
    home: Path


def settings_of(home: Path) -> Settings:
    """Read the settings that both processes run with."""
    return Settings.model_validate(json.loads((home / "bench.json").read_text()))


async def sequence(home: Path) -> None:
    """Give numbers to what is appended until the input ends."""
    settings = settings_of(home)
    await prepare(settings)
    sequencer = Sequencer(settings.secret("log_url"), clock=lambda: START)
    await sequencer.start()
    await until_input_ends()
    await sequencer.stop()


async def until_input_ends() -> None:
    """Wait for the end of the standard input."""
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


async def serve(home: Path, port: int) -> None:
    """Serve one write process until the input ends."""
    settings = settings_of(home)
    async with open_write_role(settings, CONTEXTS, ALL) as role:
        people = (
            First("operator", "运维", PASSWORD, ("operator",)),
            First("rules", "规则", PASSWORD, ("rule_admin", "province_officer")),
            First("head", "厅长", PASSWORD, ("province_head",)),
        )
        boot = Bootstrap(role.side.commands, role.handler, role.follower, role.doorkeeper)
        await boot.run("14", "山西省", people, DAY_ONE, START)
        shell = Shell("write", "bench")
        shell.enter(role)
        async with serving(shell, "127.0.0.1", port):
            await until_input_ends()


@asynccontextmanager
async def bench_node(home: Path) -> AsyncIterator[BenchNode]:
    """Run a node in a process of its own and sign a community clerk in."""
    postgres = EmbeddedPostgres(home / "servers")
    postgres.start()
    try:
        await postgres.create_database("bangfu_log")
        await postgres.create_database("bangfu_keys")
        port = free_port()
        urls = postgres.dsn("bangfu_log"), postgres.dsn("bangfu_keys")
        config = {
            "home": str(home), "source": "bench", "simulated": True,
            "simulated_from": START.isoformat(), "log_url": urls[0], "keys_url": urls[1],
        }  # fmt: skip
        (home / "bench.json").write_text(json.dumps(config))
        with _process(home), _process(home, str(port)):
            token = await staffed(port, PASSWORD)
            yield BenchNode(port, token, *urls, home)
    finally:
        postgres.remove()


@contextmanager
def _process(home: Path, *port: str) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.bench.node", str(home), *port]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:  # noqa: S603
        try:
            yield
        finally:
            if process.stdin:
                process.stdin.close()
            process.wait(30)


async def staffed(port: int, password: str) -> str:
    """Open offices down to a community with their heads; return the community clerk's token."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
        await _up(http)
        rules = await _sign_in(http, "rules", password)
        operator = await _sign_in(http, "operator", password)
        for code, name, level in TREE:
            body = {"name": name, "kind": "labour", "level": level, "code": code}
            await _send(http, rules, "registry.open_office", body | {"from": str(DAY_ONE)})
        chain = (
            ("1401", "city_head", "head"), ("140105", "county_head", "city_head"),
            ("140105001", "street_signer", "county_head"),
            (COMMUNITY, "community_officer", "street_signer"),
        )  # fmt: skip
        for code, role, above in chain:
            await _staff(
                http,
                operator,
                code.ljust(12, "0"),
                role,
                await _sign_in(http, above, password),
                password,
            )
        return await _sign_in(http, "community_officer", password)


async def _up(http: httpx.AsyncClient) -> None:
    async with asyncio.timeout(90):
        while True:
            try:
                if (await http.get("/readyz")).status_code in {200, 503}:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.1)


async def _staff(
    http: httpx.AsyncClient, operator: str, office: str, role: str, above: str, password: str
) -> None:
    opened = await _send(
        http, operator, "registry.open_account", {"office": office, "name": role, "login": role}
    )
    account = opened["events"][0]["stream"].split("-", 1)[1]
    wanted = {"user": account, "role": role, "areas": [office], "from": str(DAY_ONE)}
    proposed = await _send(http, operator, "registry.propose_role", wanted)
    proposal = {"user": account, "proposal": proposed["events"][0]["event_id"]}
    await _send(http, above, "registry.approve_role", proposal)
    wish = {"login": role, "password": password}
    answer = await http.post("/api/accounts/password", json=wish, headers=_bearer(operator))
    answer.raise_for_status()


async def _sign_in(http: httpx.AsyncClient, login: str, password: str) -> str:
    answer = await http.post("/api/token", json={"login": login, "password": password})
    return str(answer.raise_for_status().json()["token"])


async def _send(
    http: httpx.AsyncClient, token: str, name: str, body: dict[str, Any]
) -> dict[str, Any]:
    """Send a command; what the directory does not know yet is tried again for a second."""
    ident = str(uuid5(SPACE, name + json.dumps(body)))
    headers = {"idempotency-key": ident, **_bearer(token)}
    text = ""
    for _ in range(50):
        answer = await http.post(f"/api/commands/{name}", json=body, headers=headers)
        if answer.is_success:
            found: dict[str, Any] = answer.json()
            return found
        text = answer.text
        await asyncio.sleep(0.02)
    raise RuntimeError(text)


def _bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def person(number: int) -> dict[str, Any]:
    """Return the body that registers the n-th person."""
    day = f"{1950 + number % 30}{1 + number % 12:02}{1 + number % 28:02}"
    serial = f"{number // 10 % 1000:03}"
    prefix = f"1499{number % 100:02}{day}{serial}"
    odd = int(prefix[-1]) % 2
    return {
        "name": f"测试{number}", "sex": "male" if odd else "female",
        "birth_date": f"{day[:4]}-{day[4:6]}-{day[6:]}",
        "national_id": with_check_digit(prefix), "address": f"学府街{number}号",
        "residence": COMMUNITY, "hukou": {"division": "140105", "type": "urban"},
        "worker_type": "worker", "special_work": False,
    }  # fmt: skip


def wishes(person_id: str, number: int) -> dict[str, Any]:
    """Return the body that records a person's wishes, another one each time."""
    return {
        "person": person_id, "wants_work": True, "able_to_work": True, "startup_wish": False,
        "occupations": ["cleaner"], "min_wage": 50_000 + number, "areas": [COMMUNITY],
    }  # fmt: skip


if __name__ == "__main__":
    configure_logging("WARNING")
    where = Path(sys.argv[1])
    uvloop.run(serve(where, int(sys.argv[2])) if sys.argv[2:] else sequence(where))
