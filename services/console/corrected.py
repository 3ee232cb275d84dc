"""What an event's page says of corrections: what may be done, what changed, by whom (X2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import orjson

from events.contracts.catalogue import ALL
from events.contracts.correctable import CORRECTABLE, Fact, Never, Reversed
from events.contracts.corrections import PROPOSING
from services.console.offers import may_send
from services.console.site import Visit
from services.console.veiled import STANDINS
from services.console.wishes import wishes

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """An act on the page: its title in both languages and where it leads."""

    zh: str
    en: str
    href: str


@dataclass(frozen=True, slots=True)
class Changed:
    """One field that says something else: as it was and as it is; None where there was none."""

    field: str
    old: Any
    new: Any


def fact_rule(event: Row) -> Fact | None:
    """Return the rule of an event that is a fact and may be corrected."""
    kind = ALL.classes.get(str(event.get("type")))
    rule = CORRECTABLE.get(kind) if kind else None
    return rule if isinstance(rule, Fact) else None


def steps(visit: Visit, event: Row) -> list[Step]:
    """Return what the visitor may do about an event: propose, or decide what is proposed."""
    context = str(event.get("type", "")).partition(".")[0]
    about = {"about": event["person"]} if event.get("person") else {}
    if (waiting := _waiting(event)) is not None:
        own = {"stream": event["stream"], "proposal": waiting} | about
        own["next"] = f"/events/{event['seq']}"
        names = ("approve_correction", "reject_correction")
        return [s for n in names if (s := _step(visit, f"{context}.{n}", "/do", own))]
    if fact_rule(event) is None or visit.past:
        return []
    found = _step(visit, f"{context}.propose_correction", "", about)
    return [Step(found.zh, found.en, f"/events/{event['seq']}/correct")] if found else []


def _waiting(event: Row) -> str | None:
    """Return a proposal that nobody has decided yet."""
    it = event.get("correction")
    if event.get("type") not in PROPOSING or not isinstance(it, dict) or it.get("decided"):
        return None
    return str(event["event_id"])


def _step(visit: Visit, name: str, under: str, query: Mapping[str, Any]) -> Step | None:
    command = wishes().get(name)
    if command is None or not may_send(command, visit.me.roles):
        return None
    return Step(command.zh, command.en, f"{under}/{name}?{urlencode(query)}")


def instead(event: Row) -> dict[str, str]:
    """Say what to do about an event that is not corrected: the command, or why there is none."""
    kind = ALL.classes.get(str(event.get("type")))
    match CORRECTABLE.get(kind) if kind else None:
        case Reversed(by=by):
            command = wishes().get(by)
            return {"zh": command.zh, "en": command.en} if command else {}
        case Never(zh=zh, en=en):
            return {"why_zh": zh, "why_en": en}
        case _:
            return {}


def history(event: Row) -> list[dict[str, Any]]:
    """Return every correction of a fact in order, with what it changed."""
    before = (dict(event.get("body") or {}), event.get("occurred_at"))
    out = []
    for row in event.get("corrections") or ():
        said = row.get("body") or {}
        void = "body" not in said
        now = before if void else (said["body"], said.get("happened_at") or before[1])
        out.append(dict(row) | {"void": void, "changed": list(changed(before, now))})
        before = now
    return out


def proposed(event: Row) -> dict[str, Any] | None:
    """Return what a step of a correction is about, and what was proposed to change."""
    it = event.get("correction")
    if not isinstance(it, dict) or not isinstance(it.get("fact"), dict):
        return None
    fact, wish = it["fact"], (it.get("proposal") or {}).get("body") or {}
    body, at = dict(fact.get("body") or {}), fact.get("occurred_at")
    told = wish.get("replacement")
    void = told is None and not wish.get("happened_at")
    new = _read(told, body) if told is not None else body
    found = [] if new is None else changed((body, at), (new, wish.get("happened_at") or at))
    return {**it, "void": void, "changed": list(found), "hidden": new is None}


def _read(text: object, body: Row) -> dict[str, Any] | None:
    """Return a body with what an opened replacement changes; None where it could not be opened."""
    try:
        found = orjson.loads(str(text))
    except orjson.JSONDecodeError:
        return None
    if not isinstance(found, dict):
        return None
    return {k: v for k, v in {**body, **found}.items() if v is not None}


def changed(
    before: tuple[Mapping[str, Any], Any], now: tuple[Mapping[str, Any], Any]
) -> Iterator[Changed]:
    """Yield the day and every field that say something else than before."""
    if datetime.fromisoformat(str(before[1])) != datetime.fromisoformat(str(now[1])):
        yield Changed("occurred_at", before[1], now[1])
    for name in dict.fromkeys([*before[0], *now[0]]):
        old, new = before[0].get(name), now[0].get(name)
        if old != new and not STANDINS & {str(old), str(new)}:
            yield Changed(name, old, new)
