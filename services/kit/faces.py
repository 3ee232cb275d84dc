"""What every face of the write side (HTTP, Kafka, console) knows about commands.

A command is declared once; its JSON Schema for clients is made here, without the sealed form of a
value, which no client may send.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import orjson

from events.contracts.base import SealedValue
from events.contracts.classes import steps
from services.kit.answers import Accepted
from services.kit.decider import Command, Context, DomainError, Reason
from services.kit.problems import MALFORMED, UNKNOWN_COMMAND, echoed

MAX_BODY = 1 << 20
MAX_BULK = 64 * MAX_BODY
"""Bytes of one command or one line of a bulk."""

SEALED_INPUT = Reason(
    "sealed_input", "", "命令中不能含有密文。", "A command may not carry sealed values.",
    "请填写原文，由系统加密。", "Send the value in clear; the system seals it.", 400,
)  # fmt: skip


class Commands:
    """All commands of a node by wire name."""

    def __init__(self, contexts: Iterable[Context]) -> None:
        classes = [cls for context in contexts for cls in context.deciders.by_command]
        self.classes: dict[str, type[Command]] = {cls.type: cls for cls in classes}

    def read(self, name: str, body: bytes) -> Command:
        """Read a command. Raises DomainError (unknown, sealed) and pydantic's ValidationError."""
        cls = self.classes.get(name)
        if cls is None:
            raise DomainError(UNKNOWN_COMMAND, name=echoed(name))
        command = cls.model_validate_json(body)
        if steps(cls) and _carries_sealed(command):
            raise DomainError(SEALED_INPUT)
        return command

    def schema(self, name: str) -> dict[str, Any]:
        """Return a command's JSON Schema as clients may send it."""
        cls = self.classes[name]
        schema = cls.model_json_schema(ref_template="#/components/schemas/{model}")
        schema["x-actors"] = list(cls.actors)
        schema["x-requirements"] = list(cls.requirements)
        schema["title"] = cls.en
        schema["x-title-zh"] = cls.zh
        cleaned: dict[str, Any] = _without_sealed(schema)
        return cleaned


def _carries_sealed(value: object) -> bool:
    if isinstance(value, SealedValue):
        return True
    if isinstance(value, tuple):
        return any(_carries_sealed(v) for v in value)
    fields = getattr(type(value), "model_fields", None)
    return fields is not None and any(_carries_sealed(getattr(value, f)) for f in fields)


def _without_sealed(node: Any) -> Any:  # noqa: ANN401
    """Drop the sealed alternative of every field of a schema."""
    if isinstance(node, list):
        return [_without_sealed(n) for n in node]
    if not isinstance(node, dict):
        return node
    out = {k: _without_sealed(v) for k, v in node.items()}
    if isinstance(out.get("$defs"), dict):
        out["$defs"].pop("SealedValue", None)
    for key in ("anyOf", "oneOf"):
        if key in out:
            kept = [n for n in out[key] if not str(n.get("$ref", "")).endswith("/SealedValue")]
            out[key] = kept
            if len(kept) == 1 and len(out[key]) == 1:
                out |= out.pop(key)[0]
    return out


def command_id(text: str | None) -> UUID | None:
    """Read a command id; None when it is missing or no UUID."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def version(text: str) -> int | None:
    """Read the version that a form was shown; None where absent. Raises DomainError (400)."""
    if not text or text == "*":
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise DomainError(MALFORMED, fields=["expected"])
    return int(text)


def answer(accepted: Accepted) -> dict[str, Any]:
    """Return the body of a 200."""
    return {
        "command_id": accepted.command_id,
        "events": [
            {"type": e.type, "event_id": e.event_id, "stream": e.stream, "version": e.version}
            for e in accepted.events
        ],
        "after": accepted.after,
    }


def dumps(value: Mapping[str, Any]) -> bytes:
    """Write JSON."""
    return orjson.dumps(value)
