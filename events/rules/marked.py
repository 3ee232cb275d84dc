"""Which tests name a requirement, read from their text without running them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path


def marked_tests(folder: Path) -> dict[str, list[str]]:
    """Return each requirement's tests as `file::name`, by their requirement marks."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                for number in _numbers(node.decorator_list):
                    found.setdefault(number, []).append(f"{path.as_posix()}::{node.name}")
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
                marks = node.value.elts if isinstance(node.value, ast.List) else [node.value]
                for number in _numbers(marks):
                    found.setdefault(number, []).append(path.as_posix())
    return found


def _numbers(decorators: list[ast.expr]) -> Iterator[str]:
    for call in decorators:
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.requirement":
            yield from (str(a.value) for a in call.args if isinstance(a, ast.Constant))
