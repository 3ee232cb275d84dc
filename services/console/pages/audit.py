"""审计核查 (P16): the timeline, one whole event, the rule behind it, the state of the system."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

from events.contracts.catalogue import ALL
from events.contracts.registry import EmergencyAccessOpened, FieldsRevealed, PersonRead
from services.console import formats
from services.console.abilities import CONTEXTS
from services.console.bodies import raw, told_history, told_proposal, with_told
from services.console.codes import word
from services.console.corrected import instead, steps
from services.console.menu import office_acts
from services.console.naming import name_all
from services.console.site import Visit

FILTERS = ("office", "person", "user", "type", "from", "to")
LOOKS = (
    (PersonRead.type, "audit.reads"),
    (FieldsRevealed.type, "audit.reveals"),
    (EmergencyAccessOpened.type, "audit.emergencies"),
)
"""Types of event that tell who looked at personal data (X14), and the words of their link."""
LOOKS_STATES = ("hidden", "shown")
"""Whether the timeline shows who read persons' data; hidden unless asked, being most of the log."""
ENVELOPE = (
    "seq", "event_id", "type", "stream", "version", "subject", "occurred_at", "recorded_at",
    "actor", "actor_name", "on_behalf_of", "role", "office", "office_name", "area", "auth",
    "rule_set", "command_id", "causation", "correlation", "source", "position", "slice", "prev_seq",
    "data_hash", "prev_hash", "hash",
)  # fmt: skip


PERSONS = ("person", "member", "other", "survivor", "absorbed", "leaving", "not_same_as")
"""Fields of a body that name persons."""


async def load_trail(visit: Visit) -> dict[str, Any]:
    """Load a page of the audit trail under the filters of the address."""
    looks = visit.query("looks") if visit.query("looks") in LOOKS_STATES else LOOKS_STATES[0]
    asked = visit.at(*FILTERS, "cursor", "after")
    if looks == "hidden" and not visit.query("type"):
        asked["looks"] = looks
    answer = await visit.get("/api/audit_trail", limit=100, **asked)
    items = await visit.with_names(await visit.with_offices(answer.get("items", [])))
    await name_all(visit, items)
    return {
        "items": items,
        "next": answer.get("next"),
        "filters": FILTERS,
        "links": LOOKS,
        "looks": looks,
        "looks_states": LOOKS_STATES,
        "types": types(visit),
    }


def types(visit: Visit) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return every type of event with its title, under the heading of its context."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, kind in ALL.classes.items():
        found.setdefault(name.partition(".")[0], []).append((name, visit.title(kind)))
    other = visit.lang != "zh"
    return [
        (heading[other], sorted(found[context], key=itemgetter(1)))
        for context, heading in CONTEXTS.items()
        if context in found
    ]


async def load_event(visit: Visit) -> dict[str, Any]:
    """Load one event whole: envelope, body, clause and rules."""
    event = await visit.get(f"/api/events/{visit.request.path_params['seq']}")
    event = (await visit.with_names(await visit.with_offices([event])))[0]
    about = [{"person": i} for i in persons_of(event.get("body"))]
    await name_all(visit, event)
    for row in await visit.with_names(about):
        visit.names[row["person"]] = str(row.get("name") or "")
    return {
        "event": with_told(visit, [event])[0],
        "raw": raw(event.get("body") or {}),
        "steps": steps(visit, event),
        "instead": instead(event),
        "history": await visit.with_offices(told_history(visit, event)),
        "proposed": told_proposal(visit, event),
        "envelope": [(n, event[n]) for n in ENVELOPE if event.get(n) not in (None, "")],
    }


def persons_of(body: object) -> list[str]:
    """Return the ids of the persons that an event's body names at its top."""
    told = body if isinstance(body, dict) else {}
    held = (told.get(name) for name in PERSONS)
    found = [str(i) for v in held for i in (v if isinstance(v, list) else [v]) if formats.is_id(i)]
    return list(dict.fromkeys(found))


async def load_rule(visit: Visit) -> dict[str, Any]:
    """Load one requirement of the opinion: its sentence, what it means here, what is in force."""
    rule = await visit.get(f"/api/rules/{visit.request.path_params['no']}")
    return {"rule": rule, "in_force": in_force(visit, rule)}


def in_force(visit: Visit, rule: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """Return a rule's parameters with their values in words."""
    return [(p, _value(visit, p)) for p in rule.get("parameters", ())]


UNITS = {
    "year": ("年", "years"), "month": ("个月", "months"), "day": ("日", "days"),
    "workday": ("个工作日", "working days"), "hour": ("小时", "hours"), "percent": ("%", "%"),
    "fen_per_month": ("分/月", "fen a month"), "time": ("次", "times"),
}  # fmt: skip


def _value(visit: Visit, parameter: dict[str, Any]) -> str:
    """Write a parameter's value in words."""
    unit = UNITS.get(parameter.get("unit") or "", ("", ""))[visit.lang == "en"]
    return f"{_words(visit, parameter['value'])} {unit}".strip()


def _words(visit: Visit, value: object) -> str:
    if isinstance(value, dict):
        parts = (f"{_words(visit, k)}: {_words(visit, v)}" for k, v in value.items() if v != [])
        return "; ".join(parts)
    if isinstance(value, list | tuple):
        return visit.t("list.and").join(_words(visit, v) for v in value)
    if isinstance(value, bool):
        return visit.t("form.yes" if value else "form.no")
    return visit.t("apply.papers_all") if value == "all" else word(str(value), "", visit.lang)


async def load_status(visit: Visit) -> dict[str, Any]:
    """Load how far each read model got."""
    answer = await visit.get("/api/status")
    return {"items": answer.get("projections") or answer.get("items") or []}


async def load_acts(visit: Visit) -> dict[str, Any]:
    """List the office's own acts that the roles may do."""
    return {"commands": office_acts(visit.me.roles)}
