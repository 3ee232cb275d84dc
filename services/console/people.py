"""A person's answer of the read API as the pages need it: one flat state, ids, versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from services.console.offers import Offered, offered
from services.console.site import Visit
from services.console.wishes import wishes
from services.kit.decider import Command

REVEAL = "registry.reveal_fields"
"""The command that has a page of its own: its ticket shows the number in the same request."""
AXES = (
    "certification", "exit_proposal", "reassessment", "revocation", "reversal", "work", "tracking",
    "agreement", "household", "review",
)  # fmt: skip


def state_of(person: Mapping[str, Any]) -> dict[str, str]:
    """Return axis → state, with the offers' states side by side."""
    told = person.get("state") or {}
    state = {axis: str(told.get(axis) or "") for axis in AXES}
    state["person"] = "known" if person.get("id") else ""
    offers = person.get("offers") or ()
    state["offer"] = " ".join(str(o.get("state", "")) for o in offers)
    return state


def acts(visit: Visit, person: Mapping[str, Any], page: str = "person") -> list[Offered]:
    """List what may be done about a person now, legal acts first."""
    return offered(wishes(), state_of(person), visit.me.roles, page)


def address_of(visit: Visit, command: type[Command], person: Mapping[str, Any]) -> str:
    """Return the address of a form about a person, with ids, stream and version filled in."""
    if command.type == REVEAL:
        return f"/persons/{person.get('id', '')}/reveal"
    ids = {"person": person.get("id", ""), **(person.get("ids") or {})}
    ids["proposal"] = _proposal(command, person)
    query = {n: str(ids[n]) for n in command.model_fields if ids.get(n)}
    query["about"] = str(person.get("id", ""))
    stream = _stream(command, ids)
    version = (person.get("versions") or {}).get(stream)
    if stream and version is not None:
        query |= {"stream": stream, "version": str(version)}
    if back := visit.query("next"):
        query["next"] = back
    return f"/do/{command.type}?{urlencode({k: v for k, v in query.items() if v})}"


def _proposal(command: type[Command], person: Mapping[str, Any]) -> str:
    """Return the open proposal that a deciding command answers."""
    open_ = person.get("proposals") or {}
    name = command.type.rsplit(".", 1)[-1]
    kinds = {
        "exit_reversal": "reversal", "exit": "exit_proposal", "reassessment": "reassessment",
        "revo": "revocation",
    }  # fmt: skip
    return next((str(open_.get(kind, "")) for part, kind in kinds.items() if part in name), "")


def _stream(command: type[Command], ids: Mapping[str, Any]) -> str:
    """Name the stream that a command addresses, where the person's ids tell."""
    context = command.type.split(".", 1)[0]
    fields = command.model_fields
    if context == "assistance" and "case" in fields and ids.get("case"):
        return f"assistance-{ids['case']}"
    if context == "certification" and "case" in fields and ids.get("case"):
        return f"certification-{ids['case']}"
    if context == "registry" and "person" in fields and ids.get("person"):
        return f"person-{ids['person']}"
    if context == "registry" and "household" in fields and ids.get("household"):
        return f"household-{ids['household']}"
    return ""
