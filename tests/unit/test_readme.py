"""The commands that the documentation shows exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.__main__ import cli

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *ROOT.glob("*/README.md"), *ROOT.glob("tests/*/README.md")]
SHOWN = sorted(
    {v for p in PAGES for v in re.findall(r"`?bangfu ([a-z]+(?: [a-z]+)?)", p.read_text())}
)
GROUPS = {"user", "audit", "contracts", "keys", "kafka"}


@pytest.mark.parametrize("shown", SHOWN)
def test_a_verb_that_is_shown_exists(shown: str) -> None:
    verb, *rest = shown.split()
    words = [verb, *rest[:1]] if verb in GROUPS else [verb]
    result = CliRunner().invoke(cli, [*words, "--help"])
    assert result.exit_code == 0, result.output


def test_make_targets_that_are_shown_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    shown = {t for p in PAGES for t in re.findall(r"make ([a-z]+)", p.read_text())}
    assert shown
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in shown)


def test_what_the_shown_commands_write_is_ignored_by_git() -> None:
    walk = (ROOT / "README.md").read_text().partition("## An auditor's walk")[2]
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    written = re.findall(r"^(?:cd .. && )?bangfu .*(?:>|--out|--state) (\S+)", walk, re.MULTILINE)
    assert len(written) == 4
    assert [path for path in written if f"/{path.partition('/')[0]}/" not in ignored] == []
    assert {"/log.ocel.json", "/log.xes"} <= set(ignored)


def test_links_lead_somewhere() -> None:
    for page in PAGES:
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / link).exists(), f"{page}: {link}"


def test_every_test_that_the_threats_name_exists() -> None:
    named = set(re.findall(r"`(tests/[^`]+)`", (ROOT / "events" / "THREATS.md").read_text()))
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
