"""Keeps the keyed hashes by which a person is found: full name, pinyin initials, id tail (X23)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from pypinyin import Style, lazy_pinyin

from events.contracts.base import Recorded, clear
from services.kit.keyring import Keyring


def hashes(fact: Recorded[Any]) -> Iterator[tuple[str, str, str]]:
    """Yield (kind, normalised value, subject) for everything a fact lets a person be found by."""
    event, subject = fact.event, fact.subject
    match fact.type:
        case "registry.person_registered.v1":
            yield from _name(clear(event.name), subject)
            if number := clear(event.national_id):
                yield "tail", number[-4:].upper(), subject
        case "registry.person_fact_changed.v1" if event.fact == "name":
            yield from _name(clear(event.value), subject)
        case _:
            return


def _name(name: str | None, subject: str) -> Iterator[tuple[str, str, str]]:
    if name is None:
        return
    yield "name", name.strip().upper(), subject
    yield "initials", "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).upper(), subject


class Indexer:
    """Writes the hashes of what the follower saw; a rerun writes the same rows."""

    watched: ClassVar[frozenset[str]] = frozenset(
        {"registry.person_registered.v1", "registry.person_fact_changed.v1"}
    )

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    async def __call__(self, facts: list[Recorded[Any]]) -> None:
        """Index some opened facts."""
        rows = [row for fact in facts if fact.type in self.watched for row in hashes(fact)]
        if rows:
            await self._keyring.index(rows)
