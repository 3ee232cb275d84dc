"""`bangfu demo`: a fresh node, two simulated years, the audit's verdict, then the console."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from events.log.told import ToldError
from events.runtime.settings import Settings
from events.runtime.tasks import end
from services.demo.driver import Progress as Day
from services.demo.driver import Result, simulate
from services.demo.node import DemoNode, demo_node, demo_settings, standing_node
from services.demo.people import PROVINCE_AUDITOR
from services.demo.plan import Plan
from services.demo.standing import need_free, note_accounts, noted_accounts, standing

T = TypeVar("T")
FIRST = ("operator", "rules", "head")
PASSWORD = "bangfu-demo-2008"  # noqa: S105  # of a demo on this computer's loopback
SHOWN = (
    "community_officer", "community_head", "street_officer", "street_signer", "county_reviewer",
    "county_certifier", "county_head", "city_head", "pes_clerk", "province_head",
    "auditor", PROVINCE_AUDITOR,
)  # fmt: skip
"""Roles whose accounts the demo names, from the community to the province."""
STARTING = "启动 PostgreSQL、Kafka 和各角色 / starting PostgreSQL, Kafka and the roles"


@dataclass(frozen=True, slots=True)
class Parts:
    """What the composition root lends: the log's preparation, the first accounts, the audit."""

    prepare: Callable[[Settings], Awaitable[None]]
    first: Callable[[Settings, str], Awaitable[object]]
    audit: Callable[[Settings, Progress], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the caller wants of a demo."""

    plan: Plan
    home: Path
    port: int
    serve: bool = True


async def show(
    wanted: Wanted, parts: Parts, console: Console, stop: asyncio.Event
) -> dict[str, Any]:
    """Run a demo and return its figures; serves the console until `stop` where wished.

    Raises ToldError where it is stopped before its end.
    """
    need_free(wanted.port)
    settings = demo_settings(wanted.home, wanted.port, wanted.plan.first)

    async def first(whole: Settings) -> None:
        await parts.first(whole, PASSWORD)

    async with AsyncExitStack() as stack:
        with console.status(STARTING):
            opening = demo_node(settings, parts.prepare, first)
            node = await stack.enter_async_context(opening)
        result = await unless(stop, _simulate(node, wanted.plan, console))
        note_accounts(settings.home, _accounts(result))
        figures = await _figures(node, result, parts, console)
        _tell(console, result, figures)
        _tell_accounts(console, _accounts(result))
        if wanted.serve:
            await _served(stack, node, console, stop)
    return figures


async def resume(
    home: Path, port: int | None, parts: Parts, console: Console, stop: asyncio.Event
) -> None:
    """Serve the demo that stands in a home until `stop`, as it was left. Raises ToldError."""
    settings = standing(home, port)
    need_free(settings.console_port)
    async with AsyncExitStack() as stack:
        with console.status(STARTING):
            node = await stack.enter_async_context(standing_node(settings, parts.prepare))
        _tell_accounts(console, noted_accounts(settings.home))
        await _served(stack, node, console, stop)


async def _served(
    stack: AsyncExitStack, node: DemoNode, console: Console, stop: asyncio.Event
) -> None:
    """Serve until told to stop; say so, and how to go on."""
    _tell_next(console, node.settings)
    await stop.wait()
    with console.status("正在停止 / stopping"):
        await stack.aclose()
    again = f"{_bangfu(node.settings)} demo --resume"
    console.print("演示已停止，内容和时钟不变 / Stopped; entries and clock are kept.")
    console.print(f"再次打开 / serve it again: {again}", soft_wrap=True)


async def unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T:
    """Await a work and return what it returns. Raises ToldError when `stop` comes first."""
    task, stopped = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
    finally:
        await end(task, stopped)
    raise ToldError(
        "演示已中断，没有模拟完；请重新运行 make demo",
        "the demo was stopped before its end: run `make demo` anew",
    )


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[told]}"),
        TimeRemainingColumn(),
        console=console,
    )


async def _simulate(node: DemoNode, plan: Plan, console: Console) -> Result:
    with _bar(console) as bar:
        task = bar.add_task("设立单位和账号 / offices and accounts", total=None, told="")

        def tell(at: Day) -> None:
            told = f"{at.day}  {at.commands:,} 条命令 / commands  {at.rate:,.0f}/s"
            bar.update(
                task, description="模拟 / simulate", completed=at.done, total=at.of, told=told
            )

        address = f"http://127.0.0.1:{node.settings.write_port}"
        async with httpx.AsyncClient(base_url=address, timeout=300) as http:
            return await simulate(http, plan, dict.fromkeys(FIRST, PASSWORD), PASSWORD, tell)


async def _figures(
    node: DemoNode, result: Result, parts: Parts, console: Console
) -> dict[str, Any]:
    with console.status("等待各读模型 / waiting for the read models"):
        await node.caught_up()
    with _bar(console) as bar:
        verdict = await parts.audit(node.settings, bar)
    events, _ = await node.head()
    return {
        "commands": result.commands,
        "accepted": result.accepted,
        "refused": result.refused,
        "events": events,
        "published": await node.published(),
        "projected": await node.projected(),
        "parked": await node.parked(),
        "seconds": round(result.seconds, 1),
        "audit": verdict["audit"],
    }


def _accounts(result: Result) -> dict[str, str]:
    """Return one login for each role that is shown."""
    found = {role: result.logins.get(role, "") for role in SHOWN}
    return found | {"province_head": "head", "operator": "operator"}


def _tell(console: Console, result: Result, figures: dict[str, Any]) -> None:
    table = Table("", "", show_header=False, box=None)
    for name, value in figures.items():
        table.add_row(name, f"{value:,}" if isinstance(value, int) else str(value))
    console.print(table)
    for refusal in result.unexpected[:10]:
        console.print(f"[yellow]意外拒绝 / unexpected[/] {refusal.name} {refusal.code}")


def _tell_accounts(console: Console, logins: dict[str, str]) -> None:
    accounts = Table("岗位 / Role", "登录名 / Login", "口令 / Password")
    for role, login in logins.items():
        accounts.add_row(role, login or "–", PASSWORD)
    console.print(accounts)


def _bangfu(settings: Settings) -> str:
    """Return how the verbs are called for a demo from here."""
    return f"BANGFU_HOME={shlex.quote(str(settings.home))} .venv/bin/bangfu"


def _tell_next(console: Console, settings: Settings) -> None:
    """Name what can be done while the demo is served."""
    bangfu = _bangfu(settings)
    console.print(f"验证日志 / verify: {bangfu} audit verify", soft_wrap=True)
    console.print(f"推进十天 / ten days on: {bangfu} advance 10", soft_wrap=True)
    console.print(f"控制台 / console: http://127.0.0.1:{settings.console_port}/")
