"""A verdict told to people and to programs."""

from __future__ import annotations

import json
from typing import TextIO

from events.audit.conformance.findings import Verdict

CONFORMS, FINDINGS, UNUSABLE = 0, 1, 2
"""How a command ends."""


def plain(verdict: Verdict) -> dict[str, object]:
    """Return a verdict as plain values, every finding in it."""
    return {
        "conforms": verdict.conforms,
        "events": verdict.events,
        "last": verdict.last,
        "codes": verdict.by_code(),
        "offices": {office: len(found) for office, found in verdict.by_office()},
        "findings": [finding.plain() for finding in verdict.findings],
    }


def tell(verdict: Verdict, out: TextIO, *, as_json: bool = False) -> int:
    """Write a verdict; returns how to end: 0 nothing found, 1 findings."""
    if as_json:
        out.write(json.dumps(plain(verdict), ensure_ascii=False) + "\n")
        return FINDINGS if verdict.findings else CONFORMS
    for office, found in verdict.by_office():
        out.write(f"\n{office or '–'}  {len(found)}\n")
        for finding in found:
            shown = finding.plain()
            seqs = ", ".join(map(str, finding.seqs))
            out.write(f"  [{shown['code']}] {finding.case}  seq {seqs}\n")
            out.write(f"    {shown['zh']} {shown['clause']['zh']} ({shown['requirement']})\n")
            out.write(f"    {shown['en']} {shown['clause']['en']}\n")
    out.write(f"\n{verdict.events:,} 条事件 / events\n")
    out.writelines(f"{count:7,}  {code}\n" for code, count in verdict.by_code().items())
    word = "发现问题 / findings" if verdict.findings else "符合规定程序 / conforms"
    out.write(f"{word}: {len(verdict.findings):,}\n")
    return FINDINGS if verdict.findings else CONFORMS
