"""Every command a person can send, by wire name: the classes give the forms their fields."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules, walk_packages
from types import ModuleType

import services
from services.kit.decider import Command

NOT_CONTEXTS = frozenset({"kit", "console", "demo"})


def _modules() -> list[ModuleType]:
    """Import the `commands` module of every aggregate of every context."""
    found = []
    for package in iter_modules(services.__path__):
        if not package.ispkg or package.name in NOT_CONTEXTS:
            continue
        context = import_module(f"services.{package.name}")
        names = (m.name for m in walk_packages(context.__path__, f"{context.__name__}."))
        found += [import_module(n) for n in names if n.rsplit(".", 1)[-1] == "commands"]
    return found


@cache
def wishes() -> dict[str, type[Command]]:
    """Return every command class by its wire name."""
    classes = [c for module in _modules() for c in vars(module).values()]
    return {
        c.type: c
        for c in classes
        if isinstance(c, type) and issubclass(c, Command) and isinstance(getattr(c, "type", 0), str)
    }
