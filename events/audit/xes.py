"""Writes a history as an XES log (IEEE 1849): one trace per certification, for process mining.

The events of a case lie far apart in a history, so they are gathered in a file of its own first;
memory stays bounded by the number of cases.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO
from xml.sax.saxutils import quoteattr

from events.audit.facts import Fact, Line, fact_of

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Identity" prefix="identity" uri="http://www.xes-standard.org/identity.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/>\
<date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/></global>
<classifier name="Activity" keys="concept:name"/>
"""
_OWN = frozenset({"certification", "assistance"})


class Cases:
    """Tells which certification an event belongs to: its own, its offer's, its person's."""

    def __init__(self) -> None:
        self._offers: dict[str, str] = {}
        self._persons: dict[str, str] = {}

    def of(self, fact: Fact) -> str | None:
        """Name the case of an event; None where it belongs to none."""
        if fact.kind in _OWN:
            if fact.kind == "certification":
                self._persons[fact.subject] = fact.key
            return fact.key
        if fact.kind == "offer":
            if case := fact.body.get("case"):
                self._offers[fact.key] = case
            return self._offers.get(fact.key)
        if fact.kind == "employment":
            return self._persons.get(fact.subject)
        return None


def write_xes(
    lines: Iterable[Line], out: TextIO, progress: Callable[[int], None] | None = None
) -> tuple[int, int]:
    """Write the log; returns how many events and traces. `progress(events)` now and then."""
    with tempfile.TemporaryDirectory() as folder:
        spool = sqlite3.connect(f"{folder}/spool")
        try:
            spool.executescript(
                "pragma journal_mode = off; pragma synchronous = off;"
                "create table spool (trace text, seq integer, event text);"
            )
            spool.executemany("insert into spool values (?, ?, ?)", _rows(lines, progress))
            spool.execute("create index by_trace on spool (trace, seq)")
            return _write(spool, out)
        finally:
            spool.close()


def _rows(
    lines: Iterable[Line], progress: Callable[[int], None] | None
) -> Iterator[tuple[str, int, str]]:
    cases = Cases()
    for count, line in enumerate(lines, 1):
        fact = fact_of(line)
        if case := cases.of(fact):
            yield case, fact.seq, _event(fact)
        if progress is not None and count % 2_000 == 0:
            progress(count)


def _write(spool: sqlite3.Connection, out: TextIO) -> tuple[int, int]:
    events = traces = 0
    out.write(_HEAD)
    cases = spool.execute("select trace from spool group by trace order by min(seq)").fetchall()
    for (case,) in cases:
        traces += 1
        out.write(f"<trace>{_value('string', 'concept:name', case)}\n")
        for (event,) in spool.execute(
            "select event from spool where trace = ? order by seq", (case,)
        ):
            events += 1
            out.write(event)
        out.write("</trace>\n")
    out.write("</log>\n")
    return events, traces


def _event(fact: Fact) -> str:
    values = (
        ("string", "concept:name", fact.type),
        ("date", "time:timestamp", fact.at.isoformat(timespec="milliseconds")),
        ("string", "org:resource", fact.actor),
        ("string", "org:role", fact.role),
        ("string", "org:group", fact.office),
        ("string", "lifecycle:transition", "complete"),
        ("id", "identity:id", fact.id),
        ("int", "seq", str(fact.seq)),
        ("string", "hash", fact.hash),
    )
    return f"<event>{''.join(_value(*value) for value in values)}</event>\n"


def _value(kind: str, key: str, value: str) -> str:
    return f"<{kind} key={quoteattr(key)} value={quoteattr(value)}/>"
