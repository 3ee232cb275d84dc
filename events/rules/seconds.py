"""Who gives a second signature: those who may answer a wish of an office (R23, X2, X15). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from events.rules.directory import Directory, Office
from events.rules.divisions import Level
from events.rules.roles import GROUPS, HEADS, superior_heads


@dataclass(frozen=True, slots=True)
class Second:
    """An office whose holders of some roles may give the second signature."""

    office: Office
    roles: frozenset[str]


def of_role(office: Office, directory: Directory) -> Second:
    """Return who gives a role proposed in an office: a head of the office above (R23).

    Beside a labour office (an employment service, a department) that office's own head does.
    """
    return Second(_above(office, directory) or office, givers(office.kind, office.level))


def givers(kind: str, level: Level) -> frozenset[str]:
    """Name the roles that give a role proposed in an office of a kind and level (R23)."""
    return superior_heads(level) if kind == "labour" else HEADS & GROUPS[level]


def of_export(office: Office, directory: Directory) -> tuple[Second, ...]:
    """Return who may approve an office's unmasked export: its head or the one above (X15)."""
    both = (Second(o, _heads(o)) for o in (office, _above(office, directory)) if o is not None)
    return tuple(second for second in both if second.roles)


def of_correction(office: Office, directory: Directory) -> tuple[Second, ...]:
    """Return who decides a correction proposed in an office: its head, or whoever is above (X2)."""
    above = _above(office, directory)
    own = Second(office, _heads(office))
    return (own,) if above is None else (own, Second(above, GROUPS[above.level]))


def _above(office: Office, directory: Directory) -> Office | None:
    return directory.office(office.parent) if office.parent else None


def _heads(office: Office) -> frozenset[str]:
    """Name the head roles that an office can give."""
    own = GROUPS[office.level] if office.kind == "labour" else GROUPS.get(office.kind, frozenset())
    return HEADS & own
