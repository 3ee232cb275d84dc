"""Opens sealed values for people who may see them, and finds persons by keyed hashes.

Only the write role holds keys. A query answers a sealed value with the place it was sealed at;
this is where the console brings it back to be read (design.md 7).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from cryptography.exceptions import InvalidTag
from pydantic import AfterValidator, Field

from events.contracts.base import Body, printable
from events.rules.access import Principal
from services.kit.decider import FORBIDDEN, DomainError
from services.kit.keyring import Keyring
from services.kit.reading import READING, Granted, Read, Reads, Shape, field_name
from services.kit.sealing import Place, open_box

_TAIL = re.compile(r"\d{3}[\dXx]", re.ASCII)
_NUMBER = re.compile(r"\d{15}|\d{17}[\dXx]", re.ASCII)
_PHONE = re.compile(r"\+?[\d -]{7,20}", re.ASCII)
_DAY = re.compile(r"(19|20|21)\d\d-[01]\d-[0-3]\d", re.ASCII)
KeyId = Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]
Named = Annotated[str, Field(max_length=120), AfterValidator(printable)]
MASKED = {"national_id": (6, 4), "phone": (3, 4)}
"""Fields shown masked until revealed: characters kept at the start and at the end."""


class Sealed(Body):
    """A sealed value with its place, as a query answers it."""

    k: KeyId
    a: str = Field(max_length=16)
    n: str = Field(max_length=32)
    c: str = Field(max_length=20_000)
    type: str = Field(max_length=100)
    stream: Named
    version: int = Field(ge=1)
    field: str = Field(max_length=100)
    subject: Named


class OpenRequest(Shape):
    """Up to 500 sealed values to be read; a ticket shows one person's number in full, once."""

    mode: Literal["view", "print"] = "view"
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
        if wish.mode == "print":
            self._reads.need(principal, wish.action)
        allowed = await self._reads.allowed(principal, subjects, wish.action)
        if subjects - allowed.keys():
            raise DomainError(FORBIDDEN, rule="deny.area", why_zh="不在本辖区内", why_en="outside")
        shown = await self._reads.revealed(principal, wish.ticket, subjects)
        clear, read = await self.clear(wish.values, allowed)
        await self._reads.record(principal, read, wish)
        found = zip(wish.values, clear, strict=True)
        return {"values": [mask(sealed.field, value, shown) for sealed, value in found]}

    async def clear(
        self, values: Sequence[Sealed], allowed: Mapping[str, Granted]
    ) -> tuple[list[Any], dict[str, Read]]:
        """Return values in clear, null where one does not open, and what a record must say."""
        keys = await self._keyring.by_id({v.k for v in values})
        out: list[Any] = []
        read: dict[str, Read] = {}
        for value in values:
            granted, key = allowed[value.subject], keys.get(value.k)
            found = None if key is None or granted.closed else self._opened(value, key)
            out.append(found)
            for person in granted.subject.persons if found is not None else ():
                before = read[person].fields if person in read else frozenset()
                read[person] = Read(before | {field_name(value.field)}, granted.under)
        return out, read

    def _opened(self, value: Sealed, key: Any) -> Any:  # noqa: ANN401
        place = Place(value.type, value.stream, value.version)
        box = {"n": value.n, "c": value.c}
        try:
            return open_box(box, key, place.bind(value.field, value.subject))
        except (InvalidTag, ValueError):
            return None

    async def search(self, principal: Principal, wish: SearchRequest) -> dict[str, Any]:
        """Return the persons within the scope, and how many lie outside it (X23).

        Who is restricted is not searched for: that would be processing; they are only counted.
        """
        if not principal.roles & READING.wanted:
            raise DomainError(
                FORBIDDEN, rule="deny.role", why_zh="没有查找人员的岗位", why_en="no role to search"
            )
        text = wish.text.strip()
        kinds = ("tail",) if _TAIL.fullmatch(text) else ("name", "initials")
        found = set(await self._keyring.search(text.upper(), *kinds))
        allowed = await self._reads.allowed(principal, found)
        hits = sorted(s for s, granted in allowed.items() if not granted.closed)
        restricted = len(allowed) - len(hits)
        outside = len(found - allowed.keys())
        return {"subjects": hits, "outside": outside, "restricted": restricted}


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
    return "phone" if _PHONE.fullmatch(value) and not _DAY.fullmatch(value) else field


def veil(field: str, value: Any) -> Any:  # noqa: ANN401
    """Return what a masked export shows of a value: enough to tell rows apart, no more (X15)."""
    if field in MASKED:
        return mask(field, value)
    if field == "name" and isinstance(value, str):
        return value[:1] + "*" * max(len(value) - 1, 1)
    return f"{value[:4]}-**-**" if field == "birth_date" and isinstance(value, str) else "***"
