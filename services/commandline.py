"""The verbs of `bangfu` that need neither side of a node at hand: ask, prove, list, examine."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Protocol
from uuid import UUID

import httpx
import typer
from rich.console import Console, RenderableType
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from events.contracts.export import write_schemas
from events.log.audit import audit as verify_database
from events.log.audit import whose
from events.log.checkpoints import Signer
from events.log.told import ToldError
from events.log.verify import Report
from events.rules.marked import marked_tests
from events.rules.requirements import requirements as all_requirements
from events.runtime.clock import SystemClock
from events.runtime.doctor import examine
from events.runtime.ids import RandomIds
from events.runtime.settings import DEMO_STOPPED, Settings

SHORTEST_PASSWORD = 10
cli = typer.Typer(
    no_args_is_help=True, add_completion=False, help="就业困难人员就业援助 / Employment assistance"
)
user = typer.Typer(no_args_is_help=True, help="账号 / Accounts")
audit = typer.Typer(no_args_is_help=True, help="审计 / Proof")
contracts = typer.Typer(no_args_is_help=True, help="契约 / Contracts")
cli.add_typer(user, name="user")
cli.add_typer(audit, name="audit")
cli.add_typer(contracts, name="contracts")
console = Console(stderr=True)


class RoleName(StrEnum):
    """What a process serves."""

    ALL = "all"
    WRITE = "write"
    PUBLISH = "publish"
    PROJECT = "project"
    READ = "read"
    CONSOLE = "console"


class Whenever(ProgressColumn):
    """Shows another column for tasks whose total is known, or for those whose total is not."""

    def __init__(self, column: ProgressColumn, *, known: bool = True) -> None:
        super().__init__()
        self._column, self._known = column, known

    def render(self, task: Task) -> RenderableType:
        """Show the column, or nothing."""
        return self._column.render(task) if (task.total is not None) is self._known else Text()


def progress_bar() -> Progress:
    """Return a bar with rate and time left; a spinner without numbers while there is no total."""
    return Progress(
        TextColumn("{task.description}"),
        Whenever(SpinnerColumn(), known=False),
        *map(Whenever, (BarColumn(), MofNCompleteColumn())),
        TextColumn("{task.fields[rate]}"),
        Whenever(TimeRemainingColumn()),
        console=console,
    )


class Tell(Protocol):
    """Is told how far something is: done, of how many, and the units that make the rate."""

    def __call__(self, done: int, total: int | None = None, units: int | None = None, /) -> None:
        """Show it; the units are what is done where they are not given."""


def ticking(bar: Progress, name: str, total: int | None = None, unit: str = "") -> Tell:
    """Add a task to a bar and return what tells its progress, with a rate per second."""
    begun, task = time.monotonic(), bar.add_task(name, total=total, rate="", told="")

    def tell(done: int, total: int | None = None, units: int | None = None, /) -> None:
        rate = (done if units is None else units) / max(time.monotonic() - begun, 0.001)
        told = f"{done:,} / {total:,}" if total is not None else ""
        bar.update(task, completed=done, total=total, rate=f"{rate:,.0f}{unit}/s", told=told)

    return tell


def stop_on_signal() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


def given_password(given: str) -> str:
    """Return the given password, a line of standard input, or what the terminal answers."""
    if not given and sys.stdin.isatty():
        given = str(typer.prompt("口令 / Password", hide_input=True, confirmation_prompt=True))
    if given in {"", "-"}:
        given = sys.stdin.readline().rstrip("\r\n")
    if len(given) < SHORTEST_PASSWORD:
        raise typer.BadParameter(f"口令至少 {SHORTEST_PASSWORD} 位 / at least that many characters")
    return given


def signer_of(settings: Settings, source: str) -> Signer:
    """Load the key that signs a log's checkpoints. Raises ToldError where it is not here."""
    folder = settings.home / "signer"
    signer = Signer.known(source, folder)
    if signer is None:
        raise ToldError(
            f"{folder} 没有本日志的签名密钥：请以 BANGFU_HOME 指明发布角色的目录",
            f"{folder} holds no signing key of this log: name the home of its publish role in "
            "BANGFU_HOME",
        )
    return signer


async def verify_log(settings: Settings, bar: Progress, kept: Sequence[str] = ()) -> Report:
    """Verify the whole log against its signed checkpoints and those kept, with a progress bar.

    Raises ToldError where the signer's key is not here.
    """
    url = settings.secret("log_url")
    node = await whose(url)
    signer = signer_of(settings, node.source)
    notes = [*kept, *signer.newest(node.origin)]
    tell = ticking(bar, "审计 / verify")
    return await verify_database(url, [signer.verifier], notes=notes, progress=tell)


@cli.command()
def doctor() -> None:
    """检查运行条件 / Name what is missing and how to get it."""
    table = Table("", "检查 / Check", "结果 / Finding", "办法 / Remedy")
    checks = examine(Settings.of_node())
    for check in checks:
        table.add_row(
            "✓" if check.ok else "×", check.name, check.detail, "" if check.ok else check.remedy
        )
    Console().print(table)
    raise typer.Exit(0 if all(c.ok for c in checks) else 1)


SIGN_IN = (
    "请以 --token 或 BANGFU_TOKEN 给出令牌：向写入角色（地址见 bangfu status）POST /api/token 发送 "
    '{"login": …, "password": …} 取得 / give --token or BANGFU_TOKEN: the `token` that '
    "POST /api/token of the write role (its address: bangfu status) answers to your login and "
    "password"
)
NO_ANSWER = (
    "写入角色 {0} 无应答（{1}）。请先启动节点（make demo 或 bangfu serve write），"
    "以 bangfu status 查看；在别处时以 BANGFU_WRITE_API 指明。命令没有执行与否不明时，"
    "可用同一 --command-id 再发，不会重复办理。\n"
    "The write role at {0} does not answer ({1}). Start the node (make demo or bangfu serve write) "
    "and look at bangfu status; name it in BANGFU_WRITE_API where it is elsewhere. Sending again "
    "with the same --command-id never does a thing twice."
)


def post_command(
    settings: Settings, name: str, body: str, token: str, command_id: UUID | None = None
) -> httpx.Response:
    """Post a command (JSON text) to the write role; tells that it does not answer, and ends.

    Raises typer.BadParameter without a token.
    """
    if not token or not token.isascii() or not token.isprintable():
        raise typer.BadParameter(SIGN_IN)
    ident = command_id or RandomIds(SystemClock()).new()
    headers = {"authorization": f"Bearer {token}", "idempotency-key": str(ident)}
    address = f"{settings.write_api}/api/commands/{name}"
    try:
        return httpx.post(address, content=body, headers=headers, timeout=30)
    except httpx.TransportError as error:
        told = NO_ANSWER.format(settings.write_api, type(error).__name__)
        console.print(DEMO_STOPPED if settings.demo_stopped else told, soft_wrap=True)
        raise typer.Exit(2) from error


@cli.command()
def send(
    name: Annotated[str, typer.Argument(help="命令名 / command, e.g. registry.open_office")],
    body: Annotated[str, typer.Argument(help="JSON")],
    token: Annotated[str, typer.Option(envvar="BANGFU_TOKEN", help="令牌 / bearer token")] = "",
    command_id: Annotated[UUID | None, typer.Option(help="命令编号 / command id")] = None,
) -> None:
    """发送一条命令 / Send one command and print the answer."""
    answer = post_command(Settings.of_node(), name, body, token, command_id)
    try:
        told = json.dumps(answer.json(), ensure_ascii=False, indent=1)
    except ValueError as error:
        console.print(f"{answer.url}: {answer.status_code} 不是写入角色 / not the write role")
        raise typer.Exit(2) from error
    sys.stdout.write(told + "\n")
    raise typer.Exit(0 if answer.is_success else 1)


@contracts.command("write")
def contracts_write(
    folder: Annotated[Path, typer.Argument()] = Path("events/contracts/schema"),
) -> None:
    """写出事件的 JSON Schema / Write the JSON Schema of every event."""
    console.print(f"{write_schemas(folder)} changed")


@cli.command()
def status() -> None:
    """各角色的地址和状态 / Address and readiness of every role, with the reason."""
    settings = Settings.of_node()
    table = Table("角色 / Role", "地址 / Address", "就绪 / Ready", "原因 / Reason")
    good = True
    for name in RoleName:
        if name is RoleName.ALL:
            continue
        address = f"http://{settings.host}:{getattr(settings, f'{name}_port')}"
        ready, reason = _readiness(address)
        good = good and ready
        table.add_row(name, address, "✓" if ready else "×", reason)
    Console().print(table)
    if settings.demo_stopped:
        console.print(DEMO_STOPPED, soft_wrap=True)
    raise typer.Exit(0 if good else 1)


def _readiness(address: str) -> tuple[bool, str]:
    try:
        body: dict[str, Any] = httpx.get(f"{address}/readyz", timeout=3).json()
    except httpx.HTTPError as error:
        return False, f"无应答 / no answer ({type(error).__name__})"
    return bool(body["ready"]), str(body["reason"])


@cli.command()
def requirements(
    results: Annotated[Path, typer.Option(help="结果 / results of the last tests")] = Path(
        ".bangfu/requirements.json"
    ),
    missing: Annotated[
        bool, typer.Option(help="只列尚无测试的 / only those without a test")
    ] = False,
) -> None:
    """各项要求及其测试 / Each requirement with its tests and their last result."""
    found: dict[str, dict[str, str]] = json.loads(results.read_text()) if results.exists() else {}
    marked = marked_tests(Path("tests"))
    table = Table("编号 / No", "意见原文 / Text", "测试 / Tests", "结果 / Result")
    for number, requirement in all_requirements().items():
        tests = found.get(number) or dict.fromkeys(marked.get(number, ()), "")
        if tests and missing:
            continue
        ran = found.get(number, {})
        bad = sum(outcome != "passed" for outcome in ran.values())
        result = "–" if not ran else f"{len(ran)} passed" if not bad else f"{bad} failed"
        names = "\n".join(name.rsplit("::", 1)[-1] for name in list(tests)[:3])
        more = f"\n(+{len(tests) - 3})" if len(tests) > 3 else ""
        table.add_row(number, requirement.zh or requirement.term, names + more, result)
    Console().print(table)
    covered = sum(1 for number in all_requirements() if number in found or number in marked)
    Console().print(f"{covered} / {len(all_requirements())} 有测试 / with tests")
    if not found:
        Console().print("结果在 make test 之后显示 / `make test` fills the results")
