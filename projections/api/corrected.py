"""Corrections as an answer shows them: on the fact what it says now, on each step what it is about.

An event keeps what it said for ever; beside it stands every correction, with why, who proposed it
and who approved it (X2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from events.contracts.catalogue import ALL
from events.contracts.restating import ProposedCorrection, RejectedCorrection, RestatedFact
from projections.api.events import body, shown
from projections.api.query import Answer
from projections.api.reading import AUDIT, every

Row = Mapping[str, Any]


async def superseded(connection: Any, rows: Sequence[Row]) -> dict[int, list[int]]:  # noqa: ANN401
    """Return seq of a fact → seqs of its corrections, for those of a page that have one."""
    by_event = {str(r["event_id"]): int(r["seq"]) for r in rows}
    if not by_event:
        return {}
    found: dict[int, list[int]] = {}
    for row in await every(AUDIT.corrections_of(connection, events=sorted(by_event))):
        found.setdefault(by_event[str(row["corrects"])], []).append(int(row["seq"]))
    return found


async def corrections(connection: Any, row: Row) -> Answer:  # noqa: ANN401
    """Return the corrections of a fact, or what a step of a correction is about."""
    kind = ALL.classes.get(row["type"])
    if kind is None or not issubclass(kind, _STEPS):
        done = await every(AUDIT.corrections_of(connection, events=[str(row["event_id"])]))
        return {"corrections": await _told(connection, done)} if done else {}
    proposal = row if issubclass(kind, ProposedCorrection) else await _proposal(connection, row)
    if proposal is None:
        return {}
    told = body(proposal)
    (fact,) = await _by_id(connection, [told["corrects"]]) or (None,)
    steps = await every(
        AUDIT.decided(connection, subject=proposal["subject"], stream=proposal["stream"])
    )
    own = str(proposal["event_id"])
    decided = next((s for s in steps if body(s)["proposal"] == own), None)
    return {
        "correction": {
            "fact": fact and {**shown(fact), "body": body(fact)},
            "proposal": {**shown(proposal), "body": told},
            "decided": decided and {**shown(decided), "body": body(decided)},
        }
    }


_STEPS = (ProposedCorrection, RestatedFact, RejectedCorrection)


async def _told(connection: Any, done: Iterable[Row]) -> list[Answer]:  # noqa: ANN401
    out: list[Answer] = []
    for row in done:
        proposal = await _proposal(connection, row)
        why = {**shown(proposal), "body": body(proposal)} if proposal else None
        out.append({**shown(row), "body": body(row), "proposal": why})
    return out


async def _proposal(connection: Any, row: Row) -> Row | None:  # noqa: ANN401
    found = await _by_id(connection, [body(row)["proposal"]])
    return found[0] if found else None


async def _by_id(connection: Any, events: list[str]) -> list[Row]:  # noqa: ANN401
    found: list[Row] = await every(AUDIT.by_id(connection, events=events))
    return found
