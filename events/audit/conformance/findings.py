"""What was found wrong: a stable code, its clause, the office it stands against, its events."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast

Severity = Literal["breach", "late", "duty"]
"""A rule was broken; an office's term was missed; a term of a person or employer was missed."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can be found, with its requirement and clause in both languages."""

    code: str
    severity: Severity
    requirement: str
    clause_zh: str
    clause_en: str
    zh: str
    en: str


@cache
def rulebook() -> dict[str, Rule]:
    """Read every rule that can be found broken, by code."""
    text = files("events.audit.conformance").joinpath("rulebook.tsv").read_text("utf-8")
    rows = csv.reader(text.splitlines()[1:], delimiter="\t", quoting=csv.QUOTE_NONE)
    rules = (Rule(row[0], cast("Severity", row[1]), *row[2:]) for row in rows if row)
    return {rule.code: rule for rule in rules}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: against which office, in which case, shown by which events (seq)."""

    code: str
    office: str
    case: str
    seqs: tuple[int, ...]
    values: dict[str, str] = field(default_factory=dict)

    @property
    def rule(self) -> Rule:
        """The rule that was broken."""
        return rulebook()[self.code]

    def plain(self) -> dict[str, Any]:
        """Return the finding as plain values, in both languages."""
        rule = self.rule
        return {
            "code": self.code,
            "severity": rule.severity,
            "requirement": rule.requirement,
            "clause": {"zh": rule.clause_zh, "en": rule.clause_en},
            "office": self.office,
            "case": self.case,
            "seq": list(self.seqs),
            "zh": rule.zh.format(**self.values),
            "en": rule.en.format(**self.values),
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a whole history came to: grouped by office, in an order that never varies."""

    events: int
    last: int
    findings: tuple[Finding, ...]

    @property
    def conforms(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def by_code(self) -> dict[str, int]:
        """Count the findings of each code."""
        return dict(sorted(Counter(f.code for f in self.findings).items()))

    def by_office(self) -> Iterator[tuple[str, list[Finding]]]:
        """Group the findings by the office they stand against."""
        groups: dict[str, list[Finding]] = {}
        for finding in self.findings:
            groups.setdefault(finding.office, []).append(finding)
        yield from groups.items()


def ordered(findings: list[Finding]) -> tuple[Finding, ...]:
    """Sort findings by office, first event, code and case."""
    return tuple(sorted(findings, key=lambda f: (f.office, f.seqs, f.code, f.case)))
