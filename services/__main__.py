"""The `bangfu` command line: the one composition root, the only module that sees both sides."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Annotated

import asyncpg
import structlog
import typer
import uvloop
from aiokafka.errors import KafkaError

from events.bus.role import open_publish_role
from events.contracts.catalogue import ALL
from events.log.port import LogClosedError
from events.log.told import ToldError
from events.runtime.embedded import EmbeddedServers
from events.runtime.logging import configure_logging
from events.runtime.settings import MissingSettingError, OtherNodeError, Settings
from events.runtime.shell import NotReadyError, Role, Shell, keep_open, serving
from services.assistance import CONTEXT as ASSISTANCE
from services.auditing import Answer, Asked, look_back, suppose
from services.certification import CONTEXT as CERTIFICATION
from services.commandline import (
    RoleName,
    Tell,
    cli,
    console,
    given_password,
    progress_bar,
    stop_on_signal,
    user,
)
from services.conforming import conform
from services.demonstrating import demonstrate
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
def rebuild(
    name: Annotated[str, typer.Argument(help="读模型 / read model, or all")],
) -> None:
    """从日志重建读模型 / Build a read model anew beside the running one, compare, swap."""
    from projections.role import rebuild_models  # noqa: PLC0415

    settings = Settings.of_node().with_servers().of_role("project")
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


async def _first(settings: Settings, password: str) -> object:
    return await first_accounts(settings, first_people("operator", "rules", "head", password))


demonstrate(prepare, _first)
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
