"""The auditor's verbs on an export: how they end, and that they say why where they cannot judge."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from events.audit.__main__ import main
from services.__main__ import cli
from tests.support.history import good
from tests.support.planted import PLANTED
from tests.support.tale import Lines

Run = Callable[..., tuple[int, str]]


def written(folder: Path, lines: Lines, name: str = "events.ndjson") -> Path:
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (folder / name).write_text(text, "utf-8")
    (folder / "manifest.json").write_text(json.dumps({"events": len(lines)}))
    return folder


def by_the_node(*arguments: object) -> tuple[int, str]:
    told = CliRunner().invoke(cli, ["audit", *map(str, arguments)])
    return told.exit_code, told.stdout + told.stderr


@pytest.fixture(params=["bangfu audit", "python -m events.audit"])
def run(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Run:
    def alone(*arguments: object) -> tuple[int, str]:
        status = main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return status, told.out + told.err

    return by_the_node if request.param == "bangfu audit" else alone


@pytest.mark.requirement("X13", "R23")
def test_a_history_that_conforms_ends_with_0_and_one_that_does_not_with_1(
    run: Run, tmp_path: Path
) -> None:
    tale = good()
    status, text = run("conform", written(tmp_path, tale.numbered()))
    assert status == 0
    assert "符合规定程序 / conforms" in text
    PLANTED["fee_charged"](tale)
    status, text = run("conform", written(tmp_path, tale.numbered()))
    assert status == 1
    assert "[fee_charged]" in text
    assert "意见第四条（二）免费提供公共就业服务" in text


def test_the_verdict_as_json_holds_every_finding(tmp_path: Path) -> None:
    tale = good()
    PLANTED["notice_too_short"](tale)
    status, text = by_the_node("conform", written(tmp_path, tale.numbered()), "--json")
    found = json.loads(text[text.index("{") : text.rindex("}") + 1])
    assert (status, found["conforms"], found["codes"]) == (1, False, {"notice_too_short": 1})
    assert found["findings"][0]["clause"]["en"].startswith("Opinion 2(1)")
    assert found["offices"] == {"140105001001": 1}


@pytest.mark.parametrize(
    ("name", "lines", "said"),
    [
        ("none.ndjson", [], "no events.ndjson"),
        ("headers.ndjson", [{"seq": 1}], "headers alone"),
        ("events.ndjson", [{"seq": 7}], "begins at event 7"),
        ("events.ndjson", [[1]], "line 1 is no event"),
        ("events.ndjson", [{"seq": 1}], "not an event"),
    ],
)
def test_what_cannot_be_judged_ends_with_2_and_says_why(
    run: Run, tmp_path: Path, name: str, lines: Lines, said: str
) -> None:
    status, text = run("conform", written(tmp_path, lines, name))
    assert status == 2
    assert said in " ".join(text.split())
    assert "Traceback" not in text


@pytest.mark.parametrize("form", ["ocel", "xes"])
def test_both_forms_are_written_to_a_file(run: Run, tmp_path: Path, form: str) -> None:
    folder, out = written(tmp_path, good().numbered()), tmp_path / "out"
    given = (form, folder, out) if run is not by_the_node else (form, folder, "--out", out)
    status, _ = run(*given)
    assert status == 0
    assert out.stat().st_size > 10_000


@pytest.mark.parametrize(("form", "name"), [("ocel", "ex.ocel.json"), ("xes", "ex.xes")])
def test_without_a_file_each_form_is_written_beside_the_export_and_named(
    run: Run, tmp_path: Path, form: str, name: str
) -> None:
    (tmp_path / "ex").mkdir()
    status, text = run(form, written(tmp_path / "ex", good().numbered()))
    assert status == 0
    assert name in "".join(text.split())
    assert (tmp_path / name).stat().st_size > 10_000
