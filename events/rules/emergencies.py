"""Emergency access to one person: who may read until when (X14, AS 46). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from events.contracts.base import Recorded
from events.contracts.registry import EmergencyAccessOpened


def evolve(state: Mapping[str, datetime], fact: Recorded[Any]) -> Mapping[str, datetime]:
    """Fold a person's access stream: user to the instant at which his access ends by itself."""
    if isinstance(fact.event, EmergencyAccessOpened):
        return {**state, fact.actor: fact.event.until}
    return state


def open_to(state: Mapping[str, datetime], now: datetime) -> frozenset[str]:
    """Name the users to whom the person is open at an instant."""
    return frozenset(user for user, until in state.items() if now < until)
