"""Opens sealed values for people who may see them, and finds persons by keyed hashes.

Only the write role holds keys. A query answers a sealed value with the place it was sealed at;
this is where the console brings it back to be read (design.md 7).
"""

from __future__ import annotations

import re
from typing import Any

from cryptography.exceptions import InvalidTag
from pydantic import Field

from events.contracts.base import Body
from events.rules.access import Principal
from services.kit.decider import FORBIDDEN, DomainError
from services.kit.keyring import Keyring
from services.kit.reading import READING, Reads, Shape, field_name
from services.kit.sealing import Place, open_box

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


class OpenRequest(Shape):
    """Up to 500 sealed values to be read; a ticket shows one person's number in full, once."""

    values: tuple[Sealed, ...] = Field(max_length=500)


class SearchRequest(Body):
    """A full name, pinyin initials, or the last four of an id number."""

    text: str = Field(min_length=2, max_length=60)


class Opener:
    """Decides, opens, masks."""

    def __init__(self, keyring: Keyring, reads: Reads) -> None:
        self._keyring, self._reads = keyring, reads

    async def open(self, principal: Principal, wish: OpenRequest) -> dict[str, Any]:
        """Return the values in order; null where the key is gone or the place does not fit.

        Every read is recorded first. Raises DomainError (forbidden, ticket_*) and what the
        record raises: what cannot be recorded is not shown.
        """
        subjects = {v.subject for v in wish.values}
        allowed = await self._reads.allowed(principal, subjects)
        if subjects - allowed.keys():
            raise DomainError(FORBIDDEN, rule="deny.area", why_zh="不在本辖区内", why_en="outside")
        shown = await self._reads.revealed(principal, wish.ticket, subjects)
        keys = await self._keyring.by_id({v.k for v in wish.values})
        out: list[Any] = []
        read: dict[str, set[str]] = {}
        for value in wish.values:
            subject, key = allowed[value.subject], keys.get(value.k)
            clear = None if key is None or subject.closed else self._opened(value, key)
            out.append(mask(value.field, clear, shown))
            for person in subject.persons if clear is not None else ():
                read.setdefault(person, set()).add(field_name(value.field))
        await self._reads.record(principal, read, wish)
        return {"values": out}

    def _opened(self, value: Sealed, key: Any) -> Any:  # noqa: ANN401
        place = Place(value.type, value.stream, value.version)
        box = {"n": value.n, "c": value.c}
        try:
            return open_box(box, key, place.bind(value.field, value.subject))
        except (InvalidTag, ValueError):
            return None

    async def search(self, principal: Principal, wish: SearchRequest) -> dict[str, Any]:
        """Return the persons within the scope, and how many lie outside it (X23)."""
        if not principal.roles & READING.wanted:
            raise DomainError(
                FORBIDDEN, rule="deny.role", why_zh="没有查找人员的岗位", why_en="no role to search"
            )
        text = wish.text.strip()
        kinds = ("tail",) if _TAIL.fullmatch(text) else ("name", "initials")
        found = set(await self._keyring.search(text.upper(), *kinds))
        allowed = await self._reads.allowed(principal, found)
        return {"subjects": sorted(allowed), "outside": len(found - allowed.keys())}


def mask(field: str, value: Any, shown: frozenset[str] = frozenset()) -> Any:  # noqa: ANN401
    """Hide the middle of an id number or a phone, unless it was revealed (X14, X15)."""
    if not isinstance(value, str):
        return value
    name = _shape(field.rsplit(".", 1)[-1], value)
    if name not in MASKED or name in shown:
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
