"""Who acted in a case: levels by user (R23) and exclusive duties by user (AS 23)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from events.contracts import certification as ev
from events.contracts.base import Recorded
from events.rules.divisions import level_of, natural
from events.rules.duties import Duty, names_of
from services.certification.state import Case

_DUTIES: dict[type, Duty] = {
    ev.ApplicationFiled: "filed",
    ev.StreetReviewed: "reviewed",
    ev.CountyReviewed: "reviewed",
    ev.PersonCertified: "certified",
    ev.CertificationRefused: "certified",
}


def who_acted(state: Case, fact: Recorded[Any]) -> Case:
    """Note the levels and the duty of both names behind a fact (X10)."""
    level = _level(fact)
    if level is None:
        return state
    names = names_of(fact.actor, fact.attribute("on_behalf_of"))
    acted = {**state.acted, **{n: state.acted.get(n, frozenset()) | {level} for n in names}}
    duty = _DUTIES.get(type(fact.event))
    if duty is None:
        return replace(state, acted=acted)
    return replace(state, acted=acted, duties=dict.fromkeys(names, duty) | dict(state.duties))


def _level(fact: Recorded[Any]) -> str | None:
    """Return the level of the office that acted; None for the system and the person."""
    if fact.role in ("system", "person") or fact.actor == "system":
        return None
    try:
        return level_of(natural(fact.office))
    except ValueError:
        return None
