"""One exported line as a fact: its envelope and its body, read without any contract class."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any, TypeAlias

Line: TypeAlias = Mapping[str, Any]
"""A line of an export, decoded: `meta` and `data` are objects, or JSON texts of objects."""

SHANGHAI = timezone(timedelta(hours=8))


class UnusableLineError(Exception):
    """A line is no event: the message says which line and what it lacks, never its content."""


@dataclass(slots=True)
class Fact:
    """Something that happened; nobody changes it. Days are days in Asia/Shanghai.

    `names` are the actor and, under delegation, the one acted for (X10). `body` is empty where the
    export holds headers alone.
    """

    seq: int
    id: str
    type: str
    stream: str
    subject: str
    command: str
    at: datetime
    day: date
    recorded: datetime
    recorded_day: date
    actor: str
    behalf: str | None
    role: str
    office: str
    area: str
    rule_set: str
    hash: str
    body: dict[str, Any]

    @property
    def names(self) -> frozenset[str]:
        """Who counts as having acted."""
        return frozenset({self.actor} if self.behalf is None else {self.actor, self.behalf})

    @property
    def kind(self) -> str:
        """The kind of stream the fact stands on."""
        return self.stream.partition("-")[0]

    @property
    def key(self) -> str:
        """The id of the aggregate the fact stands on."""
        return self.stream.partition("-")[2]


@lru_cache(maxsize=65_536)
def _instant(text: str) -> tuple[datetime, date]:
    at = datetime.fromisoformat(text)
    return at, at.astimezone(SHANGHAI).date()


def _object(value: object) -> dict[str, Any]:
    found = json.loads(value) if isinstance(value, str | bytes) else value
    return found if isinstance(found, dict) else {}


def fact_of(line: Line) -> Fact:
    """Read one line; raises UnusableLineError for one that is no event of ours."""
    try:
        meta = _object(line["meta"])
        recorded, recorded_day = _instant(line["recorded_at"])
        at, day = _instant(meta.get("occurred_at") or line["recorded_at"])
        return Fact(
            seq=int(line["seq"]),
            id=str(line["event_id"]),
            type=str(line["type"]),
            stream=str(line["stream"]),
            subject=str(line["subject"]),
            command=str(line["command_id"]),
            at=at,
            day=day,
            recorded=recorded,
            recorded_day=recorded_day,
            actor=str(meta.get("actor", "")),
            behalf=meta.get("on_behalf_of"),
            role=str(meta.get("role", "")),
            office=str(meta.get("office", "")),
            area=str(meta.get("area", "")),
            rule_set=str(meta.get("rule_set", "")),
            hash=str(line.get("hash", "")),
            body=_object(line.get("data") or {}),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UnusableLineError(f"seq {line.get('seq', '?')}: {type(error).__name__}") from error
