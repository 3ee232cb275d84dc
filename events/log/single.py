"""The offline verifier as one file, cut together from its modules: standard library, cryptography.

Each module's text stands unchanged; only imports move to the top, and those among the modules go.
"""

from __future__ import annotations

import ast
from importlib.resources import files

MODULES = (
    "hashing", "merkle", "notes", "told", "verify", "exported", "manifest", "offline", "verdict",
)  # fmt: skip
_TOP = '''#!/usr/bin/env python3
"""Verifies an audit export offline: python verify.py DIR --key K.pub [--witness W.pub] …

Needs Python 3.11 or newer and the package `cryptography`; ends with 0 clean, 1 findings,
2 unusable.
"""

from __future__ import annotations

'''


def single_file() -> str:
    """Return the verifier's text. Raises ValueError when two modules define one name."""
    imports: set[str] = set()
    names: set[str] = set()
    parts: list[str] = []
    for module in MODULES:
        text = files("events.log").joinpath(f"{module}.py").read_text("utf-8")
        tree = ast.parse(text)
        lines = text.splitlines()
        head = 0
        for node in tree.body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                head = node.end_lineno or head
                if _foreign(node):
                    imports.add(ast.unparse(node))
        defined = {name for node in tree.body for name in _names(node)}
        if twice := names & defined:
            raise ValueError(f"{module} defines again: {', '.join(sorted(twice))}")
        names |= defined
        body = "\n".join(lines[head:]).strip("\n")
        if module != MODULES[-1]:
            body = body.partition('\nif __name__ == "__main__":')[0]
        parts.append(
            f"# {'-' * 20} {module}: {(ast.get_docstring(tree) or '').splitlines()[0]}\n\n{body}\n"
        )
    return _TOP + "\n".join(sorted(imports)) + "\n\n\n" + "\n\n".join(parts)


def _foreign(node: ast.Import | ast.ImportFrom) -> bool:
    module = (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
    return module != "__future__" and not module.startswith("events.")


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [t.id for t in targets if isinstance(t, ast.Name)]
