"""The auditor's tools without the system: `python -m events.audit conform|ocel|xes EXPORT`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from events.audit.conformance.judge import judge
from events.audit.facts import UnusableLineError
from events.audit.ocel import write_ocel
from events.audit.reading import UnusableHistoryError, beside, lines_in
from events.audit.verdict import CONFORMS, UNUSABLE, tell
from events.audit.xes import write_xes

Tell = Callable[[int], None]
WRITERS = {"ocel": write_ocel, "xes": write_xes}


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments ask; returns 0 conforms or written, 1 findings, 2 unusable."""
    parser = argparse.ArgumentParser(prog="events.audit", description="审计工具 / auditor's tools")
    verbs = parser.add_subparsers(dest="verb", required=True)
    conform = verbs.add_parser("conform", help="按规定程序复核 / judge by the process")
    conform.add_argument("--json", action="store_true")
    for verb in (conform, *(verbs.add_parser(name, help="导出 / write") for name in WRITERS)):
        verb.add_argument("export", type=Path, help="导出目录 / folder of the export")
        if verb is not conform:
            verb.add_argument("file", type=Path, nargs="?", help="写入的文件 / file to write")
    wanted = parser.parse_args(arguments)
    try:
        if wanted.verb == "conform":
            verdict = judge(lines_in(wanted.export), _ticker())
            return tell(verdict, sys.stdout, as_json=wanted.json)
        file = wanted.file or beside(wanted.export, wanted.verb)
        with file.open("w", encoding="utf-8") as out:
            WRITERS[wanted.verb](lines_in(wanted.export), out, _ticker())
        sys.stdout.write(f"{file}\n")
    except UnusableHistoryError as error:
        sys.stderr.write(f"{error.zh}\n{error.en}\n")
        return UNUSABLE
    except UnusableLineError as error:
        sys.stderr.write(f"无法识别的事件 / not an event: {error}\n")
        return UNUSABLE
    return CONFORMS


def _ticker() -> Tell:
    """Show how many events were read, on a terminal."""

    def show(done: int) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{done:,}")

    return show


if __name__ == "__main__":
    raise SystemExit(main())
