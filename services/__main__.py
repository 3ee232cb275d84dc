"""The `bangfu` command line: the one composition root, the only module that sees both sides."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import asyncpg
import httpx
import structlog
import typer
import uvloop
from aiokafka.errors import KafkaError
from rich.progress import Progress

from events.bus.role import open_publish_role
from events.contracts.catalogue import ALL
from events.log.port import LogClosedError
from events.log.told import ToldError
from events.log.verdict import verdict_of
from events.rules.time import shanghai_day
from events.runtime.embedded import EmbeddedServers
from events.runtime.logging import configure_logging
from events.runtime.settings import NODE_FILE, MissingSettingError, OtherNodeError, Settings
from events.runtime.shell import NotReadyError, Role, Shell, keep_open, serving
from services.assistance import CONTEXT as ASSISTANCE
from services.auditing import DAY, Answer, Asked, look_back, suppose
from services.certification import CONTEXT as CERTIFICATION
from services.commandline import (
    RoleName,
    Tell,
    cli,
    console,
    given_password,
    progress_bar,
    user,
    verify_log,
)
from services.conforming import conform
from services.demo.advance import advance as advance_days
from services.demo.client import UnreachableError
from services.demo.plan import Plan
from services.demo.show import PASSWORD as DEMO_PASSWORD
from services.demo.show import Parts, Wanted, resume, show
from services.guarding import kafka, keys
from services.kit.bootstrap import Bootstrap, First
from services.kit.keyring import KeysUnavailableError
from services.kit.role import open_write_role, prepare
from services.posts import CONTEXT as POSTS
from services.proving import prove
from services.registry import CONTEXT as REGISTRY

__all__ = ["CONTEXTS", "cli", "conform", "first_accounts", "first_people", "main"]
cli.add_typer(keys, name="keys")
cli.add_typer(kafka, name="kafka")
CONTEXTS = (REGISTRY, CERTIFICATION, ASSISTANCE, POSTS)
log = structlog.get_logger()


def opener(name: RoleName, settings: Settings) -> Callable[[], AbstractAsyncContextManager[Role]]:
    """Return how a role is opened. Each import stays with its role, so a reader loads no writer."""
    match name:
        case RoleName.WRITE:
            return lambda: open_write_role(settings, CONTEXTS, ALL)
        case RoleName.PUBLISH:
            return lambda: open_publish_role(settings)
        case RoleName.PROJECT:
            from projections.role import open_project_role  # noqa: PLC0415

            return lambda: open_project_role(settings)
        case RoleName.READ:
            from projections.role import open_read_role  # noqa: PLC0415

            return lambda: open_read_role(settings)
        case RoleName.CONSOLE:
            from services.console.role import open_console_role  # noqa: PLC0415

            return lambda: open_console_role(settings)
        case RoleName.ALL:
            raise ValueError("all is not one role")


def waitable(error: BaseException) -> str | None:
    """Name what an error waits for; None for a fault that waiting cannot mend."""
    if isinstance(error, NotReadyError):
        return str(error)
    if isinstance(error, LogClosedError):
        return f"PostgreSQL (bangfu_log): {error}"
    if isinstance(error, KeysUnavailableError):
        return "PostgreSQL (bangfu_keys) does not answer"
    if isinstance(error, KafkaError):
        return f"Kafka does not answer ({type(error).__name__})"
    if isinstance(error, asyncpg.PostgresError | asyncpg.InterfaceError | OSError | TimeoutError):
        return f"PostgreSQL does not answer ({type(error).__name__})"
    return None


async def serve_roles(names: Sequence[RoleName], settings: Settings, stop: asyncio.Event) -> None:
    """Serve roles side by side until told to stop."""
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        for name in names:
            shell = Shell(name, settings.source)
            port: int = getattr(settings, f"{name}_port")
            served = serving(shell, settings.host, port, settings.proxies)
            await stack.enter_async_context(served)
            opened = opener(name, settings.of_role(name))
            group.create_task(keep_open(shell, opened, stop, waitable))
            log.info("role_serving", role=str(name), address=f"http://{settings.host}:{port}")


def stop_on_signal() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


@cli.command()
def serve(role: Annotated[RoleName, typer.Argument(help="which role")] = RoleName.ALL) -> None:
    """运行一个或全部角色 / Serve one role, or all with embedded servers where none are named."""
    settings = Settings()
    settings.need_own_home()
    configure_logging(settings.log_level)
    uvloop.run(_serve(role, settings))


async def _serve(role: RoleName, settings: Settings) -> None:
    stop = stop_on_signal()
    names = [role] if role is not RoleName.ALL else [r for r in RoleName if r is not RoleName.ALL]
    if role is not RoleName.ALL or settings.log_url is not None:
        return await serve_roles(names, settings.with_servers(), stop)
    async with EmbeddedServers(settings) as servers:
        await prepare(servers.settings)
        await serve_roles(names, servers.settings, stop)
    return None


@user.command("add")
def user_add(
    login: Annotated[str, typer.Argument(help="登录名 / login of the operator")],
    first: Annotated[
        bool, typer.Option("--first", help="空日志上的第一次设置 / on an empty log only")
    ] = False,
    head: Annotated[
        str, typer.Option(help="省级负责人登录名 / login of the province_head")
    ] = "head",
    rules: Annotated[
        str, typer.Option(help="规则管理员登录名 / login of the rule_admin")
    ] = "rules",
    password: Annotated[
        str,
        typer.Option(envvar="BANGFU_PASSWORD", help="初始口令，- 从标准输入 / first, - from stdin"),
    ] = "",
) -> None:
    """开通最初的账号 / Open the province's office with its first operator and province_head."""
    if not first:
        console.print("其他账号请在控制台办理 / Other accounts: use the console or `bangfu send`.")
        raise typer.Exit(2)
    settings = Settings().with_servers().of_role("write")
    people = first_people(login, rules, head, given_password(password))
    asyncio.run(first_accounts(settings, people))
    console.print("已开通 / Opened: " + ", ".join(p.login for p in people))


def first_people(operator: str, rules: str, head: str, password: str) -> tuple[First, ...]:
    """Return the first accounts of a node."""
    return (
        First(operator, "系统管理员", password, ("operator",)),
        First(rules, "规则管理员", password, ("rule_admin", "province_officer")),
        First(head, "省级负责人", password, ("province_head",)),
    )


async def first_accounts(settings: Settings, people: tuple[First, ...]) -> dict[str, str]:
    """Open the province's office and its first accounts on an empty log."""
    without_kafka = settings.model_copy(update={"kafka": None})
    async with open_write_role(without_kafka, CONTEXTS, ALL) as role:
        now = role.clock.now()
        boot = Bootstrap(role.side.commands, role.handler, role.follower, role.doorkeeper)
        return await boot.run("14", "山西省", people, now.date(), now)


@cli.command()
def demo(
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
        uvloop.run(_resume(Settings().home, port))
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
    figures = uvloop.run(_demo(wanted))
    if as_json:
        sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")
    raise typer.Exit(0 if figures["audit"] == "clean" else 1)


async def _demo(wanted: Wanted) -> dict[str, Any]:
    return await show(wanted, PARTS, console, stop_on_signal())


async def _resume(home: Path, port: int | None) -> None:
    await resume(home, port, PARTS, console, stop_on_signal())


async def _first(settings: Settings, password: str) -> object:
    return await first_accounts(settings, first_people("operator", "rules", "head", password))


async def _verdict(settings: Settings, bar: Progress) -> dict[str, Any]:
    return verdict_of(await verify_log(settings, bar))


PARTS = Parts(prepare, _first, _verdict)
"""What a demo is lent of this root."""


@cli.command()
def advance(
    days: Annotated[int, typer.Argument(min=1, max=3_660, help="天数 / days")],
    password: Annotated[
        str, typer.Option(envvar="BANGFU_PASSWORD", help="口令 / password of the operator")
    ] = DEMO_PASSWORD,
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


@cli.command()
def rebuild(
    name: Annotated[str, typer.Argument(help="读模型 / read model, or all")],
) -> None:
    """从日志重建读模型 / Build a read model anew beside the running one, compare, swap."""
    from projections.role import rebuild_models  # noqa: PLC0415

    settings = Settings().with_servers().of_role("project")
    with progress_bar() as bar:
        for rebuilt in uvloop.run(rebuild_models(settings, name, bar)):
            same = rebuilt.comparison
            verdict = "–" if same is None else str(same)
            console.print(
                f"{rebuilt.projection}: {rebuilt.events} events, {rebuilt.seconds:.1f} s, {verdict}"
            )


async def _replay(settings: Settings, asked: Asked, tell: Tell) -> Answer:
    from projections.replay.verbs import replay  # noqa: PLC0415

    return await replay(settings, asked, tell)


async def _differ(settings: Settings, asked: Asked, tell: Tell) -> Answer:
    from projections.replay.verbs import differ  # noqa: PLC0415

    return await differ(settings, asked, tell)


look_back(_replay, _differ)
prove()
suppose(CONTEXTS)


def main() -> None:
    """Run the command line; what is missing is told without a trace."""
    try:
        cli()
    except (MissingSettingError, OtherNodeError, ToldError) as error:
        console.print(str(error), soft_wrap=True)
        raise SystemExit(2) from error


if __name__ == "__main__":
    main()
