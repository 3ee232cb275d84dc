"""The audit verbs that judge a history anew, and that write it for process-mining tools."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeAlias

import asyncpg
import orjson
import typer

from events.audit.conformance.judge import judge
from events.audit.facts import Line, UnusableLineError
from events.audit.ocel import write_ocel
from events.audit.reading import UnusableHistoryError, beside, count_in, lines_in
from events.audit.verdict import UNUSABLE, tell
from events.audit.xes import write_xes
from events.log.book import database_book
from events.log.lines import line_of
from events.log.verify import Entry
from events.runtime.settings import Settings
from services.commandline import Tell, audit, console, progress_bar, ticking

History: TypeAlias = tuple[Iterator[Line], int | None]
Export = Annotated[
    Path | None,
    typer.Argument(help="审计导出目录；不给则读本节点日志 / export folder; else this node's log"),
]
File = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", help="写入的文件；不给则写在导出目录旁 / file; else one beside the export"
    ),
]


@audit.command("conform")
def conform(
    export: Export = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """按规定程序独立复核 / Judge every step anew by the process; 0 conforms, 1 findings."""
    with _opened(export, "复核 / conform") as (lines, told):
        verdict = judge(lines, told)
    raise typer.Exit(tell(verdict, sys.stdout, as_json=as_json))


@audit.command("ocel")
def ocel(out: File = None, export: Export = None) -> None:
    """导出 OCEL 2.0 / Write the history as an object-centric event log (OCEL 2.0 JSON)."""
    out = out or beside(export, "ocel")
    with _opened(export, "OCEL") as (lines, told), out.open("w", encoding="utf-8") as file:
        events, objects = write_ocel(lines, file, told)
    console.print(f"{out}: {events:,} 条事件 / events, {objects:,} 个对象 / objects")


@audit.command("xes")
def xes(out: File = None, export: Export = None) -> None:
    """导出 XES / Write the cases as an XES log (IEEE 1849), one trace per certification."""
    out = out or beside(export, "xes")
    with _opened(export, "XES") as (lines, told), out.open("w", encoding="utf-8") as file:
        events, traces = write_xes(lines, file, told)
    console.print(f"{out}: {events:,} 条事件 / events, {traces:,} 个案件 / cases")


@contextmanager
def _opened(export: Path | None, name: str) -> Iterator[tuple[Iterator[Line], Tell]]:
    """Give a history's lines and a progress bar; tells without a trace why one is unusable."""
    try:
        with progress_bar() as bar, _history(export) as (lines, total):
            told = ticking(bar, name, total)
            yield lines, told
            if total is not None:
                told(total)
    except UnusableHistoryError as error:
        console.print(f"{error.zh}\n{error.en}")
        raise typer.Exit(UNUSABLE) from error
    except UnusableLineError as error:
        console.print(f"无法识别的事件 / not an event: {error}")
        raise typer.Exit(UNUSABLE) from error
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        console.print(f"无法读取或写入 / cannot read or write: {type(error).__name__}")
        raise typer.Exit(UNUSABLE) from error


@contextmanager
def _history(export: Path | None) -> Iterator[History]:
    if export is not None:
        yield lines_in(export), count_in(export)
        return
    url = Settings.of_node().with_servers().secret("log_url")
    with live(url) as history:
        yield history


@contextmanager
def live(url: str) -> Iterator[tuple[Iterator[Line], int]]:
    """Read a node's log as the lines of an export, up to its newest event, in bounded memory."""
    with asyncio.Runner() as runner:
        opened = database_book(url)
        book = runner.run(opened.__aenter__())
        try:
            pages = book.entries(0, book.last)

            async def following() -> Sequence[Entry] | None:
                return await anext(pages, None)

            def lines() -> Iterator[Line]:
                while page := runner.run(following()):
                    for entry in page:
                        yield orjson.loads(line_of(entry))

            yield lines(), book.last
        finally:
            runner.run(opened.__aexit__(None, None, None))
