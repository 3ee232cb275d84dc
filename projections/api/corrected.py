"""Corrections as an answer shows them: on the fact what it says now, on each step what it is about.

An event keeps what it said for ever; beside it stands every correction, with why, who proposed it
and who approved it (X2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from events.contracts.catalogue import ALL
from events.contracts.corrections import PROPOSING
from events.contracts.restating import ProposedCorrection, RejectedCorrection, RestatedFact
from events.rules.access import Principal
from events.rules.directory import Directory
from events.rules.duties import names_of, same_person
from events.rules.seconds import of_correction
from events.rules.time import shanghai_day
from projections.api.events import body, shown
from projections.api.query import Answer
from projections.api.reading import AUDIT, every

Row = Mapping[str, Any]
MOST = 1_000
"""Proposed corrections that are looked through for those an asker may decide."""


async def marks(
    connection: Any,  # noqa: ANN401
    rows: Sequence[Row],
    until: int | None = None,
) -> dict[int, Answer]:
    """Return seq → the seqs of its corrections, or of what it corrects, for those of a page.

    Corrections beyond `until` are not known there.
    """
    by_event = {str(r["event_id"]): int(r["seq"]) for r in rows}
    found: dict[int, Answer] = {}
    for row in await every(AUDIT.corrections_of(connection, events=sorted(by_event))):
        if until is not None and row["seq"] > until:
            continue
        mark = found.setdefault(by_event[str(row["corrects"])], {"corrected_by": []})
        mark["corrected_by"].append(int(row["seq"]))
    wrong = {str(r["corrects"]): int(r["seq"]) for r in rows if r["corrects"]}
    for row in await _by_id(connection, sorted(wrong)):
        found.setdefault(wrong[str(row["event_id"])], {})["corrects"] = int(row["seq"])
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
    told, own = body(proposal), str(proposal["event_id"])
    (fact,) = await _by_id(connection, [told["corrects"]]) or (None,)
    (decided,) = await every(AUDIT.decided(connection, proposals=[own])) or (None,)
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


async def undecided(connection: Any, who: Principal, directory: Directory) -> list[Answer]:  # noqa: ANN401
    """Return the proposed corrections that an asker may decide, oldest first (four eyes)."""
    rows = await every(AUDIT.undecided(connection, types=sorted(PROPOSING), limit=MOST))
    return [_waiting(r, directory) for r in rows if _may_decide(r, who, directory)]


def _may_decide(row: Row, who: Principal, directory: Directory) -> bool:
    office = directory.office(row["office"])
    hands = names_of(row["actor"], row["on_behalf_of"])
    if office is None or same_person(names_of(who.user, who.on_behalf_of), hands):
        return False
    seconds = of_correction(office, directory)
    return any(who.office == s.office.id and who.roles & s.roles for s in seconds)


def _waiting(row: Row, directory: Directory) -> Answer:
    office, by = directory.office(row["office"]), directory.accounts.get(row["actor"])
    return {
        "kind": "correction",
        "seq": row["seq"],
        "person": row["person"],
        "reason": body(row)["reason"],
        "office": row["office"],
        "office_name": office.name if office else "",
        "by": row["actor"],
        "by_name": by.name if by else "",
        "on": shanghai_day(row["recorded_at"]).isoformat(),
    }
