"""A row as it stood on a day, as known at a point: its events folded again (R41, design.md 8)."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TypeAlias

import asyncpg

from events.rules.time import day_end
from projections.api import params
from projections.api.events import recorded
from projections.api.query import Answer
from projections.api.reading import AUDIT, every
from projections.api.side import ReadSide
from projections.ledger.cells import State
from projections.replay.rows import row_of

Known: TypeAlias = int | date | datetime
_MOMENT = timedelta(microseconds=1)
_SEQ = params.number("known", "A seq", 0, params.SEQ_MAX)
_DAY = params.day("known", "A day")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)


def _known(text: str) -> Known:
    """Read a point of knowledge; ValueError or QueryError for anything else."""
    if text.isdigit():
        seq: int = _SEQ.read(text)
        return seq
    if _INSTANT.fullmatch(text):
        _DAY.read(text[:10])
        return datetime.fromisoformat(text)
    day: date = _DAY.read(text)
    return day


KNOWN = params.Param(
    "known",
    "The point of knowledge: a seq, a day (its end in Shanghai) or an instant; now when absent",
    {
        "type": "string",
        "pattern": f"^(?:[0-9]{{1,15}}|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|{_INSTANT.pattern})$",
    },
    _known,
)
VALID = params.day("valid", "The day as which it is shown; today when absent")


async def known_seq(
    side: ReadSide, connection: asyncpg.Connection, known: Known | None
) -> int | None:
    """Return the seq of a point of knowledge."""
    if known is None or isinstance(known, int):
        return known
    at = known if isinstance(known, datetime) else day_end(known) - _MOMENT
    if side.known_at is not None:
        return await side.known_at(at)
    return int(await AUDIT.known_on(connection, until=at + _MOMENT))


def stated(valid: date | None, known: int | None) -> Answer:
    """Say as which day and as known when an answer stands, where that is not the present."""
    out: Answer = {} if known is None else {"known": {"seq": known, "time": None}}
    return out if valid is None else {**out, "valid": valid.isoformat()}


async def row_as_of(
    side: ReadSide,
    connection: asyncpg.Connection,
    subject: str,
    valid: date | None,
    known: int | None,
) -> State | None:
    """Fold a subject's events that had happened by a day and were known at a seq; None is now.

    Each is folded by the directory of its own time, as in the running ledger, so that an office
    that moves later changes no earlier answer (I15).
    """
    rows = await every(AUDIT.of_subject(connection, subject=subject, until=known))
    until = params.SEQ_MAX if known is None else known
    return row_of(map(recorded, rows), side.as_of, until, valid)
