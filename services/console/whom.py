"""Whom a form may name: those on hand, with their household, and those a search finds (X23)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from services.console import formats
from services.console.forms import Typed
from services.console.shapes import Shape, shapes
from services.console.site import Visit
from services.kit.decider import Command

MOST_FOUND = 30
SHORTEST = 2
"""Letters that a search needs at least."""
_ROW = re.compile(r"\.\d+(?=\.|$)")


def asks(command: type[Command], fixed: frozenset[str]) -> bool:
    """Tell whether a form asks for a person that the address did not name."""
    return any(path not in fixed for path in _paths(shapes(command)))


async def offered(
    visit: Visit, command: type[Command], typed: Typed, about: str, text: str
) -> list[tuple[str, str]]:
    """Return (id, name) of the persons on hand: found, about, of the household, typed already."""
    paths = set(_paths(shapes(command)))
    kept = [v for k, held in typed.items() if _ROW.sub("", k) in paths for v in held]
    ids = [*await _found(visit, text), about, *await _family(visit, about), *kept]
    rows: list[dict[str, Any]] = [{"person": i} for i in dict.fromkeys(ids) if formats.is_id(i)]
    return [(r["person"], str(r.get("name") or r["person"])) for r in await visit.with_names(rows)]


def _paths(parts: Iterable[Shape]) -> Iterator[str]:
    for shape in parts:
        if shape.ref == "person":
            yield shape.path
        if shape.kind != "lines":
            yield from _paths(shape.parts)


async def _found(visit: Visit, text: str) -> list[str]:
    if len(text.strip()) < SHORTEST:
        return []
    answer = await visit.site.apis.search(visit.me.token, text.strip())
    return [s.removeprefix("person-") for s in answer.get("subjects", ())][:MOST_FOUND]


async def _family(visit: Visit, about: str) -> list[str]:
    person = await visit.maybe_person(about) if about else {}
    household = (person.get("ids") or {}).get("household")
    found = await visit.maybe(f"/api/households/{household}") if household else {}
    return [str(m["person"]) for m in found.get("members", ()) if m.get("person")]
