"""Lets people with distinctive values live through a demo, and looks for these in all it leaves.

`python -m tests.faults.canary [--persons 6] [--to 2008-08-31]` searches the files and WAL of
PostgreSQL, every table, the segments and records of Kafka, logs, exports, metrics, and the answers
of both APIs and the console, in every common spelling. Then it plants a leak, which must be found.
Exit 0 when nothing else is.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
import httpx
import uvloop

from events.bus.topics import Bus
from events.runtime.logging import configure_logging
from events.runtime.process import free_port
from events.runtime.settings import Settings
from services.__main__ import first_accounts, first_people
from services.demo.driver import Result, simulate
from services.demo.node import DemoNode, demo_node, demo_settings, environment
from services.demo.persons import Identity, Register
from services.demo.plan import Plan
from services.demo.show import FIRST, PASSWORD
from services.kit.role import prepare
from tests.support.canaries import Canary, Leak, Search

EXPORTS = (
    ("audit", "export", "--out", "proof"),
    ("audit", "ocel", "--out", "ocel.json"),
    ("audit", "xes", "--out", "cases.xes"),
)
"""Verbs that write history out."""
PLANTED = "logs/write.log"


@contextlib.contextmanager
def hatching() -> Iterator[list[Canary]]:
    """Let every person of a simulation be a canary, and list them."""
    hatched: list[Canary] = []
    invent = Register.invent

    def distinct(self: Register, *args: Any, **more: Any) -> Identity:  # noqa: ANN401
        who, bird = invent(self, *args, **more), Canary.hatched()
        hatched.append(replace(bird, national_id=who.number))
        return replace(who, name=bird.name, phone=bird.phone, address=bird.address)

    Register.invent = distinct  # type: ignore[method-assign]
    try:
        yield hatched
    finally:
        Register.invent = invent  # type: ignore[method-assign]


async def run(plan: Plan) -> tuple[list[Leak], list[Leak]]:
    """Run a plan with canaries and return where they were found, and the planted leak."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        settings = demo_settings(Path(folder) / "home", free_port(), plan.first)

        async def first(whole: Settings) -> object:
            return await first_accounts(whole, first_people(*FIRST, PASSWORD))

        async with demo_node(settings, prepare, first) as node:
            with hatching() as canaries:
                result = await _simulated(node, plan)
            await node.caught_up()
            answers = await _answers(node, result, canaries[0])
            await _exported(node)
            return await _searched(node, canaries, answers), _planted(node, canaries)


async def _simulated(node: DemoNode, plan: Plan) -> Result:
    address = f"http://127.0.0.1:{node.settings.write_port}"
    async with httpx.AsyncClient(base_url=address, timeout=300) as http:
        return await simulate(http, plan, dict.fromkeys(FIRST, PASSWORD), PASSWORD)


async def _answers(node: DemoNode, result: Result, canary: Canary) -> list[bytes]:
    """Collect what the node answers: every list to every role, refusals, figures, bare pages."""
    found: list[bytes] = []
    async with httpx.AsyncClient(timeout=60, follow_redirects=True) as http:
        read, write = node.settings.read_api, node.settings.write_api
        described = (await http.get(f"{read}/openapi.json")).json()["paths"]
        lists = [path for path in described if "{" not in path and path != "/api/stream"]
        for login in sorted(set(result.logins.values()) - {""}):
            headers = await _signed_in(http, write, login)
            found += [(await http.get(read + path, headers=headers)).content for path in lists]
            found += await _mistakes(http, write, headers, canary)
        for role in ("write", "publish", "project", "read", "console"):
            address = f"http://127.0.0.1:{getattr(node.settings, f'{role}_port')}"
            for path in ("/metrics", "/readyz", "/", "/persons", "/nowhere"):
                found.append((await http.get(address + path)).content)
    return found


async def _signed_in(http: httpx.AsyncClient, write: str, login: str) -> dict[str, str]:
    wish = {"login": login, "password": PASSWORD}
    answer = (await http.post(f"{write}/api/token", json=wish)).raise_for_status()
    return {"authorization": f"Bearer {answer.json()['token']}"}


async def _mistakes(
    http: httpx.AsyncClient, write: str, headers: dict[str, str], canary: Canary
) -> list[bytes]:
    """Send personal values where they do not belong, and keep the answers."""
    values = dict(canary.values())
    known = headers | {"idempotency-key": "0d5e9c5e-2f43-4f0b-9a2f-0f6a5e0f1c11"}
    register = f"{write}/api/commands/registry.register_person"
    answers = [
        await http.post(register, json=body, headers=known)
        for body in (
            values,
            values | {canary.name: 1},
            {"name": {"x": canary.name}},
            [canary.national_id],
        )
    ]
    answers.append(await http.post(f"{write}/api/commands/{quote(canary.name)}", headers=known))
    answers.append(
        await http.post(f"{write}/api/commands", content=json.dumps(values), headers=headers)
    )
    return [answer.content for answer in answers]


async def _exported(node: DemoNode) -> None:
    for *verb, name in EXPORTS:
        argv = [sys.executable, "-m", "services", *verb, str(node.settings.home / name)]
        process = await asyncio.create_subprocess_exec(
            *argv,
            env=environment(node.settings) | {"PYTHONPATH": str(Path.cwd())},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        told, _ = await process.communicate()
        if process.returncode:
            raise RuntimeError(f"{' '.join(verb)}: {told.decode()[-500:]}")


def _planted(node: DemoNode, canaries: list[Canary]) -> list[Leak]:
    file = node.settings.home / PLANTED
    with file.open("ab") as log:
        log.write(base64.b64encode(f"debug: {canaries[-1].name} ok".encode("gbk")))
    return Search(canaries).files([file])


async def _searched(node: DemoNode, canaries: list[Canary], answers: list[bytes]) -> list[Leak]:
    settings, search = node.settings, Search(canaries)
    places = {settings.home, Path(await _data_directory(settings))}
    files = [f for place in places for f in place.rglob("*") if f.is_file()]
    found = search.files(files)
    for dsn in (settings.log_url, settings.read_url, settings.keys_url):
        if dsn is not None:
            found += await search.database(dsn.get_secret_value())
    found += await search.kafka(Bus.of(settings))
    found += search.through("answers", b"\n".join(answers))
    sys.stdout.write(
        f"{len(canaries)} persons; {len(files)} files, {len(answers)} answers, "
        f"{search.read / 1e6:,.0f} MB searched: {len(found)} found\n"
    )
    return found


async def _data_directory(settings: Settings) -> str:
    connection = await asyncpg.connect(settings.secret("log_url"))
    try:
        await connection.execute("checkpoint")
        return str(await connection.fetchval("show data_directory"))
    finally:
        await connection.close()


def main() -> None:
    """Read the arguments, run, print what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--persons", type=int, default=6)
    parser.add_argument("--to", type=date.fromisoformat, default=date(2008, 8, 31))
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    configure_logging("ERROR")
    plan = Plan(persons=given.persons, last=given.to, seed=given.seed, whole_tree=False)
    found, planted = uvloop.run(run(plan))
    for leak in found:
        sys.stdout.write(f"{leak.place}: {leak.value} as {leak.spelling}\n")
    sys.stdout.write(f"the planted leak: {planted or 'NOT FOUND'}\n")
    raise SystemExit(1 if found or not planted else 0)


if __name__ == "__main__":
    main()
