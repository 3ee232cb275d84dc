"""The documents that describe a node are what their standards ask for, by others' validators."""

from __future__ import annotations

import json
from typing import Any

import pytest
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError
from pydantic import ValidationError

from events.contracts.catalogue import ALL
from services.kit import asyncapi, openapi
from services.kit.faces import Commands
from tests.support.node import CONTEXTS

Document = dict[str, Any]


@pytest.fixture
def topics() -> Document:
    document = asyncapi.document(Commands(CONTEXTS), ALL, "kafka:9092")
    document["servers"]["node"]["pathname"] = ""  # optional in the standard, not in the model
    found: Document = json.loads(json.dumps(document))
    return found


def references(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [ref for part in value.values() for ref in references(part)]
    if isinstance(value, list):
        return [ref for part in value for ref in references(part)]
    return []


def resolve(document: Document, ref: str) -> object:
    found: Any = document
    for part in ref.removeprefix("#/").split("/"):
        found = found[part]
    return found


def test_the_write_sides_description_is_a_valid_openapi_document() -> None:
    document = openapi.document(Commands(CONTEXTS))
    validate(document)
    document["paths"]["/api/commands"]["post"]["responses"] = 7
    with pytest.raises(OpenAPIValidationError):
        validate(document)


def test_the_topics_description_is_a_valid_asyncapi_document(topics: Document) -> None:
    read = ApplicationSchema.model_validate(topics)
    assert set(read.channels) == {"commands", "outcomes", "events"}
    topics["operations"]["sendEvent"]["action"] = "shout"
    with pytest.raises(ValidationError):
        ApplicationSchema.model_validate(topics)


def test_every_command_and_event_is_described_by_a_json_schema_of_its_own(topics: Document) -> None:
    channels = topics["channels"]
    assert set(channels["events"]["messages"]) == set(ALL.classes)
    assert set(channels["commands"]["messages"]) == set(Commands(CONTEXTS).classes)
    for channel in channels.values():
        for message in channel["messages"].values():
            Draft202012Validator.check_schema(message["payload"])


def test_every_reference_of_the_topics_description_leads_somewhere(topics: Document) -> None:
    outside = [ref for ref in references(topics) if ref.startswith("#/c")]
    assert outside
    for ref in outside:
        assert isinstance(resolve(topics, ref), dict), ref
