"""The events that a definition names are those that the cube takes."""

from __future__ import annotations

import pytest

from projections.cube.metrics import METRICS
from projections.cube.notes import HOUSEHOLD, PERSON
from projections.cube.sources import SOURCES

pytestmark = pytest.mark.requirement("R40")


def test_every_figure_names_its_events_and_no_other_does() -> None:
    assert SOURCES.keys() == METRICS.keys()


def test_the_figures_together_name_all_that_the_cube_takes() -> None:
    named = {type_ for types in SOURCES.values() for type_ in types}
    assert named == {*PERSON, *HOUSEHOLD}


def test_no_figure_names_an_event_twice() -> None:
    assert all(len(set(types)) == len(types) for types in SOURCES.values())
