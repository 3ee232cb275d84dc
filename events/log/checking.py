"""One check of the live log in a process of its own, so that nothing else waits for it (P18).

It reads one line of JSON, `{"log": address of the database, "served": address of the publish
role}`, tells `{"done": n, "total": m}` as it goes, and ends with `{"result": …}`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import asyncpg
import httpx

from events.log.audit import audit
from events.log.errors import LogRefusedError
from events.log.http import PREFIX
from events.log.served import SECONDS, Served, ServedAwayError
from events.log.verdict import SHOWN
from events.log.verify import Finding, Report

NICE = 10
"""Whoever waits for an answer goes first."""
LONGEST = 200
Tell = Callable[[dict[str, Any]], None]


def main() -> None:
    """Check what standard input names, and tell standard output."""
    wish: dict[str, str] = json.loads(sys.stdin.readline())
    os.nice(NICE)
    with contextlib.suppress(BrokenPipeError):
        _tell({"result": asyncio.run(check(wish["log"], wish["served"], _tell))})


def _tell(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


async def check(log: str, served: str, tell: Tell) -> dict[str, Any]:
    """Verify a log against what is signed and served; return the result as plain values."""
    try:
        signed = await _signed(log)
        async with httpx.AsyncClient(base_url=served.rstrip("/") + PREFIX, timeout=SECONDS) as http:
            proofs = await Served.ask(http)
            report = await audit(
                log, [proofs.key], notes=proofs.notes, compare=proofs.differing,
                progress=lambda done, total: tell({"done": done, "total": total}),
            )  # fmt: skip
    except (ServedAwayError, httpx.InvalidURL):
        return _unusable("served_away")
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return _unusable("log_away")
    except LogRefusedError as error:
        return _unusable(error.code)
    if proofs.size < signed:  # it was signed before we asked: who serves less hides some
        behind = Finding("served_behind", proofs.size + 1, detail=f"{proofs.size} < {signed}")
        report = replace(report, findings=(*report.findings, behind))
    return {**_figures(report), "served": proofs.compared, "key": str(proofs.key)}


async def _signed(log: str) -> int:
    """Return the size of the newest checkpoint that the log holds."""
    connection = await asyncpg.connect(log)
    try:
        return int(await connection.fetchval("select max(size) from log.checkpoints") or 0)
    finally:
        await connection.close()


def _figures(report: Report) -> dict[str, Any]:
    return {
        "verdict": "clean" if report.clean else "findings",
        "events": report.events,
        "signed": report.signed,
        "tail": report.tail,
        "root": report.root.hex(),
        "findings": [_plain(finding) for finding in report.findings[:SHOWN]],
    }


def _plain(finding: Finding) -> dict[str, Any]:
    """Return a finding without what no page can hold: the names in a forged log are anything."""
    text = {"stream": finding.stream, "detail": finding.detail}
    said = {k: _printable(v) for k, v in text.items() if v}
    version = {"version": finding.version} if finding.version > 0 else {}
    return {"code": finding.code, "seq": max(finding.seq, 0), **version, **said}


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)[:LONGEST]


def _unusable(why: str) -> dict[str, Any]:
    nothing = dict.fromkeys(("events", "signed", "tail", "served"), 0)
    return {"verdict": "unusable", "why": why, **nothing}


if __name__ == "__main__":
    main()
