"""What a role may do and see, in words: from the command table and the queries' own roles (C7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from events.rules.roles import expand
from services.console.offers import is_for_people
from services.console.wishes import wishes

CONTEXTS: dict[str, tuple[str, str]] = {
    "registry": ("人员、家庭、单位与账号", "Persons, households, offices, accounts"),
    "certification": ("认定", "Certification"),
    "assistance": ("援助服务", "Assistance"),
    "posts": ("岗位与就业", "Posts and employment"),
    "support": ("扶持政策", "Support"),
    "accountability": ("目标责任", "Accountability"),
}
"""Context → the heading of its acts."""
SEES = ("可以查看", "May see")


@dataclass(frozen=True, slots=True)
class Ability:
    """A heading with what a role may do under it."""

    title: str
    items: tuple[str, ...]


def abilities(role: str, queries: Iterable[Mapping[str, Any]], lang: str) -> list[Ability]:
    """List what a role may do, by context, and what it may see; nothing of it beyond its area."""
    other = lang != "zh"
    found: dict[str, list[str]] = {}
    for name, command in sorted(wishes().items()):
        if is_for_people(command) and role in expand(frozenset(command.actors)):
            said = command.en if other else command.zh
            found.setdefault(name.partition(".")[0], []).append(said)
    acts = [
        Ability(CONTEXTS.get(context, (context, context))[other], tuple(items))
        for context, items in found.items()
    ]
    sees = tuple(str(q["en" if other else "zh"]) for q in queries if role in q["roles"])
    return [*acts, Ability(SEES[other], sees)] if sees else acts
