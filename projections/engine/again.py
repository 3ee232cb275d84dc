"""A row whose fact was corrected is folded again from its subject's whole history (X2).

What a row would say had the fact said so from the start cannot be told from the row. So the events
of its subject come from the log, each as it says by now, and go through the model's own fold, each
with the directory of its own time. The figures move with the row, on the day of the correction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from events.bus.wire import to_recorded
from events.contracts.base import Catalogue, Recorded
from events.contracts.corrections import RESTATING, restated
from projections.engine.folding import Item, reason_of
from projections.engine.projection import Projection, Verbatim
from projections.engine.reference import Reference


async def again(
    projection: Projection[Any],
    catalogue: Catalogue[Any],
    items: Sequence[Item],
    reference: Reference,
) -> None:
    """Give the corrections among items the histories from which their rows are folded again.

    One whose history cannot be read parks its subject, as any bad event. Raises LogClosedError.
    """
    if isinstance(projection, Verbatim):
        return
    for item in items:
        if item.fact is None or item.fact.type not in RESTATING:
            continue
        if item.fact.event.of in (projection.types or ()):
            history = await reference.history(item.fact)
            try:
                read = [to_recorded(event, catalogue) for event in history]
                item.key, item.again = anew(projection, item.fact, read)
            except Exception as bad:  # noqa: BLE001 - whatever is wrong with it parks the subject
                item.fault = reason_of(bad)


class Keyed(Protocol):
    """What tells which facts a row is made of."""

    @property
    def types(self) -> frozenset[str] | None:
        """Name the event types that are folded."""
        ...

    def key(self, fact: Recorded[Any]) -> str | None:
        """Return the key of the row that a fact changes."""
        ...


def anew(
    projection: Keyed,
    correction: Recorded[Any],
    history: Sequence[Recorded[Any]],
) -> tuple[str | None, Sequence[Recorded[Any]] | None]:
    """Return the key of the row that a correction changes, and all that it is made of by now.

    `history` is everything about the subject up to the correction, as recorded.
    """
    types = projection.types or frozenset()
    target = next((f for f in history if f.event_id == correction.event.corrects), None)
    key = projection.key(target) if target is not None else None
    if key is None:
        return None, None
    made_of = (f for f in restated(history) if f.type in types)
    return key, [f for f in made_of if projection.key(f) == key]
