"""Showing a masked number: a reason first, then the number once, on this page alone (X14, X15).

The ticket never leaves this request: no address and no cookie holds it or the number, and sending
the same form again finds the ticket used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from services.console.apis import Refused
from services.console.fields import Drawing, draw
from services.console.forms import Typed, read
from services.console.helping import helped
from services.console.opened import is_sealed
from services.console.pages.command import wanted
from services.console.people import REVEAL
from services.console.records import NUMBERS
from services.console.site import Visit
from services.console.typed import first, read_form


@dataclass(slots=True)
class Wish:
    """The form as it is shown: what was typed, what is wrong."""

    person: str
    typed: Typed
    command_id: str
    errors: dict[str, list[str]] = field(default_factory=dict)
    problem: dict[str, Any] | None = None
    status: int = 200


async def show(visit: Visit) -> Response:
    """Ask for the reason."""
    asked = [n for n in visit.query("field").split(",") if n in NUMBERS]
    wish = Wish(_person(visit), {"fields": asked}, str(visit.site.config.ids.new()))
    return await _ask(visit, wish)


def _person(visit: Visit) -> str:
    return str(visit.request.path_params["id"])


async def _ask(visit: Visit, wish: Wish) -> Response:
    command = wanted(REVEAL)
    cells = await _cells(visit, wish.person, ("name",))
    typed = wish.typed | {"person": [wish.person]}
    drawing = Drawing(typed, wish.errors, {}, frozenset({"person"}), visit.lang, {})
    own, _ = draw(command, drawing)
    return visit.page(
        "reveal.html", wish.status, wish=wish, fields=[f for f in own if f.name != "person"],
        name=await _clear(visit, cells.get("name")), person={},
    )  # fmt: skip


async def send(visit: Visit) -> Response:
    """Take the reason; show the numbers, or what is wrong or missing."""
    typed, own = await read_form(visit.request)
    person = _person(visit)
    wish = Wish(person, typed, first(own, "_command_id", str(visit.site.config.ids.new())))
    if not visit.site.keeper.is_ours(visit.session, first(own, "_csrf")):
        wish.status, wish.errors = 403, {"": [visit.t("errors.csrf")]}
        return await _ask(visit, wish)
    found = read(wanted(REVEAL), typed | {"person": [person]}, visit.lang)
    if not found.ok:
        wish.status, wish.errors = 422, found.errors
        return await _ask(visit, wish)
    try:
        return await _reveal(visit, wish, found.body)
    except Refused as refused:
        if refused.status == 401:
            raise
        wish.status = refused.status
        wish.problem = await helped(visit, refused.problem, wanted(REVEAL), person)
        wish.command_id = str(visit.site.config.ids.new())
        return await _ask(visit, wish)


async def _reveal(visit: Visit, wish: Wish, body: dict[str, Any]) -> Response:
    """Take the ticket and show the numbers with it, once. Raises Refused."""
    answer = await visit.send(REVEAL, wish.command_id, body)
    ticket = str(answer["events"][0]["event_id"])
    cells = await _cells(visit, wish.person, (*body["fields"], "name"))
    name = await _clear(visit, cells.pop("name", None))
    sealed = {n: cell["sealed"] for n, cell in cells.items() if is_sealed(cell.get("sealed"))}
    apis, token = visit.site.apis, visit.me.token
    clear = await apis.open(token, list(sealed.values()), "reveal", ticket) if sealed else []
    shown = dict(zip(sealed, clear, strict=True))
    rows = [(cells.get(n, {}), shown.get(n)) for n in body["fields"]]
    return visit.page("revealed.html", name=name, person=wish.person, rows=rows)


async def _cells(visit: Visit, person: str, names: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Return some cells of a person as answered, sealed; nothing where they may not be read."""
    try:
        answer = await visit.site.apis.get(visit.me.token, f"/api/persons/{person}")
    except Refused as refused:
        if refused.status == 401:
            raise
        return {}
    groups = answer.get("groups") or ()
    return {c["name"]: c for g in groups for c in g.get("cells", ()) if c["name"] in names}


async def _clear(visit: Visit, cell: dict[str, Any] | None) -> str:
    """Return what a cell holds, opened."""
    if cell is None:
        return ""
    found = await visit.site.apis.open(visit.me.token, [cell["sealed"]], "reveal") \
        if is_sealed(cell.get("sealed")) else [cell.get("value")]  # fmt: skip
    return str(found[0] or "")
