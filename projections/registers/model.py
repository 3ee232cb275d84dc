"""The registers as the engine keeps them: one row per employer, post, account and so on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from events.contracts import assistance, posts
from events.contracts.base import Recorded, ident
from events.rules.directory import Directory
from projections.engine.fence import offices
from projections.registers import accounts, activities, checks, exports, market
from projections.registers.rows import Handler
from projections.rows import RowModel, RowTable, State


def _corrected(_: State, __: Recorded[Any], ___: Directory) -> None:
    """Move the row's version alone: what a correction changes is folded again by the engine."""


HANDLERS: dict[str, Handler] = {
    **market.HANDLERS,
    **accounts.HANDLERS,
    **activities.HANDLERS,
    **exports.HANDLERS,
    **checks.HANDLERS,
    **{
        kind.type: _corrected
        for context in (assistance, posts)
        for kind in (context.CorrectionProposed, context.FactCorrected, context.CorrectionRejected)
    },
}
"""What each fact of a register's stream does."""

_FENCE = offices(subject="key", above=True)
_PLACE = (("path", 'text collate "C"'), ("office", 'text collate "C"'))


def _table(name: str, *columns: tuple[str, str]) -> RowTable:
    named = (("id", 'text collate "C" not null'), *_PLACE, ("open", "boolean not null"))
    return RowTable(f"rm_{name}", (*named, *columns), ("(path, key)",), _FENCE)


_TABLES: Mapping[str, RowTable] = {
    "employer": _table("employers", ("name", "text")),
    "post": _table(
        "posts",
        ("name", "text"),
        ("kind", 'text collate "C"'),
        ("state", 'text collate "C"'),
        ("employer", 'text collate "C"'),
        ("division", 'text collate "C"'),
        ("places", "integer not null"),
        ("taken", "integer not null"),
        ("until", "date"),
    ),
    "user": _table(
        "accounts",
        ("name", "text"),
        ("login", 'text collate "C"'),
        ("waiting", "boolean not null"),
    ),
    "activity": _table("activities", ("name", "text"), ("kind", 'text collate "C"')),
    "batch": _table("batches", ("destination", 'text collate "C"')),
    "export": _table("exports", ("waiting", "boolean not null")),
    "check": _table("checks"),
}


class Registers(RowModel):
    """Employers, posts, accounts, activities, batches of labour export, exports, checks."""

    name = "registers"
    version = 5
    types = frozenset(HANDLERS)
    row_tables: ClassVar[Mapping[str, RowTable]] = _TABLES

    def key(self, fact: Recorded[Any]) -> str | None:
        """Return the stream of a register's fact."""
        known = fact.event.type in HANDLERS and fact.stream.partition("-")[0] in _TABLES
        return fact.stream if known else None

    def fold(self, state: State | None, fact: Recorded[Any], directory: Directory) -> State:
        """Return the row after a fact."""
        new: State = {"id": ident(fact.stream)} if state is None else state.copy()
        new["version"], new["seq"] = fact.version, fact.seq
        HANDLERS[fact.event.type](new, fact, directory)
        return new

    def columns(self, kind: str, state: State) -> tuple[Any, ...]:
        """Return the query columns of a row."""
        common = (state["id"], state.get("path"), state.get("office"))
        match kind:
            case "employer":
                return (*common, True, state.get("name"))
            case "post":
                return (*common, state.get("state") == "open", *_post_columns(state))
            case "user":
                return (*common, *_account_columns(state))
            case "activity":
                return (*common, state.get("state") == "open", state.get("name"), state.get("kind"))
            case "export":
                waiting = exports.waits(state)
                return (*common, state.get("state") in ("requested", "approved"), waiting)
            case "check":
                return (*common, state.get("state") == "running")
            case _:
                return (*common, state.get("state") == "open", state.get("destination"))


def _account_columns(row: State) -> tuple[Any, ...]:
    is_open = row.get("closed") is None
    waiting = is_open and bool(row.get("proposed"))
    return is_open, row.get("name"), row.get("login"), waiting


def _post_columns(row: State) -> tuple[Any, ...]:
    until = row.get("until")
    return (
        row.get("title"),
        row.get("kind"),
        row.get("state"),
        row.get("employer"),
        row.get("division"),
        row.get("places", 0),
        len(row.get("taken", ())),
        date.fromisoformat(until) if until else None,
    )


REGISTERS = Registers()
