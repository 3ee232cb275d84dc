"""What a replay answers: the same bytes for the same question, whenever it is asked (I15, P17)."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any, TypeAlias

import orjson

from events.contracts.base import Recorded
from events.log.history import KnownPoint
from events.rules.time import in_text

Answer: TypeAlias = dict[str, Any]


class NoSuchSubjectError(LookupError):
    """Nothing was known of the subject at that point."""

    code = "subject_unknown"

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.zh = f"该时点尚无记录：{what}。请核对编号，或选择更晚的知悉点。"
        self.en = f"Nothing was known of {what} then. Check the id, or choose a later point."


def canonical(found: Any) -> bytes:  # noqa: ANN401
    """Return JSON with sorted keys and no blanks."""
    return orjson.dumps(found, option=orjson.OPT_SORT_KEYS)


def answered(question: Answer, point: KnownPoint, valid: date | None, answer: Any) -> Answer:  # noqa: ANN401
    """Return an answer with its question, its point of knowledge and its own hash."""
    out = {
        "question": question,
        "known": {"seq": point.seq, "day": point.day.isoformat() if point.day else None},
        "valid": valid.isoformat() if valid else None,
        "answer": answer,
    }
    return out | {"sha256": hashlib.sha256(canonical(out)).hexdigest()}


def told(fact: Recorded[Any]) -> Answer:
    """Return who did what when, and when it became known; nothing of the body."""
    return {
        "seq": fact.seq,
        "type": fact.type,
        "zh": fact.event.zh,
        "en": fact.event.en,
        "event_id": fact.event_id,
        "occurred_at": in_text(fact.occurred_at),
        "recorded_at": in_text(fact.recorded_at),
        "actor": fact.actor,
        "role": fact.role,
        "office": fact.office,
        "causation": fact.attribute("causation_id"),
    }
