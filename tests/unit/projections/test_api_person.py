"""A person's answer says what the steps of the case depend on."""

from __future__ import annotations

import pytest

from events.contracts import registry, streams
from projections.api.persons import in_mining_area
from tests.unit.projections import story
from tests.unit.projections.story import Log


@pytest.mark.requirement("R24")
def test_a_person_lives_in_a_mining_area_where_the_street_is_one() -> None:
    log = Log()
    flag = registry.MiningAreaSet(is_mining_area=True, from_day=story.DAY)
    stream = streams.OFFICE.of(story.STREET)
    log.add(stream, flag, "2008-06-02", subject=f"office-{story.STREET}")
    directory = story.directory(log.facts)
    assert in_mining_area(directory, story.COMMUNITY)
    assert not in_mining_area(directory, story.ELSEWHERE)
    assert not in_mining_area(directory, "")
