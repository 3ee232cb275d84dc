"""谁看过: every read, reveal and emergency of a person: who, when, what and why (X14)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from events.contracts.registry import EmergencyAccessOpened, FieldsRevealed
from services.console.fieldwords import field_word
from services.console.naming import name_all
from services.console.site import Visit

PAGE = 50
KINDS = {FieldsRevealed.type: "revealed", EmergencyAccessOpened.type: "emergency"}
"""Type of event → how it is marked; all others are plain reads."""


async def load(visit: Visit) -> dict[str, Any]:
    """Load a page of who looked at a person."""
    ident = str(visit.request.path_params["id"])
    path = f"/api/persons/{ident}/events"
    answer = await visit.get(path, of="reads", limit=PAGE, **visit.at("cursor"))
    rows = await visit.with_offices(list(answer.get("items", ())))
    await name_all(visit, [{"on_behalf_of": r.get("on_behalf_of")} for r in rows])
    about = await visit.with_names([{"person": ident}])
    return {
        "person": ident,
        "name": about[0].get("name"),
        "rows": [row_of(visit, r) for r in rows],
        "next": answer.get("next"),
    }


def row_of(visit: Visit, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a read as the pages draw it: what was seen, on which page, and why."""
    body = row.get("body") or {}
    kind = KINDS.get(str(row.get("type")), "read")
    fields = [_field(visit, str(f)) for f in body.get("fields", ())]
    page = visit.word(body.get("page"), "page") if body.get("page") else ""
    return {
        **row,
        "kind": kind,
        "what": visit.t("list.and").join(fields),
        "page": page,
        "mode": visit.word(body.get("mode"), "mode") if body.get("mode", "view") != "view" else "",
        "why": _why(visit, body),
        "until": body.get("until"),
    }


def _field(visit: Visit, name: str) -> str:
    """Return the words of what was read; a person's name is no name of a thing."""
    return visit.t("col.person") if name == "name" else field_word(name, visit.lang)


def _why(visit: Visit, body: Mapping[str, Any]) -> str:
    """Return the reason given: a code's words, and the text where there is one."""
    code, text = body.get("reason") or body.get("purpose") or "", body.get("text") or ""
    said = [visit.word(code, "registry") if code else "", str(text)]
    return visit.t("reads.colon").join(p for p in said if p)
