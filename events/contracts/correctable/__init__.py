"""Which events are facts that may be corrected, and what to do about the others (X2).

Each context says it of every one of its events. A fact is corrected; a decision is reversed by a
command of its own; a few can be neither, and say why.
"""

from __future__ import annotations

from collections.abc import Mapping

from events.contracts.base import Event
from events.contracts.correctable.assistance import ASSISTANCE
from events.contracts.correctable.certification import CERTIFICATION
from events.contracts.correctable.posts import POSTS
from events.contracts.correctable.registry import REGISTRY
from events.contracts.correctable.rule import Fact, Never, Reversed, Rule

CORRECTABLE: Mapping[type[Event], Rule] = {**REGISTRY, **CERTIFICATION, **ASSISTANCE, **POSTS}
"""The rule for every event class."""

__all__ = ["CORRECTABLE", "Fact", "Never", "Reversed", "Rule"]
