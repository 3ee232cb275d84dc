"""The AsyncAPI 3.0 document of the node's topics, made from the same classes as everything else."""

from __future__ import annotations

from typing import Any

from events.contracts.base import Catalogue, Event
from events.contracts.schemas import schema_of
from services.kit.faces import Commands
from services.kit.kafka import COMMANDS, OUTCOMES
from services.kit.openapi import ACCEPTED, PROBLEM

EVENTS = "bangfu.events"
HEADERS = {
    "type": "object",
    "required": ["ce_id", "ce_type", "authorization"],
    "properties": {
        "ce_id": {"type": "string", "format": "uuid", "description": "The command's id"},
        "ce_type": {"type": "string", "description": "The command's name"},
        "authorization": {"type": "string", "description": "Bearer token, valid at append time"},
        "expected": {"type": "string", "description": "The version the form was shown"},
        "ce_correlationid": {"type": "string"},
    },
}
EVENT_HEADERS = {
    "type": "object",
    "required": ["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_subject", "ce_time"],
    "description": "CloudEvents 1.0, binary mode; attributes of the envelope without underscores",
    "additionalProperties": {"type": "string"},
}


def document(commands: Commands, catalogue: Catalogue[Event], server: str) -> dict[str, Any]:
    """Return the AsyncAPI document."""
    schemas: dict[str, Any] = {}
    wishes = {n: _command(commands, n, schemas) for n in sorted(commands.classes)}
    facts = {n: _event(e) for n, e in sorted(catalogue.classes.items())}
    outcome = {"outcome": {"payload": {"oneOf": [ACCEPTED, PROBLEM]}}}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "bangfu", "version": "1.0.0"},
        "defaultContentType": "application/json",
        "servers": {"node": {"host": server, "protocol": "kafka"}},
        "channels": {
            "commands": _channel(COMMANDS, wishes, "Sealed to the node (HPKE, RFC 9180)"),
            "outcomes": _channel(OUTCOMES, outcome, "What came of each command"),
            "events": _channel(EVENTS, facts, "Every event; key = subject, 16 partitions"),
        },
        "operations": {
            "receiveCommand": _operation("receive", "commands"),
            "sendOutcome": _operation("send", "outcomes"),
            "sendEvent": _operation("send", "events"),
        },
        "components": {"schemas": schemas},
    }


def _command(commands: Commands, name: str, schemas: dict[str, Any]) -> dict[str, Any]:
    schema = commands.schema(name)
    schemas.update(schema.pop("$defs", {}))
    cls = commands.classes[name]
    return {"name": name, "title": cls.en, "headers": HEADERS, "payload": schema}


def _event(event: type[Event]) -> dict[str, Any]:
    return {
        "name": event.type,
        "title": event.en,
        "headers": EVENT_HEADERS,
        "payload": schema_of(event),
    }


def _channel(address: str, messages: dict[str, Any], text: str) -> dict[str, Any]:
    return {"address": address, "description": text, "messages": messages}


def _operation(action: str, channel: str) -> dict[str, Any]:
    return {"action": action, "channel": {"$ref": f"#/channels/{channel}"}}
