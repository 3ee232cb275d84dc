"""Sealed values of an answer: from the event that holds them, with the place where they open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from projections.api.events import body
from projections.api.reading import AUDIT, every

_STEP = re.compile(r"[^.\[\]]+")


async def placed(connection: Any, answer: Any) -> Any:  # noqa: ANN401 - an answer of any shape
    """Return an answer whose `sealed: [seq, field]` became the sealed value with its place.

    A value whose event is gone or not yet in the audit trail becomes null.
    """
    wanted = sorted({seq for seq, _ in _wanted(answer)})
    if not wanted:
        return answer
    rows = await every(AUDIT.bodies(connection, seqs=wanted))
    return _filled(answer, {row["seq"]: body(row) for row in rows})


def _wanted(value: Any) -> Iterator[tuple[int, str]]:  # noqa: ANN401
    if isinstance(value, list):
        for item in value:
            yield from _wanted(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "sealed" and isinstance(item, list):
                yield item[0], item[1]
            else:
                yield from _wanted(item)


def _filled(value: Any, bodies: dict[int, Any]) -> Any:  # noqa: ANN401
    if isinstance(value, list):
        return [_filled(item, bodies) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _found(bodies.get(item[0]), item[1])
        if key == "sealed" and isinstance(item, list)
        else _filled(item, bodies)
        for key, item in value.items()
    }


def _found(found: Any, path: str) -> Any:  # noqa: ANN401
    """Follow a field's path (`members[1].relation`) to the sealed value."""
    for step in _STEP.findall(path):
        if isinstance(found, list) and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        elif isinstance(found, dict):
            found = found.get(step)
        else:
            return None
    return found["sealed"] if isinstance(found, dict) and "sealed" in found else None
