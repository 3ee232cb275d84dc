"""Emergency access to one person: who may read until when (X14, AS 46). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from events.contracts.base import Recorded
from events.contracts.registry import EmergencyAccessOpened


@dataclass(frozen=True, slots=True)
class Emergency:
    """One user's access to a person until an instant; `event` opened it."""

    until: datetime
    event: str


Emergencies: TypeAlias = Mapping[str, Emergency]
"""The latest emergency of each user."""


def evolve(state: Emergencies, fact: Recorded[Any]) -> Emergencies:
    """Fold a person's access stream: each user's access ends by itself."""
    if isinstance(fact.event, EmergencyAccessOpened):
        return {**state, fact.actor: Emergency(fact.event.until, fact.event_id)}
    return state


def open_to(state: Emergencies, now: datetime) -> frozenset[str]:
    """Name the users to whom the person is open at an instant."""
    return frozenset(user for user, one in state.items() if now < one.until)
