"""The requirements as data: every number, its sentence, its place in the opinion."""

from __future__ import annotations

import re

from events.contracts.catalogue import ALL
from events.rules.requirements import opinion, requirements
from projections.api.clauses import numbers, rules_of


def test_every_number_is_there_once_and_in_order() -> None:
    wanted = [*(f"R{n}" for n in range(1, 124)), *(f"X{n}" for n in range(1, 25))]
    assert list(requirements()) == wanted


def test_every_sentence_of_the_opinion_stands_in_the_opinion() -> None:
    text = re.sub(r"\s", "", opinion())
    missing = [
        r.number
        for r in requirements().values()
        if r.number.startswith("R")
        and not all(re.sub(r"\s", "", part) in text for part in re.split(r" / |…|\.\.\.", r.zh))
    ]
    assert missing == []


def test_a_place_is_cited_by_article_and_part() -> None:
    found = requirements()
    assert found["R36"].clause == "意见第二条（二）"
    assert found["R1"].clause == "意见序言"
    assert found["X15"].clause == ""


def test_a_range_of_numbers_is_written_out() -> None:
    assert numbers("R29–R31, X3") == ["R29", "R30", "R31", "X3"]


def test_the_events_name_requirements_that_exist() -> None:
    named = {number for type_ in ALL.classes for number in rules_of(type_)}
    assert {"R22", "R29", "R87"} <= named
    assert named <= requirements().keys()
