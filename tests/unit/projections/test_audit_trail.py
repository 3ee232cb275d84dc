"""The audit trail: one row per event whatever it is, bodies as sealed as in the log (P16)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import orjson
import pytest

from events.contracts import posts, streams
from events.contracts.base import Recorded
from events.contracts.catalogue import ALL
from projections.api import events
from projections.audit_trail.model import AUDIT_TRAIL, entry
from tests.unit.projections import story

NAMES = re.findall(
    r"^ ?([a-z_]+) |, ([a-z_]+) (?:text|bigint|smallint|uuid|integer|timestamptz)",
    AUDIT_TRAIL.ddl.split("primary key")[0].split("(", 1)[1],
    re.MULTILINE,
)
COLUMNS = [first or later for first, later in NAMES]


def row_of(fact: Recorded[Any]) -> dict[str, object]:
    body = fact.event.model_dump_json(exclude_none=True).encode()
    return dict(zip(COLUMNS, entry(replace(fact, data=body)), strict=True))


@pytest.mark.parametrize("type_", sorted(ALL.classes))
def test_every_event_has_a_row_and_comes_back_from_it(type_: str) -> None:
    fact = story.Log().add(story.ON_ANNA, story.any_event(type_))
    row = row_of(fact)
    again = events.recorded(row)
    assert (again.event, again.seq, again.stream) == (fact.event, fact.seq, fact.stream)
    assert events.shown(row)["zh"] == fact.event.zh


@pytest.mark.requirement("X15")
def test_a_body_is_kept_sealed_and_says_where_each_value_opens() -> None:
    fact = story.Log().add(story.ON_ANNA, story.registered())
    assert orjson.loads(str(row_of(fact)["body"]))["name"] == story.BOX.model_dump()
    sealed = events.body(row_of(fact))["name"]["sealed"]
    assert (sealed["field"], sealed["stream"], sealed["version"]) == ("name", story.ON_ANNA, 1)


def test_a_place_taken_is_found_under_the_person_who_took_it() -> None:
    taken = posts.PlaceTaken(person=story.ANNA, place=1)
    fact = story.Log().add(story.ON_POST, taken, subject=f"post-{story.POST}")
    assert row_of(fact)["person"] == story.ANNA


def test_a_read_of_personal_data_is_an_entry_like_any_other() -> None:
    fact = story.Log().add(
        streams.ACCESS.of(story.ANNA), story.any_event("registry.person_read.v1")
    )
    assert AUDIT_TRAIL.key(fact) == fact.event_id
    assert row_of(fact)["person"] == story.ANNA
