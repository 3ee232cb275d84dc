"""How fast a history is judged anew, and written as OCEL and XES; lines as an export holds them.

Run as `python -m tests.bench.bench_conform [EVENTS] [EXPORT]`; an export's folder takes the place
of the invented history.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from rich.console import Console

from events.audit.conformance.judge import judge
from events.audit.facts import Line
from events.audit.ocel import write_ocel
from events.audit.reading import lines_in
from events.audit.xes import write_xes
from tests.support.tale import Tale, july

say = Console().print
MONTHS = [date(2008, month, 20) for month in (8, 9, 10, 11, 12)]


def told(events: int) -> Iterator[str]:
    """Tell of as many persons as fill a history, each to the end, in bounded memory."""
    tale, seq, person = Tale(), 0, 0
    tale.opening()
    tale.post("mill")
    while seq < events:
        name = f"p{person:07}"
        person += 1
        tale.person(name)
        tale.certified(name, july(1))
        tale.refused(f"o{person}", name, july(45), 1)
        tale.placed(name, july(63))
        tale.visits(name, *MONTHS, employed=july(63))
        tale.report(name, date(2008, 10, 17))
        for line in tale.lines:
            seq += 1
            yield json.dumps(line | {"seq": seq}, ensure_ascii=False)
        tale.lines.clear()


def read(path: Path) -> Iterator[Line]:
    """Read lines back as an export is read."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def memory_mb() -> float:
    """Return the greatest resident size so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(events: int, export: Path | None) -> None:
    """Judge, then write both forms."""
    path = Path("/dev/shm/bangfu-conform.ndjson")  # noqa: S108 - no disk is measured

    def lines() -> Iterator[Line]:
        return lines_in(export) if export else read(path)

    if export is None:
        with path.open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in told(events))
    try:
        for name in ("conform", "ocel", "xes"):
            before, begun, used = memory_mb(), time.perf_counter(), time.process_time()
            if name == "conform":
                verdict = judge(lines())
                count, more = verdict.events, f"{len(verdict.findings):,} findings"
            else:
                with Path("/dev/null").open("w", encoding="utf-8") as out:
                    count, things = (write_ocel if name == "ocel" else write_xes)(lines(), out)
                more = f"{things:,} objects or traces"
            rate, own = count / (time.perf_counter() - begun), count / (time.process_time() - used)
            grown = memory_mb() - before
            say(f"{name}: {rate:,.0f} events/s ({own:,.0f} a core), + {grown:.0f} MB, {more}")
    finally:
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    given = sys.argv[1:]
    main(int(given[0]) if given else 100_000, Path(given[1]) if len(given) > 1 else None)
