"""What a form may not put back: numbers shown masked, and what stands sealed (X14, X15)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from services.console.forms import Typed
from services.console.opened import AWAY, GONE

STANDINS = frozenset({*GONE.values(), *AWAY.values()})
"""What a page shows in place of a value."""
_MASK = re.compile(r"\*{4,}")


def is_veiled(text: str) -> bool:
    """Tell whether a text stands for a value that is not shown whole."""
    return _MASK.search(text) is not None or any(word in text for word in STANDINS)


def unveiled(inputs: Typed) -> tuple[Typed, dict[str, str]]:
    """Part inputs into those that a form may hold, and what stands in for the others, by name."""
    veils = {n: next((t for t in texts if is_veiled(t)), "") for n, texts in inputs.items()}
    kept = {n: veil for n, veil in veils.items() if veil}
    return {n: texts for n, texts in inputs.items() if n not in kept}, kept


def missing(veils: Iterable[str], typed: Typed) -> list[str]:
    """Name the veiled inputs left empty beside others of their row or group that are not."""
    return [name for name in veils if not _filled(name, typed) and _has_others(name, typed)]


def _filled(name: str, typed: Typed) -> bool:
    return any(text.strip() for text in typed.get(name, ()))


def _has_others(name: str, typed: Typed) -> bool:
    group = name.rpartition(".")[0] + "."
    return any(n.startswith(group) and n != name and _filled(n, typed) for n in typed)
