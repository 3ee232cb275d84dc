"""The numbered requirements (R1–R123, X1–X24) with the sentence of the opinion each comes from."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

_UNNUMBERED = {"序": "序言", "落款": "落款"}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement: `zh` is the opinion's text, `clause` where it stands, `rule` what we do."""

    number: str
    section: str
    kinds: tuple[str, ...]
    zh: str
    term: str
    rule: str
    test: str

    @property
    def clause(self) -> str:
        """Cite the place in the opinion (`意见第二条（二）`); a supplement of ours has none."""
        if not self.number.startswith("R"):
            return ""
        article, _, part = self.section.rstrip(")").partition("(")
        if article in _UNNUMBERED:
            return f"意见{_UNNUMBERED[article]}"
        return f"意见第{article}条（{part}）" if part else f"意见第{article}条"


def _text(name: str) -> str:
    return files("events.rules").joinpath(f"data/{name}").read_text("utf-8")


@cache
def requirements() -> Mapping[str, Requirement]:
    """Return every requirement by number, in order."""
    rows = csv.DictReader(
        _text("requirements.tsv").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE
    )
    found = {
        row["no"]: Requirement(
            number=row["no"],
            section=row["section"],
            kinds=tuple(row["kinds"].split()),
            zh=row["zh"],
            term=row["term"],
            rule=row["rule"],
            test=row["test"],
        )
        for row in rows
    }
    return MappingProxyType(found)


@cache
def opinion() -> str:
    """Return the opinion's source text as published on 28 May 2008."""
    return "\n".join(line.strip() for line in _text("opinion.md").splitlines()[4:])
