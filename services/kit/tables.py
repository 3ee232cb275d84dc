"""Rows as the bytes of a file: CSV that a spreadsheet opens safely, or one JSON object a line."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import orjson

from services.kit.exports import Column

BOM = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""How a formula begins; a Chinese spreadsheet takes the wide signs for the narrow ones."""


class Writer(Protocol):
    """Writes a file piece by piece."""

    media: str

    def head(self, columns: Sequence[Column]) -> bytes:
        """Return what stands before the rows."""
        ...

    def rows(self, columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> bytes:
        """Return some rows."""
        ...

    def foot(self, mark: Mapping[str, Any]) -> bytes:
        """Return the watermark that ends the file."""
        ...


def safe(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a cell: text that a spreadsheet would run as a formula is quoted."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        value = orjson.dumps(value).decode()
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


class Csv:
    """UTF-8 with a byte order mark, so that spreadsheets read the Chinese."""

    media = "text/csv; charset=utf-8"

    def head(self, columns: Sequence[Column]) -> bytes:
        """Return the mark and the titles."""
        return (BOM + _lines([[f"{c.zh} {c.en}" for c in columns]])).encode()

    def rows(self, columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> bytes:  # noqa: ARG002
        """Return a line a row."""
        return _lines(rows).encode()

    def foot(self, mark: Mapping[str, Any]) -> bytes:
        """Return one last line: who, when, why, up to where."""
        return _lines([["#", *(f"{name}: {value}" for name, value in mark.items())]]).encode()


def _lines(rows: Sequence[Sequence[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([[safe(v) for v in row] for row in rows])
    return text.getvalue()


class Ndjson:
    """One JSON object a line; the last one is the watermark."""

    media = "application/x-ndjson"

    def head(self, columns: Sequence[Column]) -> bytes:  # noqa: ARG002
        """Return nothing: each row names its columns."""
        return b""

    def rows(self, columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> bytes:
        """Return an object a row."""
        names = [c.name for c in columns]
        return b"".join(orjson.dumps(dict(zip(names, r, strict=True))) + b"\n" for r in rows)

    def foot(self, mark: Mapping[str, Any]) -> bytes:
        """Return one last object: who, when, why, up to where."""
        return orjson.dumps({"watermark": mark}) + b"\n"


WRITERS: Mapping[str, Writer] = {"csv": Csv(), "ndjson": Ndjson()}
