"""Days that the directory decides, planned anew when the calendar or a parameter changes (X18).

A fold plans by the directory as of its event; between two events of a row only this looks again.
What comes out does not depend on when it is done: an open day is always that of the newest change.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import asyncpg

from projections.engine.apply import Applier
from projections.engine.database import QUERIES, fetch
from projections.engine.node import Node
from projections.engine.projection import Planned

AT_ONCE = 2_000


async def plan_anew(
    connection: asyncpg.Connection,
    applier: Applier[Any],
    node: Node,
    lease: int,
    slices: Sequence[int],
    known: int,
) -> int:
    """Plan open rows anew where the directory changed since; return how many rows moved.

    Everything up to `known` must be applied. Raises OwnershipLostError, BuildReplacedError; what
    was done before stays, and is done again with the same result.
    """
    model, reference, source = applier.projection, node.reference, node.source
    seq = reference.changed(known)
    if not isinstance(model, Planned) or seq == 0:
        return 0
    at = {"projection": model.name, "build": applier.build, "source": source}
    behind = [r["slice"] for r in await fetch(connection, "planned_before", *at.values(), seq)]
    wanted = sorted(set(behind) & set(slices))
    if not wanted:
        return 0
    moved = 0
    keys = await model.open_keys(connection, wanted)
    for start in range(0, len(keys), AT_ONCE):
        slices_of = dict(keys[start : start + AT_ONCE])

        def plan(row: Any) -> Any:  # noqa: ANN401 - the model's own row type
            return model.replan(row, seq, reference.at)

        moved += await applier.edit(connection, source, lease, slices_of, plan)
    await QUERIES.note_planned(connection, **at, slices=wanted, seq=seq)
    return moved
