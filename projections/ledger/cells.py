"""The cells of a ledger row: a value, or where to open it, and the seqs of the events behind it.

A row is a plain mapping that is never changed in place below its first two levels, so that an old
row stays what it was when its copy moves on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from events.contracts.base import Recorded, SealedValue
from events.rules.directory import Directory
from events.rules.time import shanghai_day

State: TypeAlias = dict[str, Any]
Handler: TypeAlias = Callable[[State, Recorded[Any], Directory], None]

NONE = "none"
"""What a mandatory cell says when nothing is recorded yet (R37)."""

GROUPS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "identity": (
        "基本情况",
        "Identity",
        (
            "name",
            "national_id",
            "sex",
            "phone",
            "address",
            "residence",
            "hukou",
            "household",
            "registration",
            "dibao",
            "worker_type",
            "special_work",
            "health",
            "conditions",
            "certification",
        ),
    ),
    "age": ("年龄", "Age", ("age_band", "birth_date")),
    "skills": ("技能", "Skills", ("skills", "education")),
    "services": (
        "接受就业服务",
        "Services received",
        (
            "services",
            "agreement",
            "plan",
            "measures",
            "activities",
            "training",
            "referrals",
            "reports",
            "follow_ups",
        ),
    ),
    "wishes": ("就业愿望", "Job wishes", ("wishes",)),
    "employment": ("实现就业情况", "Employment", ("employment", "offers")),
    "policies": ("享受扶持政策", "Policies enjoyed", ("policies",)),
}
"""The six mandatory groups of R37 beside the identity, with the cells of each."""

MANDATORY = ("age_band", "skills", "services", "wishes", "employment", "policies")
"""One cell of each of the six groups: never empty, 'none' where nothing is recorded (R37)."""


def day(fact: Recorded[Any]) -> str:
    """Return the Shanghai day of a fact."""
    return shanghai_day(fact.occurred_at).isoformat()


def value(fact: Recorded[Any], name: str, given: Any, subject: str = "") -> Any:  # noqa: ANN401
    """Return a field's value; a sealed one with the place it was sealed at, to be opened there."""
    if not isinstance(given, SealedValue):
        return given.isoformat() if hasattr(given, "isoformat") else given
    return {
        "sealed": {
            "k": given.k,
            "a": given.a,
            "n": given.n,
            "c": given.c,
            "type": fact.type,
            "stream": fact.stream,
            "version": fact.version,
            "field": name,
            "subject": subject or fact.subject,
        }
    }


def put(row: State, fact: Recorded[Any], name: str, given: Any) -> None:  # noqa: ANN401
    """Set a cell; it comes from this fact alone."""
    row["cells"][name] = {"v": given, "e": [fact.seq]}


def add(row: State, fact: Recorded[Any], name: str, given: Any) -> None:  # noqa: ANN401
    """Add an entry to a cell that lists what happened."""
    old = row["cells"].get(name)
    if old is None or old["v"] == NONE:
        row["cells"][name] = {"v": [given], "e": [fact.seq]}
    else:
        row["cells"][name] = {"v": [*old["v"], given], "e": [*old["e"], fact.seq]}


def amend(row: State, fact: Recorded[Any], name: str, given: Any) -> None:  # noqa: ANN401
    """Replace a cell's value and keep the events that led to it."""
    old = row["cells"].get(name)
    row["cells"][name] = {"v": given, "e": [*(old["e"] if old else ()), fact.seq]}


def listed(row: State, name: str) -> list[Any]:
    """Return a copy of a cell's list, empty where nothing is recorded."""
    cell = row["cells"].get(name)
    return [] if cell is None or cell["v"] == NONE else list(cell["v"])
