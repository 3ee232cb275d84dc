"""Ledger rows as of a day and a point of knowledge: the ledger's own pure fold over the log."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

import asyncpg

from events.bus.wire import Delivered, to_recorded
from events.contracts.base import Recorded
from events.contracts.catalogue import ALL
from events.contracts.corrections import restated
from events.log.history import History
from events.log.port import Stored
from events.rules.divisions import covers
from events.rules.time import shanghai_day
from projections.engine.folding import refold
from projections.engine.known import known
from projections.engine.projection import AsOf
from projections.ledger.cells import State
from projections.ledger.model import LEDGER

_STREAMS = """select distinct subject, stream from rm_audit_trail
where subject = any($1::text[]) and type = any($2::text[])"""
_ONCE_HERE = """select key from rm_ledger_{kind} where key > $3 and (
 (path >= $1 and path < $2) {past}) order by key limit $4"""
_PAST = "or exists (select from unnest(past_paths) p where p >= $1 and p < $2)"
KINDS = (("person", _PAST), ("household", ""))
PAGE = 200


def row_of(
    facts: Iterable[Recorded[Any]], as_of: AsOf, until: int, valid: date | None = None
) -> State | None:
    """Fold a subject's facts up to a seq, as they are corrected among themselves.

    As in the running ledger each is folded by the directory of its own seq, and open days are
    those of the last seq; what happened after the day is left out.
    """
    known = restated(f for f in facts if f.seq <= until)
    happened = (f for f in known if valid is None or shanghai_day(f.occurred_at) <= valid)
    row = refold(LEDGER, (f for f in happened if LEDGER.key(f) is not None), as_of, until)
    return None if row is None else row.state


class LogIndex:
    """Finds a subject by its slice: needs nothing but the log."""

    def __init__(self, history: History) -> None:
        self._history = history

    async def facts(self, subjects: Collection[str], until: int) -> dict[str, list[Recorded[Any]]]:
        """Return each subject's facts up to a seq, in order."""
        return {
            s: decoded(self._history, await self._history.about(s, until)) for s in sorted(subjects)
        }


class TrailIndex:
    """Finds the streams about subjects in the audit trail's index, and reads them from the log."""

    def __init__(self, history: History, connection: asyncpg.Connection) -> None:
        self._history, self._connection = history, connection

    async def facts(self, subjects: Collection[str], until: int) -> dict[str, list[Recorded[Any]]]:
        """Return each subject's facts up to a seq, in order."""
        types = sorted(LEDGER.types)
        rows = await self._connection.fetch(_STREAMS, sorted(subjects), types)
        stored = await self._history.streams([row["stream"] for row in rows], until)
        found: dict[str, list[Recorded[Any]]] = {subject: [] for subject in sorted(subjects)}
        for fact in decoded(self._history, stored):
            found[fact.subject].append(fact)
        return found

    async def once_in(self, path: str, kind: str, after: str) -> list[str]:
        """Return a page of subjects that belong to an area, or once did, in order of their keys."""
        past = dict(KINDS)[kind]
        rows = await self._connection.fetch(
            _ONCE_HERE.format(kind=kind, past=past), path, path + ":", after, PAGE
        )
        return [row["key"] for row in rows]


async def reaches(connection: asyncpg.Connection, projection: str, source: str, seq: int) -> bool:
    """Tell whether a read model is known that far."""
    point = await known(connection, projection, source)
    return point is not None and point.seq >= seq


def decoded(history: History, stored: Iterable[Stored]) -> list[Recorded[Any]]:
    """Return events as facts; sealed fields stay sealed."""
    return [to_recorded(Delivered(e, history.source, history.epoch), ALL) for e in stored]


def within(row: State | None, path: str) -> bool:
    """Tell whether a row belongs to an area."""
    return row is not None and covers(path, row.get("path") or "")
