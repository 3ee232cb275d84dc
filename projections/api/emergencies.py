"""Who may read a person of another area right now, because of an emergency (X14, AS 46)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

import asyncpg

from events.contracts.registry import EmergencyAccessOpened
from events.rules.divisions import covers
from events.rules.emergencies import Emergencies, evolve, open_to
from projections.api.events import recorded
from projections.api.query import Call
from projections.api.reading import AUDIT, every


async def running(
    call: Call, connection: asyncpg.Connection, person: str, paths: Iterable[str]
) -> frozenset[str]:
    """Return the users to whom a person is open now; nobody is looked for within the area.

    The person's events must be open to the transaction. Each emergency ends by itself.
    """
    if any(covers(area, path) for area in call.principal.areas for path in paths):
        return frozenset()
    rows = await every(
        AUDIT.emergencies(connection, person=person, type=EmergencyAccessOpened.type)
    )
    state: Emergencies = reduce(evolve, map(recorded, rows), {})
    return open_to(state, call.side.now())
