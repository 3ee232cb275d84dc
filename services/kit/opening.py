"""Opens sealed values for people who may see them, and finds persons by keyed hashes.

Only the write role holds keys. A query answers a sealed value with the place it was sealed at;
this is where the console brings it back to be read (design.md 7).
"""

from __future__ import annotations

import re
from typing import Any

from cryptography.exceptions import InvalidTag
from pydantic import Field

from events.contracts.base import Body, Recorded, StreamId
from events.contracts.streams import HOUSEHOLD, PERSON
from events.rules.access import Action, Principal, Resource, decide
from services.kit.decider import FORBIDDEN, DomainError, Fold
from services.kit.keyring import Keyring
from services.kit.loading import Loader
from services.kit.sealing import Place, open_box

READERS = frozenset({"readers"})
READING = Action("open", READERS, "query")
_TAIL = re.compile(r"\d{3}[\dXx]", re.ASCII)
_NUMBER = re.compile(r"\d{15}|\d{17}[\dXx]", re.ASCII)
_PHONE = re.compile(r"\+?[\d -]{7,20}", re.ASCII)
MASKED = {"national_id": (6, 4), "phone": (3, 4)}
"""Fields shown masked until revealed: characters kept at the start and at the end."""


class Sealed(Body):
    """A sealed value with its place, as a query answers it."""

    k: str = Field(max_length=80)
    a: str = Field(max_length=16)
    n: str = Field(max_length=32)
    c: str = Field(max_length=20_000)
    type: str = Field(max_length=100)
    stream: str = Field(max_length=120)
    version: int = Field(ge=1)
    field: str = Field(max_length=100)
    subject: str = Field(max_length=120)


class OpenRequest(Body):
    """Up to 500 sealed values to be read."""

    values: tuple[Sealed, ...] = Field(max_length=500)


class SearchRequest(Body):
    """A full name, pinyin initials, or the last four of an id number."""

    text: str = Field(min_length=2, max_length=60)


def _home(state: str, fact: Recorded[Any]) -> str:
    """Fold where a person or household belongs: the community that answers for it (R43)."""
    event = fact.event
    match fact.type:
        case "registry.person_registered.v1":
            return str(event.residence)
        case "registry.transfer_accepted.v1":
            return str(event.to)
        case "registry.household_formed.v1":
            return str(event.community)
        case _:
            return state


HOMES = {
    "person": Fold(PERSON, "", _home),
    "household": Fold(HOUSEHOLD, "", _home),
}


class Opener:
    """Decides, opens, masks."""

    def __init__(self, keyring: Keyring, loader: Loader, path: Any) -> None:  # noqa: ANN401
        self._keyring, self._loader, self._path = keyring, loader, path

    async def open(self, principal: Principal, wish: OpenRequest) -> dict[str, Any]:
        """Return the values in order; null where the key is gone or the place does not fit."""
        allowed = await self._allowed(principal, {v.subject for v in wish.values})
        keys = await self._keyring.by_id({v.k for v in wish.values})
        out: list[Any] = []
        for value in wish.values:
            if value.subject not in allowed:
                raise DomainError(
                    FORBIDDEN, rule="deny.area", why_zh="不在本辖区内", why_en="outside"
                )
            key = keys.get(value.k)
            out.append(None if key is None else self._opened(value, key))
        return {"values": out}

    def _opened(self, value: Sealed, key: Any) -> Any:  # noqa: ANN401
        place = Place(value.type, value.stream, value.version)
        box = {"n": value.n, "c": value.c}
        try:
            clear = open_box(box, key, place.bind(value.field, value.subject))
        except (InvalidTag, ValueError):
            return None
        return mask(value.field, clear)

    async def _allowed(self, principal: Principal, subjects: set[str]) -> set[str]:
        homes = await self.homes(subjects)
        return {
            s
            for s, office in homes.items()
            if decide(principal, READING, Resource((self._path(office),), "personal")).allow
        }

    async def homes(self, subjects: set[str]) -> dict[str, str]:
        """Return the community office of each subject that has one."""
        known: dict[str, str] = {}
        for subject in subjects:
            kind = subject.split("-", 1)[0]
            if (fold := HOMES.get(kind)) is None:
                continue
            stream = StreamId(subject)
            await self._loader.refresh({stream: {id(fold)}}, {id(fold): fold})
            found = self._loader.cached(fold, stream)
            if found is not None and found.state:
                known[subject] = found.state
        return known

    async def search(self, principal: Principal, wish: SearchRequest) -> dict[str, Any]:
        """Return the persons within the scope, and how many lie outside it (X23)."""
        if not principal.roles & READING.wanted:
            raise DomainError(
                FORBIDDEN, rule="deny.role", why_zh="没有查找人员的岗位", why_en="no role to search"
            )
        text = wish.text.strip()
        kinds = ("tail",) if _TAIL.fullmatch(text) else ("name", "initials")
        found = set(await self._keyring.search(text.upper(), *kinds))
        allowed = await self._allowed(principal, found)
        return {"subjects": sorted(allowed), "outside": len(found - allowed)}


def mask(field: str, value: Any) -> Any:  # noqa: ANN401
    """Hide the middle of an id number or a phone (X15)."""
    if not isinstance(value, str):
        return value
    name = _shape(field.rsplit(".", 1)[-1], value)
    if name not in MASKED:
        return value
    start, end = MASKED[name]
    return value[:start] + "*" * max(len(value) - start - end, 4) + value[-end:]


def _shape(field: str, value: str) -> str:
    """Name what a value is: by its field, and where that is any fact's, by how it looks."""
    if field != "value":
        return field
    if _NUMBER.fullmatch(value):
        return "national_id"
    return "phone" if _PHONE.fullmatch(value) else field
