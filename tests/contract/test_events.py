"""The promises of the event contracts: classified, documented, readable for ever."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import ClassVar

import pytest

from events.contracts.base import Catalogue, Event, Open, Upcaster
from events.contracts.catalogue import ALL
from events.contracts.classes import unclassified
from events.contracts.schemas import compatible, schema_of
from events.contracts.streams import STREAM_KINDS
from tests.support.examples import example

SCHEMAS = Path(__file__).parents[2] / "events/contracts/schema"
GOLDEN = Path(__file__).parent / "golden"
EVERY = pytest.mark.parametrize("event", list(ALL.classes.values()), ids=lambda e: e.type)


@EVERY
def test_every_field_states_its_privacy_class(event: type[Event]) -> None:
    assert unclassified(event) == ()


def test_a_field_without_a_class_is_found() -> None:
    class Careless(Event):
        type: ClassVar[str] = "registry.careless.v1"
        zh: ClassVar[str] = "粗心"
        en: ClassVar[str] = "Careless"
        name: str

    assert unclassified(Careless) == ("Careless.name",)


@EVERY
def test_every_event_has_titles_in_both_languages_and_a_name_of_its_context(
    event: type[Event],
) -> None:
    context, _, rest = event.type.partition(".")
    assert context in {kind.context for kind in STREAM_KINDS.values()}
    assert rest.rsplit(".", 1)[-1].startswith("v")
    assert event.zh
    assert event.en


@EVERY
def test_the_schema_file_is_current(event: type[Event]) -> None:
    file = SCHEMAS / f"{event.type}.json"
    assert file.exists(), "run: bangfu contracts write"
    assert json.loads(file.read_text()) == json.loads(json.dumps(schema_of(event)))


@EVERY
def test_a_stored_body_of_every_event_can_be_read_for_ever(event: type[Event]) -> None:
    body = (GOLDEN / f"{event.type}.json").read_bytes()
    read = ALL.read(event.type, body)
    assert json.loads(read.model_dump_json(exclude_none=True, by_alias=True)) == json.loads(body)


def test_no_golden_file_is_ever_removed() -> None:
    kept = {file.stem for file in GOLDEN.glob("*.json")}
    assert kept >= set(ALL.classes)


@EVERY
def test_a_changed_schema_is_compatible_with_the_committed_one(event: type[Event]) -> None:
    old = json.loads((SCHEMAS / f"{event.type}.json").read_text())
    assert compatible(old, schema_of(event)) == ()


class Walked(Event):
    """A worked example: the first version said the way in metres."""

    type: ClassVar[str] = "test.walked.v1"
    zh: ClassVar[str] = "步行"
    en: ClassVar[str] = "Walked"
    metres: Open[int]


class WalkedFar(Event):
    """The second version says whole kilometres and the day."""

    type: ClassVar[str] = "test.walked.v2"
    zh: ClassVar[str] = "步行"
    en: ClassVar[str] = "Walked"
    kilometres: Open[int]
    day: Open[date] | None = None


def test_a_retired_body_is_read_as_its_successor() -> None:
    catalogue: Catalogue[Event] = Catalogue(
        Walked | WalkedFar,
        upcasters=[Upcaster(Walked, WalkedFar, lambda b: {"kilometres": b["metres"] // 1000})],
    )
    assert catalogue.read("test.walked.v1", b'{"metres": 4200}') == WalkedFar(kilometres=4)
    assert catalogue.read("test.walked.v2", b'{"kilometres": 4}') == WalkedFar(kilometres=4)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"properties": {}}, "body.kilometres: is gone"),
        ({"required": ["kilometres", "day"]}, "body.day: is required now"),
    ],
)
def test_a_breaking_change_is_named(change: dict[str, object], fault: str) -> None:
    old = schema_of(WalkedFar)
    assert fault in compatible(old, old | change)


def test_a_new_optional_field_is_no_break() -> None:
    old = schema_of(WalkedFar)
    new = old | {"properties": old["properties"] | {"weather": {"type": "string"}}}
    assert compatible(old, new) == ()


def test_examples_are_valid_events() -> None:
    assert all(ALL.read(e.type, json.dumps(example(e)).encode()) for e in ALL.classes.values())
