"""Roles as data and the separation of duties (C7, R23, AS 23)."""

from __future__ import annotations

import pytest

from events.rules.divisions import LEVELS
from events.rules.duties import (
    acted_at_other_level,
    duty_taken,
    names_of,
    roles_exclude,
    same_person,
)
from events.rules.roles import GROUPS, HEADS, ROLES, expand, may_hold, superior_heads


def test_a_level_means_every_labour_role_of_that_level() -> None:
    assert expand(frozenset({"community"})) == {"community_officer", "community_head"}
    assert expand(frozenset({"street"})) == {"street_officer", "street_signer"}
    county = {"county_reviewer", "county_certifier", "county_head"}
    assert expand(frozenset({"county", "pes_clerk"})) == county | {"pes_clerk"}


def test_the_levels_share_no_role_and_each_has_a_head() -> None:
    assert sum(len(GROUPS[level]) for level in LEVELS) == len(GROUPS["labour"])
    assert all(len(GROUPS[level] & HEADS) == 1 for level in LEVELS)
    assert {
        "community_head", "street_signer", "county_head", "city_head", "province_head", "pes_head"
    } == HEADS  # fmt: skip


def test_every_role_has_a_name_in_both_languages() -> None:
    assert all(role.zh and role.en for role in ROLES.values())


@pytest.mark.requirement("R82")
def test_a_role_is_given_only_where_its_level_is() -> None:
    offered = ("county_certifier", "street_signer", "pes_clerk", "person", "system", "nonsense")
    assert may_hold(offered, "county") == {"county_certifier", "pes_clerk"}
    assert may_hold(offered, None) == frozenset()


def test_a_role_is_approved_one_level_up_and_in_the_province_by_its_head() -> None:
    assert superior_heads("community") == {"street_signer"}
    assert superior_heads("county") == {"city_head"}
    assert superior_heads("province") == {"province_head"}


@pytest.mark.requirement("R23")
def test_the_filer_never_certifies() -> None:
    assert duty_taken({"a"}, "certified", {"a": "filed"}) == "filed"
    assert duty_taken({"b"}, "certified", {"a": "filed"}) is None
    assert duty_taken({"a"}, "filed", {"a": "filed"}) is None


@pytest.mark.requirement("R24")
def test_in_a_mining_area_the_county_needs_two_officers() -> None:
    assert duty_taken({"reviewer"}, "certified", {"reviewer": "reviewed"}) == "reviewed"


@pytest.mark.requirement("X10")
def test_a_deputy_brings_the_duties_of_both_names() -> None:
    both = names_of("deputy", "signer")
    assert both == {"deputy", "signer"}
    assert names_of("signer") == {"signer"}
    assert duty_taken(both, "certified", {"signer": "filed"}) == "filed"
    assert acted_at_other_level(both, "county", {"signer": ["street"]})
    assert not acted_at_other_level(both, "county", {"signer": ["county"]})


@pytest.mark.requirement("X2")
def test_a_second_signature_comes_from_another_hand() -> None:
    assert same_person(names_of("b", "a"), names_of("a"))
    assert not same_person(names_of("b"), names_of("a", "c"))


@pytest.mark.requirement("R23")
def test_nobody_holds_a_street_and_a_county_role_over_one_area() -> None:
    held = [("street_signer", "140105001")]
    assert roles_exclude("county_certifier", ["140105"], held) == held[0]
    assert roles_exclude("county_certifier", ["140106"], held) is None
    assert roles_exclude("street_officer", ["140105001"], held) is None
    assert roles_exclude("street_officer", ["140105002"], [("county_head", "140105")]) is not None
    assert roles_exclude("city_head", ["1401"], held) is None
