"""From an event's type to the requirements it carries out, and their sentences."""

from __future__ import annotations

import inspect
import re
from functools import cache

from events.contracts.catalogue import ALL
from events.rules.requirements import Requirement, requirements

_NUMBER = re.compile(r"\b([RX])([0-9]{1,3})(?:[–-][RX]?([0-9]{1,3}))?\b")


def numbers(text: str) -> list[str]:
    """Return the requirement numbers that a text names; ranges (R29–R31) written out."""
    found: list[str] = []
    for letter, first, last in _NUMBER.findall(text):
        found += [f"{letter}{n}" for n in range(int(first), int(last or first) + 1)]
    return found


@cache
def rules_of(type_: str) -> tuple[str, ...]:
    """Return the requirements that a type of event states in its description."""
    cls = ALL.classes.get(type_)
    known = requirements()
    named = numbers(inspect.getdoc(cls) or "") if cls else []
    return tuple(dict.fromkeys(n for n in named if n in known))


def cited(type_: str) -> list[dict[str, str]]:
    """Return the sentences behind a type of event."""
    return [sentence(requirements()[number]) for number in rules_of(type_)]


def sentence(found: Requirement) -> dict[str, str]:
    """Return a requirement's number, place and words."""
    return {"rule": found.number, "clause": found.clause, "zh": found.zh, "en": found.term}
