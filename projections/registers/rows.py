"""What the registers have in common: a row is a plain mapping, owned by an office."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from events.contracts.base import Recorded
from events.rules.directory import Directory
from events.rules.time import shanghai_day
from projections.rows import State

Handler: TypeAlias = Callable[[State, Recorded[Any], Directory], None]


def day(fact: Recorded[Any]) -> str:
    """Return the Shanghai day of a fact."""
    return shanghai_day(fact.occurred_at).isoformat()


def owned(row: State, fact: Recorded[Any], directory: Directory, office: str) -> None:
    """Say which office the row belongs to, and where that lies."""
    row["office"], row["path"], row["since"] = office, directory.path(office), day(fact)
