"""The verifier as one file runs alone: no project, the standard library and cryptography."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from events.log.single import single_file
from tests.support.histories import PUBLIC, exported, made


@pytest.fixture(scope="module")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("alone") / "verify.py"
    path.write_text(single_file())
    return path


def run(verifier: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(verifier), *map(str, arguments)]
    return subprocess.run(  # noqa: S603 - our own file
        command, capture_output=True, text=True, check=False, cwd=verifier.parent
    )


def test_it_imports_nothing_of_the_project(verifier: Path) -> None:
    tree = ast.parse(verifier.read_text())
    modules = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
    modules |= {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    roots = {m.partition(".")[0] for m in modules} - {"cryptography"}

    assert roots <= sys.stdlib_module_names


@pytest.mark.requirement("X13")
async def test_it_judges_as_the_project_does(verifier: Path, tmp_path: Path) -> None:
    folder = await exported(tmp_path / "export", made(600), 300, 600)
    key = tmp_path / "K.pub"
    key.write_text(str(PUBLIC))

    clean = run(verifier, folder, "--key", key)
    assert (clean.returncode, clean.stdout.splitlines()[-1]) == (0, "未见改动 / clean")

    events = folder / "events.ndjson"
    events.write_bytes(events.read_bytes().replace(b'"n":123}', b'"n":124}'))
    edited = run(verifier, folder, "--key", key)
    assert edited.returncode == 1
    assert "data_changed event 123 (person-0, version 41)" in edited.stdout

    events.unlink()
    assert run(verifier, folder, "--key", key).returncode == 2
    assert run(verifier, folder).returncode == 2
