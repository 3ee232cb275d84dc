"""The verifier as a command: its words, its progress, and its three ways to end."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from events.log.manifest import UnusableError
from events.log.offline import judge, read_keys
from events.log.verify import Report

CLEAN, FINDINGS, UNUSABLE = 0, 1, 2
SHOWN = 20
WORDS = {
    "clean": "未见改动 / clean",
    "empty": "日志为空，无可核验 / empty: nothing to prove",
    "findings": "发现问题 / findings",
}


def verdict_of(report: Report) -> dict[str, Any]:
    """Return a report as plain values; an empty log proves nothing and is not called clean."""
    return {
        "audit": _verdict(report),
        "events": report.events,
        "from": report.first,
        "root": report.root.hex(),
        "signed": report.signed,
        "witnessed": dict(report.witnessed),
        "unwitnessed_tail": report.tail,
        "forks": list(report.forks),
        "findings": [str(finding) for finding in report.findings[:SHOWN]],
    }


def lines_of(report: Report) -> list[str]:
    """Return a report in words."""
    out = [
        f"事件 {report.first}–{report.last}，共 {report.events} 条 / "
        f"events {report.first} to {report.last}, {report.events} in all",
        f"有效签名检查点至 {report.signed} / good signed checkpoints up to event {report.signed}",
    ]
    out += [f"见证方 {n} 至 {s} / witness {n} up to event {s}" for n, s in report.witnessed]
    out += [f"日志在事件 {s} 处声明分叉 / a fork was declared at event {s}" for s in report.forks]
    if report.tail:
        out.append(
            f"末尾 {report.tail} 条尚无检查点覆盖，改动不会显现 / unwitnessed tail: {report.tail} "
            "events, a change of which would not show"
        )
    out += [f"× {finding}" for finding in report.findings[:SHOWN]]
    if len(report.findings) > SHOWN:
        out.append(f"… +{len(report.findings) - SHOWN}")
    return [*out, WORDS[_verdict(report)]]


def _verdict(report: Report) -> str:
    clean = "clean" if report.events else "empty"
    return clean if report.clean else "findings"


def tell_report(report: Report, *, as_json: bool) -> None:
    """Print a report, as one line of JSON or in words."""
    lines = [json.dumps(verdict_of(report), ensure_ascii=False)] if as_json else lines_of(report)
    sys.stdout.write("\n".join(lines) + "\n")


class Ticker:
    """Shows done, rate and time left on a terminal's line."""

    def __init__(self, out: TextIO) -> None:
        self._out, self._begun, self._shown = out, time.monotonic(), 0.0

    def __call__(self, done: int, total: int) -> None:
        """Show how far it is, four times a second at most."""
        now = time.monotonic()
        if not self._out.isatty() or (now - self._shown < 0.25 and done < total):
            return
        self._shown = now
        rate = done / max(now - self._begun, 1e-6)
        left = (total - done) / rate if rate else 0.0
        self._out.write(f"\r{done:,} / {total:,}  {rate:,.0f}/s  {left:,.0f} s   ")
        self._out.write("\n" if done == total else "")
        self._out.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify the export that the arguments name; return 0 clean, 1 findings, 2 unusable."""
    parser = argparse.ArgumentParser(description="离线核验审计导出 / verify an export offline")
    parser.add_argument("folder", type=Path, help="导出目录 / folder of the export")
    parser.add_argument("--key", type=Path, action="append", required=True, help="日志公钥 / log's")
    parser.add_argument("--witness", type=Path, action="append", default=[], help="见证方公钥")
    parser.add_argument(
        "--against", type=Path, action="append", default=[], help="旧检查点 / older"
    )
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args(arguments)
    return verify_folder(
        wanted.folder, wanted.key, wanted.witness, wanted.against, as_json=wanted.json
    )


def verify_folder(
    folder: Path,
    keys: Sequence[Path],
    witnesses: Sequence[Path],
    against: Sequence[Path],
    *,
    as_json: bool,
) -> int:
    """Verify an export, tell the verdict, and return how to end."""
    try:
        report = judge(
            folder,
            read_keys(keys),
            read_keys(witnesses, witnesses=True),
            against,
            Ticker(sys.stderr),
        )
    except UnusableError as error:
        if as_json:
            told = {"audit": "unusable", "zh": error.zh, "en": error.en}
            sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        sys.stderr.write(f"\n无法核验：{error.zh}\ncannot verify: {error.en}\n")
        return UNUSABLE
    tell_report(report, as_json=as_json)
    return CLEAN if report.clean and report.events else FINDINGS


if __name__ == "__main__":
    raise SystemExit(main())
