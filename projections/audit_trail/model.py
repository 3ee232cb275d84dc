"""The audit trail as the engine keeps it: rows are only ever added, one per event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import asyncpg
import orjson

from events.contracts.base import Recorded, ident
from events.contracts.corrections import DECIDING
from events.rules.directory import Directory
from projections.engine.fence import events
from projections.engine.projection import Change

Entry: TypeAlias = tuple[Any, ...]

_DDL = """
create table rm_audit_trail (
 seq bigint not null, source text collate "C" not null, slice smallint not null,
 event_id uuid not null, type text collate "C" not null, stream text collate "C" not null,
 version integer not null, subject text collate "C" not null, person text collate "C",
 actor text collate "C" not null, on_behalf_of text collate "C", role text collate "C" not null,
 office text collate "C" not null, area text collate "C" not null,
 occurred_at timestamptz not null, recorded_at timestamptz not null,
 causation text collate "C", correlation text collate "C", command_id uuid not null,
 auth text collate "C", rule_set text collate "C", hash text collate "C", body text not null,
 corrects uuid, proposal uuid,
 primary key (source, seq));
create index rm_audit_trail_seq on rm_audit_trail (seq);
create index rm_audit_trail_person on rm_audit_trail (person, seq) where person is not null;
create index rm_audit_trail_subject on rm_audit_trail (subject, seq);
create index rm_audit_trail_actor on rm_audit_trail (actor, seq);
create index rm_audit_trail_type on rm_audit_trail (type, seq);
create index rm_audit_trail_area on rm_audit_trail (area, seq);
create index rm_audit_trail_event on rm_audit_trail (event_id);
create index rm_audit_trail_corrects on rm_audit_trail (corrects) where corrects is not null;
create index rm_audit_trail_proposal on rm_audit_trail (proposal) where proposal is not null;
"""


def entry(fact: Recorded[Any]) -> Entry:
    """Return the row of an event; its sealed fields stay sealed."""
    meta = fact.meta
    return (
        fact.seq,
        fact.source,
        fact.slice,
        fact.event_id,
        fact.type,
        fact.stream,
        fact.version,
        fact.subject,
        _person(fact),
        fact.actor,
        meta.get("on_behalf_of"),
        fact.role,
        fact.office,
        fact.area,
        fact.occurred_at,
        fact.recorded_at,
        meta.get("causation_id"),
        meta.get("correlation_id"),
        fact.command_id,
        meta.get("auth"),
        meta.get("rule_set"),
        fact.hash or None,
        fact.data.decode(),
        *(_decides(fact) if fact.type in DECIDING else (None, None)),
    )


def _decides(fact: Recorded[Any]) -> tuple[str | None, str]:
    """Return what a decided correction changes, if anything, and which proposal it answers."""
    body = orjson.loads(fact.data)
    return body.get("corrects"), body["proposal"]


def _person(fact: Recorded[Any]) -> str | None:
    """Return whom an event is about: its subject, or the person that its body names."""
    if fact.subject.startswith("person-"):
        return ident(fact.subject)
    named = orjson.loads(fact.data).get("person")
    return named if isinstance(named, str) else None


class AuditTrail:
    """The audit trail: takes every type as it stands, changes no row."""

    name = "audit_trail"
    version = 4
    ddl = _DDL
    tables: Mapping[str, str] = {"rm_audit_trail": "source, seq"}
    types: frozenset[str] | None = None
    verbatim = True
    fences: Mapping[str, str] = {"rm_audit_trail": events("area", "subject", "person", "seq")}

    def key(self, fact: Recorded[Any]) -> str | None:
        """Return the event's own id: every event has a row of its own."""
        return fact.event_id

    async def load(self, _: asyncpg.Connection, __: Sequence[str]) -> dict[str, Entry]:
        """Return nothing: no event comes twice, its watermark sees to that."""
        return {}

    def project(self, _: Entry | None, fact: Recorded[Any], __: Directory) -> Entry | None:
        """Return the event's row."""
        return entry(fact)

    async def save(self, connection: asyncpg.Connection, changes: Sequence[Change[Entry]]) -> None:
        """Add a batch's rows."""
        rows = [change.new for change in changes if change.new is not None]
        await connection.copy_records_to_table("rm_audit_trail", records=rows)


AUDIT_TRAIL = AuditTrail()
