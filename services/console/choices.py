"""What a form offers where it asks for a person, office, account, post or event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from services.console import administering, happened
from services.console.codes import word
from services.console.shapes import Shape, shapes
from services.console.site import Visit
from services.kit.decider import Command

REGISTERS = {
    "employer": "employers", "post": "posts", "user": "accounts", "activity": "activities",
    "batch": "batches",
}  # fmt: skip
OF_LEVEL = {"residence": "community", "community": "community", "county": "county"}
"""Field that takes an office of one level and no other → the level."""
MOST = 200
Choice = tuple[str, str]


def refs(parts: Iterable[Shape]) -> Iterator[str]:
    """Yield the kinds of aggregate that a form asks for."""
    for shape in parts:
        if shape.kind == "ref":
            yield shape.ref
        yield from refs(shape.parts)


async def offered(
    visit: Visit, command: type[Command], person: str, given: Mapping[str, str]
) -> dict[str, list[Choice]]:
    """Return kind or path of a field → choices; a kind without choices is typed by hand.

    `given` are the fields that the address filled in.
    """
    kinds = set(refs(shapes(command))) - {"person"}
    found: dict[str, list[Choice]] = {}
    for kind in sorted(kinds & REGISTERS.keys()):
        answer = await visit.maybe(f"/api/registers/{REGISTERS[kind]}", open="true", limit=MOST)
        found[kind] = [_named(row) for row in answer.get("items", ())]
    if "office" in kinds:
        rows = await _offices(visit, given.get("office", ""))
        found["office"] = _places(rows)
        found |= {f: _places(_labour(rows, level)) for f, level in OF_LEVEL.items()}
    if given.get("user"):
        found |= await administering.offered(visit, given["user"])
    if person:
        found |= await _of_person(visit, person)
        found |= await happened.offered(visit, command, person, given.get("case", ""))
    return found


def _named(row: dict[str, Any]) -> Choice:
    ident = next((row[k] for k in ("id", *REGISTERS) if row.get(k) and k != "employer"), "")
    ident = ident or row.get("employer", "")
    name = row.get("name") or row.get("title") or row.get("destination") or ident
    return str(ident), str(name)


async def _offices(visit: Visit, given: str) -> list[dict[str, Any]]:
    """Return the officer's own office with those above and beneath it, and the one given."""
    found = await visit.maybe(f"/api/offices/{visit.me.office}") if visit.me.office else {}
    rows = [*found.get("parents", ()), found, *found.get("children", ())]
    if given and given not in {r.get("office") for r in rows}:
        rows.append(await visit.maybe(f"/api/offices/{given}"))
    return [r for r in rows if r.get("office")]


def _labour(rows: Iterable[dict[str, Any]], level: str) -> Iterator[dict[str, Any]]:
    """Yield the labour offices of a level."""
    return (r for r in rows if r.get("level") == level and r.get("kind", "labour") == "labour")


def _places(rows: Iterable[dict[str, Any]]) -> list[Choice]:
    return [(str(r["office"]), str(r.get("name", ""))) for r in rows]


async def _of_person(visit: Visit, person: str) -> dict[str, list[Choice]]:
    found: dict[str, list[Choice]] = {}
    detail = await visit.maybe_person(person)
    ids = detail.get("ids") or {}
    if case := ids.get("case"):
        found["certification"] = [(case, str(detail.get("case_no") or case))]
    if household := ids.get("household"):
        found["household"] = [(household, visit.t("household.title"))]
    if offers := detail.get("offers"):
        found["offer"] = [(o["id"], _offer(o, visit.lang)) for o in offers]
    return found


def _offer(row: dict[str, Any], lang: str) -> str:
    state = word(str(row.get("state", "")), "posts", lang)
    return f"{row.get('title') or row['id'][:8]} · {state}"
