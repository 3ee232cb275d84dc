"""Separation of duties: R23, AS 23, X10. Under delegation both names count.

These are the functions that aggregates call on their own state; the access decision
uses the same ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from events.rules.divisions import Level, overlap
from events.rules.roles import GROUPS

Duty: TypeAlias = Literal["filed", "reviewed", "certified"]
"""The exclusive duties of a case: the first one a user does is his only one."""

_STREET_AND_COUNTY = (GROUPS["street"], GROUPS["county"])


def names_of(user: str, on_behalf_of: str | None = None) -> frozenset[str]:
    """Give the names that count for an act: the actor and the one acted for (X10)."""
    return frozenset({user} if on_behalf_of is None else {user, on_behalf_of})


def acted_at_other_level(
    names: Iterable[str], level: Level | None, acted: Mapping[str, Iterable[str]]
) -> bool:
    """Tell whether one of the names acted on this case at another level (R23)."""
    return any(done != level for name in names for done in acted.get(name, ()))


def duty_taken(names: Iterable[str], duty: Duty, done: Mapping[str, Duty]) -> Duty | None:
    """Give the other exclusive duty that one of the names already did on this case (AS 23).

    The filer never certifies; in a mining area the county's two steps need two officers.
    """
    others = (done[name] for name in names if name in done)
    return next((other for other in others if other != duty), None)


def same_person(names: Iterable[str], others: Iterable[str]) -> bool:
    """Tell whether a second signature would come from a first one's hand (four eyes)."""
    return not frozenset(names).isdisjoint(others)


def roles_exclude(
    role: str, areas: Iterable[str], held: Iterable[tuple[str, str]]
) -> tuple[str, str] | None:
    """Give the held (role, area) that forbids a new role over these areas (R23).

    Nobody holds a street and a county role over the same area.
    """
    wanted = tuple(areas)
    rivals = _rivals(role)
    for other, area in held:
        if other in rivals and any(overlap(area, mine) for mine in wanted):
            return other, area
    return None


def _rivals(role: str) -> frozenset[str]:
    """Name the roles that exclude this one over the same area."""
    street, county = _STREET_AND_COUNTY
    if role in street:
        return county
    return street if role in county else frozenset()
