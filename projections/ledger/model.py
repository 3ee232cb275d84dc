"""The ledger as the engine keeps it: two tables, rows written from one slice each (R36).

A certified person is in exactly one community ledger: one row per person, one community per row.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from events.contracts import assistance, certification, posts, registry
from events.contracts.base import Recorded
from events.rules.directory import Directory
from projections.engine import fence
from projections.engine.projection import AsOf
from projections.ledger import assistance as help_
from projections.ledger import case, corrections, household, person, work
from projections.ledger.cases import recount
from projections.ledger.cells import Handler, State
from projections.rows import Row, RowModel, RowTable, array

_CORRECTIONS: dict[str, Handler] = {
    kind.type: handler
    for context in (registry, certification, assistance, posts)
    for kind, handler in (
        (context.CorrectionProposed, corrections.correction_proposed),
        (context.FactCorrected, corrections.corrected),
        (context.CorrectionRejected, corrections.correction_rejected),
    )
}
PERSON: dict[str, Handler] = {
    **person.HANDLERS,
    **case.HANDLERS,
    **help_.HANDLERS,
    **work.HANDLERS,
    **_CORRECTIONS,
}
"""What each fact about a person does to the row."""
HOUSEHOLD: dict[str, Handler] = {**household.HANDLERS, **_CORRECTIONS}

PERSON_TABLE = RowTable(
    "rm_ledger_person",
    (
        ("person", 'text collate "C" not null'),
        ("path", 'text collate "C"'),
        ("office", 'text collate "C"'),
        ("past_paths", "text[] not null"),
        ("listed", "boolean not null"),
        ("state", 'text collate "C"'),
        ("since", "date"),
        ("work", 'text collate "C" not null'),
        ("work_since", "date"),
        ("channel", 'text collate "C"'),
        ("tracking", 'text collate "C"'),
        ("category", 'text collate "C"'),
        ("sex", 'text collate "C"'),
        ("age_band", 'text collate "C"'),
        ("case_id", 'text collate "C"'),
        ("case_no", 'text collate "C"'),
        ("certified_on", "date"),
        ("tally", "integer not null"),
        ("report_due", "date"),
        ("helper", 'text collate "C"'),
        ("household", 'text collate "C"'),
    ),
    (
        "(path, key) include (listed, state, category, work, tracking, person)",
        "(office, key)",
        "(case_no)",
    ),
    fence.cases(subject="key"),
)
HOUSEHOLD_TABLE = RowTable(
    "rm_ledger_household",
    (
        ("household", 'text collate "C" not null'),
        ("path", 'text collate "C"'),
        ("office", 'text collate "C"'),
        ("state", 'text collate "C" not null'),
        ("since", "date"),
        ("due", "date"),
        ("members", "integer not null"),
        ("persons", "text[] not null"),
        ("certified", "boolean not null"),
    ),
    ("(path, key)", "(office, key)", "using gin (persons)"),
    fence.cases(subject="key") + " or persons && (select engine.persons())",
)


class Ledger(RowModel):
    """The ledger of persons and households."""

    name = "ledger"
    version = 4
    types = frozenset(PERSON) | frozenset(HOUSEHOLD)
    row_tables: ClassVar[Mapping[str, RowTable]] = {
        "person": PERSON_TABLE,
        "household": HOUSEHOLD_TABLE,
    }
    open_rows: ClassVar[Mapping[str, str]] = {"person": "report_due is not null"}

    def key(self, fact: Recorded[Any]) -> str | None:
        """Return the subject of a fact about a person or household."""
        subject = fact.subject
        if subject.startswith("person-"):
            return subject if fact.event.type in PERSON else None
        return (
            subject if subject.startswith("household-") and fact.event.type in HOUSEHOLD else None
        )

    def fold(self, state: State | None, fact: Recorded[Any], directory: Directory) -> State:
        """Return the row after a fact; the old row stays as it was."""
        of_person = fact.subject[0] == "p"
        if state is None:
            new = person.new_row(fact) if of_person else household.new_household(fact)
        else:
            new = state.copy()
            new["cells"] = state["cells"].copy()
        new["versions"] = {**new["versions"], fact.stream: fact.version}
        new["seq"] = fact.seq
        (PERSON if of_person else HOUSEHOLD)[fact.event.type](new, fact, directory)
        return new

    def replan(self, row: Row, seq: int, as_of: AsOf) -> Row:
        """Work out until when the next report is due, by a newer calendar or parameter (X18)."""
        old = row.state
        if "starts" not in old:
            return row
        new = old.copy()
        recount(new, as_of(max(seq, old["seq"])))
        return row if new == old else Row(new)

    def columns(self, kind: str, state: State) -> tuple[Any, ...]:
        """Return the query columns of a person's or household's row."""
        return _person(state) if kind == "person" else _household(state)


def _person(row: State) -> tuple[Any, ...]:
    own = row["cases"].get(row.get("case"), {})
    listed = "absorbed_into" not in row and ("state" in own or row.get("office") is not None)
    file = row.get("file", {})
    return (
        row["person"],
        row.get("path"),
        row.get("office"),
        array(m["path"] for m in row["moves"] if m["path"]),
        listed,
        own.get("state"),
        _date(own.get("since")),
        row["work"],
        _date(row.get("work_since")),
        row.get("channel"),
        row.get("tracking"),
        own.get("category") or own.get("primary"),
        row.get("sex"),
        row.get("age_band"),
        row.get("case"),
        own.get("no"),
        _date(own.get("certified_on")),
        own.get("tally", 0),
        _date(row.get("report_due") if own.get("state") == "certified" else None),
        file.get("helper"),
        own.get("member_of") or file.get("household"),
    )


def _household(row: State) -> tuple[Any, ...]:
    members = row["members"]
    return (
        row["household"],
        row.get("path"),
        row.get("office"),
        row["state"],
        _date(row.get("since")),
        _date(row.get("due")),
        len(members),
        array(m["person"] for m in members),
        bool(row["certifications"]),
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


LEDGER = Ledger()
