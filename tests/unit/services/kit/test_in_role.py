"""One may act in one of one's roles, and never gains one by saying so (R23)."""

from __future__ import annotations

import pytest

from events.rules.access import Principal
from services.kit.single import in_role

BOTH = Principal("liu", "140105001001", "community", "140105001001",
                 frozenset({"community_officer", "community_head"}), ("140105001001",))  # fmt: skip


@pytest.mark.requirement("R23")
def test_one_acts_in_the_role_one_chose_and_in_all_without_a_choice() -> None:
    assert in_role(BOTH, "community_head").roles == {"community_head"}
    assert in_role(BOTH, "") == BOTH


@pytest.mark.requirement("R23")
def test_a_role_that_is_not_held_is_no_role() -> None:
    assert in_role(BOTH, "county_head").roles == frozenset()
