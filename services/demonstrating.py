"""The verbs of a demo: `bangfu demo` simulates and serves one, `advance` moves its clock."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
import uvloop
from rich.progress import Progress

from events.log.verdict import verdict_of
from events.rules.time import shanghai_day
from events.runtime.logging import configure_logging
from events.runtime.settings import NODE_FILE, MissingSettingError, Settings
from services.commandline import cli, console, progress_bar, stop_on_signal, verify_log
from services.demo.advance import advance as advance_days
from services.demo.client import UnreachableError
from services.demo.plan import Plan
from services.demo.show import PASSWORD, Parts, Wanted, resume, show

DAY = ["%Y-%m-%d"]


def demonstrate(
    prepare: Callable[[Settings], Awaitable[None]],
    first: Callable[[Settings, str], Awaitable[object]],
) -> None:
    """Add the verb `demo`; `prepare` and `first` make a node's tables and first accounts."""
    parts = Parts(prepare, first, _verdict)

    @cli.command("demo")
    def _demo_verb(
        county: Annotated[str, typer.Option(help="县区代码 / county")] = "140105",
        persons: Annotated[int, typer.Option(min=1, max=20_000, help="人数 / persons")] = 500,
        first: Annotated[datetime, typer.Option("--from", formats=DAY)] = datetime(2008, 6, 1),  # noqa: DTZ001
        last: Annotated[datetime, typer.Option("--to", formats=DAY)] = datetime(2010, 5, 31),  # noqa: DTZ001
        rule_set: Annotated[str, typer.Option(help="规则集 / rule set")] = "2008",
        seed: Annotated[int, typer.Option(help="随机种子 / seed")] = 1,
        port: Annotated[
            int | None, typer.Option(help="控制台端口，默认 8080 / port of the console")
        ] = None,
        serve: Annotated[
            bool, typer.Option(help="之后打开控制台 / serve the console afterwards")
        ] = True,
        fresh: Annotated[
            bool, typer.Option("--fresh", help="不询问 / delete an earlier demo without asking")
        ] = False,
        again: Annotated[
            bool, typer.Option("--resume", help="打开已有的演示 / serve the one that stands again")
        ] = False,
        as_json: Annotated[
            bool, typer.Option("--json", help="末行为 JSON / last line is JSON")
        ] = False,
    ) -> None:
        """模拟一个县两年的工作 / Simulate a county, verify its log, then serve the console."""
        if again:
            if fresh or as_json or not serve:
                raise typer.BadParameter("--resume 只与 --port 合用 / goes with --port alone")
            configure_logging("WARNING")
            uvloop.run(_resume(Settings().home, port, parts))
            return
        if rule_set != "2008":
            console.print("目前只能按 2008 规则模拟 / only rule set 2008 can be simulated so far")
            raise typer.Exit(2)
        settings = Settings()
        configure_logging("WARNING")
        if (settings.home / "demo" / NODE_FILE).exists() and not fresh and sys.stdin.isatty():
            typer.confirm("删除先前的演示？/ Delete the earlier demo?", abort=True, err=True)
        plan = Plan(county=county, persons=persons, first=first.date(), last=last.date(), seed=seed)
        wanted = Wanted(plan, settings.home / "demo", port or 8080, serve)
        figures = uvloop.run(_demo(wanted, parts))
        if as_json:
            sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")
        raise typer.Exit(0 if figures["audit"] == "clean" else 1)


async def _demo(wanted: Wanted, parts: Parts) -> dict[str, Any]:
    return await show(wanted, parts, console, stop_on_signal())


async def _resume(home: Path, port: int | None, parts: Parts) -> None:
    await resume(home, port, parts, console, stop_on_signal())


async def _verdict(settings: Settings, bar: Progress) -> dict[str, Any]:
    return verdict_of(await verify_log(settings, bar))


@cli.command()
def advance(
    days: Annotated[int, typer.Argument(min=1, max=3_660, help="天数 / days")],
    password: Annotated[
        str, typer.Option(envvar="BANGFU_PASSWORD", help="口令 / password of the operator")
    ] = PASSWORD,
) -> None:
    """推进模拟时钟 / Move a simulated node's clock day by day; what falls due happens."""
    settings = Settings.of_node()
    if settings.demo_stopped:
        raise MissingSettingError(["log_url"], demo=True)
    if not settings.simulated:
        console.print(
            "本节点使用真实时间，不能推进；仅限演示节点 / This node keeps real time. "
            "Only a demo's clock moves: run `bangfu demo`, or name its BANGFU_HOME."
        )
        raise typer.Exit(2)
    try:
        now = asyncio.run(_advance(settings.write_api, days, password))
    except (UnreachableError, httpx.TransportError) as error:
        console.print(f"{settings.write_api}: {type(error).__name__} {error}")
        raise typer.Exit(1) from error
    console.print(f"现在 / now: {shanghai_day(now)}")


async def _advance(address: str, days: int, password: str) -> datetime:
    async with httpx.AsyncClient(base_url=address, timeout=300) as http:
        with progress_bar() as bar:
            task = bar.add_task("推进 / advance", total=days, rate="")
            return await advance_days(http, days, password, lambda _: bar.advance(task))
