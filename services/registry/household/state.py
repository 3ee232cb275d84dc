"""A household as the registry sees it; certification's marks on the stream are skipped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, assert_never

from events.contracts import registry as ev
from events.contracts import streams
from events.contracts.base import Recorded
from services.kit.decider import Fold


@dataclass(frozen=True, slots=True)
class Household:
    """The community, and each member with the way in which he counts."""

    community: str = ""
    members: Mapping[str, ev.CountsAs] = field(default_factory=dict)
    absorbed_into: str | None = None


def evolve(state: Household, fact: Recorded[Any]) -> Household:
    """Fold one fact of the household's stream."""
    event = fact.event
    if not isinstance(event, ev.HouseholdStreamEvent):
        return state
    match event:
        case ev.HouseholdFormed(community=community, members=members):
            return Household(community, {m.person: m.counts_as for m in members})
        case ev.MemberAdded(person=person, counts_as=counts):
            return replace(state, members={**state.members, person: counts})
        case ev.MemberLeft(person=person):
            return _without(state, person)
        case ev.MemberStatusSet(person=person, counts_as=counts):
            return replace(state, members={**state.members, person: counts})
        case ev.HouseholdSplit(leaving=leaving):
            return _without(state, *leaving)
        case ev.HouseholdAbsorbed(survivor=survivor):
            return replace(state, members={}, absorbed_into=survivor)
        case (
            ev.HouseholdsMerged()
            | ev.CorrectionProposed()
            | ev.FactCorrected()
            | ev.CorrectionRejected()
        ):
            return state
    assert_never(event)


def _without(state: Household, *leaving: str) -> Household:
    kept = {person: counts for person, counts in state.members.items() if person not in leaving}
    return replace(state, members=kept)


HOUSEHOLD = Fold(streams.HOUSEHOLD, Household(), evolve)
