"""Finds the events of an export: its folder, or the file of lines alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from events.audit.facts import Line

EVENTS, HEADERS, MANIFEST = "events.ndjson", "headers.ndjson", "manifest.json"


class UnusableHistoryError(Exception):
    """A history that cannot be judged; `zh` and `en` say why and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


def events_file(path: Path) -> Path:
    """Return the file of lines that a path names. Raises UnusableHistoryError."""
    if path.is_file():
        return path
    if (path / EVENTS).is_file():
        return path / EVENTS
    if (path / HEADERS).is_file():
        raise UnusableHistoryError(
            f"{path} 只有事件头，没有事件内容，无法判断；请导出完整事件",
            f"{path} holds headers alone; what happened stands in the bodies: export those",
        )
    raise UnusableHistoryError(
        f"{path} 中没有 {EVENTS}；请给出审计导出的目录",
        f"no {EVENTS} in {path}; name the folder of an audit export",
    )


def count_in(path: Path) -> int | None:
    """Return how many events an export says it holds, for the progress; None where unknown."""
    try:
        found = json.loads((path / MANIFEST).read_text("utf-8"))["events"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, int) else None


def lines_in(path: Path) -> Iterator[Line]:
    """Read an export's lines from its first event on, one by one.

    Raises UnusableHistoryError for a line that is no JSON, and for a history without its beginning.
    """
    with events_file(path).open("rb") as file:
        for number, raw in enumerate(file, 1):
            line = _line(raw, number)
            if number == 1 and line.get("seq") != 1:
                raise UnusableHistoryError(
                    f"历史不是从第 1 号事件开始（{line.get('seq')}）；请从头导出",
                    f"the history begins at event {line.get('seq')}: export it from the first one",
                )
            yield line


def _line(raw: bytes, number: int) -> Line:
    try:
        line = json.loads(raw)
    except ValueError:
        line = None
    if isinstance(line, dict):
        return line
    raise UnusableHistoryError(f"第 {number} 行不是事件", f"line {number} is no event")


def beside(export: Path | None, form: str) -> Path:
    """Name the file beside an export's folder that holds it in another form; here where none is."""
    folder = Path("log") if export is None else export.resolve()
    return folder.with_name(folder.name + {"ocel": ".ocel.json", "xes": ".xes"}[form])
