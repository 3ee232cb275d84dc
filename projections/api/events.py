"""Recorded events as an answer shows them, and back from an audit row for folding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from events.contracts.base import Recorded, StreamId
from events.contracts.catalogue import ALL
from events.rules.time import in_text

_AT = ("occurred_at", "recorded_at")
_ENVELOPE = (
    "seq",
    "source",
    "type",
    "stream",
    "version",
    "subject",
    "person",
    "actor",
    "on_behalf_of",
    "role",
    "office",
    "area",
    "causation",
    "correlation",
    "auth",
    "rule_set",
    "hash",
)


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return an audit row as it is answered: both times, names in both languages, no body."""
    cls = ALL.classes.get(row["type"])
    out = {name: row[name] for name in _ENVELOPE}
    out["event_id"], out["command_id"] = str(row["event_id"]), str(row["command_id"])
    out |= {name: in_text(row[name]) for name in _AT}
    out["zh"], out["en"] = (cls.zh, cls.en) if cls else (row["type"], row["type"])
    return out


def body(row: Mapping[str, Any]) -> Any:  # noqa: ANN401 - whatever the event says
    """Return an audit row's body; each sealed value with the place where it opens."""
    place = {"type": row["type"], "stream": row["stream"], "version": row["version"]}
    return _placed(orjson.loads(row["body"]), place, row["subject"], "")


def _placed(value: Any, place: Mapping[str, Any], subject: str, path: str) -> Any:  # noqa: ANN401
    if isinstance(value, list):
        return [_placed(v, place, subject, f"{path}[{i}]") for i, v in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"k", "a", "n", "c"}:
        return {"sealed": {**value, **place, "field": path, "subject": subject}}
    owner = f"person-{value['person']}" if "relation" in value and "person" in value else subject
    return {
        k: _placed(v, place, owner if k == "relation" else subject, f"{path}.{k}" if path else k)
        for k, v in value.items()
    }


def recorded(row: Mapping[str, Any]) -> Recorded[Any]:
    """Return the fact that an audit row was made from."""
    meta = {"on_behalf_of": row["on_behalf_of"], "rule_set": row["rule_set"]}
    return Recorded(
        event=ALL.read(row["type"], row["body"].encode()),
        event_id=str(row["event_id"]),
        type=row["type"],
        source=row["source"],
        stream=StreamId(row["stream"]),
        subject=row["subject"],
        version=row["version"],
        position=0,
        slice=row["slice"],
        command_id=str(row["command_id"]),
        occurred_at=row["occurred_at"],
        recorded_at=row["recorded_at"],
        actor=row["actor"],
        role=row["role"],
        office=row["office"],
        area=row["area"],
        seq=row["seq"],
        meta={k: v for k, v in meta.items() if v},
    )
